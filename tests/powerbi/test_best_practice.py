"""The model under Microsoft's best-practice rules: what they find is mended, or accepted here with its reason."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.measures import Measures
from boi_pipeline.warehouse.powerbi.display import ColumnDisplay, load_display
from boi_pipeline.warehouse.powerbi.identity import PROJECT
from boi_pipeline.warehouse.powerbi.model import SemanticModel, semantic_model
from boi_pipeline.warehouse.powerbi.project import project_files, write_project
from boi_pipeline.warehouse.star import Star
from tests.powerbi.best_practice import LABS
from tests.powerbi.conftest import Parser, without
from tests.powerbi.test_model import OWN

pytestmark = pytest.mark.xdist_group("powerbi")
DEFINITION = f"{PROJECT}.SemanticModel/definition"


class Finding(NamedTuple):
    """What a rule says of an object; ``severity`` is Error, Warning or Info."""

    severity: str
    rule: str
    object: str


_INTEGER = "Relationship columns should be of integer data type"
_WHOLE = "Whole numbers should be formatted with thousands separators and no decimals"
_FORMAT = "Provide format string for measures"
_PERCENT = "Percentages should be formatted with thousands separators and 1 decimal"
_ALONE = "Ensure tables have relationships"

_IDENTIFIER = (
    "identifiers outlast a publication, and a number given anew at each would join the rows of two sets unnoticed"
)
_WORDS = "its value is a sentence"

ACCEPTED = {
    # a relationship stands for all that lead to the same column
    (_INTEGER, "-> 'Fecha'[Fecha]"): "the calendar's key is a day, as its mark as a table of dates asks",
    (_INTEGER, "-> 'Convocatoria'[Id de la oportunidad]"): _IDENTIFIER,
    (_INTEGER, "-> 'Convocante'[Id del convocante]"): _IDENTIFIER,
    (_INTEGER, "-> 'Fuente'[Id de la fuente]"): _IDENTIFIER,
    (_INTEGER, "-> 'Canal'[Id del canal]"): _IDENTIFIER,
    (_INTEGER, "-> 'ODS'[Número de ODS]"): _IDENTIFIER,
    (_INTEGER, "-> 'Objetivo del plan'[Id del objetivo del plan]"): _IDENTIFIER,
    (_INTEGER, "-> 'Público'[Id del público]"): _IDENTIFIER,
    (_INTEGER, "-> 'País anfitrión'[Id del país]"): _IDENTIFIER,
    (_ALONE, "Control de carga"): "it tells of the tables; no filter may reach it",
    (_ALONE, "Comprobación"): "it tells of the tables; no filter may reach it",
    (_ALONE, "Diccionario"): "it tells of the tables; no filter may reach it",
    (_FORMAT, "Estado de la carga"): _WORDS,
    (_FORMAT, "Corte y estado"): _WORDS,
    (_WHOLE, "Estado de la carga"): _WORDS,
    (_WHOLE, "Corte y estado"): _WORDS,
    (_WHOLE, "Fecha de corte"): "it is an instant",
    (_WHOLE, "Costo de modelos (USD)"): "it is money, and a day's calls cost cents",
    (_WHOLE, "Horas de personas por convocatoria"): "a decision takes minutes: a tenth of an hour is too coarse",
    (_PERCENT, "Variación frente al mes anterior"): "it is a change: its plus is said",
}


def is_about(finding: Finding, rule: str, name: str) -> bool:
    same = finding.object.endswith(f" {name}") if name.startswith("->") else finding.object == name
    return finding.rule == rule and same


def refused(found: Iterable[Finding]) -> list[Finding]:
    """Errors, and all else that nobody accepted."""
    return [one for one in found if one.severity == "Error" or not any(is_about(one, *which) for which in ACCEPTED)]


def outlived(found: Iterable[Finding]) -> list[tuple[str, str]]:
    """What is accepted and no longer found."""
    told = list(found)
    return [which for which in ACCEPTED if not any(is_about(one, *which) for one in told)]


@pytest.fixture(scope="session")
def judge(parser: Parser) -> Iterator[Callable[[Path], list[Finding]]]:
    """The rules over a written project → what they find, all of them having been run."""
    package = find_spec(LABS)
    if package is None:
        without("Microsoft's best-practice rules", "semantic-link-labs is missing")
    (folder, *_) = package.submodule_search_locations or []

    def run(project: Path) -> list[Finding]:
        answer: dict[str, Any] = parser.read(project / DEFINITION, rules=Path(folder))
        assert "refused" not in answer, answer
        assert len(answer["rules"]) == 64 and not answer["unable"], answer["unable"]
        return [Finding(one["severity"], one["rule"], one["object"]) for one in answer["found"]]

    yield run


@pytest.fixture(scope="session")
def found(judge: Callable[[Path], list[Finding]], written: Path) -> list[Finding]:
    return judge(written)


def test_the_rules_find_what_is_accepted_and_no_more(found: list[Finding]):
    assert refused(found) == []


def test_what_is_accepted_is_still_found(found: list[Finding]):
    assert outlived(found) == [], "the rules no longer find it: take it off the list"


def test_rules_that_look_for_english_words_find_no_more_in_the_english_names(
    found: list[Finding],
    judge: Callable[[Path], list[Finding]],
    model: SemanticModel,
    project: Project,
    star: Star,
    measures: Measures,
    entity: Entity,
    tmp_path: Path,
):
    """Dates, months, flags and countries are known to the rules by name, and only in English."""
    display = load_display(project.folder)
    tables = [
        one.model_copy(
            update={
                "name": one.english,
                "columns": {
                    column.key: one.columns.get(column.key, ColumnDisplay()).model_copy(update={"name": column.english})
                    for column in model.tables[one.table].columns
                },
            }
        )
        for one in display.tables
    ]
    english = semantic_model(star, OWN, measures, display.model_copy(update={"tables": tables}), project.folder)
    write_project(project_files(english, entity.file), tmp_path)
    judged = judge(tmp_path)
    by_rule = Counter(one.rule for one in found)
    assert [one for one in judged if one.rule not in by_rule] == []
    assert Counter(one.rule for one in judged) == by_rule


PLANTED: list[tuple[str, str, str, str, str, tuple[str, ...]]] = [
    # table, what stands above, what stands there, what is put in its place, the object and the rules that name it
    ("Publicación", "\tcolumn 'Id del canal'", "\t\tisHidden\n", "", "'Publicación'[Id del canal]", ("Hide foreign keys",)),
    ("Métrica", "\tcolumn 'Clics del día'", "int64", "double", "'Métrica'[Clics del día]",
     ("Do not use floating point data types",)),
    ("Métrica", "\tmeasure 'Clics por convocatoria publicada'", "\t\tformatString: #,0.0\n", "",
     "Clics por convocatoria publicada", (_FORMAT, _WHOLE)),
    ("Métrica", "\tmeasure 'Tasa de clics'", "DIVIDE ( [Clics], [Impresiones] )",
     "SUM ( [Clics del día] ) / 'Métrica'[Impresiones]", "Tasa de clics",
     ("Column references should be fully qualified", "Measure references should be unqualified",
      "Use the DIVIDE function for division")),
    ("Métrica", "\tmeasure 'Parte atribuida'", "#,0.0%;-#,0.0%;#,0.0%", "0%", "Parte atribuida", (_PERCENT,)),
    ("Canal", "\tcolumn 'Id del canal'", "\t\tisKey\n", "", "'Canal'[Id del canal]", ("Mark primary keys",)),
    ("Canal", "\tcolumn Conjunto", "\t\tisAvailableInMdx: false\n", "", "'Canal'[Conjunto]",
     ("Set IsAvailableInMdx to false on non-attribute columns",)),
    ("Fuente", "\tcolumn Anuncios", "summarizeBy: none", "summarizeBy: sum", "'Fuente'[Anuncios]",
     ("Do not summarize numeric columns",)),
    ("Fuente", "table Fuente", "\t/// Plataforma de publicación.\n", "", "'Fuente'[Plataforma]",
     ("Visible objects with no description",)),
    ("Fecha", "table Fecha", "\tdataCategory: Time\n", "", "Model", ("Model should have a date table",)),
]  # fmt: skip


def test_the_rules_refuse_a_model_that_is_wrong(judge: Callable[[Path], list[Finding]], broken: Path):
    for table, above, old, new, *_ in PLANTED:
        file = broken / DEFINITION / "tables" / f"{table}.tmdl"
        before, line, after = file.read_text().partition(above)
        assert line and old in after, (table, above)
        file.write_text(before + line + after.replace(old, new, 1))
    told = {(one.object, one.rule) for one in refused(judge(broken))}
    assert {(name, rule) for *_, name, rules in PLANTED for rule in rules} <= told
