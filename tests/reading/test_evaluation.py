"""The labelled set is sound, its figures are told as they are, and a change of the reader cannot pass under an old name."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.evaluation.reading import write_page
from boi_pipeline.reading.context import context_of
from boi_pipeline.reading.evaluation import report
from boi_pipeline.reading.evaluation.labelled import (
    SPLITS,
    LabelledNotice,
    TrueDeadline,
    Truth,
    faults,
    load_file,
    load_split,
    split_faults,
)
from boi_pipeline.reading.evaluation.report import PAGE, all_results, compare, load, result_of, rows_of, save
from boi_pipeline.reading.evaluation.score import score, true_deadlines, wilson
from boi_pipeline.reading.offline.reader import RulesReader
from boi_pipeline.reading.reader import read_proved
from boi_pipeline.records import Deadline, Reading
from boi_pipeline.settings import ROOT
from scrapers.yamlfile import ConfigError

BOGOTA = load_entity(ROOT / "entities" / "bogota")


@pytest.fixture(scope="module")
def notices() -> dict[str, list[LabelledNotice]]:
    return {split: load_split(split) for split in SPLITS}


def test_the_labelled_set_is_large_sound_and_split_by_family(notices: dict[str, list[LabelledNotice]]) -> None:
    vocabularies = {name: set(vocabulary.terms) for name, vocabulary in BOGOTA.vocabularies.items()}
    everything = [one for split in notices.values() for one in split]
    assert len(everything) >= 600 and len(notices["test"]) >= 300
    assert {one.language for one in notices["test"]} == {"es", "en", "fr", "pt"}
    types = {one.truth.opportunity_type for one in notices["test"]}
    assert types == {None, *vocabularies["opportunity_types"]}
    assert sum(not one.truth.is_opportunity for one in notices["test"]) >= 75
    assert faults(everything, vocabularies) == []
    assert split_faults() == []


def test_the_kept_figures_of_the_rules_are_what_the_rules_give(notices: dict[str, list[LabelledNotice]]) -> None:
    reader, context = RulesReader(), context_of(BOGOTA)
    made = [(one, one.notice()) for one in notices["test"]]
    scores = score((one, page, read_proved(reader, page, context)) for one, page in made)
    kept = load(reader.version, "test")
    assert kept is not None, f"{reader.version} was never reported: make eval"
    now = result_of(reader.version, "test", kept.date, scores, kept.extra)
    told = f"{reader.version} gives other figures than evaluation/results says: give the reader a new version, then make eval"
    assert rows_of(now) == rows_of(kept), told
    assert now.summary == kept.summary, told
    assert scores.grounded == scores.facts > 3000


def test_the_page_tells_the_kept_figures(tmp_path: Path) -> None:
    write_page(all_results("test"), tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8"), "make eval"


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (285, 300, 0.9191, 0.9694),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_intervals_are_wilsons(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=2e-4)


# ---------------------------------------------------------------- counting


def labelled(key: str, **truth: Any) -> LabelledNotice:
    return LabelledNotice(
        id=f"x-{key}", family=key, language="en", posted=dt.date(2026, 11, 20), url="https://a.example/", title="Call", body="Text.",
        truth=Truth(**{"is_opportunity": True, "opportunity_type": "fund", **truth}),
    )  # fmt: skip


def reading(one: LabelledNotice, **values: Any) -> Reading:
    page = one.notice()
    given = {"is_opportunity": True, "opportunity_type": "fund", **values}
    return Reading(
        input_hash="", reader="offline", reader_version="t-1", notice_id=page.notice_id, item_id=page.item_id, **given
    )


def test_missed_wrong_and_invented_are_told_apart_and_nothing_said_of_nothing_is_right() -> None:
    day = TrueDeadline(date=dt.date(2027, 1, 15), time="17:00", zone="Europe/Paris")
    same = Deadline(seq=1, close_date=dt.date(2027, 1, 15), close_time=dt.time(17), timezone="Europe/Berlin")
    ones = [
        labelled("a", deadlines=[day], close_model="single"),
        labelled("b", deadlines=[day], close_model="single"),
        labelled("c"),
    ]
    pairs = [
        (ones[0], ones[0].notice(), reading(ones[0], deadlines=[same], home_eligible="yes")),
        (ones[1], ones[1].notice(), reading(ones[1])),
        (ones[2], ones[2].notice(), reading(ones[2], deadlines=[same])),
    ]
    scores = score(pairs)
    share = scores.fields["deadlines"]
    assert (share.right, share.missed, share.wrong, share.invented) == (1, 1, 0, 1)
    assert scores.wrong_yes == ["x-a"]
    assert scores.fields["amounts"].right == 3
    assert true_deadlines([day]) == [("2027-01-15", "17:00", "Europe/Paris", "application")]


def test_f1_takes_what_is_left_to_a_person_for_a_miss() -> None:
    no = LabelledNotice(**{**labelled("n").model_dump(), "id": "x-n", "truth": {"is_opportunity": False}})
    ones = [labelled("a"), labelled("b"), no]
    values = [{}, {"is_opportunity": None, "opportunity_type": None}, {"is_opportunity": True}]
    scores = score((one, one.notice(), reading(one, **given)) for one, given in zip(ones, values, strict=True))
    assert (scores.precision, scores.recall, scores.f1) == (0.5, 0.5, 0.5)
    assert scores.unclear_opportunity == 1


def test_a_version_is_reported_once_and_versions_are_compared_field_by_field(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    one = labelled("a", currency="EUR", max_award_amount="5000")
    good = reading(one, currency="EUR", max_award_amount="5000")

    def result(version: str, read: Reading) -> report.Result:
        return result_of(version, "test", "2026-11-25", score([(one, one.notice(), read)]), {})

    save(result("t-1", reading(one)))
    save(result("t-1", reading(one)))
    with pytest.raises(ConfigError, match="needs a new version"):
        save(result("t-1", good))
    old = load("t-1", "test")
    assert old is not None
    rows = {row[0]: row[1:] for row in compare(old, result("t-2", good))}
    assert rows["amounts"] == ["0.0", "100.0", "+1", "-0"]


def test_a_label_that_cannot_be_right_is_told_with_file_and_notice(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text(
        "- {id: x-1, family: f, language: en, posted: 2026-01-01, url: u, title: t, body: b, truth: {is_opportunity: true, home_eligible: no}}\n"
    )
    with pytest.raises(ConfigError, match=r"x\.yml: x-1: .*home_eligible"):
        load_file(tmp_path / "x.yml")
