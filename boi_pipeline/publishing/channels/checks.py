"""What is wrong with a post, in Spanish; nothing is the best answer. Templates and models pass the same checks.

A number, a day or an address that neither the approved record nor its note holds is a fault, whoever wrote it.
"""

import re
import unicodedata
from collections.abc import Iterable

from boi_pipeline.personal_data import holds_personal_data
from boi_pipeline.publishing.channels.counting import URL
from boi_pipeline.publishing.channels.post import MAX_ALT, RULES, Post
from boi_pipeline.publishing.note import Note
from boi_pipeline.publishing.text import plain
from boi_pipeline.spanish import SPANISH, numbers_in

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+|(?<=[^\s.])[.。．｡][^\W\d_]{2,}", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<!\w)[#＃]\w*[^\W\d_]\w*")
_MENTION = re.compile(r"[@＠﹫]\w")
_DIRECTION = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MONTHS = {
    name.casefold().rstrip("."): number
    for width in ("wide", "abbreviated")
    for number, name in SPANISH.months["format"][width].items()
}
_MONTHS["sep"] = 9
_DAY = re.compile(
    rf"\b(\d{{1,2}})(?:\s+de)?\s+({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b|\b(\d{{4}})-(\d{{2}})-(\d{{2}})\b|\b(\d{{1,2}})[/.-](\d{{1,2}})[/.-]\d{{2,4}}\b",
    re.IGNORECASE,
)


def days_in(text: str) -> set[tuple[int, int]]:
    """The days a text names, as (month, day): ``15 ene``, ``15 de enero``, ``2027-01-15``, ``15/01/2027``."""
    found = set()
    for day, month, _, iso_month, iso_day, first, second in (match.groups() for match in _DAY.finditer(text)):
        if month:
            found.add((_MONTHS[month.casefold()], int(day)))
        elif iso_month:
            found.add((int(iso_month), int(iso_day)))
        else:
            found.add((int(second), int(first)))
    return found


def _known(note: Note) -> str:
    """Everything a person approved of a note and what the note says of it, as one text."""
    facts = note.item.opportunity
    # what a model drafted proves nothing; addresses and ids hold figures of no fact
    aside = {"channel_texts", "drafting_tool", "opportunity_id", "apply_url", "source_url", "evidence"}
    words = [facts.model_dump_json(exclude=aside), *(quote.text for quote in note.quotes), note.code, note.label]
    words += [note.closing.chip, note.title, note.summary, *note.covers, *note.requirements, *note.changes]
    words += [one.words for one in note.closing.deadlines] + [one.day.isoformat() for one in note.closing.deadlines]
    words += [note.correction or "", note.edition_words, *(one.words for one in note.says_now)]
    words += [str(goal) for goal, _ in note.goals]
    return "\n".join(words)


def unproved(text: str, notes: Iterable[Note], known: str = "") -> list[str]:
    """The numbers and days of a text that stand in no record: faults, in Spanish."""
    grounds = "\n".join([known, *map(_known, notes)])
    numbers = numbers_in(text) - numbers_in(grounds)
    days = days_in(text) - days_in(grounds)
    return [f"Dice el número {one}, que no está en lo aprobado." for one in sorted(numbers)] + [
        f"Dice el día {day}/{month}, que no está en lo aprobado." for month, day in sorted(days)
    ]


def unseemly(text: str) -> list[str]:
    """What no text may hold: characters nobody sees, and personal data."""
    found = []
    if plain(text) != text or _DIRECTION.search(text):
        found.append("Lleva caracteres invisibles o de control.")
    if holds_personal_data(text):
        found.append("Lleva un correo, teléfono o número de documento de una persona.")
    return found


def _links(post: Post, rest: str) -> list[str]:
    found = []
    if RULES[post.channel].links_click:
        if post.text.count(post.link) != 1:
            found.append("El enlace a la nota debe estar una vez.")
    elif post.name not in post.text:
        found.append("Falta el código, que es como se encuentra la nota.")
    if others := [*URL.findall(rest), *(match.group() for match in _ADDRESS.finditer(rest))]:
        found.append(f"Lleva otra dirección: {others[0]}")
    return found


def faults(post: Post) -> list[str]:
    """Everything for which a post may not go out, in Spanish; an empty list when it may."""
    rules = RULES[post.channel]
    rest = post.text.replace(post.link, " ")
    rest = rest if rules.links_click else rest.replace(f" en {post.site}.", " ", 1)
    found = []
    if rules.count(post.text) > rules.hard:
        found.append(f"Tiene {rules.count(post.text)} caracteres y el canal admite {rules.hard}.")
    elif rules.count(post.text) > rules.practice:
        found.append(f"Tiene {rules.count(post.text)} caracteres; se leen bien hasta {rules.practice}.")
    found += _links(post, rest)
    least, most = rules.hashtags
    if not least <= (count := len(_HASHTAG.findall(rest))) <= most:
        found.append(f"Lleva {count} etiquetas (#); se esperan de {least} a {most}.")
    if _MENTION.search(rest):
        found.append("Menciona una cuenta (@).")
    if post.label not in post.text:
        found.append("Falta la advertencia de cómo se hizo el texto.")
    if unicodedata.normalize("NFC", post.text) != post.text:
        found.append("El texto no está normalizado (NFC).")
    if len(post.alt) > MAX_ALT or not post.alt.strip():
        found.append(f"El texto alternativo debe tener de 1 a {MAX_ALT} caracteres.")
    found += unseemly(rest) + unseemly(post.alt)
    found += unproved(rest, post.notes, post.known) + unproved(post.alt, post.notes, post.known)
    if post.channel == "whatsapp":
        found += _formatting(post.text)
    return list(dict.fromkeys(found))


def _formatting(text: str) -> list[str]:
    """WhatsApp: bold and italics that open must close in their line; Markdown is shown as it is written."""
    if "](" in text or re.search(r"(?m)^(?:#{1,6} |> )", text):
        return ["Usa enlaces, títulos o citas de Markdown, que WhatsApp no muestra."]
    lines = URL.sub("", text).split("\n")
    if any(line.count(sign) not in (0, 2) for line in lines for sign in "*_~`"):
        return ["Tiene un signo de formato (* _ ~) sin cerrar."]
    return []
