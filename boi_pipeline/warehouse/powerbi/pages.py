"""What each page of the report shows. Titles and alternative texts are Spanish: analysts and citizens read them.

Every page begins with its title, the state of the load and its filters; figures come next, then charts and tables, in the
order in which a person (or a screen reader) takes them in.
"""

from dataclasses import dataclass

from boi_pipeline.warehouse.powerbi.shapes import (
    BODY_HEIGHT,
    BODY_TOP,
    CARD_HEIGHT,
    CARD_TOP,
    HEADER_HEIGHT,
    HEADER_TOP,
    MONTH,
    SLICER_HEIGHT,
    SLICER_TOP,
    YEAR,
    back_button,
    bars,
    cards,
    column,
    heading,
    lines,
    load_state,
    matrix,
    measure,
    months,
    note,
    slicers,
    table,
)
from boi_pipeline.warehouse.powerbi.visuals import Condition, Field, Visual, place

CODE = column("dim_opportunity", "code")
TITLE = column("dim_opportunity", "title_es")
TYPE = column("dim_opportunity", "type_label")
ELIGIBLE = column("dim_opportunity", "home_eligible_label")
BAND = column("dim_opportunity", "days_left_band")
CLOSES = column("dim_opportunity", "close_date")
DAYS_LEFT = column("dim_opportunity", "days_left")
APPLY = column("dim_opportunity", "apply_url")
FUNDER = column("dim_funder", "funder_name")
SOURCE = column("dim_source", "name")
CHANNEL = column("dim_channel", "label")
SDG = column("dim_sdg", "label")
OBJECTIVE = column("dim_plan_objective", "label")
AUDIENCE = column("dim_audience", "label")
COUNTRY = column("dim_country", "label")

_HALF = (BODY_HEIGHT - 16) // 2
_LOWER = BODY_TOP + _HALF + 16


@dataclass(frozen=True)
class Page:
    """One page; ``drill``: it is reached from a row that holds this field, and is not among the tabs."""

    key: str
    title: str
    visuals: list[Visual]
    drill: Field | None = None


def pages() -> list[Page]:
    """All pages, in the order of the tabs; the first is what opens."""
    return [_summary(), _agenda(), _reach(), _goals(), _times(), _outcomes(), _quality(), _call()]


def _figures(measures: list[str], first: int = 0, width: int = 12, when: str = "del periodo") -> Visual:
    """The row of cards under a page's filters, in columns of the grid."""
    said = f"Cifras {when}: {', '.join(measures)}."
    return cards("cifras", measures, place(first, width, CARD_TOP, CARD_HEIGHT), said)


def _summary() -> Page:
    figures = [
        "Convocatorias publicadas",
        "Convocatorias vigentes",
        "Cierran en 7 días",
        "Impresiones",
        "Tasa de clics",
        "Horas hasta publicar, mediana",
        "Personas beneficiadas",
    ]
    return Page(
        "resumen",
        "Resumen",
        [
            heading("Resumen", "Qué publicó el boletín, cuánto llegó y qué se logró"),
            load_state(),
            *slicers(
                ("Año", YEAR), ("Mes", MONTH), ("Tipo", TYPE), ("Canal", CHANNEL), ("ODS", SDG), ("Público", AUDIENCE)
            ),
            _figures(figures),
            months(
                "Convocatorias publicadas por mes",
                ["Convocatorias publicadas"],
                place(0, 7, BODY_TOP, _HALF),
                "Cuántas convocatorias se publicaron cada mes.",
            ),
            bars(
                "Convocatorias publicadas por tipo",
                TYPE,
                ["Convocatorias publicadas"],
                place(7, 5, BODY_TOP, _HALF),
                "Cuántas convocatorias se publicaron de cada tipo, de más a menos.",
            ),
            bars(
                "Impresiones por canal",
                CHANNEL,
                ["Impresiones"],
                place(0, 4, _LOWER, _HALF),
                "Cuántas impresiones tuvo cada canal, de más a menos.",
            ),
            bars(
                "¿Se puede aplicar desde aquí?",
                ELIGIBLE,
                ["Convocatorias publicadas"],
                place(4, 3, _LOWER, _HALF),
                "A cuántas convocatorias publicadas se puede aplicar desde el país de la entidad.",
            ),
            bars(
                "Convocatorias por público",
                AUDIENCE,
                ["Convocatorias publicadas"],
                place(7, 5, _LOWER, _HALF),
                "Cuántas convocatorias sirven a cada público; una puede servir a varios.",
            ),
        ],
    )


