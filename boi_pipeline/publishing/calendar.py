"""The bulletin's calendars of deadlines (iCalendar, RFC 5545 with the names of RFC 7986): one for everything, each topic and
each opportunity.

Here: which events a calendar holds, what it says of itself and where it stands. The events are ``events``', written once
and shared. Calendars of topics carry no alarms: who follows a topic would be rung for every call, and most programs drop
alarms of subscriptions. The calendar of one opportunity is taken by somebody who means to apply: it rings three days before.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from itertools import groupby
from typing import Any

from icalendar import Alarm, Calendar, Timezone, vDuration, vText, vUri

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.events import DeadlineEvent, Term, events_of
from boi_pipeline.publishing.note import page_path
from boi_pipeline.publishing.text import one_line
from boi_pipeline.publishing.topics import Topic, topics
from boi_pipeline.publishing.writer import Writer, site_root

KEPT = timedelta(days=90)  # past and cancelled deadlines stay as long, so that every subscriber's program hears of them
MAX_COMING = 300  # a calendar's soonest deadlines; later ones come in as these pass
MAX_GONE = 100
REFRESH = timedelta(hours=12)
RING_BEFORE = timedelta(days=3)
_END, _EVENT_END = b"END:VCALENDAR\r\n", b"END:VEVENT\r\n"
_FIRST_DAY, _LAST_DAY = date(2025, 1, 1), date(2045, 1, 1)  # of the home zone's rules


def calendar_path(code: str) -> str:
    """Where the calendar of one opportunity stands under the site's root; there is one for each that has had a deadline."""
    return f"{page_path(code)}cierre.ics"


def _opening(writer: Writer) -> Calendar:
    """What every calendar begins with."""
    entity = writer.bulletin.entity
    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", f"-//{one_line(entity.name)}//{one_line(entity.bulletin)}//ES")
    made.add("calscale", "GREGORIAN")
    return made


def _followed(writer: Writer, topic: Topic, name: str, words: str) -> Calendar:
    """What the calendar of a topic says of itself: somebody subscribes to it, and their program comes back for more."""
    root, made = site_root(writer.bulletin.entity), _opening(writer)
    made["name"] = made["x-wr-calname"] = vText(name)
    made["description"] = made["x-wr-caldesc"] = vText(words)
    made["source"] = vUri(root + topic.path("ics"), params={"VALUE": "URI"})
    made["url"] = vUri(root + topic.page)
    made["refresh-interval"] = vDuration(REFRESH, params={"VALUE": "DURATION"})
    made["x-published-ttl"] = vDuration(REFRESH)
    made["x-wr-timezone"] = vText(writer.bulletin.entity.timezone)
    return made


def _begun(calendar: Calendar) -> bytes:
    """A calendar without its end."""
    return calendar.to_ical().removesuffix(_END)


@cache
def _home_zone(name: str) -> bytes:
    """The home zone's VTIMEZONE: a calendar needs a component to be valid, also while it has no event."""
    return Timezone.from_tzid(name, first_date=_FIRST_DAY, last_date=_LAST_DAY).to_ical()


@cache
def _bell() -> bytes:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Faltan tres días para el cierre.")
    alarm.add("trigger", -RING_BEFORE)
    return alarm.to_ical()


def _ringing(event: DeadlineEvent, content: bytes) -> bytes:
    """An event with a bell, while it is to come."""
    return content.removesuffix(_EVENT_END) + _bell() + _EVENT_END if event.is_coming else content


def _chosen(bulletin: Bulletin, events: list[DeadlineEvent]) -> list[DeadlineEvent]:
    """Of events in their order, those a topic's calendar holds today."""
    coming = [one for one in events if one.is_coming][:MAX_COMING]
    since = bulletin.today - KEPT
    gone = [one for one in events if not one.is_coming and one.day >= since]
    return sorted(gone[-MAX_GONE:] + coming, key=lambda one: (one.day, one.code, one.key))


class _Written:
    """The events of a bulletin, each written once however many calendars hold it, and what each is written from."""

    def __init__(self) -> None:
        self._contents: dict[tuple[str, str], bytes] = {}
        self._hashes: dict[tuple[str, str], str] = {}

    def content(self, event: DeadlineEvent) -> bytes:
        """The VEVENT."""
        return self._once(self._contents, event, event.content)

    def hash(self, event: DeadlineEvent) -> str:
        """Of everything that is known of it."""
        return self._once(self._hashes, event, lambda: sha256(repr(event).encode()).hexdigest())

    @staticmethod
    def _once(known: dict[tuple[str, str], Any], event: DeadlineEvent, make: Callable[[], Any]) -> Any:
        key = (event.code, event.key)
        if key not in known:
            known[key] = make()
        return known[key]


def calendar_files(writer: Writer) -> None:
    """All calendars: ``calendario.ics``, one for each topic (``feeds/ods/13.ics``), one for each opportunity with deadlines.

    A topic's has its ``MAX_COMING`` soonest deadlines, and what passed or was cancelled in the last ``KEPT``; that of an
    opportunity (``oportunidades/<code>/cierre.ics``) has all of its own.
    """
    events, written = events_of(writer.bulletin, writer.note), _Written()
    _topics(writer, events, written)
    _opportunities(writer, events, written)


def _topics(writer: Writer, events: list[DeadlineEvent], written: _Written) -> None:
    bulletin, name = writer.bulletin, one_line(writer.bulletin.entity.bulletin)
    by_term: dict[Term, list[DeadlineEvent]] = {}
    for one in events:
        for term in one.terms:
            by_term.setdefault(term, []).append(one)
    for topic in topics(bulletin.vocabularies):
        told = f"{name}: {topic.label if topic.term else 'cierres'}"
        words = f"Fechas de cierre. {topic.label}. Cada hora se ve en la zona horaria de su calendario."
        chosen = _chosen(bulletin, by_term.get(topic.term, []) if topic.term else events)
        opening = _followed(writer, topic, told, words)

        def make(opening: Calendar = opening, chosen: list[DeadlineEvent] = chosen) -> bytes:
            zone = _home_zone(bulletin.entity.timezone)
            return b"".join([_begun(opening), zone, *map(written.content, chosen), _END])

        writer.made(topic.path("ics"), [told, words, [written.hash(one) for one in chosen]], make)


def _opportunities(writer: Writer, events: list[DeadlineEvent], written: _Written) -> None:
    opening = _begun(_opening(writer))
    for code, group in groupby(sorted(events, key=lambda one: one.code), key=lambda one: one.code):
        own = list(group)

        def make(own: list[DeadlineEvent] = own) -> bytes:
            return b"".join([opening, *(_ringing(one, written.content(one)) for one in own), _END])

        writer.made(calendar_path(code), [written.hash(one) for one in own], make)
