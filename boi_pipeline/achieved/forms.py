"""What citizens tell by a form: the export of any form service, added up by code at the door.

Three columns are looked at, found by their question: the code, ¿Se postuló?, ¿La obtuvo? Of a row nothing else is read,
and nothing of a row outlives it but three counts. What a cell says is never repeated, not even where it is refused: people
write their names in any of them. The file itself is not kept.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from boi_pipeline.achieved import store
from boi_pipeline.achieved.days import Order, day_of
from boi_pipeline.achieved.headers import folded
from boi_pipeline.achieved.refusals import SheetRefused, column_letters
from boi_pipeline.achieved.sheets import Cell, Row, Sheet, open_sheets
from boi_pipeline.achieved.taking import MAX_FAULTS, Context, Fault, Handed, Look, Taken, Taker
from boi_pipeline.entity import Entity
from boi_pipeline.personal_data import mask
from boi_pipeline.records import Import, Outcome
from boi_pipeline.settings import Home
from boi_pipeline.spanish import count as count_of

LABEL = "Exportación del formulario de resultados"
LAYOUT = "form"
REPORTER = "applicant"
HEADER_ROWS = 10  # where the questions may stand
MAX_ROWS = 200_000
_NAME = re.compile(r"[a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,5}")

_ASKS_WHY = re.compile(r"\b(por que|porque|why|como|how|cuente(nos)?|explique|describa|comentarios?|comments?)\b")
_CODE = re.compile(r"\b(codigo|code)\b(?!.*\b(postal|zip|pais|country|area|qr)\b)(?<!postal code)(?<!zip code)")
_OBTAINED = re.compile(
    r"\b(obtuv\w+|la gano|lo gano|ganaste|gano|consiguio|conseguiste|logro|lograste|obtain\w*|awarded|get it|got it|win|won)\b"
)
_APPLIED = re.compile(r"\b(postulo|postulaste|aplico|aplicaste|apply|applied|solicito|solicitaste)\b")
_WHEN = re.compile(
    r"\b(marca temporal|timestamp|hora de finalizacion|completion time|submitdate|fecha de envio|date submitted|"
    r"submission date|submitted at|submitted on|fecha de respuesta|created at)\b|^(date|fecha)$"
)

_SECOND = re.compile(r"\d{1,2}:\d{2}:\d{2}")
_ORDERS: tuple[Order, ...] = ("dmy", "mdy")

_YES = re.compile(r"(si|yes|y|s|true|verdadero|1)\b")
_NO = re.compile(r"(no|n|false|falso|0)\b")
_NOT_YET = re.compile(
    r"(todavia|aun|not yet|don t know|unknown|pendiente|pending|en espera|waiting)\b|no (lo )?(se|sabe|sabemos)\b|n a$|no aplica$"
)


@dataclass(frozen=True)
class Questions:
    """Where the answers stand: columns from 0. ``name`` tells this form from others, whatever else it asks."""

    sheet: Sheet
    header: int  # the row of the questions
    code: int
    applied: int
    obtained: int | None
    when: int | None
    name: str
    left_out: list[str]  # letters of the columns that are not read


@dataclass
class Answers:
    """What was told of one call."""

    answered: int = 0
    applied: int = 0
    awarded: int = 0


@dataclass
class Counted:
    """A form added up: by code, the last day somebody answered (None where it cannot be told), and what was set aside."""

    questions: Questions
    by_code: dict[str, Answers] = field(default_factory=dict)
    last_day: date | None = None
    faults: list[Fault] = field(default_factory=list)
    refused_count: int = 0


def look(sheets: list[Sheet], entity: Entity) -> list[Look]:
    """How the header looks to a form: the questions it has and lacks."""
    best = max((_asked(row, entity) for _, row in _first_rows(sheets)), key=_score, default=_Asked())
    missing = [words for words, found in ((_CODE_WORDS, best.code), (_APPLIED_WORDS, best.applied)) if not found]
    return [Look(LABEL, _score(best), tuple(missing))]


def count(handed: Handed, entity: Entity, today: date) -> Counted:
    """Add up a form's export by code. Raises SheetRefused."""
    with open_sheets(handed.path, max_rows=MAX_ROWS) as sheets:
        questions = _questions(sheets, entity)
        counted = Counted(questions)
        days = _Days(entity.zone)
        code_of = _reader_of_codes(entity.file.code_prefix)
        seen: set[int] = set()
        for row in questions.sheet.rows():
            if row.number <= questions.header:
                continue
            if reason := _repeats(row, questions, seen) or _add(counted, row, code_of, days):
                counted.refused_count += 1
                if len(counted.faults) < MAX_FAULTS:
                    counted.faults.append(Fault(questions.sheet.name, row.number, reason))
    if not counted.by_code:
        raise SheetRefused(_nothing_said(counted))
    counted.last_day = days.last(today)
    return counted


