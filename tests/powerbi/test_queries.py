"""The M that loads the tables: Microsoft's parser takes every expression, and each names what the files hold."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from boi_pipeline.warehouse.powerbi.model import SemanticModel
from boi_pipeline.warehouse.powerbi.queries import DEFAULT_FOLDER, folder_parameter, table_query, text_literal

pytestmark = pytest.mark.xdist_group("powerbi")


def test_microsofts_parser_takes_every_expression(node: Callable[..., str], model: SemanticModel):
    folders = [DEFAULT_FOLDER, "\\\\servidor\\compartida", 'C:\\con "comillas" y #(lf)', "/mnt/datos"]
    texts = ["\n".join(table_query(table)) for table in model.tables.values()] + [
        folder_parameter(one) for one in folders
    ]
    answers = json.loads(node("parse_m.mjs", given=json.dumps(texts)))
    assert answers == [None] * len(texts)


def test_microsofts_parser_refuses_what_is_broken(node: Callable[..., str], model: SemanticModel):
    text = "\n".join(table_query(model.tables["dim_date"]))
    wrong = [
        text.replace("in\n", "\n"),
        text.replace("Table.SelectColumns(", "Table.SelectColumns(("),
        text.replace('"\\dim', "\\dim"),
    ]
    answers = json.loads(node("parse_m.mjs", given=json.dumps(wrong)))
    assert all(answers), answers


def test_a_query_names_the_file_and_the_columns_that_the_model_loads(model: SemanticModel, parquet: Path):
    for table in model.tables.values():
        query = "\n".join(table_query(table))
        (file,) = re.findall(r'& "\\([a-z_]+\.parquet)"', query)
        selected = re.search(r"SelectColumns\(Origen, \{(.*)\}\)", query)
        names = re.findall(r'"([^"]+)"', selected[1]) if selected else []
        assert names == [column.source for column in table.columns]
        assert {*names} <= {*pq.read_schema(parquet / file).names}


@pytest.mark.parametrize(
    ("text", "literal"), [('a"b', '"a""b"'), ("#(lf)", '"#(#)(lf)"'), ("a\nb\tc", '"a#(lf)b#(tab)c"'), ("\\", '"\\"')]
)
def test_texts_are_escaped(text: str, literal: str):
    assert text_literal(text) == literal
