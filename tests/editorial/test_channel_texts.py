"""What a model drafted for the channels, as a person approves it: with the rest, or rewritten; never who drafted it."""

import json

import pytest

from boi_pipeline.editorial.amendments import ReviewError, apply_changes
from boi_pipeline.editorial.review import snapshot_content
from boi_pipeline.records import ChannelText, Snapshot, canonical_json, sha256_hex
from tests.publishing.sample_bulletin import SCHOLARSHIP

DRAFTED = SCHOLARSHIP.model_copy(
    update={
        "drafting_tool": "Gaviota 2",
        "digital_source_type": "trainedAlgorithmicMedia",
        "channel_texts": [ChannelText(channel="x", text="Una beca de clima.")],
    }
)


def test_a_person_may_rewrite_a_channel_s_text_and_it_shows_in_how_it_was_made() -> None:
    approved, proposed, written = apply_changes(
        DRAFTED, {"channel_texts": [{"channel": "x", "text": "Una beca de clima para Puerto Alba."}]}
    )
    assert approved.channel_texts == [ChannelText(channel="x", text="Una beca de clima para Puerto Alba.")]
    assert approved.digital_source_type == "compositeWithTrainedAlgorithmicMedia"
    assert proposed["channel_texts"] == DRAFTED.channel_texts
    assert json.loads(canonical_json(written))["channel_texts"][0]["text"] == "Una beca de clima para Puerto Alba."


def test_a_person_may_drop_a_channel_s_text() -> None:
    assert apply_changes(DRAFTED, {"channel_texts": []})[0].channel_texts == []


@pytest.mark.parametrize(
    "changed",
    [
        {"drafting_tool": "Otra"},
        {"channel_texts": [{"channel": "site", "text": "x"}]},
        {"channel_texts": [{"channel": "x", "text": "x", "link": "https://malo.example"}]},
        {"channel_texts": [{"channel": "x", "text": "Escriba a ana.perez@correo.example"}]},
    ],
    ids=["tool", "unknown channel", "unknown key", "personal data"],
)
def test_what_may_not_be_changed_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ReviewError):
        apply_changes(DRAFTED, changed)


def test_a_snapshot_from_before_there_were_channel_texts_is_still_what_was_approved() -> None:
    old = SCHOLARSHIP.model_dump(mode="json")
    del old["channel_texts"], old["drafting_tool"]
    content = canonical_json(old)
    snapshot = Snapshot(
        seq=1, snapshot_sha256=sha256_hex(content), opportunity_id=SCHOLARSHIP.opportunity_id, content=content
    )
    shown = snapshot_content(snapshot)
    assert (shown.channel_texts, shown.drafting_tool) == ([], None)
    assert shown == SCHOLARSHIP