def _agenda() -> Page:
    figures = ["Convocatorias vigentes", "Cierran en 7 días", "Días para el cierre, mediana"]
    open_only = Condition(measure("Convocatorias vigentes"))
    return Page(
        "agenda",
        "Agenda de cierres",
        [
            heading("Agenda de cierres", "Qué convocatorias publicadas siguen abiertas y cuándo cierran"),
            load_state(),
            *slicers(
                ("Tipo", TYPE),
                ("¿Puedo aplicar?", ELIGIBLE),
                ("Plazo", BAND),
                ("Público", AUDIENCE),
                ("País", COUNTRY),
                ("ODS", SDG),
            ),
            _figures(figures, when="a la fecha de corte"),
            bars(
                "Vigentes por plazo",
                BAND,
                ["Convocatorias vigentes"],
                place(0, 4, BODY_TOP, _HALF),
                "Cuántas convocatorias vigentes cierran en cada plazo, del más cercano al más lejano.",
                in_order=True,
            ),
            months(
                "Cierres por mes",
                ["Convocatorias por cerrar"],
                place(0, 4, _LOWER, _HALF),
                "Cuántas convocatorias publicadas cierran cada mes, por su fecha de cierre.",
            ),
            table(
                "Próximos cierres",
                [CLOSES, DAYS_LEFT, CODE, TITLE, FUNDER, TYPE, APPLY],
                place(4, 8, BODY_TOP, BODY_HEIGHT),
                "Convocatorias publicadas que siguen abiertas, de la que cierra antes a la que cierra después, con su enlace.",
                sort=(CLOSES, False),
                conditions=(open_only,),
            ),
        ],
    )


def _reach() -> Page:
    figures = [
        "Impresiones",
        "Clics",
        "Interacciones",
        "Tasa de clics",
        "Impresiones por convocatoria",
        "Convocatorias medidas",
        "Parte atribuida",
    ]
    return Page(
        "difusion",
        "Difusión",
        [
            heading("Difusión", "Cuánta gente vio y abrió lo publicado, por canal y mes"),
            load_state(),
            *slicers(
                ("Año", YEAR), ("Mes", MONTH), ("Canal", CHANNEL), ("Tipo", TYPE), ("ODS", SDG), ("Convocante", FUNDER)
            ),
            _figures(figures),
            months(
                "Impresiones por mes y canal",
                ["Impresiones"],
                place(0, 7, BODY_TOP, _HALF),
                "Cuántas impresiones hubo cada mes, repartidas por canal.",
                series=CHANNEL,
            ),
            bars(
                "Tasa de clics por canal",
                CHANNEL,
                ["Tasa de clics"],
                place(7, 5, BODY_TOP, _HALF),
                "Qué parte de las impresiones de cada canal acabó en un clic.",
            ),
            table(
                "Convocatorias más vistas",
                [CODE, TITLE, TYPE, *map(measure, ("Impresiones", "Clics", "Tasa de clics"))],
                place(0, 8, _LOWER, _HALF),
                "Convocatorias de más a menos impresiones, con clics y tasa de clics.",
                sort=(measure("Impresiones"), True),
                total=True,
            ),
            months(
                "Interacciones por mes",
                ["Interacciones"],
                place(8, 4, _LOWER, _HALF),
                "Cuántas reacciones, comentarios y veces compartido hubo cada mes.",
            ),
        ],
    )


