"""Which day's posts go out, and what the environment may say."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from boi_pipeline.delivery.steps import deliver, may_send, preview
from boi_pipeline.editorial.ledger import LedgerError
from boi_pipeline.settings import DeliverySettings, Home, settings
from boi_pipeline.stages.run import Run
from scrapers.yamlfile import ConfigError
from tests.publishing.sample_bulletin import sample_entity

NOW = datetime(2026, 11, 24, 22, tzinfo=UTC)


def run(tmp_path: Path, as_of: datetime, *, is_fiction: bool = False) -> Run:
    entity = sample_entity()
    if not is_fiction:
        entity = replace(entity, file=entity.file.model_copy(update={"web": None}))
    return Run(entity, Home(tmp_path, "sample"), as_of, "run")


def test_a_day_that_is_past_is_run_again_without_being_sent_again(tmp_path: Path) -> None:
    yesterday = run(tmp_path, datetime(2026, 11, 23, 21, tzinfo=UTC))
    assert not may_send(yesterday, NOW) and may_send(run(tmp_path, NOW), NOW)
    told = deliver(yesterday, DeliverySettings({"x": ("json://127.0.0.1:1/",)}), now=NOW)
    assert "día pasado" in told.reason and told.is_well and not told.channels
    assert may_send(run(tmp_path, datetime(2026, 11, 23, 21, tzinfo=UTC), is_fiction=True), NOW), "it has its own days"


def test_without_credentials_nothing_is_tried_and_a_home_without_ledger_gets_none_by_looking(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger yet"):
        preview(run(tmp_path, NOW), DeliverySettings())
    assert not list(tmp_path.rglob("ledger.db"))
    assert "a mano" in deliver(run(tmp_path, NOW), DeliverySettings(), now=NOW).reason


def test_the_environment_names_channels_and_no_error_or_repr_repeats_what_it_says() -> None:
    found = settings({"BOI_DELIVER_X": " json://a:canary-4711@h/ \n jsons://b/ ", "BOI_DELIVER_EMAIL": ""})
    assert found.delivery.urls == {"x": ("json://a:canary-4711@h/", "jsons://b/")} and found.delivery.channels == ["x"]
    assert "canary" not in repr(found) and "canary" not in str(found)
    with pytest.raises(ConfigError) as error:
        settings({"BOI_DELIVER_TELEX": "json://a:canary-4711@h/"})
    assert "BOI_DELIVER_WHATSAPP" in str(error.value) and "canary" not in str(error.value)
