"""The facts of a note in the short words of posts: each in several forms, each form whole.

Scraped text is inert here. Which facts go where is the channels'.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from boi_pipeline.entity import EntityFile
from boi_pipeline.personal_data import holds_personal_data
from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.campaign import utm
from boi_pipeline.publishing.channels.inert import inert
from boi_pipeline.publishing.channels.post import RULES, PostChannel
from boi_pipeline.publishing.note import MAX_SUMMARY, MAX_TITLE, Note
from boi_pipeline.publishing.text import MAX_FACT
from boi_pipeline.publishing.writer import site_root
from boi_pipeline.records import Edition

CORRECTION = "Corrección"


@dataclass(frozen=True)
class Message:
    """What is told of a note wherever it is told. Forms: best first, each a whole fact."""

    code: str
    kind: str
    titles: tuple[str, ...]  # what it is and for whom
    answers: tuple[str, ...]  # whether one may apply from here
    closings: tuple[str, ...]
    funder: str


@dataclass(frozen=True)
class Words(Message):
    """What may be said of one note besides."""

    gives: tuple[str, ...]  # what it covers, a sentence each
    who: str
    summary: str
    labels: tuple[str, ...]
    hashtags: tuple[str, ...]  # with their sign: the entity's first, then type and goals
    corrects: str  # what it corrects and how, where it does
    site: str  # where the site is, as people type it


@lru_cache(maxsize=4096)
def told(text: str, limit: int) -> str:
    """The text inert, or nothing where it is longer than ``limit`` or holds personal data: no fact is cut."""
    if len(text) > 20 * limit or holds_personal_data(text):
        return ""
    line = inert(text)
    return line if len(line) <= limit and not holds_personal_data(line) else ""


def _is_word(text: str) -> bool:
    return re.search(r"\w", text) is not None


def _titles(note: Note) -> tuple[str, ...]:
    kind = told(note.type_label, 60) or "Oportunidad"
    title = told(note.item.opportunity.title_es, MAX_TITLE)
    funder = told(note.item.opportunity.funder_name or "", 120)
    head, dash, tail = title.rpartition(" — ")
    convener, comma, _ = tail.rpartition(", ")
    forms = [title]
    if dash:
        forms += [f"{head} — {convener}" if comma else "", head]
    forms += [f"{kind} — {funder}" if _is_word(funder) else "", f"{kind} {note.code}"]
    return tuple(dict.fromkeys(form for form in forms if _is_word(form)))


def _closings(note: Note) -> tuple[str, ...]:
    closing = note.closing
    coming = next((one for one in closing.deadlines if one.is_next), None)
    if closing.state == "forecasted":
        opens = f"Abre: {spanish.short_date(closing.opens)}." if closing.opens else "Aún no abre."
        tails = (told(coming.words, 120), spanish.short_date(coming.day)) if coming else ()
        return (*(f"{opens} Cierra: {one}." for one in tails if one), opens)
    if closing.state in ("open", "soon") and coming:
        words = told(coming.words, 120)
        return tuple(f"Cierra: {one}." for one in (words, spanish.short_date(coming.day)) if one)
    return (f"{told(closing.chip, 80)}.",)


def site_words(entity: EntityFile) -> str:
    """``boletin.ciudad.example``: the site's address as people type it."""
    return site_root(entity).partition("://")[2].rstrip("/")


def _hashtag(text: str) -> str | None:
    parts = re.findall(r"[^\W_]+", inert(text))
    word = "".join(part[:1].upper() + part[1:] for part in parts)
    return f"#{word}" if re.fullmatch(r"[^\W\d_]\w{1,39}", word) else None


def _hashtags(bulletin: Bulletin, note: Note) -> tuple[str, ...]:
    # only terms of ours: a word nobody knows could be anything
    known = bulletin.vocabularies["opportunity_types"].terms.get(note.type_code)
    audiences = bulletin.vocabularies["audiences"].terms
    entity = bulletin.entity
    country = spanish.country_name(entity.country) or ""
    named = [*entity.channels.hashtags[:2], (known.plural or known.label) if known else ""]
    named += [f"ODS{goal}" for goal, _ in note.goals]
    if len(named) < 4:
        named += [audiences[code].label for code in note.item.opportunity.audiences if code in audiences][:1]
        named += [entity.city, country, "Oportunidades", "Convocatorias"]
    return tuple(dict.fromkeys(tag for name in named if name and (tag := _hashtag(name))))


def short_labels(bulletin: Bulletin, is_generative: bool) -> tuple[str, ...]:
    """The label where space is scarce."""
    who = told(bulletin.entity.short_name, 60)
    if is_generative:
        return (f"Texto con apoyo de IA, revisado por {who}.", "Con IA y revisión humana.")
    return (f"Revisado por {who}.", "Con revisión humana.")


def message_of(bulletin: Bulletin, note: Note) -> Message:
    """What is told of a note wherever it is told, as of the bulletin's instant."""
    country = spanish.country_name(bulletin.entity.country) or bulletin.entity.country
    answer = told(note.answer.label, 40).lower()
    return Message(
        code=note.code,
        kind=told(note.type_label, 60) or "Oportunidad",
        titles=_titles(note),
        answers=(f"¿Puede aplicar desde {country}? {answer.capitalize()}.", f"Desde {country}: {answer}."),
        closings=_closings(note),
        funder=told(note.item.opportunity.funder_name or "", 120),
    )


def words_of(bulletin: Bulletin, note: Note) -> Words:
    """The words of a note, as of the bulletin's instant."""
    facts = note.item.opportunity
    return Words(
        **vars(message_of(bulletin, note)),
        gives=tuple(one for line in note.covers if "…" not in line and (one := told(line, MAX_FACT))),
        who=spanish.sentence(told(facts.eligibility_es, MAX_FACT)),
        summary=told(facts.summary_es, MAX_SUMMARY),
        labels=(inert(note.label), *short_labels(bulletin, note.is_generative)),
        hashtags=_hashtags(bulletin, note),
        corrects=" ".join(one for line in (note.correction or "", *note.changes) if (one := told(line, MAX_FACT))),
        site=site_words(bulletin.entity),
    )


def link_of(bulletin: Bulletin, edition: Edition, note: Note, channel: PostChannel) -> str:
    """The opportunity's page, with the parameters that tell where a reader came from."""
    return site_root(bulletin.entity) + note.path + utm(edition, channel, RULES[channel].medium, note.code)
