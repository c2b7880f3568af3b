"""Goals of texts a person would not doubt, and the accuracy the published figures promise."""

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.reading.evaluation.sdg_benchmark import (
    BenchmarkMissingError,
    classifier,
    run_benchmark,
    run_spanish,
    spanish_texts,
)
from boi_pipeline.reading.evaluation.train import FOLDER
from boi_pipeline.reading.offline.goals import GOALS
from boi_pipeline.reading.reader import context_of
from boi_pipeline.settings import ROOT

CONTEXT = context_of(load_entity(ROOT / "entities" / "bogota"))


@pytest.mark.parametrize(
    ("language", "text", "first"),
    [
        ("en", "Grants for fishers who restore coral reefs and mangroves on the coast.", 14),
        ("es", "Convocatoria para llevar agua potable y saneamiento a veredas sin acueducto.", 6),
        ("fr", "Appel à projets contre la déforestation et pour la biodiversité des forêts.", 15),
        ("pt", "Edital para combater o racismo e a discriminação de migrantes e refugiados.", 10),
        ("de", "Förderung für Klimaschutz und Klimaanpassung: weniger Treibhausgase.", 13),
        ("es", "Alianzas multiactor para lograr los Objetivos de Desarrollo Sostenible y la Agenda 2030.", 17),
    ],
)
def test_a_text_of_one_subject_has_its_goal_first(language: str, text: str, first: int) -> None:
    assert classifier(CONTEXT, language, embeddings=False)(text)[:1] == [first]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The two cities renew their cooperation agreement and invite partners to joint projects."),
        ("es", "La embajada invita a instituciones socias a un programa de cooperación internacional."),
        ("fr", "Appel à partenariats entre collectivités des deux pays."),
    ],
)
def test_cooperation_alone_is_not_goal_17(language: str, text: str) -> None:
    assert 17 not in classifier(CONTEXT, language, embeddings=False)(text)


def test_words_with_another_sense_do_not_count() -> None:
    goals = classifier(CONTEXT, "en", embeddings=False)
    assert 7 not in goals("Cities report greenhouse gas emissions every year.")
    assert 13 not in goals("Surveys show that the business climate improved for firms.")
    assert 17 not in goals("Trade unions and water tariffs were debated.")


def test_spanish_texts_are_tagged_as_well_as_published() -> None:
    figures = run_spanish(classifier(CONTEXT, "es", embeddings=False))
    assert figures["texts"] >= 170
    assert figures["accuracy"] >= 90


def test_no_text_of_the_measure_is_learnt_from() -> None:
    measured = spanish_texts()
    assert {goal: sum(one.goal == goal for one in measured) for goal in GOALS} == dict.fromkeys(GOALS, 10)
    learnt = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yml")))
    assert not [one.text for one in measured if one.text in learnt]


def test_the_benchmark_says_what_is_missing_or_gives_its_figures() -> None:
    try:
        import sdgclassification.benchmark  # noqa: F401  # pyright: ignore[reportMissingTypeStubs, reportUnusedImport]
    except ImportError:
        with pytest.raises(BenchmarkMissingError, match="sdgclassification-benchmark"):
            run_benchmark(lambda text: [])
        return
    figures = run_benchmark(classifier(CONTEXT, "en", embeddings=False), goals=(1, 17))
    assert set(figures["by_goal"]) == {1, 17}
    assert figures["accuracy"] >= 80
