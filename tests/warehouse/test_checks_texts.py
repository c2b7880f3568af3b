"""Checks that read words: what plain language and Spanish are, and that only changed texts are read."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from boi_pipeline.languages import language_of
from boi_pipeline.warehouse.checks import create_tables, run_check
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.plain_language import faults
from scrapers.yamlfile import ConfigError
from tests.warehouse.conftest import VOCABULARIES
from tests.warehouse.test_contract import edit

PLAIN = "La Fundación Faro convoca una beca. Cubre matrícula y viaje. Se puede postular desde Ecuador."
LONG = "La fundación entrega una beca " + "muy " * 20 + "buena."


@pytest.mark.parametrize(
    ("text", "names", "told"),
    [
        (PLAIN, (), []),
        (LONG, (), ["una frase de 26 palabras"]),
        (f"Faro convoca: «{LONG}».", (), []),  # a title is one word, whatever its length
        ("La Red de Ciudades de Marea del Sur " * 4 + "convoca.", ("Red de Ciudades de Marea del Sur",), []),
        ("Solo para EE. UU. y la UE. Aporta al ODS 4. Entrega 500 EUR y USD 20.", (), []),
        ("Convoca el CIDE con la OIM.", ("CIDE",), ["la sigla OIM sin explicar"]),
        ("Convoca la Organización Internacional para las Migraciones (OIM). La OIM paga el viaje.", (), []),
        ("Línea uno. " * 60, (), ["un párrafo de 8 líneas"]),
        ("Párrafo corto.\n\n" * 40, (), []),
        ("Siglo XXI, fase III.", (), []),
    ],
)
def test_what_is_hard_to_read_is_named(text: str, names: tuple[str, ...], told: list[str]) -> None:
    assert faults(text, names) == told


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Se dirige a personas de América Latina; sí se puede postular desde Ecuador.", "es"),
        ("Open to people from Latin America; you can apply from Ecuador.", "en"),
        ("Ouvert aux personnes d'Amérique latine ; candidature possible depuis l'Équateur.", "fr"),
        ("Dirige-se a pessoas da América Latina; não é possível candidatar-se a partir do Equador.", "pt"),
    ],
)
def test_the_language_of_a_text_is_told(text: str, code: str) -> None:
    assert language_of(text) == code
    assert language_of(text, frozenset({"es", code})) == code


CHECK = "  - no_personal_data: [kind]\n  - language: {kind: es}\n  - min_rows: 1\n"


@pytest.fixture
def judged(folder: Path, project_of: Callable[[Path], Project]) -> Callable[[list[str]], list[list[str]]]:
    """Checks a table of texts, day after day in one warehouse; gives the failing keys of each check of words."""
    edit(folder / "marts" / "rows.sql", "  - min_rows: 1\n", CHECK)
    model = project_of(folder).by_table["marts.rows"]
    connection = duckdb.connect()
    create_tables(connection)
    connection.execute("create schema marts")

    def check(texts: list[str]) -> list[list[str]]:
        connection.execute("create or replace table marts.rows (opportunity_id varchar, kind varchar)")
        connection.executemany(
            "insert into marts.rows values (?, ?)", [[f"o{n}", text] for n, text in enumerate(texts)]
        )
        checks = [check for check in model.checks if check.kind in ("no_personal_data", "language")]
        results = [run_check(connection, check, model, VOCABULARIES, None) for check in checks]
        assert [result.error for result in results] == [None, None]
        return [[row["opportunity_id"] for row in result.failed_keys] for result in results]

    check.connection = connection  # type: ignore[attr-defined]
    return check


def test_of_very_many_texts_of_a_new_table_each_is_judged(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project]
) -> None:
    many = 130_000  # more than a row group of DuckDB's
    edit(
        folder / "marts" / "rows.sql",
        "  - min_rows: 1\n",
        "  - language: {opportunity_id: es}\n  - no_personal_data: [kind]\n",
    )
    model = project_of(folder).by_table["marts.rows"]
    with duckdb.connect(str(tmp_path / "f.duckdb")) as connection:
        connection.execute("create schema marts; begin")
        create_tables(connection)
        connection.execute(
            "create table marts.rows as "
            "select i::varchar as opportunity_id, if(i = 7, 'ana@correo.example', i || ' @') as kind "
            f"from range({many}) t(i)"
        )
        checks = [check for check in model.checks if check.kind in ("language", "no_personal_data")]
        results = [run_check(connection, check, model, VOCABULARIES, None) for check in checks]
    assert [result.failed_count for result in results] == [0, 1]


def test_rows_fail_by_their_text_and_twins_fail_together(judged: Callable[[list[str]], list[list[str]]]) -> None:
    mail, english = "Escriba a ana.gil@correo.example para saber más.", "Write to us to know more of the award."
    assert judged([PLAIN, mail, english, mail]) == [["o1", "o3"], ["o2"]]


def test_a_text_is_read_once_and_again_only_when_it_changes(judged: Callable[[list[str]], list[list[str]]]) -> None:
    english, portuguese = "Write to us to know more of the award.", "Escreva para saber mais sobre a bolsa da cidade."
    assert judged([PLAIN, english, portuguese])[1] == ["o1", "o2"]
    # what is kept is believed: a verdict planted here is not found out by reading the text anew
    judged.connection.execute("update quality.verdicts set is_good = true where check_name = 'kind_is_es'")  # type: ignore[attr-defined]
    assert judged([PLAIN, english, portuguese])[1] == []
    assert judged([PLAIN, english, portuguese + " Hoje."])[1] == ["o2"]
    kept = judged.connection.execute("select count(*) from quality.verdicts where check_name = 'kind_is_es'")  # type: ignore[attr-defined]
    assert kept.fetchall() == [(3,)]  # what no row says any more is forgotten


def test_another_rule_reads_every_text_again(judged: Callable[[list[str]], list[list[str]]]) -> None:
    english = "Write to us to know more of the award."
    judged([english])
    judged.connection.execute("update quality.verdicts set is_good = true, version = 'older'")  # type: ignore[attr-defined]
    assert judged([english])[1] == ["o0"]


@pytest.mark.parametrize(
    ("check", "told"),
    [
        ("- no_personal_data: [amount]", "'amount' is no text"),
        ("- language: {nothing: es}", "'nothing' is not a column of this table"),
        ("- language: {kind: es}\n    apart_from: [nothing]", "'nothing' is not a column of this table"),
        ("- not_null: [kind]\n    name: other\n    apart_from: [kind]", "not_null reads none"),
        ("- unique: [kind]\n    where: amount > 0", "unique speaks of the whole table"),
        ("- max_rise: {nothing: 0.1}", "no check of rows is called 'nothing'"),
        ("- max_rise: {grain_unique: 0.1}", "no check of rows is called 'grain_unique'"),
        (
            "- expression: kind in (select kind from staging.stg_nothing)",
            "reads staging.stg_nothing, and there is no file staging/stg_nothing.sql",
        ),
        ("- expression: kind in (select kind from raw.run)", "reads raw.run; only staging may read raw tables"),
    ],
)
def test_a_wrong_check_is_refused_in_words(
    folder: Path, project_of: Callable[[Path], Project], check: str, told: str
) -> None:
    edit(folder / "marts" / "rows.sql", "  - min_rows: 1\n", f"  {check}\n")
    with pytest.raises(ConfigError) as found:
        project_of(folder)
    assert "rows.sql" in str(found.value) and told in str(found.value)
