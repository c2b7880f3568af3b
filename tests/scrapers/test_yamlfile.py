"""YAML of people's files is read by YAML 1.2, and a fault in it is told with file, line and key."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from ruamel.yaml import YAML

from scrapers.yamlfile import ConfigError, line_of, parse_yaml, validate

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path for folder in ("boi_pipeline", "entities", "dbt_like_sql") for path in (ROOT / folder).rglob("*.y*ml")
)
SCALARS = st.one_of(
    st.from_regex(r"[-+]?[0-9]{1,9}(\.[0-9]{0,4})?([eE][-+]?[0-9]{1,2})?", fullmatch=True),
    st.from_regex(r"0o[0-7]{1,4}|0x[0-9a-f]{1,4}|[0-9]{2}:[0-9]{2}(:[0-9]{2})?", fullmatch=True),
    st.dates().map(str),
    st.sampled_from(
        [
            "null",
            "~",
            "yes",
            "no",
            "on",
            "off",
            "true",
            "True",
            "FALSE",
            ".inf",
            "-.Inf",
            ".nan",
            "1.2.3",
            "0123",
            "12e3",
            ".",
            "+1",
            "1.",
        ]
    ),
    st.from_regex(r"[a-zA-Z]{1,8}", fullmatch=True),
)


class Plain(BaseModel):
    name: str
    sizes: list[int] = []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_of_ours_reads_as_another_parser_reads_it(path: Path):
    text = path.read_text(encoding="utf-8")
    assert parse_yaml(text, path) == YAML(typ="safe", pure=True).load(text)


@given(SCALARS)
def test_a_plain_value_is_what_yaml_1_2_says(text: str):
    expected = YAML(typ="safe", pure=True).load(f"key: {text}")
    found = parse_yaml(f"key: {text}", "x.yaml")
    assert repr(dict(found)) == repr(expected)


def test_a_fault_is_told_at_its_line():
    data = parse_yaml("name: a\nsizes:\n  - 1\n  - two\n", "x.yaml", first_line=11)
    assert line_of(data, ("sizes", 1), 11) == 14
    with pytest.raises(ConfigError, match=r"x\.yaml:14: sizes\.1: .*found 'two'"):
        validate(data, Plain, "x.yaml", 11)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: 2\na: 3\n", r"x\.yaml:3: .*duplicate key 'a'"),
        ("a: [1, 2\nb: 3\n", r"x\.yaml:2: not valid YAML"),
        ("a: !!python/object/apply:os.system ['true']\n", r"x\.yaml:1: .*tag"),
        ("a: 2026-13-40\n", r"x\.yaml:1: '2026-13-40'"),
        ("a: 1\n---\nb: 2\n", r"x\.yaml:2: .*another document"),
        ("a: \x07\n", r"x\.yaml: not valid YAML"),
        ("? [a, b]\n: 1\n", r"x\.yaml:1: .*no single value"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(text: str, told: str):
    with pytest.raises(ConfigError, match=told):
        parse_yaml(text, "x.yaml")
