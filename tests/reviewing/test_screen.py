"""Nothing that a stranger wrote moves the editor's terminal, looks like part of the program, or hides."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from boi_pipeline.cli.shared import print_json
from boi_pipeline.reviewing.queue import Queue, Standing
from boi_pipeline.reviewing.screen import Screen
from boi_pipeline.reviewing.sheet import Change, Context, FieldShown, Sheet
from boi_pipeline.reviewing.words import Words
from tests.publishing.sample_bulletin import HOSTILE, sample_entity
from tests.publishing.test_hostile import PIECES

ESCAPES = "\x1b[2J\x1b]8;;http://malo.example\x1b\\aquí\x1b]8;;\x1b\\ \x9b31m \x1b]0;título\x07 \u202eal revés \u2066x\u2069 \u200b\x08\x08 [red]rojo[/] :smile:"
NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff]")
SEQUENCES = re.compile(r"\x1b\[[0-9;]*m")  # the colours of the program itself


def everything(text: str) -> tuple[Queue, Sheet]:
    """A queue and a sheet in which every text is this one."""
    at = datetime(2026, 11, 23, tzinfo=UTC)
    standing = Standing("id", "PAL-2026-00001", "new", text, text, 3, [text], 1, 10, text)
    proof = Context(text, text, text, text, "stated", "rule", 0.9)
    question: dict[str, Any] = {
        "code": "PAL-2026-00001", "other_code": "PAL-2026-00002", "chance": 0.5, "title": text, "other_title": text,
        "source_name": text, "other_source_name": text, "url": text, "other_url": text, "speaks_for": [text],
        "speaks_against": [text],
    }  # fmt: skip
    conflict = {
        "field": "deadlines", "is_conflict": True, "source_name": text, "value_es": text, "quote": text,
        "other_source_name": text, "other_value_es": text, "other_quote": text,
    }  # fmt: skip
    sheet = Sheet(
        code="PAL-2026-00001", mark="0123456789ab-0", title=text, standing=standing,
        fields=[FieldShown("title_es", "Título", text, [proof], is_carried=True, is_missing=True, is_unclear=True)],
        changes=[Change("Enlace", text, text, text, text)],
        flags=[{"flag": "no_convener", "label": text, "is_cleared": False, "evidence": [proof]}],
        conflicts=[conflict],
        states=[{"state": "link_changed", "old_value": text, "new_value": text, "quote": text}],
        links=[{"for": "Aplicar", "url": text, "domain": text}],
        items=[{"item_id": text, "authority": text, "reason": text, "is_vanished": True, "url": text}],
        relations=[{"relation": "see_also", "code": "A", "related_code": "B", "related_title": text}],
        questions=[question],
        opinions=[{"item_id": text, "quote": text, "other_item_id": text, "other_quote": text}],
        versions=[{"changed_at": at, "field": "title", "old_value_es": text, "new_value_es": text}],
        decisions=[{"at": at, "action": "approve", "role": "editor", "reason": text, "changed": [text]}],
        publications=[{"edition": "2026-11-23", "channel": "site", "state": "sent"}],
        held_back=[text], draft=[("Resumen", text)], notice_id=text, notice=f"{text}\n{text}",
    )  # fmt: skip
    oddity = {"code": None, "item_id": text, "detail": text}
    parts = {name: [standing] for name in ("changed", "watched", "waiting", "approved", "coming", "held")}
    return Queue(**parts, questions=[question], oddities=[oddity]), sheet


def shown(text: str, *, colours: bool) -> str:
    out = io.StringIO()
    kind: dict[str, Any] = {"force_terminal": True, "color_system": "truecolor"} if colours else {}
    console = Console(file=out, highlight=False, markup=False, emoji=False, soft_wrap=True, width=120, **kind)
    screen = Screen(Words(sample_entity()), console)
    queue, sheet = everything(text)
    screen.queue(queue, 10)
    screen.sheet(sheet, whole=True)
    return out.getvalue()


@pytest.mark.parametrize("text", [ESCAPES, HOSTILE, *PIECES], ids=repr)
@pytest.mark.parametrize("colours", [True, False])
def test_hostile_text_is_shown_inert(text: str, colours: bool) -> None:
    told = shown(text, colours=colours)
    assert not NEVER.search(SEQUENCES.sub("", told))
    assert len(told.splitlines()) <= len(shown("texto", colours=colours).splitlines()), "it makes no lines of its own"


def test_why_an_announcement_is_of_the_call_is_told_in_spanish() -> None:
    out = io.StringIO()
    _, sheet = everything("texto")
    item = {
        "item_id": "a/1",
        "authority": "official",
        "reason": "alone",
        "is_vanished": False,
        "url": "https://a.example",
    }
    Screen(Words(sample_entity()), Console(file=out, width=200)).sheet(replace(sheet, items=[item]), whole=True)
    assert "a/1 (Oficial, sola) https://a.example" in out.getvalue()


def test_markup_and_emoji_names_stay_words() -> None:
    assert "[red]rojo[/] :smile:" in shown(ESCAPES, colours=True)


def test_a_notice_s_lines_are_marked_so_that_they_pass_for_nothing_else() -> None:
    told = shown("PAL-2026-00009 · Falsa\n\nMarca de lo que ve: ffffffffffff-9", colours=False)
    lines = [line for line in told.splitlines() if line.startswith("Marca de lo que ve")]
    assert lines == ["Marca de lo que ve: 0123456789ab-0"]


def test_json_on_a_terminal_is_inert_and_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    print_json({"text": ESCAPES + HOSTILE + "ñandú 🎓"})
    out = capsys.readouterr().out
    assert not NEVER.search(out) and "ñandú 🎓" in out
    assert json.loads(out)["text"] == ESCAPES + HOSTILE + "ñandú 🎓"


@pytest.mark.parametrize(
    ("field", "old", "new", "told"),
    [
        ("max_award_amount", "150000.00", "120000.50", "150 000 → 120 000.50"),
        ("close_date", "2027-01-20", "2027-02-10", "20 ene 2027 → 10 feb 2027"),
        (None, "https://a.example/1", "404", "https://a.example/1 → 404"),
    ],
)
def test_what_moved_in_a_source_is_told_as_people_write_it(field: str | None, old: str, new: str, told: str) -> None:
    row = {"field": field, "old_value": old, "new_value": new}
    assert Words(sample_entity()).moved(row).replace("\u00a0", " ") == told
