"""How a source is doing: a pure function of its file and of the crawl records. Named checks with advice, quarantine.

The class of a single failure belongs to ``outcome``; what Dagster and the terminal show of these findings, to them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import fmean, median
from typing import Literal, get_args

from scrapers.coverage import LABELS
from scrapers.outcome import ADVICE, GOOD, CrawlRecord, Outcome, SourceResult
from scrapers.source import Source

CheckName = Literal["answered", "volume", "news", "coverage"]
CHECKS: tuple[CheckName, ...] = get_args(CheckName)
CHECK_LABELS: dict[CheckName, str] = {
    "answered": "La fuente respondió como se esperaba.",
    "volume": "La fuente lista más o menos lo de siempre.",
    "news": "La fuente sigue publicando.",
    "coverage": "Los avisos traen lo que solían traer.",
}

HISTORY = 10  # good visits that a visit is compared with
MIN_HISTORY = 3  # fewer say nothing
USUAL_LISTED = 5  # a list usually shorter than this varies too much to judge
FALL = 0.5  # of the usual length
RISE, FLOOD = 5, 200  # times the usual length, and entries, from which on a list is looked at by a person

QUIET_DAYS = {"hourly": 7, "daily": 30, "weekly": 90, "monthly": 240}  # cadence → days without a new item

MIN_READ_BEFORE, MIN_READ_NOW = 3, 5  # notices read in a visit, for its coverage to say anything
HIGH, LOW = 0.8, 0.4  # shares of the notices that had a field, and that have it

QUARANTINE_AFTER = 5  # failed visits in a row, on as many days
RETRY_AFTER = timedelta(days=7)
OURS: frozenset[Outcome] = frozenset({"credentials"})  # says nothing of the source: it was not asked
MIN_WITNESSES = 3  # sources in a crawl of which none answered: the fault is at our end
OUR_END = (
    "Ninguna fuente respondió bien: mire la red, la fecha y la hora de este equipo antes que las fuentes. Esta visita no "
    "cuenta contra ninguna."
)


@dataclass(frozen=True)
class Visit:
    """What one crawl did at one source."""

    as_of: datetime
    result: SourceResult

    @property
    def is_good(self) -> bool:
        return self.result.outcome in GOOD

    @property
    def day(self) -> date:
        return self.as_of.date()


@dataclass(frozen=True)
class Finding:
    """What a check found at the last visit. ``advice`` is for people; ``history`` is what it was compared with."""

    check: CheckName
    passed: bool
    advice: str
    count: float
    history: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Quarantine:
    """A source that failed too often to be asked every day."""

    since: date  # day of the first failed visit of the row
    failed_count: int
    last_visit: date
    outcome: Outcome

    @property
    def retry_on(self) -> date:
        return self.last_visit + RETRY_AFTER

    def is_due(self, instant: datetime) -> bool:
        """Whether a crawl of this instant tries it again."""
        return instant.date() >= self.retry_on

    def told(self) -> str:
        """One line for people."""
        return (
            f"En cuarentena desde {self.since}: {self.failed_count} visitas fallidas; se reintenta el {self.retry_on}. "
            "Para probar antes, elija solo esta fuente en Dagster; una visita buena la saca de la cuarentena."
        )


def visits_by_source(records: Iterable[CrawlRecord], until: datetime | None = None) -> dict[str, list[Visit]]:
    """Every source's visits, oldest first. Crawls in which nobody answered are left out: they tell of our network."""
    visits: dict[str, list[Visit]] = {}
    for record in sorted(records, key=lambda record: (record.as_of, record.crawl_id)):
        if (until is None or record.as_of <= until) and not _was_ours(record):
            for result in record.results:
                visits.setdefault(result.source_id, []).append(Visit(record.as_of, result))
    return visits


def _was_ours(record: CrawlRecord) -> bool:
    return nobody_answered([result.outcome for result in record.results])


def nobody_answered(outcomes: Sequence[Outcome]) -> bool:
    """Whether what came of several sources at once speaks of this machine, not of them."""
    return len(outcomes) >= MIN_WITNESSES and not GOOD.intersection(outcomes)


def quarantine_of(visits: list[Visit]) -> Quarantine | None:
    """The quarantine a source is in after its last visit."""
    row: list[Visit] = []
    for visit in reversed(visits):
        if visit.is_good:
            break
        if visit.result.outcome not in OURS:
            row.append(visit)
    if len({visit.day for visit in row}) < QUARANTINE_AFTER:
        return None
    return Quarantine(row[-1].day, len(row), row[0].day, row[0].result.outcome)