def take(handed: Handed, context: Context, *, name: str | None = None, may_be_shorter: bool = False) -> Taken:
    """Write the counts of a form's export; the import is the caller's to keep.

    ``name`` is how the team calls the form, where its questions do not tell it from another. Raises SheetRefused.
    """
    today = context.entity.today(context.as_of)
    counted = count(handed, context.entity, today)
    layout = layout_of(counted, name)
    replaced = before(context.home, layout, counted, may_be_shorter=may_be_shorter)
    import_id = store.new_import_id()
    day = counted.last_day or today
    rows = list(_outcomes(counted, import_id, layout, day, context.as_of))
    store.write_rows(context.home, import_id, rows, Outcome)
    record = Import(
        import_id=import_id,
        kind="outcomes",
        file_name=mask(handed.name),
        file_sha256=handed.sha256,
        layout=layout,
        channel=None,
        replaces="all",
        imported_at=context.as_of,
        first_day=day,
        last_day=day,
        row_count=len(rows),
        refused_count=counted.refused_count,
        unknown_columns=[],  # their headers are not repeated either
    )
    return Taken(record, counted.faults, notes(counted, layout, replaced), keeps_file=False)


TAKER = Taker(LAYOUT, look, take, keeps_file=False)  # the file names people


def layout_of(counted: Counted, name: str | None) -> str:
    """What names a form among others. Raises SheetRefused for a name that is none."""
    if name is None:
        return f"{LAYOUT}-{counted.questions.name}"
    slug = "-".join(folded(name).split())
    if not _NAME.fullmatch(slug):
        raise SheetRefused("--form: se espera un nombre corto de letras y cifras, como becas-2027.")
    return f"{LAYOUT}-{slug}"


def before(home: Home, layout: str, counted: Counted, *, may_be_shorter: bool = False) -> Import | None:
    """The export of the same form that counts until now. Raises SheetRefused where it holds answers that this one lacks."""
    found = [one for one in store.imports(home) if one.layout == layout]
    newest = max(found, key=lambda one: (one.imported_at, one.import_id), default=None)
    if newest and not may_be_shorter:
        _check_longer(home, newest, counted)
    return newest


def notes(counted: Counted, layout: str, replaced: Import | None) -> list[str]:
    """What whoever handed the form in should know."""
    answers = sum(one.answered for one in counted.by_code.values())
    told = [
        f"{count_of(answers, 'respuesta', 'respuestas')} sobre "
        f"{count_of(len(counted.by_code), 'convocatoria', 'convocatorias')}. De cada una se guardan tres sumas y nada más."
    ]
    if counted.questions.left_out:
        told.append(f"Columnas que no se leyeron: {', '.join(counted.questions.left_out)}.")
    if counted.questions.obtained is None:
        told.append("El formulario no pregunta si la obtuvo: no se sabe cuántas personas obtuvieron.")
    if counted.last_day is None:
        told.append("No se entendió el día de las respuestas: se toma el de hoy.")
    told.append(
        f"Reemplaza la exportación anterior de este formulario ({replaced.import_id})."
        if replaced
        else f"Es la primera exportación de este formulario ({layout}): se suma a lo demás. Si ya se tomó con otras "
        "palabras en sus preguntas, avise a quien mantiene el sistema antes de publicar."
    )
    return told


# ---------------------------------------------------------------- the questions

_CODE_WORDS, _APPLIED_WORDS, _OBTAINED_WORDS = "Código", "¿Se postuló?", "¿La obtuvo?"


@dataclass(frozen=True)
class _Asked:
    """The columns of a row that ask each question, from 0."""

    code: tuple[int, ...] = ()
    applied: tuple[int, ...] = ()
    obtained: tuple[int, ...] = ()
    when: tuple[int, ...] = ()


def _score(asked: _Asked) -> int:
    return sum(map(bool, (asked.code, asked.applied, asked.obtained)))


