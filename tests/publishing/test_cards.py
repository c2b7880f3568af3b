"""Cards: what they say, that all of it is inside, equal bytes, hostile titles, and what is taken over."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from boi_pipeline.publishing import canvas
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.canvas import fitting, font, shown
from boi_pipeline.publishing.card_picture import SQUARE, WIDE, Card, Shape, draw
from boi_pipeline.publishing.cards import bulletin_card, card_alt, card_of, card_path, closed_card, render_cards
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.note import Note, note_of
from boi_pipeline.publishing.standing import Standing
from boi_pipeline.records import PublicOpportunity
from tests.publishing.sample_bulletin import (
    AWARD,
    COURSE,
    HOSTILE,
    PLACEMENT,
    RESIDENCY,
    SCHOLARSHIP,
    Records,
    code_of,
    sample_bulletin,
)
from tests.publishing.test_hostile import TEXT, filled

DAY = date(2026, 11, 24)
MAX_BYTES = {WIDE: 60_000, SQUARE: 90_000}


def bulletin_with(*facts: PublicOpportunity) -> Bulletin:
    return Records([(DAY, list(facts))]).bulletin()


def made(facts: PublicOpportunity) -> tuple[Bulletin, Note, Card]:
    shown_today = bulletin_with(facts)
    edition = shown_today.editions[0]
    note = note_of(shown_today, edition.edition, edition.items[0])
    return shown_today, note, card_of(shown_today, note)


class Seen:
    """What is drawn as text, and the box it takes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: list[str] = []
        self.outside: list[str] = []
        drawing, texts = canvas.Canvas.text, self

        def text(self: canvas.Canvas, left: int, top: int, said: str, weight, size: int, *colours: str) -> int:  # type: ignore[no-untyped-def]
            box = font(weight, size).getbbox(said)
            width, height = self._picture.size
            if left + box[2] > width - 30 or top + box[3] > height or left < 0 or top < 0:
                texts.outside.append(said)
            texts.texts.append(said)
            return drawing(self, left, top, said, weight, size, *colours)

        monkeypatch.setattr(canvas.Canvas, "text", text)

    @property
    def words(self) -> str:
        return " ".join(self.texts)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    return Seen(monkeypatch)


@pytest.mark.parametrize("shape", [WIDE, SQUARE])
def test_a_card_says_what_it_is_for_whom_and_until_when(seen: Seen, shape: Shape) -> None:
    _, _, card = made(SCHOLARSHIP)
    picture = draw(card, shape)
    for part in (
        "Beca",
        "Becas completas de maestría en clima",
        "Universidad de Nordhaven, Alemania",
        "¿Puede aplicar desde Ecuador?",
        "Sí",
        "15 ene 2027",
        "23:59 hora de Berlín (17:59 en Puerto Alba)",
        "PAL-2026-00001",
        "boletin.puertoalba.example",
        "Boletín de Oportunidades Internacionales",
    ):
        assert part in seen.words
    assert seen.outside == []
    with Image.open(io.BytesIO(picture)) as image:
        assert image.size == (shape.width, shape.height)
        assert len(image.convert("RGB").getcolors(maxcolors=512) or []) > 20
    assert len(picture) <= MAX_BYTES[shape]


def test_a_date_that_moved_and_a_call_without_end_say_so(seen: Seen) -> None:
    records = Records([(DAY, [RESIDENCY, COURSE])])
    records.say(RESIDENCY, "extended", new_value="2027-02-20")
    shown_today = records.bulletin()
    for item in shown_today.editions[0].items:
        draw(card_of(shown_today, note_of(shown_today, shown_today.editions[0].edition, item)), WIDE)
    assert "Nueva fecha de cierre 20 feb 2027 según la fuente" in seen.words and "Permanente" in seen.words
    assert "1 feb 2027" not in seen.words


def test_a_long_closing_takes_two_lines(seen: Seen) -> None:
    _, _, card = made(AWARD)
    draw(card, WIDE)
    assert "en cualquier lugar de la Tierra (AoE) (1 dic 2026, 06:59 en Puerto Alba)" in seen.words
    assert seen.outside == []


