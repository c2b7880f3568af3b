"""What a week's report says: the measures of one published set in one week, as values and as words.

Here: which measures, grouped by what, in what order, and how a week compares with the one before. Every number is a measure's
own SQL, so that it equals Power BI's. Calls are named from the open data alone, where only what a person approved stands. What
people obtained is not told here, so nothing has to be withheld. No markup and no colours.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from boi_pipeline.entity import Entity
from boi_pipeline.report.published import COUNT, NONE, Measured, opened
from boi_pipeline.spanish import count, short_date
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.dashboard.grids import Cell, Grid, Head
from boi_pipeline.warehouse.dashboard.wording import number, plain_value, written
from boi_pipeline.warehouse.measures import Filter
from boi_pipeline.warehouse.star import CALENDAR
from boi_pipeline.weeks import week_days, week_label

SOURCE_WEEKS = 12  # one week says little of a source
MOST_ROWS = 40
_UNKNOWN = "unknown"
_SEVERITIES = {"error": "Error", "warning": "Aviso"}


@dataclass(frozen=True)
class Figure:
    """A measure of the week: what it counts, how it is written, and how it compares with the week before."""

    name: str
    about: str
    cell: Cell
    compared: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under their heads; ``bar`` is the place of the column whose values are drawn as well."""

    key: str
    title: str
    about: str
    grid: Grid
    bar: int | None = None


@dataclass(frozen=True)
class Section:
    """A part of the report. ``notes`` are sentences that help to read it, or say that there is nothing."""

    key: str
    title: str
    lead: str
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class WeekReport:
    """Everything a week's report says. ``concern_count``: the rows of the section that asks for attention."""

    week: str
    monday: date
    sunday: date
    as_of: datetime  # where the entity is
    is_over: bool  # whether the set was made after the week's last day
    headline: list[Figure]
    sections: list[Section]
    concern_count: int


def week_report(
    folder: Path, project: Project, entity: Entity, week: str, as_of: datetime, refused_count: int = 0
) -> WeekReport:
    """The report of an ISO week from the files of a published set. Equal files, week and count: an equal report.

    ``as_of``: the instant the set stands for; ``refused_count``: files that lie refused in the inbox. Raises ValueError for
    what is no week.
    """
    monday, sunday = week_days(week)
    local = as_of.astimezone(entity.zone)
    with opened(folder, project, entity) as figures:
        teller = _Teller(figures, entity, week, min(local.date(), sunday))
        attention = teller.attention(refused_count)
        sections = [
            teller.published(),
            teller.closing(),
            teller.channels(),
            teller.objectives(),
            teller.sources(),
            teller.times(),
            teller.work(),
            attention,
        ]
        return WeekReport(
            week=week,
            monday=monday,
            sunday=sunday,
            as_of=local,
            is_over=local.date() > sunday,
            headline=teller.headline(),
            sections=sections,
            concern_count=sum(len(one.grid.rows) + one.grid.more for one in attention.tables)
            + (1 if refused_count else 0),
        )