def _first_rows(sheets: list[Sheet]) -> Iterator[tuple[Sheet, Row]]:
    for sheet in sheets:
        for row in sheet.rows():
            if row.number > HEADER_ROWS:
                break
            yield sheet, row


def _asked(row: Row, entity: Entity) -> _Asked:
    """Which question each cell asks; one that is the form's own name of a field asks it alone."""
    texts = [folded(cell) for cell in row.cells]
    form = entity.file.outcome_form
    own = (form.code_field, form.applied_field, form.obtained_field) if form else (None, None, None)
    code, applied, obtained = (
        tuple(place for place, cell in enumerate(row.cells) if name and cell == name) for name in own
    )
    asks = [bool(text) and len(text) < 300 and not _ASKS_WHY.search(text) for text in texts]
    found_obtained = tuple(place for place, text in enumerate(texts) if asks[place] and _OBTAINED.search(text))
    found_applied = tuple(
        place
        for place, text in enumerate(texts)
        if asks[place] and _APPLIED.search(text) and place not in found_obtained
    )
    found_code = tuple(
        place
        for place, text in enumerate(texts)
        if asks[place] and _CODE.search(text) and place not in (*found_obtained, *found_applied)
    )
    return _Asked(
        code or found_code,
        applied or found_applied,
        obtained or found_obtained,
        tuple(place for place, text in enumerate(texts) if asks[place] and _WHEN.search(text)),
    )


def _questions(sheets: list[Sheet], entity: Entity) -> Questions:
    for sheet, row in _first_rows(sheets):
        asked = _asked(row, entity)
        if not (asked.code and asked.applied):
            continue
        for words, places in (
            (_CODE_WORDS, asked.code),
            (_APPLIED_WORDS, asked.applied),
            (_OBTAINED_WORDS, asked.obtained),
        ):
            if len(places) > 1:
                letters = ", ".join(column_letters(place + 1) for place in places)
                raise SheetRefused(
                    f"Fila {row.number}: las columnas {letters} parecen preguntar «{words}». Deje una sola, o póngale "
                    "como encabezado esas palabras y cambie el de las otras."
                )
        obtained = asked.obtained[0] if asked.obtained else None
        read = [asked.code[0], asked.applied[0], *([obtained] if obtained is not None else [])]
        words = "\n".join(folded(row.cells[place]) for place in read)
        when = asked.when[0] if asked.when else None
        others = [place for place, cell in enumerate(row.cells) if cell is not None and place not in (*read, when)]
        return Questions(
            sheet=sheet,
            header=row.number,
            code=asked.code[0],
            applied=asked.applied[0],
            obtained=obtained,
            when=when,
            name=sha256(words.encode()).hexdigest()[:8],
            left_out=[column_letters(place + 1) for place in others],
        )
    raise SheetRefused(
        f"No se encontraron las preguntas «{_CODE_WORDS}» y «{_APPLIED_WORDS}» en las primeras {HEADER_ROWS} filas. "
        "Exporte las respuestas con una columna por pregunta y su encabezado."
    )


# ---------------------------------------------------------------- the answers


def _cell(row: Row, place: int | None) -> Cell:
    return row.cells[place] if place is not None and place < len(row.cells) else None


def _add(counted: Counted, row: Row, code_of: Callable[[Cell], str | None], days: "_Days") -> str | None:
    """Count a row; give the reason where it is set aside, without a word of what it says."""
    asked = counted.questions
    told = [_cell(row, place) for place in (asked.code, asked.applied, asked.obtained)]
    if all(cell is None for cell in told):
        return "No responde ninguna de las preguntas."
    code = code_of(told[0])
    if code is None:
        return f"«{_CODE_WORDS}»: se espera un código de este boletín."
    applied = _answer(told[1])
    if applied is None:
        return f"«{_APPLIED_WORDS}»: se espera sí o no."
    obtained = False if told[2] is None or _is_open(told[2]) else _answer(told[2])
    if obtained is None:
        return f"«{_OBTAINED_WORDS}»: se espera sí, no o todavía no se sabe."
    if obtained and not applied:
        return "Dice que la obtuvo y que no se postuló: se espera una de las dos cosas."
    answers = counted.by_code.setdefault(code, Answers())
    answers.answered += 1
    answers.applied += applied
    answers.awarded += obtained
    days.add(_cell(row, asked.when))
    return None


