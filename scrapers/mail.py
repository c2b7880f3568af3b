"""A newsletter kept as ``.eml``: its subject and body, without the people who sent and received it.

Remote images are never fetched. How a newsletter becomes notices belongs to ``scrapers.platforms.inbox``.
"""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html import escape
from typing import NamedTuple, cast
from urllib.parse import parse_qs, urlsplit

from scrapers.notice import text_hash
from scrapers.text import Node, block_text, clean, decode, fragment, visible
from scrapers.urls import absolute_url

MAX_BODY = 2_000_000  # characters

_BROKEN = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)
_PEOPLE = ("From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Delivered-To", "Return-Path")
_SERVICE = re.compile(
    r"unsubscri|opt-?out|list-manage\.com/(profile|about|vcard)|manage[^a-z]*(your)?[^a-z]*(subscription|preferences)"
    r"|update[^a-z]*(your)?[^a-z]*(profile|preferences)|email[^a-z]*preferences|preferences?[_-]?cent|dar(se|me)? de baja"
    r"|desuscri|desinscri|cancelar (mi |la |tu )?suscripci|gestionar (mis |tus |sus )?(suscripci|preferencias)"
    r"|preferencias de (correo|suscripci)|désabonn|desabonn|se désinscrire|abmelden|abbestellen|cancelar (a )?(inscrição|assinatura)"
    r"|view (this|it|email)[^.]{0,20} (in|on) (your|a) browser|ver (este|el) (correo|mensaje|bolet[ií]n)? ?en (el|tu|su) navegador"
    r"|forward to a friend|reenviar a un amigo",
    re.IGNORECASE,
)
_COUNTERS = re.compile(
    r"(^|\.)(clicks?|track|tracking|trk)\d*\.[^.]+\.|(^|\.)(list-manage\.com|sendgrid\.net|mandrillapp\.com|hubspotlinks\.com"
    r"|awstrack\.me|mjt\.lu|sendibm\d*\.com|rs6\.net|safelinks\.protection\.outlook\.com)$",
    re.IGNORECASE,
)
_COUNTING = re.compile(r"/(ls|wf|track|tracking|trk)/(click|open)\b", re.IGNORECASE)
_TARGETS = ("url", "u", "q", "target", "redirect", "link", "dest", "destination")
_FORWARDED = re.compile(
    r"^[>\s*]*(from|de|von|to|para|à|an|cc|enviado( el)?|sent|gesendet|envoyé|reply-to)\s*:", re.IGNORECASE
)
_ANSWERED = re.compile(r"^\s*((re|rv|fw|fwd|wg|tr|enc)\s*:\s*)+", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+\-%]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6}")
_PHONE = re.compile(
    r"(?:(?:tel[eé]fono|tel|cel(?:ular)?|m[oó]vil|whats?app|wpp|phone|mobile|fono|handy)\s*\.?\s*:?\s*|(?=\+))"
    r"\+?\(?\d[\d\s().\-]{6,18}\d",
    re.IGNORECASE,
)


class Mail(NamedTuple):
    """What is kept of a newsletter."""

    key: str  # of its Message-ID, else of its bytes
    subject: str
    node: Node  # cleaned body
    sent_at: datetime | None


def read_mail(body: bytes) -> Mail:
    """A newsletter. Raises ValueError for what is no mail or has no text."""
    try:
        message = message_from_bytes(body, policy=policy.default)
        markup = _markup(cast("EmailMessage", message))
    except _BROKEN as error:
        raise ValueError(f"no es un correo que se pueda leer ({type(error).__name__})") from None
    if not any(_header(message, name) for name in ("From", "Subject", "Date", "Message-ID")):
        raise ValueError("no es un correo: no tiene encabezados")
    if not markup.strip():
        raise ValueError("no tiene texto")
    node = clean([fragment(markup)])
    _drop_service_links(node)
    _drop_people(node, _people(message, node))
    own = re.sub(r"[\s<>]", "", _header(message, "Message-ID"))
    key = text_hash(own or body.decode("latin-1"))[:32]  # the id itself often names a mailbox
    subject = _ANSWERED.sub("", without_contacts(visible(_header(message, "Subject"))))
    return Mail(f"mail-{key}", subject, node, _sent_at(message))


