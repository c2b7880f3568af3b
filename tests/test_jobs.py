"""The two jobs have the steps that the architecture page names, each once."""

import pytest

from boi_pipeline.definitions import defs

STEPS = {
    "collect": {"crawl", "rechecks", "readings", "matches", "models", "decision_models", "gate", "published"},
    "publish": {"decisions", "edition", "decision_models", "gate", "published", "site", "deliveries"},
}


@pytest.mark.parametrize("job", STEPS)
def test_no_step_is_split(job: str) -> None:
    # a mart of decision_models that reads a mart of models would put the gate between the two, and split all three
    assert {node.name for node in defs().get_repository_def().get_job(job).nodes} == STEPS[job]
