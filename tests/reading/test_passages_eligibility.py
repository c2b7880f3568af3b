"""The passages on who may apply: whether the rules read them as well as when they were made, and never say a wrong yes more."""

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.reading.evaluation.passages_eligibility import load_passages, score_passages
from boi_pipeline.reading.offline.everybody import find_anywhere, find_foreigners, shuts_out
from boi_pipeline.reading.offline.reader import RulesReader
from boi_pipeline.reading.reader import context_of
from boi_pipeline.settings import ROOT


def test_passages_are_read_as_well_as_they_were() -> None:
    passages = load_passages()
    scores = score_passages(RulesReader(), context_of(load_entity(ROOT / "entities" / "bogota")), passages)
    assert len(passages) == len({one.id for one in passages})
    assert scores.home.share >= 0.90, scores.home.errors
    assert len(scores.wrong_yes) <= 0.01 * len(passages), scores.wrong_yes


@pytest.mark.parametrize(
    "words",
    [
        "candidates of any country and age",
        "no se establece ningun requisito de nacionalidad",
        "wherever you happen to be in the world",
        "nao ha qualquer restricao quanto a nacionalidade dos candidatos",
        "les ressortissants de tous pays",
        "bewerber jeder staatsangehorigkeit",
        "no matter which country they call home",
    ],
)
def test_words_that_name_all_countries_are_found(words: str) -> None:
    assert find_anywhere(words)


@pytest.mark.parametrize("words", ["anywhere in spain", "all 40 places", "any degree", "each partner country pays"])
def test_words_that_name_less_are_not(words: str) -> None:
    assert not find_anywhere(words)


def test_foreigners_beside_those_of_the_land_are_everybody_unless_they_live_there() -> None:
    assert find_foreigners("espanoles o extranjeros, para estancias", [])
    assert not find_foreigners("chilenos y extranjeros con permanencia definitiva", [])


def test_everybody_but_those_of_a_place_is_told_by_the_words_before_it() -> None:
    words = "students who do not hold japanese nationality"
    assert shuts_out(words, words.index("japanese")) is not None
    words = "students from japan"
    assert shuts_out(words, words.index("japan")) is None
