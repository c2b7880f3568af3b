"""Cards: the picture that stands for an opportunity where its page is shared, in the entity's brand.

1200 × 630 for pages (Open Graph), 1080 × 1080 for Instagram. A call that can be applied for has a card of its own; one
that is closed shares its type's, which says so: a card takes some ten milliseconds, and most calls of an archive are
closed. A card says nothing that changes from day to day. How it looks belongs to ``card_picture``.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from boi_pipeline.entity import EntityFile
from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.card_picture import WIDE, Card, Fact, Shape, draw, tokens_of
from boi_pipeline.publishing.channels.posts import alt_text
from boi_pipeline.publishing.channels.words import message_of, site_words, told
from boi_pipeline.publishing.colours import type_colours
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.note import Note, note_of
from boi_pipeline.publishing.standing import fingerprint
from boi_pipeline.publishing.writer import BULLETIN_CARD, CARDS
from boi_pipeline.records import Edition

_ANSWERS = {"yes": "yes", "no": "no", "unclear": "maybe"}


def card_path(code: str) -> str:
    """Where an opportunity's card is, under the site's root: ``tarjetas/boi-2026-00412.png``."""
    return f"{CARDS}{code.lower()}.png"


# ---------------------------------------------------------------- what a card says


def _closing(note: Note) -> Fact:
    closing = note.closing
    coming = next((one for one in closing.deadlines if one.is_next), None)
    if closing.state == "moved" and closing.day:
        return Fact("Nueva fecha de cierre", (spanish.short_date(closing.day),), "según la fuente")
    if closing.state == "forecasted":
        day = spanish.short_date(closing.opens) if closing.opens else "Aún no abre"
        until = f"cierra el {spanish.short_date(closing.day)}" if closing.day else "confirme en la fuente"
        return Fact("Abre" if closing.opens else "Apertura", (day,), until)
    if closing.state == "rolling":
        return Fact("Cierre", ("Permanente",), "se puede aplicar todo el año")
    if coming is None:
        return Fact("Cierre", ("Sin fecha indicada",), "confirme en la fuente")
    day, _, clocks = coming.words.partition(", ")
    return Fact("Cierra", (day,), told(clocks, 90) or "la fuente no indica la hora")


@cache
def _colours_of(codes: tuple[str, ...], primary: str) -> Mapping[str, tuple[str, str]]:
    return type_colours(codes, primary, dark=False)


def _type_colours(bulletin: Bulletin, code: str) -> tuple[str, str]:
    brand = bulletin.entity.brand
    tokens = tokens_of(brand.primary, brand.accent)
    known = _colours_of(tuple(bulletin.vocabularies["opportunity_types"].terms), brand.primary)
    return known.get(code, (tokens["quiet-tint"], tokens["quiet-ink"]))


def _made(entity: EntityFile, **said: object) -> Card:
    shared = {
        "bulletin": entity.bulletin,
        "brand": (entity.brand.primary, entity.brand.accent),
        "line": (),
        "facts": (),
    }
    return Card(**(shared | said))  # type: ignore[arg-type]


def card_of(bulletin: Bulletin, note: Note) -> Card:
    """The card of a call that can still be applied for."""
    words = message_of(bulletin, note)
    country = spanish.country_name(bulletin.entity.country) or bulletin.entity.country
    answer = Fact(f"¿Puede aplicar desde {country}?", (note.answer.label,), tone=_ANSWERS[note.answer.code])
    # what stands after the dash, convener and place, is the line below
    head, dash, tail = words.titles[0].rpartition(" — ")
    convener = " · ".join(part for part in (words.funder, told(note.place or "", 60)) if part)
    return _made(
        bulletin.entity,
        pill=words.kind,
        pill_colours=_type_colours(bulletin, note.type_code),
        titles=(head, *words.titles) if dash else words.titles,
        line=(tail if dash else "", convener, words.funder),
        facts=(answer, _closing(note)),
        foot=(note.code, site_words(bulletin.entity)),
    )


def closed_card(bulletin: Bulletin, type_code: str, type_label: str) -> Card:
    """The card that closed calls of a type share."""
    return _made(
        bulletin.entity,
        pill=told(type_label, 60) or "Oportunidad",
        pill_colours=_type_colours(bulletin, type_code),
        titles=("Esta convocatoria ya no está abierta",),
        line=("Su nota guarda qué ofrecía, a quién y cuándo.",),
        facts=(Fact("Vea las que siguen abiertas", (site_words(bulletin.entity),)),),
        foot=("", ""),
    )


def bulletin_card(bulletin: Bulletin) -> Card:
    """The card of the bulletin itself."""
    entity = bulletin.entity
    tokens = tokens_of(entity.brand.primary, entity.brand.accent)
    return _made(
        entity,
        pill="Servicio público y gratuito",
        pill_colours=(tokens["accent-on-brand"], tokens["brand-deep"]),
        titles=(entity.bulletin,),
        line=(told(entity.brand.motto, 120),),
        facts=(Fact(f"Becas, fondos, premios y cursos para {entity.city}", (site_words(entity),)),),
        bulletin=entity.name,
        foot=("", ""),
    )


def week_card(bulletin: Bulletin, edition: Edition, count: int) -> Card:
    """The card of a week's five."""
    tokens = tokens_of(bulletin.entity.brand.primary, bulletin.entity.brand.accent)
    return _made(
        bulletin.entity,
        pill="La semana",
        pill_colours=(tokens["accent-on-brand"], tokens["brand-deep"]),
        titles=(
            f"{count} oportunidades elegidas por personas" if count > 1 else "Una oportunidad elegida por personas",
        ),
        line=(spanish.long_date(edition.edition_date),),
        facts=(Fact("Por qué cada una, en el artículo", (site_words(bulletin.entity),)),),
        foot=("", ""),
    )


def card_png(bulletin: Bulletin, note: Note, shape: Shape) -> bytes:
    """The picture that stands for a note: its own card, or its type's where it is closed."""
    kind = (note.type_code, note.type_label)
    card = closed_card(bulletin, *kind) if note.closing.is_over else card_of(bulletin, note)
    return draw(card, shape)


def card_alt(bulletin: Bulletin, note: Note) -> str:
    """What a card says, in at most 140 characters: for who does not see it."""
    if not note.closing.is_over:
        return alt_text(message_of(bulletin, note))
    return f"{note.type_label}: esta convocatoria ya no está abierta. Vea las que siguen abiertas."[:140]


# ---------------------------------------------------------------- the site's cards


def _put(disk: Disk, name: str, card: Card) -> Path:
    key = fingerprint([disk.standing.code_version, card]) if disk.standing else ""
    return disk.made(name, key, lambda: draw(card, WIDE))


def render_cards(bulletin: Bulletin, disk: Disk) -> list[Path]:
    """Write ``tarjetas/<code>.png`` of every opportunity with a page, and the bulletin's; give the files."""
    before = len(disk.written)
    _put(disk, BULLETIN_CARD, bulletin_card(bulletin))
    shared: dict[str, Path] = {}
    for code, (edition, item) in bulletin.current.items():
        note = note_of(bulletin, edition, item)
        kind = note.type_code
        if not note.closing.is_over:
            _put(disk, card_path(code), card_of(bulletin, note))
            continue
        if kind not in shared:
            shared[kind] = _put(disk, f"{CARDS}cerrada-{kind}.png", closed_card(bulletin, kind, note.type_label))
        disk.link(shared[kind], card_path(code))
    return disk.written[before:]
