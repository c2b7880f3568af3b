"""The weekly five: candidates, picks, the article's length, and closing the week.

Functions that know neither Dagster nor the command line; they hand the ledger's and the warehouse's rows to
``editorial`` and ``publishing``. The day's edition belongs to ``editing``.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from boi_pipeline.editorial.review import ReviewError
from boi_pipeline.records import Decision, Edition, Identity
from boi_pipeline.stages import editing
from boi_pipeline.stages.run import Run
from boi_pipeline.weeks import week_label

if TYPE_CHECKING:
    from boi_pipeline.editorial.ledger import Ledger
    from boi_pipeline.editorial.week_edition import WeekResult
    from boi_pipeline.editorial.weekly import Pick, WeekCandidate
    from boi_pipeline.publishing.bulletin import Bulletin, PublishedWeek


@dataclass(frozen=True)
class Week:
    """A week as it stands: its list, and the article that it gives or gave."""

    week: str
    is_closed: bool
    closes_on: str | None  # ISO day; None where the office does not work all week
    picks: "list[tuple[str, str, Pick]]"  # code, title, pick
    word_count: int = 0
    warnings: list[str] = field(default_factory=list)  # Spanish


def week_now(run: Run) -> str:
    """The ISO week of the run's day where the entity is: ``2026-W48``."""
    return week_label(run.entity.today(run.as_of))


def is_closing_day(run: Run) -> bool:
    """Whether the run's day is the one on which its week closes."""
    day = run.entity.today(run.as_of)
    return run.entity.week_closing_day(day) == day


def candidates(run: Run, week: str) -> "list[WeekCandidate]":
    """What may be picked for a week, ordered and explained by the published rules. Raises ReviewError."""
    from boi_pipeline.editorial.weekly import week_candidates

    with run.ledger() as ledger:
        return week_candidates(ledger, week, run.as_of, editing.calls_today(run, ledger))


def choose(run: Run, week: str, code: str, why: str, role: str, position: int | None = None) -> list[Decision]:
    """Put the call with a public code into a week's list. Raises ReviewError."""
    from boi_pipeline.editorial.weekly import pick

    with run.ledger() as ledger:
        identifier = _identifier(ledger, code)
        opened = editing.open_calls(run, ledger)
        return pick(ledger, week, identifier, why, role, run.as_of, position=position, open_calls=opened)


def leave_out(run: Run, week: str, code: str, role: str) -> list[Decision]:
    """Take the call with a public code out of a week's list. Raises ReviewError."""
    from boi_pipeline.editorial.weekly import drop

    with run.ledger() as ledger:
        return drop(ledger, week, _identifier(ledger, code), role, run.as_of)


def close_week(run: Run, week: str) -> "WeekResult":
    """Close a week with what was picked by the run's instant; the length of its article is among the warnings."""
    from boi_pipeline.editorial.week_edition import close_week as close

    day, channels = run.entity.today(run.as_of), run.entity.file.channels.weekly
    with run.ledger() as ledger:
        result = close(ledger, week, run.as_of, channels, day=day, open_calls=editing.open_calls(run, ledger))
    if result.edition:
        result.warnings += shown_week(run, week).warnings
    return result


def shown_week(run: Run, week: str) -> Week:
    """A week's list and the length of its article: as it was closed, or as it would be now. Raises ReviewError."""
    from boi_pipeline.editorial.weekly import picks_of, week_days

    monday, _ = week_days(week)
    with run.ledger() as ledger:
        picks = picks_of(ledger.rows(Decision), week)
        is_closed = bool(ledger.rows(Edition, edition_id=week))
        codes = {one.opportunity_id: one.code for one in ledger.rows(Identity)}
    shown = editing.bulletin(run)
    titles = {code: item.opportunity.title_es for code, (_, item) in shown.current.items()}
    closed = next((one for one in shown.weeks if one.edition.edition_id == week), None)
    count, warnings = _length(shown, closed or _as_if(run, shown, week, picks, codes))
    closes_on = run.entity.week_closing_day(monday)
    return Week(
        week=week,
        is_closed=is_closed,
        closes_on=closes_on.isoformat() if closes_on else None,
        picks=[(codes[one.opportunity_id], titles.get(codes[one.opportunity_id], ""), one) for one in picks],
        word_count=count,
        warnings=warnings,
    )


def _as_if(run: Run, bulletin: "Bulletin", week: str, picks: "list[Pick]", codes: dict[str, str]) -> "PublishedWeek":
    """The week as if it closed now."""
    from boi_pipeline.publishing.bulletin import PickedItem, PublishedWeek

    current = bulletin.current
    edition = Edition(
        seq=2**62, edition_id=week, edition_date=run.entity.today(run.as_of), closed_at=run.as_of, label=week
    )
    shown = [(current[code][1], one.why) for one in picks if (code := codes[one.opportunity_id]) in current]
    return PublishedWeek(edition, [PickedItem(item, why) for item, why in shown])


def _length(bulletin: "Bulletin", week: "PublishedWeek") -> tuple[int, list[str]]:
    from boi_pipeline.publishing.article import article_of, length_warning

    if not week.items:
        return 0, []
    article = article_of(bulletin, week)
    warning = length_warning(article)
    return article.word_count, [warning] if warning else []


def _identifier(ledger: "Ledger", code: str) -> str:
    found = ledger.rows(Identity, code=code.upper())
    if not found:
        raise ReviewError(f"{code}: no hay ninguna convocatoria con ese código; vea boi week candidates.")
    return found[0].opportunity_id