def _goals() -> Page:
    figures = ["Convocatorias publicadas", "Convocatorias con ODS", "Parte con ODS"]
    return Page(
        "ods",
        "ODS y plan",
        [
            heading("ODS y plan", "A qué objetivos contribuye lo publicado"),
            load_state(),
            *slicers(
                ("Año", YEAR),
                ("Mes", MONTH),
                ("Tipo", TYPE),
                ("Público", AUDIENCE),
                ("País", COUNTRY),
                ("Canal", CHANNEL),
            ),
            _figures(figures, 0, 6),
            note(
                "como-se-cuenta",
                "Una convocatoria puede tener hasta tres ODS y varios objetivos del plan: cuenta en cada uno, y la suma de "
                "las barras supera el total. Las medidas «ponderadas» la reparten entre ellos y sí se pueden sumar.",
                place(6, 6, CARD_TOP, CARD_HEIGHT),
            ),
            bars(
                "Convocatorias por ODS",
                SDG,
                ["Convocatorias publicadas"],
                place(0, 5, BODY_TOP, BODY_HEIGHT),
                "Cuántas convocatorias publicadas contribuyen a cada Objetivo de Desarrollo Sostenible.",
                in_order=True,
            ),
            matrix(
                "ODS por tipo, ponderado",
                SDG,
                TYPE,
                ["Convocatorias ponderadas por ODS"],
                place(5, 7, BODY_TOP, _HALF),
                "Convocatorias repartidas entre sus ODS, por tipo; se puede sumar.",
            ),
            bars(
                "Convocatorias por objetivo del plan",
                OBJECTIVE,
                ["Convocatorias publicadas"],
                place(5, 4, _LOWER, _HALF),
                "Cuántas convocatorias publicadas contribuyen a cada objetivo del plan de la entidad.",
                in_order=True,
            ),
            bars(
                "Impresiones ponderadas por ODS",
                SDG,
                ["Impresiones ponderadas por ODS"],
                place(9, 3, _LOWER, _HALF),
                "Impresiones de las convocatorias que tienen ODS, repartidas entre ellos, de más a menos.",
                conditions=(Condition(SDG, ("Sin dato",)),),
            ),
        ],
    )


def _times() -> Page:
    figures = [
        "Horas hasta publicar, promedio",
        "Horas hasta publicar, mediana",
        "Horas hasta publicar, percentil 90",
        "Parte dentro de la meta",
        "Días para postular al publicar, mediana",
        "Horas de personas por convocatoria",
    ]
    return Page(
        "tiempos",
        "Tiempos",
        [
            heading("Tiempos", "Cuánto pasa desde que se ve una convocatoria hasta que se publica"),
            load_state(),
            *slicers(
                ("Año", YEAR), ("Mes", MONTH), ("Canal", CHANNEL), ("Fuente", SOURCE), ("Tipo", TYPE), ("ODS", SDG)
            ),
            _figures(figures),
            lines(
                "Horas hasta publicar por mes",
                ["Horas hasta publicar, mediana", "Horas hasta publicar, percentil 90"],
                place(0, 7, BODY_TOP, _HALF),
                "Mediana y percentil 90 de las horas hasta publicar, mes a mes.",
            ),
            months(
                "Parte dentro de la meta por mes",
                ["Parte dentro de la meta"],
                place(7, 5, BODY_TOP, _HALF),
                "Qué parte de lo publicado cada mes salió dentro del plazo que la entidad se fijó.",
            ),
            bars(
                "Mediana de horas por fuente",
                SOURCE,
                ["Horas hasta publicar, mediana"],
                place(0, 5, _LOWER, _HALF),
                "Mediana de las horas hasta publicar, por fuente, de más a menos.",
            ),
            table(
                "Qué decide el equipo, y en cuánto tiempo",
                [
                    column("fct_review", "action_label"),
                    *map(measure, ("Decisiones", "Horas hasta decidir, mediana", "Minutos por decisión, mediana")),
                ],
                place(5, 7, _LOWER, _HALF),
                "Decisiones de cada clase, con la mediana de horas desde que se vio y de minutos que llevó.",
                sort=(measure("Decisiones"), True),
                total=True,
            ),
        ],
    )