@settings(max_examples=25, deadline=None)
@given(TEXT | st.text(max_size=200), st.sampled_from([WIDE, SQUARE]))
@example(HOSTILE, WIDE)
@example("x" * 10_000, WIDE)
@example("palabra " * 1250, SQUARE)
@example("منحة دراسية كاملة", WIDE)
@example("奨学金 2027", WIDE)
@example("🎓" * 200, WIDE)
@example("", WIDE)
def test_no_title_leaves_its_card(text: str, shape: Shape) -> None:
    with pytest.MonkeyPatch.context() as patch:
        seen = Seen(patch)
        facts = filled(text)
        shown_today, note, card = made(facts.model_copy(update={"opportunity_type": "scholarship"}))
        picture = draw(card, shape)
        assert seen.outside == [] and len(picture) <= MAX_BYTES[shape]
        assert len(card_alt(shown_today, note)) <= 140
        assert all(shown(one) == one for one in seen.texts if one.strip()), "every letter has a glyph"


def test_letters_without_a_glyph_are_never_left_out_of_a_word() -> None:
    assert shown("Beca 🎓 de agua") == "Beca de agua"
    assert shown("Beca منحة") is None
    assert fitting(["奨学金", "Beca PAL-2026-00001"], "Bold", [60, 40], 900, 200) == (["Beca PAL-2026-00001"], 60)


def test_equal_bulletins_give_equal_cards(tmp_path: Path) -> None:
    files = [render_cards(sample_bulletin(), Disk(tmp_path / name)) for name in ("a", "b")]
    assert {path.name: path.read_bytes() for path in files[0]} == {path.name: path.read_bytes() for path in files[1]}


def test_every_page_has_a_card_and_closed_calls_share_their_type_s(tmp_path: Path) -> None:
    other = PLACEMENT.model_copy(update={"opportunity_id": "other", "code": code_of(11)})
    shown_today = bulletin_with(SCHOLARSHIP, PLACEMENT, other)
    render_cards(shown_today, Disk(tmp_path))
    cards = {path.name: path.read_bytes() for path in (tmp_path / "tarjetas").iterdir()}
    assert {card_path(code) for code in shown_today.current} <= {f"tarjetas/{name}" for name in cards}
    assert (
        cards["pal-2026-00006.png"]
        == cards["pal-2026-00011.png"]
        == draw(closed_card(shown_today, "placement", "Pasantía o vacante"), WIDE)
    )
    assert cards["boletin.png"] == draw(bulletin_card(shown_today), WIDE)


def test_cards_that_would_come_out_the_same_are_taken_over(tmp_path: Path, seen: Seen) -> None:
    before = Standing(tmp_path / "none", tmp_path / "pages.json")
    render_cards(bulletin_with(SCHOLARSHIP, COURSE), Disk(tmp_path / "a", before))
    before.save()
    seen.texts.clear()
    changed = COURSE.model_copy(update={"title_es": "Curso nuevo — Escuela"})
    standing = Standing(tmp_path / "a", tmp_path / "pages.json")
    render_cards(bulletin_with(SCHOLARSHIP, changed), Disk(tmp_path / "b", standing))
    assert "Curso nuevo" in seen.words and "maestría" not in seen.words
    assert standing.taken_count == 2
    fresh = render_cards(bulletin_with(SCHOLARSHIP, changed), Disk(tmp_path / "c"))
    assert {path.name: path.read_bytes() for path in fresh} == {
        path.name: path.read_bytes() for path in (tmp_path / "b" / "tarjetas").iterdir()
    }


def test_the_words_for_who_does_not_see_it_say_the_message() -> None:
    shown_today, note, _ = made(SCHOLARSHIP)
    assert card_alt(shown_today, note) == (
        "Becas completas de maestría en clima — Universidad de Nordhaven, Alemania. Desde Ecuador: sí. Cierra: 15 ene 2027."
    )
    shown_today, note, _ = made(PLACEMENT)
    assert "ya no está abierta" in card_alt(shown_today, note)
