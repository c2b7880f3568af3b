"""How a card looks: its parts, their sizes and places. What it says is made by ``cards``, and drawn with ``canvas``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from boi_pipeline.palette import palette
from boi_pipeline.publishing.canvas import LEADING, Canvas, Weight, fitting, font


@cache
def tokens_of(primary: str, accent: str) -> Mapping[str, str]:
    """The brand's palette in light: a card is one picture for everybody."""
    return palette(primary, accent, dark=False)


@dataclass(frozen=True)
class Fact:
    """A fact of the lower panel: its name, its value in forms, best first, and what is said below it."""

    name: str
    values: tuple[str, ...]
    more: str = ""
    tone: str = ""  # of a chip around the value: yes, no, maybe


@dataclass(frozen=True)
class Card:
    """Everything a card says and the colours it says it in."""

    pill: str
    pill_colours: tuple[str, str]  # ground, ink
    titles: tuple[str, ...]  # forms, best first
    line: tuple[str, ...]  # likewise
    facts: tuple[Fact, ...]
    bulletin: str
    foot: tuple[str, str]  # one after the other
    brand: tuple[str, str]  # primary, accent


@dataclass(frozen=True)
class Shape:
    """A size of card and how its parts stand on it, in pixels."""

    width: int
    height: int
    margin: int
    panel: int  # height of the lower panel
    title_sizes: tuple[int, ...]


WIDE = Shape(1200, 630, 64, 206, (66, 60, 54, 48, 42, 36))
SQUARE = Shape(1080, 1080, 72, 420, (84, 76, 68, 60, 52, 44, 38))


def _line(canvas: Canvas, at: tuple[int, int], said: tuple[str, ...], weight: Weight, sizes: tuple[int, ...], width: int, colours: tuple[str, str]) -> int:  # fmt: skip
    """One line of text at the largest size that fits; gives its height, 0 where nothing fits."""
    room = fitting(said, weight, sizes, width, round(max(sizes) * LEADING))
    if room is None or len(room[0]) != 1:
        return 0
    canvas.text(*at, room[0][0], weight, room[1], *colours)
    return round(room[1] * 1.3)


def _pill(canvas: Canvas, card: Card, at: tuple[int, int], size: int, ground: str, room: int) -> None:
    said = fitting((card.pill,), "Bold", (size,), room, size * 2)
    if said and len(said[0]) == 1:
        left, top = at
        width = round(font("Bold", size).getlength(said[0][0])) + round(size * 1.5)
        canvas.pill((left, top, left + width, top + size * 2), size, card.pill_colours[0], ground)
        canvas.text(
            left + round(size * 0.75),
            top + size // 3,
            said[0][0],
            "Bold",
            size,
            card.pill_colours[1],
            card.pill_colours[0],
        )


def _fact(canvas: Canvas, fact: Fact, at: tuple[int, int], width: int, scale: float, tokens: Mapping[str, str]) -> None:
    left, top = at
    ground, small, large = tokens["surface"], round(25 * scale), round(44 * scale)
    top += _line(
        canvas, at, (fact.name,), "Regular", (small, small - 3, small - 6), width, (tokens["ink-soft"], ground)
    )
    room = fitting(fact.values, "Bold", (large, large - 6, large - 12, large - 18), width - large, large * 2)
    if room and len(room[0]) == 1:
        (words,), size = room
        if fact.tone:
            tint, ink = tokens[f"{fact.tone}-tint"], tokens[f"{fact.tone}-ink"]
            inner = round(font("Bold", size).getlength(words))
            box = (left, top + 4, left + inner + size, top + 4 + round(size * 1.4))
            canvas.pill(box, round(size * 0.35), tint, ground)
            canvas.text(left + size // 2, top + 4 + size // 12, words, "Bold", size, ink, tint)
        else:
            canvas.text(left, top, words, "Bold", size, tokens["ink"], ground)
        top += round(size * 1.25)
    sizes = (small, small - 2, small - 4, small - 6)
    lines, size = fitting((fact.more,), "Regular", sizes, width, round(2.3 * small)) or ([], 0)
    for line in lines:
        canvas.text(left, top, line, "Regular", size, tokens["ink-soft"], ground)
        top += round(size * LEADING)


def draw(card: Card, shape: Shape) -> bytes:
    """The card as a PNG. What does not fit in full is not said; nothing is cut."""
    tokens = tokens_of(*card.brand)
    brand, surface = tokens["brand"], tokens["surface"]
    canvas = Canvas(shape.width, shape.height, brand)
    margin, inner = shape.margin, shape.width - 2 * shape.margin
    scale = 1.0 if shape.width > shape.height else 1.2
    small, top = round(26 * scale), round(shape.margin * 0.8)
    sign = round(44 * scale)
    canvas.sign(margin, top, sign, tokens["accent-on-brand"], brand)
    head = top + (sign - round(small * 1.25)) // 2
    _line(
        canvas,
        (margin + sign + 16, head),
        (card.bulletin,),
        "Bold",
        (small, small - 4, small - 8),
        inner - sign - 16,
        (tokens["on-brand"], brand),
    )
    top += sign + round(22 * scale)
    _pill(canvas, card, (margin, top), round(24 * scale), brand, inner)
    top += round(48 * scale) + round(16 * scale)
    floor = shape.height - shape.panel
    below = round(56 * scale) if any(card.line) else 0
    title = fitting(card.titles, "Bold", shape.title_sizes, inner, floor - top - below - round(14 * scale))
    if title:
        lines, size = title
        for text in lines:
            canvas.text(margin, top, text, "Bold", size, tokens["on-brand"], brand)
            top += round(size * LEADING)
    if below:
        sizes = (round(30 * scale), round(27 * scale), round(24 * scale), round(21 * scale))
        _line(
            canvas,
            (margin, top + round(14 * scale)),
            card.line,
            "Regular",
            sizes,
            inner,
            (tokens["on-brand-soft"], brand),
        )
    canvas.fill((0, floor, shape.width, shape.height), surface)
    canvas.fill((0, floor, shape.width, floor + 8), tokens["accent"])
    _panel(canvas, card, shape, floor, scale, tokens)
    return canvas.png()


def _panel(canvas: Canvas, card: Card, shape: Shape, floor: int, scale: float, tokens: Mapping[str, str]) -> None:
    """The facts: side by side on a wide card, one below the other on a square one."""
    inner, count = shape.width - 2 * shape.margin, max(1, len(card.facts))
    is_wide = shape.width > shape.height
    gap, step = (40, 0) if is_wide else (0, round(140 * scale) - 20)
    width = (inner - gap * (count - 1)) // count if is_wide else inner
    for place, fact in enumerate(card.facts):
        at = (shape.margin + (width + gap) * place * is_wide, floor + round(28 * scale) + step * place)
        _fact(canvas, fact, at, width, scale, tokens)
    size, gap = round(22 * scale), 24
    left, room = shape.margin, inner // 2 - gap if is_wide else inner
    for said in card.foot:
        lines, fits = fitting((said,), "Regular", (size, size - 3, size - 6), room, size * 2) or ([], 0)
        for words in lines[:1]:
            top = shape.height - round(size * 1.9)
            end = canvas.text(left, top, words, "Regular", fits, tokens["ink-soft"], tokens["surface"])
            left, room = end + gap, room - (end + gap - left)