def _outcomes() -> Page:
    steps = ["Remitidas", "Respondidas", "Postuladas", "Adjudicadas"]  # all count people and bodies, nothing else
    figures = [
        "Convocatorias con resultados",
        "Personas beneficiadas",
        "Monto adjudicado",
        "Tasa de respuesta",
        "Cifras reservadas",
    ]
    reporter = column("fct_outcome", "reported_by_label")
    return Page(
        "resultados",
        "Resultados",
        [
            heading("Resultados", "Qué obtuvieron personas y entidades gracias al boletín"),
            load_state(),
            *slicers(
                ("Año", YEAR),
                ("Mes", MONTH),
                ("Tipo", TYPE),
                ("Quién informa", reporter),
                ("ODS", SDG),
                ("Público", AUDIENCE),
            ),
            cards(
                "pasos",
                steps,
                place(0, 5, CARD_TOP, CARD_HEIGHT),
                "Personas o entidades en cada paso: " + ", ".join(steps) + ".",
            ),
            _figures(figures, 5, 7),
            bars(
                "De remitidas a adjudicadas, por quién informa",
                reporter,
                steps,
                place(0, 6, BODY_TOP, BODY_HEIGHT - 96),
                "Cuántas personas o entidades llegaron a cada paso (remitidas, respondidas, postuladas y adjudicadas), según quién lo cuenta.",
            ),
            note(
                "que-se-sabe",
                "De muchas convocatorias nadie cuenta qué se obtuvo: lo que falta no es cero. Las cuentas de menos de cinco "
                "personas, y las que dejarían saber una, no se dicen; se suman con otras en la fila «Sin dato», si eso no las "
                "descubre. Las tasas salen de las convocatorias en que se dicen ambas cuentas.",
                place(0, 6, BODY_TOP + BODY_HEIGHT - 80, 80),
            ),
            bars(
                "Monto adjudicado por tipo",
                TYPE,
                ["Monto adjudicado"],
                place(6, 6, BODY_TOP, _HALF),
                "Cuánto se obtuvo con cada tipo de convocatoria, en la moneda de la entidad.",
            ),
            table(
                "Resultados por convocatoria",
                [
                    CODE,
                    TITLE,
                    *map(
                        measure,
                        (
                            "Postuladas",
                            "Adjudicadas",
                            "Monto adjudicado",
                            "Cifras reservadas",
                            "Resultados sin tasa de cambio",
                        ),
                    ),
                ],
                place(6, 6, _LOWER, _HALF),
                "Por convocatoria: postuladas, adjudicadas, monto, cifras que se reservan, y resultados en otra moneda que no están en el monto.",
                sort=(measure("Adjudicadas"), True),
                total=True,
            ),
        ],
    )


