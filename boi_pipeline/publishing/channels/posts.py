"""Posts of opportunities, and of a week, for the channels people post on. Pure: a Bulletin in, posts out.

Where a model drafted the words of a channel and a person approved them, they are used if the post passes its checks;
else the template's are, and the post says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.article import MAX_WHY, article_path
from boi_pipeline.publishing.bulletin import Bulletin, PublishedItem
from boi_pipeline.publishing.campaign import utm
from boi_pipeline.publishing.channels.checks import faults, unproved, unseemly
from boi_pipeline.publishing.channels.compose import Part, fitted
from boi_pipeline.publishing.channels.inert import inert, unformatted
from boi_pipeline.publishing.channels.instagram import compose_instagram
from boi_pipeline.publishing.channels.linkedin import compose_linkedin, compose_week
from boi_pipeline.publishing.channels.post import MAX_ALT, RULES, Post, PostChannel
from boi_pipeline.publishing.channels.whatsapp import compose_whatsapp
from boi_pipeline.publishing.channels.words import Message, Words, link_of, short_labels, site_words, told, words_of
from boi_pipeline.publishing.channels.x import compose_x
from boi_pipeline.publishing.note import Note, note_of
from boi_pipeline.publishing.writer import site_root
from boi_pipeline.records import Edition

MAX_DRAFTED = 1200
_COMPOSERS: dict[PostChannel, Callable[[Words, str, str | None], str]] = {
    "x": compose_x,
    "linkedin": compose_linkedin,
    "instagram": lambda words, _, drafted: compose_instagram(words, drafted),
    "whatsapp": compose_whatsapp,
}


def alt_text(words: Message) -> str:
    """What a card says, for who does not see it: at most 140 characters, no fact cut."""
    parts = [
        Part(tuple(f"{one}." for one in words.titles), 0),
        Part(words.answers[1:], 1, " "),
        Part(words.closings[-1:], 1, " "),
    ]
    return fitted(parts, MAX_ALT, len)


def _label_in(text: str, labels: Sequence[str]) -> str:
    return next((one for one in labels if one in text), labels[0])


def _made(channel: PostChannel, words: Words, note: Note, link: str, drafted: str | None) -> Post:
    text = _COMPOSERS[channel](words, link, drafted)
    labels = [unformatted(one) for one in words.labels] if channel == "whatsapp" else words.labels
    return Post(
        channel=channel,
        name=note.code,
        text=text,
        length=RULES[channel].count(text),
        limit=RULES[channel].hard,
        link=link,
        site=words.site,
        alt=alt_text(words),
        label=_label_in(text, labels),
        is_generative=note.is_generative,
        made_by="llm" if drafted else "template",
        card=RULES[channel].card,
        notes=(note,),
    )


def post_of(bulletin: Bulletin, edition: Edition, item: PublishedItem, channel: PostChannel) -> Post:
    """The post of one opportunity in one channel, as of the bulletin's instant."""
    note = note_of(bulletin, edition, item)
    words, link = words_of(bulletin, note), link_of(bulletin, edition, note, channel)
    template = _made(channel, words, note, link, None)
    remarks = _advice(note)
    drafted = next((one.text for one in item.opportunity.channel_texts if one.channel == channel), "")
    if not drafted.strip():
        return replace(template, remarks=remarks)
    text = told(drafted, MAX_DRAFTED)
    # an address or a mention in what a model wrote is no slip to be smoothed over
    wrong = [*unseemly(drafted), *_altered(drafted, text), *unproved(text, [note])]
    made = _made(channel, words, note, link, text) if not wrong else template
    wrong = wrong or faults(made)
    if not wrong:
        return replace(made, remarks=remarks)
    return replace(template, remarks=(*remarks, f"El texto que redactó la IA no se usa: {' '.join(wrong)}"))


def _altered(drafted: str, text: str) -> list[str]:
    if not text:
        return ["No se puede usar entero."]
    return [] if text == " ".join(drafted.split()) else ["Lleva una dirección, una mención o una etiqueta."]


def _advice(note: Note) -> tuple[str, ...]:
    found = []
    if note.closing.is_over:
        found.append(f"No la publique sin revisarla: {note.closing.chip[:1].lower()}{note.closing.chip[1:]}.")
    if note.closing.state == "moved":
        found.append("La fuente indica ahora otra fecha: confírmela antes de publicar.")
    return tuple(found)


def week_post(bulletin: Bulletin, edition: Edition, picks: Sequence[tuple[PublishedItem, str]]) -> Post:
    """The LinkedIn post of a week: its picks in their order, each with why a person chose it, and their article's link."""
    notes = tuple(note_of(bulletin, edition, item) for item, _ in picks)
    calls = [(words_of(bulletin, note), told(why, MAX_WHY)) for note, (_, why) in zip(notes, picks, strict=True)]
    generative = any(note.is_generative for note in notes)
    labels = next(
        (words.labels for note, (words, _) in zip(notes, calls, strict=True) if note.is_generative == generative), ()
    )
    labels = labels or short_labels(bulletin, generative)
    name = f"{bulletin.entity.code_prefix}-{edition.edition_id}"
    link = f"{site_root(bulletin.entity)}{article_path(edition.edition_id)}{utm(edition, 'linkedin', RULES['linkedin'].medium, name)}"
    ends = spanish.long_date(edition.edition_date)
    chosen = spanish.count(len(calls), "oportunidad", "oportunidades")
    heading = f"{chosen} de la semana para {inert(bulletin.entity.city)}, elegidas por personas. {ends[:1].upper()}{ends[1:]}."
    tags = list(dict.fromkeys(tag for words, _ in calls for tag in words.hashtags))
    text = compose_week(heading, calls, tuple(labels), " ".join(tags[: RULES["linkedin"].hashtags[1]]), link)
    return Post(
        channel="linkedin",
        name=edition.edition_id,
        text=text,
        length=RULES["linkedin"].count(text),
        limit=RULES["linkedin"].hard,
        link=link,
        site=site_words(bulletin.entity),
        alt=heading,
        label=_label_in(text, labels),
        is_generative=generative,
        made_by="template",
        card="wide",
        notes=notes,
        known="\n".join([heading, *(str(place) for place in range(1, len(calls) + 1)), *(why for _, why in calls)]),
    )
