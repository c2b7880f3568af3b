"""When a call closes, and what its source says now: in words, as of the bulletin's instant.

Deadlines, the state of closing and «La fuente indica ahora…». The rest of a note is in ``note``; how days and hours are
written belongs to ``spanish``.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.bulletin import Bulletin, PublishedItem
from boi_pipeline.publishing.text import MAX_FACT, Link, clip, outward_link
from boi_pipeline.records import PublicDeadline, PublicOpportunity, SourceNote

SOON = timedelta(days=14)
ClosingState = Literal["forecasted", "open", "soon", "moved", "rolling", "undated", "closed", "reported"]


@dataclass(frozen=True)
class DeadlineWords:
    """One deadline in words; ``source`` and ``home`` are (hour, minute, words) of the two clocks, where known."""

    record: PublicDeadline
    stage: str
    words: str
    day: date  # the earlier of both calendars: who goes by it is never late
    is_next: bool
    is_past: bool
    remark: str | None
    source: tuple[int, int, str] | None
    home: tuple[int, int, str] | None


@dataclass(frozen=True)
class Closing:
    """When a call closes, as of the bulletin's instant."""

    state: ClosingState
    chip: str
    day: date | None  # of the next close, for lists
    deadlines: list[DeadlineWords]
    description: str | None
    opens: date | None = None  # of what is not open yet, where a day is known
    is_cancelled: bool = False  # its source says so

    @property
    def is_open(self) -> bool:
        return self.state not in ("forecasted", "closed", "reported")

    @property
    def is_over(self) -> bool:
        return self.state in ("closed", "reported")


@dataclass(frozen=True)
class SourceSays:
    """«La fuente indica ahora…»."""

    kind: str
    words: str
    quote: str | None
    link: Link | None
    seen: str


def _remark(deadline: PublicDeadline) -> str | None:
    if deadline.close_time is None:
        return "La fuente no indica la hora. Aplique antes de ese día."
    if deadline.timezone == spanish.ANYWHERE_ON_EARTH:
        return (
            "AoE («Anywhere on Earth») es la última hora del planeta: vale mientras en algún lugar siga siendo ese día."
        )
    if deadline.basis == "assumed" and deadline.close_at is not None:
        return "La fuente no dice de qué lugar es la hora: usamos la zona horaria del convocante."
    return None


def _clocks(
    deadline: PublicDeadline, bulletin: Bulletin
) -> tuple[tuple[int, int, str] | None, tuple[int, int, str] | None]:
    there = spanish.home_instant(deadline, bulletin.zone)
    if deadline.close_time is None or there is None or spanish.zone_of(deadline.timezone) is None:
        return None, None
    home = (there.hour, there.minute, f"{spanish.short_date(there.date())}, en {bulletin.entity.city}")
    if spanish.same_clock(deadline, bulletin.zone):
        return None, home
    printed = deadline.close_time
    words = spanish.zone_words(str(deadline.timezone))
    source = (printed.hour, printed.minute, f"{spanish.short_date(deadline.close_date)}, {words}")
    return source, home


def _deadlines(bulletin: Bulletin, facts: PublicOpportunity) -> list[DeadlineWords]:
    ordered = sorted(facts.deadlines, key=lambda one: (spanish.end_of(one, bulletin.zone), one.seq))
    coming = [one for one in ordered if spanish.end_of(one, bulletin.zone) > bulletin.as_of]
    found = []
    for deadline in ordered:
        there = spanish.home_instant(deadline, bulletin.zone)
        source, home = _clocks(deadline, bulletin)
        found.append(
            DeadlineWords(
                record=deadline,
                stage=clip(bulletin.label("deadline_stages", deadline.stage), 60),
                words=spanish.both_clocks(deadline, bulletin.zone, bulletin.entity.city),
                day=min(there.date(), deadline.close_date) if there else deadline.close_date,
                is_next=bool(coming) and deadline is coming[0],
                is_past=deadline not in coming,
                remark=_remark(deadline),
                source=source,
                home=home,
            )
        )
    return found


def as_day(value: str | None) -> date | None:
    """The day that a note of the source says, where it says one."""
    try:
        return date.fromisoformat((value or "").strip()[:10])
    except ValueError:
        return None


def _value(value: str | None) -> str:
    day = as_day(value)
    return spanish.short_date(day) if day else clip(value or "", 80)


def _moments(value: str | None) -> str:
    """Deadlines as ``source_notes`` has them (``2027-01-15 12:00 Europe/Berlin; …``), in words."""
    found = []
    for told in (value or "").split("; "):
        day, *rest = told.split()[:3] or [""]
        if as_day(day) is None:
            found.append(clip(told, 80))
            continue
        zone = next((one for one in rest if spanish.zone_of(one)), None)
        hours = [one for one in rest if one != zone]
        found.append(" ".join([", ".join([_value(day), *hours]), *([spanish.zone_words(zone)] if zone else [])]))
    return "; ".join(filter(None, found))


def newest_note(item: PublishedItem) -> SourceNote | None:
    """What its source says now, last; that it is over weighs more than another date, another hour or stage less."""
    return max(
        (one for one in item.notes if one.kind != "opening_changed"),
        key=lambda one: (
            one.kind == "cancelled",
            one.kind != "deadline_changed",
            one.seen_at,
            one.kind in ("closed", "vanished"),
        ),
        default=None,
    )


