"""The e-mail of an edition or a week: subject, HTML with inline styles, plain text, and the message as a file.

No pictures, no scripts, nothing fetched. A mail speaks of the whole edition; each call links to its page. Recipients are
the sender's: none are known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from urllib.parse import quote, urlsplit

from boi_pipeline.palette import palette
from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.article import MAX_WHY, article_path
from boi_pipeline.publishing.bulletin import Bulletin, PublishedItem
from boi_pipeline.publishing.campaign import utm
from boi_pipeline.publishing.channels.checks import unproved, unseemly
from boi_pipeline.publishing.channels.counting import URL
from boi_pipeline.publishing.channels.inert import inert
from boi_pipeline.publishing.channels.words import CORRECTION, Words, told, words_of
from boi_pipeline.publishing.note import Note, note_of
from boi_pipeline.publishing.writer import edition_path, environment, site_root
from boi_pipeline.records import Edition

MAX_SUBJECT = 78  # RFC 5322 §2.1.1: what a header's line should not exceed
SOURCE, MEDIUM = "email", "email"


@dataclass(frozen=True)
class Call:
    """What a mail says of one opportunity."""

    code: str
    kind: str
    title: str
    link: str
    why: str
    about: tuple[str, ...]  # what it corrects, what it is
    lead: str  # whether one may apply, and until when
    facts: tuple[str, ...]
    gives: tuple[str, ...]


@dataclass(frozen=True)
class Mail:
    """An e-mail as it would go out."""

    name: str  # the edition
    subject: str
    preview: str  # what a list of mails shows beside the subject
    heading: str
    calls: tuple[Call, ...]
    link: str  # the edition's page
    link_words: str
    foot: tuple[str, ...]
    contact: str  # the entity's own address
    notes: tuple[Note, ...] = field(repr=False)
    html: str = ""
    text: str = ""

    def message(self, bulletin: Bulletin, edition: Edition) -> bytes:
        """The mail as a file (RFC 5322) without recipients, which mail programs open as a draft. Equal mails, equal bytes."""
        entity = bulletin.entity
        name, _, domain = entity.contact_email.partition("@")
        made = EmailMessage(policy=SMTP)
        made["Subject"] = self.subject
        made["From"] = Address(inert(entity.bulletin), name, domain)
        made["Date"] = edition.closed_at
        made["Message-ID"] = f"<{edition.edition_id}.{sha256(self.text.encode()).hexdigest()[:16]}@{domain}>"
        made["List-Id"] = (
            f"{inert(entity.short_name)} <{entity.code_prefix.lower()}.{urlsplit(site_root(entity)).hostname}>"
        )
        made["List-Unsubscribe"] = f"<mailto:{entity.contact_email}?subject={quote('Baja del boletín')}>"
        made["X-Unsent"] = "1"
        made.set_content(self.text, cte="quoted-printable")
        made.add_alternative(self.html, subtype="html", cte="quoted-printable")
        made["Content-Language"] = "es"
        made.set_boundary(f"boi-{sha256(self.html.encode()).hexdigest()[:32]}")
        return made.as_bytes()


def _call(bulletin: Bulletin, edition: Edition, note: Note, words: Words, why: str) -> Call:
    title = f"{CORRECTION}: {words.titles[0]}" if words.corrects else words.titles[0]
    facts = [f"¿Para quién? {words.who}" if words.who else "", f"Convoca: {words.funder}." if words.funder else ""]
    return Call(
        code=note.code,
        kind=words.kind,
        title=title,
        link=site_root(bulletin.entity) + note.path + utm(edition, SOURCE, MEDIUM, note.code),
        why=told(why, MAX_WHY),
        about=tuple(one for one in (words.corrects, words.summary) if one),
        lead=f"{words.answers[0]} {words.closings[0]}",
        facts=tuple(one for one in facts if one),
        gives=words.gives,
    )


def _subject(start: str, titles: Sequence[str], heading: str) -> str:
    """How many and the first title, in the best form that fits in a line; never half a title."""
    tried = (f"{start}: {title}" for title in titles)
    return next((one for one in tried if len(one) <= MAX_SUBJECT), heading)


def _labels(notes: Sequence[Note], words: Sequence[Words]) -> tuple[str, ...]:
    """How the texts were made; where not all were made alike, of which calls each is said."""
    codes: dict[str, list[str]] = {}
    for note, said in zip(notes, words, strict=True):
        codes.setdefault(said.labels[0], []).append(note.code)
    if len(codes) == 1:
        return tuple(codes)
    return tuple(f"{', '.join(some)}: {label}" for label, some in codes.items())


def _text(mail: Mail, entity_name: str) -> str:
    lines = [entity_name, mail.heading, ""]
    for place, call in enumerate(mail.calls, 1):
        lines += [f"{place}. {call.title}", f"{call.kind} · {call.code}"]
        lines += [f"Por qué la elegimos: {call.why}"] if call.why else []
        lines += [
            *call.about,
            call.lead,
            *call.facts,
            *(f"- {one}" for one in call.gives),
            f"Nota y enlace oficial: {call.link}",
            "",
        ]
    lines += [f"{mail.link_words}: {mail.link}", *(f"\n{one}" for one in mail.foot)]
    return "\n".join(lines) + "\n"


def mail_of(
    bulletin: Bulletin, edition: Edition, items: Sequence[PublishedItem], whys: Sequence[str] | None = None
) -> Mail:
    """The e-mail of an edition's publications, in their order; of a week with why each was chosen (``whys``)."""
    entity = bulletin.entity
    notes = tuple(note_of(bulletin, edition, item) for item in items)
    words = [words_of(bulletin, note) for note in notes]
    reasons = whys if whys is not None else [""] * len(notes)
    amount = spanish.count(len(notes), "oportunidad", "oportunidades").replace("\u00a0", " ")
    day, short = spanish.long_date(edition.edition_date), spanish.short_date(edition.edition_date).rpartition(" ")[0]
    heading = f"{amount} de la semana, {day}" if whys is not None else f"{amount} para hoy, {day}"
    titles = words[0].titles if words else ()
    path = article_path(edition.edition_id) if whys is not None else edition_path(edition.edition_id)
    name = f"{entity.code_prefix}-{edition.edition_id}"
    foot = (
        *_labels(notes, words),
        f"Servicio público y gratuito. Responde: {inert(entity.name)}. Nunca pague a intermediarios.",
        f"Recibe este correo porque pidió el boletín. Para dejar de recibirlo, escriba a {entity.contact_email}.",
    )
    mail = Mail(
        name=edition.edition_id,
        subject=_subject(f"{amount} ({short})", titles[:-1], heading),
        preview=f"{words[0].titles[0]}. {words[0].answers[1]} {words[0].closings[-1]}" if words else heading,
        heading=heading,
        calls=tuple(
            _call(bulletin, edition, note, said, why) for note, said, why in zip(notes, words, reasons, strict=True)
        ),
        link=site_root(entity) + path + utm(edition, SOURCE, MEDIUM, name),
        link_words="Lea el artículo completo" if whys is not None else "Vea la edición completa",
        foot=foot,
        contact=entity.contact_email,
        notes=notes,
    )
    colours = palette(entity.brand.primary, entity.brand.accent, dark=False)
    html = environment().get_template("mail.html").render(mail=mail, entity=entity, c=colours)
    return replace(mail, html=html, text=_text(mail, inert(entity.bulletin)))


def mail_faults(mail: Mail) -> list[str]:
    """Everything for which a mail may not go out, in Spanish; an empty list when it may."""
    links = [mail.link, *(call.link for call in mail.calls)]
    found = []
    if not mail.calls:
        found.append("El correo no tiene oportunidades.")
    if len(mail.subject) > MAX_SUBJECT or "\n" in mail.subject:
        found.append(f"El asunto debe caber en una línea de {MAX_SUBJECT} caracteres.")
    for link in links:
        if mail.text.count(link) != 1:
            found.append(f"Un enlace debe estar una vez: {link}")
    rest = mail.text.replace(mail.contact, " ")
    for own in sorted((*links, *mail.foot), key=len, reverse=True):  # the foot is the entity's: its own mailbox
        rest = rest.replace(own, " ")
    found += [f"Lleva otra dirección: {one}" for one in URL.findall(rest)]
    found += unseemly(rest)
    known = [mail.heading, *(call.why for call in mail.calls), str(len(mail.calls))]
    known += [f"{place}." for place in range(1, len(mail.calls) + 1)]
    return found + unproved(rest, mail.notes, "\n".join(known))