def _repeats(row: Row, questions: Questions, seen: set[int]) -> str | None:
    """Why a row is one that stood before: all its cells are, the second it was sent at too. Without that two people may agree."""
    when = _cell(row, questions.when)
    if not (isinstance(when, datetime) or (isinstance(when, str) and _SECOND.search(when))):
        return None
    mark = hash(tuple(row.cells))
    if mark in seen:
        return "Repite una fila anterior, con la misma hora y las mismas respuestas: se cuenta una vez."
    seen.add(mark)
    return None


def _reader_of_codes(prefix: str) -> Callable[[Cell], str | None]:
    """What understands a code of this bulletin: as it stands, or in the address of a page of it."""
    alone = rf"({prefix}-[0-9]{{4}}-[0-9]{{5,9}})"
    pattern = re.compile(rf"\s*(?:https?://\S{{1,200}}/oportunidades/)?{alone}(?:/\S{{0,40}})?\s*", re.IGNORECASE)

    def code_of(cell: Cell) -> str | None:
        found = pattern.fullmatch(cell) if isinstance(cell, str) else None
        return found[1].upper() if found else None

    return code_of


def _words(cell: Cell) -> str:
    return folded(str(cell)) if isinstance(cell, (str, bool, int)) else ""


def _answer(cell: Cell) -> bool | None:
    words = _words(cell)
    if _is_open(cell):
        return None
    return True if _YES.match(words) else False if _NO.match(words) else None


def _is_open(cell: Cell) -> bool:
    return bool(_NOT_YET.match(_words(cell)))


class _Days:
    """The days on which people answered, each once, read both ways where a service may put the month first."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._seen: set[tuple[date | None, ...]] = set()

    def add(self, cell: Cell) -> None:
        """Take what a service wrote as the time of an answer; what is no day is passed over."""
        if isinstance(cell, str):  # Google Forms: 2026/11/23 10:15:32 a. m. GMT-5
            cell = re.sub(r"^([0-9]{4})/([0-9]{2})/([0-9]{2})\b", r"\1-\2-\3", cell.partition(" GMT")[0])
        days = tuple(self._day(cell, order) for order in _ORDERS)
        if any(days):
            self._seen.add(days)

    def _day(self, cell: Cell, order: Order) -> date | None:
        try:
            return day_of(cell, order, None, self._zone)
        except ValueError:
            return None

    def last(self, today: date) -> date | None:
        """The last day; None where the two ways differ in what has passed, or none can be told."""
        ways = {max(days) for days in zip(*self._seen, strict=True) if None not in days}
        past = {day for day in ways if day <= today}
        return past.pop() if len(past) == 1 else None


# ---------------------------------------------------------------- what is written


def _outcomes(counted: Counted, import_id: str, layout: str, day: date, as_of: datetime) -> Iterator[Outcome]:
    asks = counted.questions.obtained is not None
    for number, (code, told) in enumerate(sorted(counted.by_code.items()), 1):
        yield Outcome(
            import_id=import_id,
            row_number=number,
            imported_at=as_of.astimezone(UTC),
            layout=layout,
            outcome_date=day,
            reported_by=REPORTER,
            code=code,
            answered_count=told.answered,
            applied_count=told.applied,
            awarded_count=told.awarded if asks else None,
        )


def _check_longer(home: Home, newest: Import, counted: Counted) -> None:
    """A later export of a form holds all that the one before held. Raises SheetRefused where it does not."""
    kept = store.rows_of(home, [newest], Outcome).select(["code", "answered_count"]).to_pylist()
    answered = {code: told.answered for code, told in counted.by_code.items()}
    fewer = [one["code"] for one in kept if answered.get(one["code"], 0) < (one["answered_count"] or 0)]
    if fewer:
        raise SheetRefused(
            f"Trae menos respuestas que la exportación anterior de este formulario ({newest.import_id}), en "
            f"{len(fewer)} convocatorias: {', '.join(fewer[:5])}. Exporte todas las respuestas. Si es otro formulario con "
            "las mismas preguntas, use `boi outcomes import ARCHIVO --form NOMBRE`; si se borraron respuestas, --shorter."
        )


def _nothing_said(counted: Counted) -> str:
    if not counted.refused_count:
        return "El formulario no trae ninguna respuesta."
    fault = counted.faults[0]
    return (
        f"No se entendió ninguna de sus {counted.refused_count} respuestas; la primera, fila {fault.number}: "
        f"{fault.reason} Exporte las respuestas con el texto de cada opción."
    )
