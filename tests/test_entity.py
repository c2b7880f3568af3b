"""An entity is a folder a person writes: what is wrong in it is told with file, line and key."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from boi_pipeline.entity import Entity, load_entity
from boi_pipeline.settings import ROOT, parse_instant, settings
from boi_pipeline.stages.crawling import may_crawl
from boi_pipeline.stages.run import Run, instant_of
from scrapers.yamlfile import ConfigError

SAMPLE = ROOT / "entities" / "sample"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "entities" / "sample"
    target.mkdir(parents=True)
    shutil.copy(SAMPLE / "entity.yaml", target)
    shutil.copytree(SAMPLE / "vocabularies", target / "vocabularies")
    return target


@pytest.fixture(scope="module")
def sample() -> Entity:
    return load_entity(SAMPLE)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "entity.yaml",
            "timezone: America/Guayaquil",
            "timezone: Guayaquil",
            "timezone: expected an IANA",
        ),
        ("entity.yaml", "country: EC", "country: Ecuador", "country: String should match"),
        ("entity.yaml", "languages: [es, en, fr, pt]", "idiomas: [es]", "missing key; it is required"),
        ("entity.yaml", "city: Puerto Alba", "city: Puerto Alba\nmayor: Nobody", "mayor: unknown key; expected one of"),
        ("entity.yaml", "city: Puerto Alba", "city: Puerto Alba\nunconfirmed: [nombre]", "expected names of settings"),
        ("entity.yaml", "id: sample", "id: other", "expected 'sample', the name of its folder"),
        ("entity.yaml", "url: https://formularios", "url: http://formularios", "expected an address such as https"),
        ("entity.yaml", "url: https://formularios", "url: https://a@formularios", "expected an address such as https"),
        ("entity.yaml", "puertoalba.example/resultados", "puertoalba.example;x/", "expected an address such as https"),
        ("entity.yaml", "code_field: codigo", "code_field: 'a\" onfocus'", "code_field: String should match"),
        ("entity.yaml", "brand:", "brand: {", "not valid YAML"),
        ("vocabularies/plan_objectives.yml", "sdg: [4]", "sdg: four", "terms.PCA-2025-2029:1.sdg"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(folder: Path, file: str, old: str, new: str, told: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_entity(folder)
    assert str(caught.value).startswith(f"{path}:")
    assert told in str(caught.value)
    assert caught.value.line


def test_an_entity_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ConfigError, match=r"no such entity; there are: .*sample"):
        load_entity(ROOT / "entities" / "nowhere")


def test_the_office_rests_on_weekends_and_public_holidays(sample: Entity) -> None:
    days = {date(2026, 11, 23): True, date(2026, 11, 22): False, date(2026, 12, 25): False, date(2026, 11, 2): False}
    assert {day: sample.is_working_day(day) for day in days} == days


def test_a_run_stands_for_the_hour_of_publication(sample: Entity) -> None:
    assert sample.at(date(2026, 11, 23)) == datetime(2026, 11, 23, 21, tzinfo=UTC)
    assert sample.today(datetime(2026, 11, 24, 4, 59, tzinfo=UTC)) == date(2026, 11, 23)


def test_the_samples_clock_stands_at_its_first_day(sample: Entity, tmp_path: Path) -> None:
    found = settings({"BOI_HOME": str(tmp_path)})
    assert instant_of(found, sample) == sample.at(date(2026, 11, 23))
    assert instant_of(found, sample, date(2026, 11, 24)) == sample.at(date(2026, 11, 24))


def test_an_instant_needs_its_offset() -> None:
    assert parse_instant("2026-11-23T16:00:00-05:00") == datetime(2026, 11, 23, 21, tzinfo=UTC)
    with pytest.raises(ValueError, match="has no UTC offset"):
        parse_instant("2026-11-23T16:00:00")


def test_the_past_of_the_real_web_is_not_crawled(sample: Entity, tmp_path: Path) -> None:
    real = Entity(sample.folder, sample.file.model_copy(update={"web": None}), sample.vocabularies)
    now = datetime(2026, 11, 24, 15, tzinfo=UTC)
    home = settings({"BOI_HOME": str(tmp_path)}).home()
    assert not may_crawl(Run(real, home, real.at(date(2026, 11, 23)), "r"), now)
    assert may_crawl(Run(real, home, now, "r"), now)
    assert may_crawl(Run(sample, home, sample.at(date(2026, 11, 23)), "r"), now)


@pytest.mark.parametrize(
    ("weekly", "day", "closes"),
    [
        ("fri", date(2026, 11, 24), date(2026, 11, 27)),
        ("fri", date(2026, 11, 29), date(2026, 11, 27)),  # the Sunday of the same week
        ("fri", date(2026, 12, 30), date(2026, 12, 31)),  # New Year is a Friday
        ("fri", date(2026, 4, 1), date(2026, 4, 2)),  # Good Friday
        ("sun", date(2026, 11, 24), date(2026, 11, 27)),  # a day on which nobody ever works
        ("mon", date(2026, 5, 26), date(2026, 5, 26)),  # Monday is a holiday: the first day worked
    ],
)
def test_a_week_closes_on_its_day_or_the_last_one_worked_before(
    sample: Entity, weekly: str, day: date, closes: date
) -> None:
    schedule = sample.file.schedule.model_copy(update={"weekly": weekly})
    entity = Entity(sample.folder, sample.file.model_copy(update={"schedule": schedule}), sample.vocabularies)
    assert entity.week_closing_day(day) == closes


def test_a_week_without_work_closes_on_no_day(sample: Entity) -> None:
    schedule = sample.file.schedule.model_copy(update={"working_days": ["fri"]})
    entity = Entity(sample.folder, sample.file.model_copy(update={"schedule": schedule}), sample.vocabularies)
    assert entity.week_closing_day(date(2026, 12, 30)) is None