def _quality() -> Page:
    figures = [
        "Filas esperadas",
        "Filas cargadas",
        "Tablas con diferencias",
        "Conjuntos cargados",
        "Comprobaciones falladas",
        "Filas en cuarentena",
        "Parte de visitas buenas",
    ]
    failed = Condition(column("check_results", "is_passed"), (True,))
    return Page(
        "calidad",
        "Calidad y corte",
        [
            heading("Calidad y corte", "De cuándo son los datos, si están completos y qué hallaron las comprobaciones"),
            cards(
                "corte",
                ["Fecha de corte", "Estado de la carga"],
                place(0, 12, SLICER_TOP, SLICER_HEIGHT),
                "De cuándo son los datos, y si la carga está íntegra: cada tabla con sus filas y un solo conjunto.",
                size=18,
            ),
            cards(
                "cifras",
                figures,
                place(0, 12, CARD_TOP, CARD_HEIGHT),
                "Cifras de la carga: " + ", ".join(figures) + ". Las diferencias deben ser 0 y los conjuntos, 1.",
            ),
            table(
                "Qué debe tener cada tabla y qué se cargó",
                [
                    column("control", "table_name"),
                    column("control", "row_count"),
                    *map(measure, ("Filas cargadas", "Tablas con diferencias", "Filas en cuarentena")),
                    column("control", "contract_version"),
                ],
                place(0, 6, BODY_TOP, BODY_HEIGHT - 96),
                "Cada tabla con las filas que debe tener, las cargadas y las que se apartaron.",
                sort=(measure("Tablas con diferencias"), True),
                conditions=(Condition(measure("Filas esperadas")),),
            ),
            note(
                "que-es-un-aviso",
                "Una comprobación que falla es un error o un aviso. Lo que tiene un error se aparta en cuarentena y no se "
                "publica ni se cuenta; lo que tiene un aviso se publica y se cuenta, y el equipo lo revisa.",
                place(0, 6, BODY_TOP + BODY_HEIGHT - 80, 80),
            ),
            table(
                "Comprobaciones que fallaron y qué hace el equipo",
                [
                    column("check_results", "table_name"),
                    column("check_results", "check_name"),
                    column("check_results", "severity_label"),
                    column("check_results", "failed_count"),
                    column("check_results", "advice"),
                ],
                place(6, 6, BODY_TOP, _HALF),
                "Comprobaciones que encontraron filas que no cumplen, con su gravedad y qué hacer.",
                sort=(column("check_results", "failed_count"), True),
                conditions=(failed,),
                for_team=True,
            ),
            bars(
                "Parte de visitas buenas, por fuente",
                SOURCE,
                ["Parte de visitas buenas"],
                place(6, 6, _LOWER, _HALF),
                "En qué parte de sus visitas respondió bien cada fuente.",
            ),
        ],
    )


def _call() -> Page:
    figures = [
        "Publicaciones",
        "Impresiones",
        "Clics",
        "Tasa de clics",
        "Postuladas",
        "Adjudicadas",
        "Monto adjudicado",
    ]
    return Page(
        "ficha",
        "Ficha",
        [
            back_button(place(0, 1, HEADER_TOP, HEADER_HEIGHT)),
            heading("Ficha de la convocatoria", "Todo lo que se sabe de una").at(
                place(1, 8, HEADER_TOP, HEADER_HEIGHT)
            ),
            load_state(),
            table(
                "Convocatoria",
                [CODE, TITLE, TYPE, column("dim_opportunity", "status_label"), CLOSES, DAYS_LEFT, APPLY],
                place(0, 12, SLICER_TOP, 100),
                "Código, título, tipo, estado, cierre, días restantes y enlace de la convocatoria.",
            ),
            cards("cifras", figures, place(0, 12, 188, 84), "Cifras de la convocatoria: " + ", ".join(figures) + "."),
            table(
                "Condiciones",
                [
                    ELIGIBLE,
                    column("dim_opportunity", "funding_label"),
                    column("dim_opportunity", "attendance_label"),
                    column("dim_opportunity", "max_award_amount"),
                    column("dim_opportunity", "currency"),
                    column("dim_opportunity", "funder_name"),
                ],
                place(0, 12, 288, 88),
                "Si se puede aplicar, financiación, modalidad, monto máximo y convocante.",
            ),
            table(
                "Publicaciones",
                [
                    column("fct_publication", "edition_id"),
                    CHANNEL,
                    column("fct_publication", "state"),
                    column("fct_publication", "published_at"),
                    measure("Publicaciones"),
                ],
                place(0, 6, 392, 150),
                "En qué ediciones y canales se publicó, y cómo salió.",
            ),
            table(
                "ODS",
                [SDG, measure("Convocatorias ponderadas por ODS", "Peso")],
                place(0, 3, 558, 146),
                "A qué ODS contribuye y con qué peso.",
            ),
            table(
                "Objetivos del plan",
                [OBJECTIVE, measure("Convocatorias ponderadas por objetivo del plan", "Peso")],
                place(3, 3, 558, 146),
                "A qué objetivos del plan contribuye y con qué peso.",
            ),
            months(
                "Impresiones por mes y canal",
                ["Impresiones"],
                place(6, 6, 392, 312),
                "Cuántas impresiones tuvo la convocatoria cada mes, por canal.",
                series=CHANNEL,
            ),
        ],
        drill=CODE,
    )