def check(source: Source, visits: list[Visit]) -> list[Finding]:
    """What to tell of a source after its last visit: of a failed one only that, of a good one every check."""
    if not visits:
        return []
    last = visits[-1]
    good = [visit for visit in visits if visit.is_good]
    if not last.is_good:
        return [_answered(visits)]
    return [_answered(visits), _volume(source, good), _news(source, good), _coverage(good)]


def _answered(visits: list[Visit]) -> Finding:
    last, quarantine = visits[-1], quarantine_of(visits)
    advice = ADVICE[last.result.outcome]
    row = next((number for number, visit in enumerate(reversed(visits)) if visit.is_good), len(visits))
    history = [f"{visit.day}: {visit.result.outcome}" for visit in visits[-HISTORY:]]
    return Finding("answered", last.is_good, f"{quarantine.told()} {advice}" if quarantine else advice, row, history)


def _volume(source: Source, good: list[Visit]) -> Finding:
    *before, last = good
    before = before[-HISTORY:]
    listed = last.result.listed_count
    history = [f"{visit.day}: {visit.result.listed_count}" for visit in before]
    usual = median(visit.result.listed_count for visit in before) if before else 0
    is_declared = source.may_be_empty and not listed
    knows = len(before) >= MIN_HISTORY
    if knows and listed >= max(usual * RISE, FLOOD):
        advice = (
            f"{listed} en la lista; lo usual son {usual:g}. Todo se lee y espera a los editores. Ábrala en el navegador: si "
            "ahora trae su archivo entero u otra sección, corrija la dirección o las opciones de la fuente."
        )
        return Finding("volume", False, advice, listed, history)
    if not knows or usual < USUAL_LISTED or listed >= usual * FALL or is_declared:
        return Finding("volume", True, f"{listed} en la lista.", listed, history)
    advice = (
        f"{listed} en la lista; lo usual son {usual:g}. Ábrala en el navegador: si la lista es de verdad más corta, no "
        "hay nada que hacer; si no, revise la paginación, los selectores u opciones con la captura a la vista."
    )
    return Finding("volume", False, advice, listed, history)


def _news(source: Source, good: list[Visit]) -> Finding:
    last = good[-1]
    newest = next((visit for visit in reversed(good) if visit.result.new_count), good[0])
    days = (last.as_of - newest.as_of).days
    history = [f"{visit.day}: {visit.result.new_count}" for visit in good if visit.result.new_count][-HISTORY:]
    if days <= QUIET_DAYS[source.cadence]:
        return Finding("news", True, f"{days} días desde lo último nuevo.", days, history)
    advice = (
        f"{days} días sin nada nuevo, en una fuente de cadencia {source.cadence}. Mire si la página se mudó o dejó de "
        "actualizarse; si publica menos, corrija `cadence`; si murió, retire la fuente."
    )
    return Finding("news", False, advice, days, history)


def _coverage(good: list[Visit]) -> Finding:
    *before, last = good
    before = [visit for visit in before if visit.result.read_count >= MIN_READ_BEFORE][-HISTORY:]
    result = last.result
    lost: list[str] = []
    if result.read_count >= MIN_READ_NOW and before:
        for name, label in LABELS.items():
            usual = fmean(visit.result.coverage.get(name, 0.0) for visit in before)
            now = result.coverage.get(name, 0.0)
            if usual >= HIGH and now <= LOW:
                lost.append(f"{label}: {now:.0%} de los avisos, antes {usual:.0%}")
    history = [f"{visit.day}: {_shares(visit.result)}" for visit in before]
    if not lost:
        return Finding("coverage", True, f"{result.read_count} avisos leídos: {_shares(result)}", 0, history)
    advice = (
        f"Casi no se encuentra ya {'; '.join(lost)}. Compare la captura con la página: probablemente cambió un selector "
        "o un campo. Corrija las opciones y vuelva a leer la captura con `boi source replay`."
    )
    return Finding("coverage", False, advice, len(lost), history)


def _shares(result: SourceResult) -> str:
    return ", ".join(f"{name} {share:.0%}" for name, share in result.coverage.items()) or "nada leído"


@dataclass(frozen=True)
class Health:
    """A source's state now."""

    last_visit: Visit | None
    last_good: Visit | None
    last_news: Visit | None  # that brought something new
    quarantine: Quarantine | None
    findings: list[Finding]

    @property
    def warnings(self) -> list[Finding]:
        """What a good visit still has to be looked at for."""
        return [finding for finding in self.findings if not finding.passed and finding.check != "answered"]


def health_of(source: Source, visits: list[Visit]) -> Health:
    """A source's state after its visits."""
    return Health(
        last_visit=visits[-1] if visits else None,
        last_good=next((visit for visit in reversed(visits) if visit.is_good), None),
        last_news=next((visit for visit in reversed(visits) if visit.is_good and visit.result.new_count), None),
        quarantine=quarantine_of(visits),
        findings=check(source, visits),
    )