class _Teller:
    """Says each section of one week."""

    def __init__(self, figures: Measured, entity: Entity, week: str, until: date) -> None:
        self._figures = figures
        self._entity = entity
        self._until = until  # the last day of the week that the set knows
        self._monday, self._sunday = week_days(week)
        self._week = _weeks(self._monday, 1)
        self._before = _weeks(self._monday - timedelta(days=7), 1)
        self._closing_days = [
            self._until + timedelta(days=n) for n in range(1, (self._sunday - self._until).days + 8)
        ]  # the rest of the week and the next
        self._closing = Filter(CALENDAR, "calendar_date", tuple(self._closing_days))

    def headline(self) -> list[Figure]:
        first = self._compared("Convocatorias publicadas", "Impresiones", "Clics", "Tasa de clics")
        name = "Convocatorias por cerrar"
        ((value,),) = self._figures.values([name], where=[self._closing])
        closing = Figure(name, f"Publicadas que cierran {self._closing_words()}.", self._figures.cell(name, value))
        last = self._compared(
            "Horas hasta publicar, mediana", "Parte dentro de la meta", "Horas de personas por convocatoria"
        )
        return [*first, closing, *last]

    def published(self) -> Section:
        names = ["Publicaciones", "Impresiones", "Clics"]
        found = self._figures.calls(names, where=[self._week], needs="Publicaciones")
        found.sort(key=lambda row: (row.values["Impresiones"] is None, -(row.values["Impresiones"] or 0), row.code))
        named = [row for row in found if row.title]
        grid = Grid(
            heads=[
                Head("Código", "whole"),
                Head("Convocatoria"),
                Head("Tipo"),
                Head("Cierre", "whole"),
                Head("Publicaciones", "number"),
                Head("Impresiones", "number"),
                Head("Clics", "number"),
            ],
            rows=[
                [
                    Cell(row.code, row.code),
                    Cell(row.title, row.title, page=row.code),
                    Cell(row.kind, row.kind),
                    Cell(plain_value(row.close_date), short_date(row.close_date) if row.close_date else "Sin fecha"),
                    *(self._figures.cell(name, row.values[name], none=NONE) for name in names),
                ]
                for row in named[:MOST_ROWS]
            ],
            empty="Nada de lo publicado esta semana se nombra aquí."
            if found
            else "Esta semana no se publicó ninguna convocatoria.",
            more=max(0, len(named) - MOST_ROWS),
        )
        return Section(
            "publicado",
            "Qué se publicó",
            "Cada convocatoria que salió esta semana y lo que los canales informaron de ella en la semana.",
            figures=self._compared("Publicaciones", "Ediciones", "Convocatorias por edición"),
            tables=[Table("publicadas", "Convocatorias de la semana", "La más vista primero.", grid)],
            notes=_unnamed(len(found) - len(named)),
        )

    def closing(self) -> Section:
        found = self._figures.closings(self._closing)
        named = [row for row in found if row.title]
        grid = Grid(
            heads=[Head("Cierre", "whole"), Head("Código", "whole"), Head("Convocatoria"), Head("Tipo")],
            rows=[
                [
                    Cell(plain_value(row.close_date), short_date(row.close_date) if row.close_date else NONE),
                    Cell(row.code, row.code),
                    Cell(row.title, row.title, page=row.code),
                    Cell(row.kind, row.kind),
                ]
                for row in named[:MOST_ROWS]
            ],
            empty=f"Ninguna convocatoria {'que se nombre aquí' if found else 'publicada'} cierra {self._closing_words()}.",
            more=max(0, len(named) - MOST_ROWS),
        )
        return Section(
            "por-cerrar",
            "Qué cierra pronto",
            f"Convocatorias publicadas, de esta semana o de antes, que cierran {self._closing_words()}.",
            tables=[Table("cierres", "Próximos cierres", "Por el cierre que se aprobó al publicar.", grid)],
            notes=_unnamed(len(found) - len(named)),
        )

    def channels(self) -> Section:
        names = ["Publicaciones", "Impresiones", "Clics", "Tasa de clics", "Interacciones"]
        table = self._grouped(
            "canales", "Por canal", "Lo publicado y lo que cada canal informó de la semana.", "dim_channel", names,
            sort="Impresiones", head="Canal", empty="Esta semana ningún canal publicó ni informó nada.",
        )  # fmt: skip
        return Section(
            "difusion",
            "Cuánto se vio",
            "Las impresiones son veces que se mostró, no personas distintas.",
            figures=self._compared("Interacciones", "Parte atribuida", "Impresiones por convocatoria"),
            tables=[table],
            notes=["Lo que un canal informa sin decir de qué convocatoria es queda como total de ese canal."],
        )

    def objectives(self) -> Section:
        about = "Una convocatoria puede apuntar a varios; las ponderadas se reparten entre ellos y se pueden sumar."
        goals = self._grouped(
            "ods", "Por ODS", about, "dim_sdg",
            ["Convocatorias publicadas", "Convocatorias ponderadas por ODS", "Impresiones ponderadas por ODS"],
            head="Objetivo de Desarrollo Sostenible", empty="Nada publicado ni visto esta semana tiene ODS.",
        )  # fmt: skip
        plan = self._grouped(
            "plan", "Por objetivo del plan", about, "dim_plan_objective",
            [
                "Convocatorias publicadas",
                "Convocatorias ponderadas por objetivo del plan",
                "Impresiones ponderadas por objetivo del plan",
            ],
            head="Objetivo del plan", empty="Nada publicado ni visto esta semana tiene objetivo del plan.",
        )  # fmt: skip
        return Section(
            "objetivos",
            "A qué objetivos apunta",
            "Lo publicado y lo visto esta semana, por Objetivo de Desarrollo Sostenible y por objetivo del plan.",
            figures=self._compared("Convocatorias con ODS", "Parte con ODS"),
            tables=[goals, plan],
        )

    def sources(self) -> Section:
        names = [
            "Anuncios nuevos",
            "Convocatorias aprobadas",
            "Convocatorias publicadas",
            "Clics",
            "Clics por convocatoria publicada",
        ]
        first = self._monday - timedelta(days=7 * (SOURCE_WEEKS - 1))
        table = self._grouped(
            "fuentes", "Por fuente", f"Desde el {short_date(first)}: {SOURCE_WEEKS} semanas.", "dim_source", names,
            sort="Convocatorias publicadas", head="Fuente", label="name", where=_weeks(self._monday, SOURCE_WEEKS),
            empty="En estas semanas no se visitó ninguna fuente.",
        )  # fmt: skip
        return Section(
            "fuentes",
            "Qué fuentes rindieron",
            "De lo que trae cada fuente, cuánto aprobó una persona, cuánto se publicó y cuánto se abrió.",
            tables=[table],
            notes=["Los clics son los que los canales atribuyen a una convocatoria; los demás están en «Sin dato»."],
        )

    def times(self) -> Section:
        return Section(
            "tiempos",
            "Cuánto se tardó",
            f"Desde que se vio una convocatoria hasta que se publicó. La meta es de {self._entity.file.publication_target_hours} horas.",
            figures=self._compared(
                "Horas hasta publicar, mediana",
                "Horas hasta publicar, percentil 90",
                "Parte dentro de la meta",
                "Publicaciones con tiempo conocido",
                "Días para postular al publicar, mediana",
                "Horas hasta decidir, mediana",
            ),
        )

    def work(self) -> Section:
        return Section(
            "trabajo",
            "Cuánto trabajo costó",
            "El tiempo que las personas del equipo dedicaron a decidir, donde se midió.",
            figures=self._compared(
                "Decisiones",
                "Decisiones con tiempo medido",
                "Horas de personas",
                "Horas de personas por convocatoria",
                "Minutos por decisión, mediana",
            ),
            notes=["Una decisión sin tiempo medido no suma horas: las horas reales pueden ser más."],
        )

    def attention(self, refused_count: int) -> Section:
        failing = self._grouped(
            "fuentes-fallidas", "Fuentes que fallaron", "Días de la semana en que se visitaron, y en que fallaron.",
            "dim_source", ["Días con fuente visitada", "Visitas fallidas"], sort="Visitas fallidas", head="Fuente",
            label="name", above_zero="Visitas fallidas", empty="Ninguna fuente falló esta semana.",
        )  # fmt: skip
        notes = []
        if refused_count:
            refused = count(refused_count, "archivo rechazado", "archivos rechazados")
            notes.append(f"Hay {refused} en inbox/refused/, con el informe de qué corregir al lado de cada uno.")
        return Section(
            "atencion",
            "Qué necesita atención",
            "Lo que alguien del equipo debe mirar, y qué hacer.",
            tables=[failing, self._silent_channels(), self._checks()],
            notes=notes,
        )

    def _silent_channels(self) -> Table:
        """Channels that published and of which nobody has said yet how much was seen."""
        rows = self._figures.values(
            ["Publicaciones", "Impresiones", "Clics"], by=[("dim_channel", "label")], where=[self._week]
        )
        silent = [(label, posts) for label, posts, *told in rows if posts and told == [None, None]]
        grid = Grid(
            heads=[Head("Canal"), Head("Publicaciones", "number"), Head("Qué hacer")],
            rows=[
                [
                    Cell(plain_value(label), written(label)),
                    self._figures.cell("Publicaciones", posts),
                    Cell(
                        None,
                        "Exporte las cifras del canal y déjelas en inbox/, o escríbalas en la plantilla de medidas.",
                    ),
                ]
                for label, posts in silent
            ],
            empty="De todo canal que publicó esta semana hay medidas.",
        )
        return Table(
            "sin-medidas", "Canales sin medidas", "Publicaron esta semana, y nadie ha informado cuánto se vio.", grid
        )

    def _checks(self) -> Table:
        rows = self._figures.failed_checks()
        grid = Grid(
            heads=[
                Head("Gravedad"),
                Head("Tabla"),
                Head("Comprobación"),
                Head("Filas", "number"),
                Head("Qué hacer"),
            ],
            rows=[
                [
                    Cell(severity, _SEVERITIES.get(severity, severity)),
                    Cell(table, table.removeprefix("marts.")),
                    Cell(check, check),
                    Cell(failed, number(failed, COUNT)),
                    Cell(advice, written(advice)),
                ]
                for severity, table, check, failed, advice in rows[:MOST_ROWS]
            ],
            empty="Ninguna comprobación encontró nada que revisar.",
            more=max(0, len(rows) - MOST_ROWS),
        )
        return Table("comprobaciones", "Comprobaciones con hallazgos", "De las tablas, en la fecha de corte.", grid)

    # ------------------------------------------------------------ shapes

    def _compared(self, *names: str) -> list[Figure]:
        """Measures of the week beside those of the week before."""
        (now,) = self._figures.values(names, where=[self._week])
        (before,) = self._figures.values(names, where=[self._before])
        return [
            Figure(
                name,
                self._figures.about(name),
                self._figures.cell(name, value),
                compared(self._figures.pattern(name), value, earlier),
            )
            for name, value, earlier in zip(names, now, before, strict=True)
        ]

    def _grouped(
        self,
        key: str,
        title: str,
        about: str,
        dimension: str,
        names: list[str],
        *,
        head: str,
        empty: str,
        label: str = "label",
        sort: str | None = None,
        where: Filter | None = None,
        above_zero: str | None = None,
    ) -> Table:
        """Measures by what a dimension has, the greatest of ``sort`` first, else in the dimension's own order."""
        order = "position" if sort is None else self._figures.key_of(dimension)
        rows = self._figures.values(names, by=[(dimension, order), (dimension, label)], where=[where or self._week])
        at = {name: place for place, name in enumerate(names, 2)}
        said = [row for row in rows if any(row[at[name]] for name in ([above_zero] if above_zero else names))]
        if sort:
            ties = [sort, *reversed(names)]
            said.sort(key=lambda row: (row[0] == _UNKNOWN, *(-(row[at[name]] or 0) for name in ties), row[1], row[0]))
        grid = Grid(
            heads=[Head(head), *(Head(name, "number") for name in names)],
            rows=[
                [
                    Cell(plain_value(row[1]), written(row[1])),
                    *(self._figures.cell(name, row[at[name]], none=NONE) for name in names),
                ]
                for row in said[:MOST_ROWS]
            ],
            empty=empty,
            more=max(0, len(said) - MOST_ROWS),
        )
        bar = names.index(sort) + 1 if sort else 2
        return Table(key, title, about, grid, bar=None if above_zero else bar)

    def _closing_words(self) -> str:
        first, last = self._closing_days[0], self._closing_days[-1]
        return f"del {short_date(first)} al {short_date(last)}"


def compared(pattern: str, now: Any, before: Any) -> str:
    """How a value compares with that of the week before, in a sentence: ``3 más que la semana anterior (4).``"""
    if before is None:
        return "La semana anterior: sin datos."
    told = number(before, pattern)
    if now is None:
        return f"La semana anterior: {told}."
    if number(now, pattern) == told:
        return f"Igual que la semana anterior ({told})."
    difference = abs(float(now) - float(before))
    size = f"{number(difference * 100, '#,0.0')} puntos" if pattern.endswith("%") else number(difference, pattern)
    return f"{size} {'más' if now > before else 'menos'} que la semana anterior ({told})."


def _weeks(last_monday: date, how_many: int) -> Filter:
    """The weeks that end with the one of a Monday."""
    mondays = (last_monday - timedelta(days=7 * back) for back in range(how_many))
    return Filter(CALENDAR, "week_label", tuple(week_label(day) for day in mondays))


def _unnamed(number_of: int) -> list[str]:
    if not number_of:
        return []
    told = count(number_of, "convocatoria no se nombra", "convocatorias no se nombran")
    return [f"Además, {told} aquí: son del archivo de años anteriores, se retiraron o están en cuarentena."]
