"""A build that takes over pages of the site that stands gives the bytes of a build from nothing, whatever happened since."""

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.publishing import standing
from boi_pipeline.publishing.disk import Disk, disk_beside
from boi_pipeline.publishing.site import render_site
from boi_pipeline.publishing.standing import Standing, fingerprint
from boi_pipeline.records import Redirect, Relation
from scrapers.files import swapped_folder
from tests.publishing.pages import note_page, words
from tests.publishing.sample_bulletin import (
    AS_OF,
    AWARD,
    COURSE,
    FUND,
    NETWORK,
    PLACEMENT,
    RESIDENCY,
    SCHOLARSHIP,
    Records,
    opportunity,
    sample_bulletin,
    sample_records,
)
from tests.publishing.test_site import digests

LIVING = [SCHOLARSHIP, FUND, AWARD, COURSE, PLACEMENT, RESIDENCY, NETWORK]
Event = Callable[[Records, date, int], None]


def new_call(records: Records, day: date, pick: int) -> None:
    records.close(day, [opportunity(100 + pick + 10 * len(records.editions))])


def correction(records: Records, day: date, pick: int) -> None:
    facts = LIVING[pick % len(LIVING)]
    records.close(day, [facts.model_copy(update={"summary_es": f"Texto corregido el {day}."})])


def withdrawal(records: Records, day: date, pick: int) -> None:
    records.decide("withdraw", LIVING[pick % len(LIVING)], datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def source_note(records: Records, day: date, pick: int) -> None:
    kind = ("extended", "closed", "vanished")[pick % 3]
    records.say(LIVING[pick % len(LIVING)], kind, new_value=(day + timedelta(days=pick)).isoformat())


def merge(records: Records, day: date, pick: int) -> None:
    into, out = LIVING[pick % len(LIVING)], LIVING[(pick + 1) % len(LIVING)]
    records.redirects.append(
        Redirect(
            seq=len(records.redirects) + 1,
            from_opportunity_id=out.opportunity_id,
            to_opportunity_id=into.opportunity_id,
            kind="merged",
            at=AS_OF,
        )
    )


def relation(records: Records, day: date, pick: int) -> None:
    before, after = LIVING[pick % len(LIVING)], LIVING[(pick + 2) % len(LIVING)]
    records.relations.append(
        Relation(
            opportunity_id=before.opportunity_id,
            related_opportunity_id=after.opportunity_id,
            relation="previous_edition_of",
            reason="title_funder",
        )
    )


def nothing(records: Records, day: date, pick: int) -> None:
    """Only the day passes: what closes today is closed tomorrow."""


EVENTS: list[Event] = [new_call, correction, withdrawal, source_note, merge, relation, nothing]


def equal_day(records: Records, at: datetime, folder: Path) -> int:
    """Build incrementally on the site that stands below ``folder`` and from nothing; give how many pages were taken over."""
    bulletin = records.bulletin(at)
    old = Standing(folder / "site", folder / "site.pages.json")
    with swapped_folder(folder / "site", "site") as built, disk_beside(built, old) as disk:
        listed = {path.relative_to(built) for path in render_site(bulletin, disk)}
    old.save()
    with tempfile.TemporaryDirectory() as name:
        expected = {path.relative_to(name) for path in render_site(bulletin, Disk(Path(name)))}
        assert listed == expected
        assert digests(folder / "site") == digests(Path(name))
    return old.taken_count


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_a_day_on_the_site_that_stands_is_a_day_from_nothing(tmp_path: Path, event: Event):
    records = sample_records()
    assert equal_day(records, AS_OF, tmp_path) == 0
    at = AS_OF + timedelta(days=1)
    event(records, at.date(), 2)
    assert equal_day(records, at, tmp_path) > 0


@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from(EVENTS), st.integers(0, 9)), min_size=2, max_size=3))
def test_any_days_on_the_site_that_stands_are_days_from_nothing(days: list[tuple[int, Event, int]]):
    records, at = sample_records(), AS_OF
    with tempfile.TemporaryDirectory() as name:
        equal_day(records, at, Path(name))
        for passed, event, pick in days:
            at += timedelta(days=passed)
            event(records, at.date(), pick)
            equal_day(records, at, Path(name))


def rebuilt(folder: Path) -> Standing:
    """The sample's site built again on the one that stands in ``folder/site``, into ``folder/again``."""
    old = Standing(folder / "site", folder / "site.pages.json")
    render_site(sample_bulletin(), Disk(folder / "again", old))
    old.save()
    return old


@pytest.fixture
def standing_site(tmp_path: Path) -> Path:
    nothing = Standing(tmp_path / "none", tmp_path / "site.pages.json")
    render_site(sample_bulletin(), Disk(tmp_path / "site", nothing))
    nothing.save()
    return tmp_path


def test_a_page_that_somebody_changed_is_made_again(standing_site: Path):
    page = note_page(standing_site / "site", 1)
    page.write_text("<p>Pague aquí</p>")
    rebuilt(standing_site)
    assert "Pague" not in words(note_page(standing_site / "again", 1))


@pytest.mark.parametrize("manifest", [b"", b"\xff", b"[]", b'{"index.html": 3}'])
def test_what_is_no_manifest_takes_over_nothing(standing_site: Path, manifest: bytes):
    (standing_site / "site.pages.json").write_bytes(manifest)
    assert rebuilt(standing_site).taken_count == 0
    assert rebuilt(standing_site).taken_count > 0


def test_other_code_takes_over_nothing(standing_site: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(standing, "code_version", lambda: "another")
    assert rebuilt(standing_site).taken_count == 0


def test_the_manifest_tells_of_every_page_and_stands_beside_the_site(standing_site: Path):
    told = json.loads((standing_site / "site.pages.json").read_text())
    made = {path.relative_to(standing_site / "site").as_posix() for path in (standing_site / "site").rglob("*.html")}
    assert made <= set(told)


def test_a_page_is_given_nothing_whose_value_is_not_known():
    with pytest.raises(TypeError, match="expected dataclasses, records"):
        fingerprint({"note": object()})
    assert fingerprint([FUND]) == fingerprint([FUND.model_copy()])
    assert fingerprint([FUND]) != fingerprint([FUND.model_copy(update={"max_award_amount": Decimal(1)})])