def without_contacts(text: str) -> str:
    """One line whose mail addresses and telephone numbers are blanked: notes are written by, and often about, persons."""
    return " ".join(_PHONE.sub("[contacto]", _ADDRESS.sub("[contacto]", text)).split())


def _markup(message: EmailMessage) -> str:
    """The body as HTML: the HTML part, else the plain one."""
    part = message.get_body(preferencelist=("html", "plain"))
    if part is None:
        return ""
    try:
        text = part.get_content()
    except (LookupError, ValueError):  # a charset that does not exist
        payload = part.get_payload(decode=True)
        text = decode(payload if isinstance(payload, bytes) else b"")
    text = str(text)[:MAX_BODY]
    if part.get_content_type() == "text/html":
        return text
    return "<br>".join(_linked(line) for line in text.splitlines())


def _linked(line: str) -> str:
    """A line of plain text whose addresses are links."""
    pieces = re.split(r"(https?://[^\s<>\"']{1,2000})", line)
    told = [
        f'<a href="{escape(piece.rstrip(".,;:)"))}">{escape(piece)}</a>' if number % 2 else escape(piece, quote=False)
        for number, piece in enumerate(pieces)
    ]
    return "".join(told)


def _header(message: EmailMessage | object, name: str) -> str:
    try:
        return " ".join(str(cast("EmailMessage", message)[name] or "").split())[:1000]
    except _BROKEN:
        return ""


def _sent_at(message: object) -> datetime | None:
    try:
        sent = parsedate_to_datetime(_header(message, "Date"))
        return sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _people(message: object, node: Node) -> set[str]:
    """The addresses of who sent and received it, and of those named in the heads of forwarded mails."""
    lines = [line for line in block_text(node).split("\n") if _FORWARDED.match(line)]
    told = " ".join([*(_header(message, name) for name in _PEOPLE), *lines])
    return {address.lower() for address in _ADDRESS.findall(told)}


def _drop_service_links(node: Node) -> None:
    """Take out links about the mailing itself, and lead tracking links to where they lead, or nowhere."""
    for anchor in list(node.iter("a")):
        href, text = (anchor.get("href") or "").strip()[:4000], " ".join(anchor.text_content()[:300].split())
        if _SERVICE.search(text) or _SERVICE.search(href) or not href.lower().startswith(("http:", "https:")):
            anchor.attrib.pop("href", None)
            if _SERVICE.search(text):
                for part in anchor.iter():
                    part.text = None
                    if part is not anchor:
                        part.tail = None
        elif target := untracked(href):
            anchor.set("href", target)
        else:
            anchor.attrib.pop("href", None)


def untracked(url: str) -> str | None:
    """Where a link leads without the mailing's counter in between; None where only the counter knows."""
    for _ in range(3):
        try:
            query = parse_qs(urlsplit(url).query, max_num_fields=100)
        except ValueError:
            return None
        given = (value for name in _TARGETS for value in query.get(name, []) if value.startswith("http"))
        target = next((found for value in given if (found := absolute_url(url, value))), None)
        if target is None:
            break
        url = target
    parts = urlsplit(url)
    return None if _COUNTERS.search(parts.hostname or "") or _COUNTING.search(parts.path) else absolute_url(url, url)


def _drop_people(node: Node, people: set[str]) -> None:
    """Take out the heads of forwarded mails, the addresses of their people, and telephone numbers."""
    addresses = re.compile("|".join(re.escape(one) for one in sorted(people)[:200]) or r"(?!)", re.IGNORECASE)
    for part in node.iter():
        for place in ("text", "tail"):
            if text := getattr(part, place):
                is_head = _FORWARDED.match(text) and _ADDRESS.search(text)
                setattr(part, place, "" if is_head else _PHONE.sub("", addresses.sub("", text)))