def _opening(bulletin: Bulletin, item: PublishedItem, next_close: date | None) -> tuple[bool, date | None]:
    """Whether a call is still to open, and on which day: by what its source says now, else as it was approved."""
    said = next((one for one in item.notes if one.kind == "opening_changed"), None)
    if said and said.new_value is None:
        return True, None
    day = as_day(said.new_value) if said else item.opportunity.opening_date
    # what opens after its call closes is an exhibition or a course
    waits = day is not None and day > bulletin.today and (next_close is None or day <= next_close)
    return waits, day if waits else None


def closing_of(bulletin: Bulletin, item: PublishedItem) -> Closing:
    """When a call closes, or that it is over or still to open: what its source says now counts before what was approved."""
    facts = item.opportunity
    deadlines = _deadlines(bulletin, facts)
    description = clip(facts.close_date_description, MAX_FACT) if facts.close_date_description else None
    coming = next((one for one in deadlines if one.is_next), None)
    newest = newest_note(item)

    def made(state: ClosingState, chip: str, day: date | None) -> Closing:
        if state not in ("closed", "reported"):
            waits, opens = _opening(bulletin, item, day)
            if waits:
                chip = f"Aún no abre · abre el {spanish.short_date(opens)}" if opens else "Aún no abre"
                return Closing("forecasted", chip, day, deadlines, description, opens)
        return Closing(state, chip, day, deadlines, description)

    if newest and newest.kind == "cancelled":
        return replace(made("reported", "Cancelada, según la fuente", None), is_cancelled=True)
    if newest and newest.kind == "closed":
        return made("reported", "La fuente la dio por cerrada", None)
    if newest and newest.kind == "vanished":
        return made("reported", "La fuente ya no la publica", None)
    if newest and newest.kind != "deadline_changed" and (moved := as_day(newest.new_value)):
        if moved < bulletin.today:
            return made("closed", f"Cerró el {spanish.short_date(moved)}", moved)
        # it is the last that moved: a stage before it comes first
        if coming is None or coming is deadlines[-1] or coming.day >= moved:
            return made("moved", f"Nueva fecha: {spanish.short_date(moved)}", moved)
    if coming:
        day = spanish.short_date(coming.day)
        if coming.day - bulletin.today <= SOON:
            return made("soon", f"Cierra pronto: {day}", coming.day)
        return made("open", f"Cierra el {day}", coming.day)
    if facts.close_model == "rolling":
        return made("rolling", "Convocatoria permanente", None)
    if deadlines:
        last = deadlines[-1].day
        return made("closed", f"Cerró el {spanish.short_date(last)}", last)
    return made("undated", "Sin fecha de cierre indicada", None)


def _opening_words(bulletin: Bulletin, note: SourceNote, before: str) -> str:
    day = as_day(note.new_value)
    if day is None:
        return "que aún no abre."
    if day <= bulletin.today:
        return f"que abrió el {_value(note.new_value)}.{before}"
    return f"que aún no abre. Abre el {_value(note.new_value)}.{before}"


def _stands(bulletin: Bulletin, note: SourceNote) -> bool:
    """Whether what a source says still matters: another opening day does while one of both is to come."""
    days = [day for value in (note.old_value, note.new_value) if (day := as_day(value))]
    return note.kind != "opening_changed" or note.new_value is None or max(days, default=date.max) > bulletin.today


def opened_at(bulletin: Bulletin, item: PublishedItem) -> list[datetime]:
    """When what is said of a call changed because it opened: the beginning, at home, of each day that it was to open."""
    told = [item.opportunity.opening_date]
    told += [
        as_day(value) for one in item.notes if one.kind == "opening_changed" for value in (one.old_value, one.new_value)
    ]
    days = {day for day in told if day and item.publication.published_at < _begins(day, bulletin) <= bulletin.as_of}
    return sorted(_begins(day, bulletin) for day in days)


def _begins(day: date, bulletin: Bulletin) -> datetime:
    return datetime.combine(day, time(), bulletin.zone)


def says_now(bulletin: Bulletin, item: PublishedItem) -> list[SourceSays]:
    """What the source of a call says now that still matters, in words."""
    return [_says(bulletin, note) for note in item.notes if _stands(bulletin, note)]


def _says(bulletin: Bulletin, note: SourceNote) -> SourceSays:
    old, new = _value(note.old_value), _value(note.new_value)
    before = f" Antes decía: {old}." if old else ""
    moments, moments_before = _moments(note.new_value), _moments(note.old_value)
    was = f" Antes decía: {moments_before}." if moments_before else ""
    words = {
        "extended": f"un nuevo cierre, más tarde: {new or 'fecha por confirmar'}.{before}",
        "shortened": f"un nuevo cierre, más temprano: {new or 'fecha por confirmar'}.{before}",
        "deadline_changed": (f"otra hora u otro plazo: {moments}.{was}" if moments else f"menos plazos.{was}"),
        "opening_changed": _opening_words(bulletin, note, before),
        "closed": "que la convocatoria está cerrada.",
        "cancelled": "que la convocatoria fue cancelada o quedó desierta. Confirme antes de postularse.",
        "vanished": "que la convocatoria ya no está publicada. Confirme antes de postularse.",
    }
    return SourceSays(
        kind=note.kind,
        words=words[note.kind],
        quote=clip(note.quote, MAX_FACT) if note.quote and note.quote.strip() else None,
        link=outward_link(note.url),
        seen=spanish.long_date(note.seen_at.astimezone(bulletin.zone).date()),
    )


def last_opened(closing: Closing, item: PublishedItem) -> str | None:
    """When a closed call was open last, in words; None where it is open or nobody knows."""
    if closing.is_open or item.last_opened_on is None:
        return None
    return f"Abierta por última vez en {spanish.month_name(item.last_opened_on)}."
