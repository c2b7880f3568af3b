"""Normal forms of titles, links, numbers and names: what can be compared of two announcements.

Every function is pure and gives None where the value is too general to tell one call from another. What equal keys
mean belongs to ``match``.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

MAX_TITLE = 1_000  # characters of a title that are looked at
MAX_URL = 2_000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = _words(
    # Spanish
    "a al con de del desde e el en entre la las lo los o para por que se sin sobre su sus u un una y ya"
    # English
    " an and at by for from in is its of on or the to with your"
    # French
    " au aux avec ce ces dans des du et l d le les leur ou par pour sur une"
    # Portuguese
    " ao aos as com da das do dos em na nas no nos os pela pelo uma"
)
# what announcements add around the name of a call, in the four languages
NOISE_WORDS = _words(
    "abierta abierto abertas aberta anuncio apel aplica apply appel application applications call calls candidatura"
    " candidaturas candidatures chamada convocatoria convocatorias convoca edicao edicion edital edition inscripciones inscricoes new"
    " now nueva nuevo open ouvert ouverte postula postulaciones proposals propositions propostas propuestas"
)
_CYCLE_WORDS = (
    "edicion|edition|edicao|ronda|rodada|round|cohorte|cohort|turma|ciclo|cycle|promocion|promotion|version|versao"
)
_ORDINAL_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "primera primer first premiere primeira",
            "segunda segundo second seconde deuxieme",
            "tercera tercer third troisieme terceira terceiro",
            "cuarta cuarto fourth quatrieme quarta quarto",
            "quinta quinto fifth cinquieme",
        ),
        1,
    )
    for word in words.split()
}
_ROMAN_NUMBERS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii"
_ROMAN = {word: number for number, word in enumerate(_ROMAN_NUMBERS.split(" "), 1)}
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:\s*[-/–—]\s*((?:19|20)\d\d|\d\d))?(?!\d)")
_CYCLES = frozenset(_CYCLE_WORDS.split("|"))
_EMPTY_WORDS = STOP_WORDS | NOISE_WORDS
_DIGIT = re.compile(r"\d")
_CYCLE_AFTER = re.compile(rf"\b(?:{_CYCLE_WORDS})\s+(?:n\s+|no\s+|num\s+)?(\w+)\b")
_CYCLE_BEFORE = re.compile(rf"\b(\w+)\s+(?:{_CYCLE_WORDS})\b")
_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th|a|o|er|ere|eme|e)?$")
_WORDS = re.compile(r"\w+")
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")

# read in a third of the time that ``urlsplit`` takes
_PLAIN = re.compile(r"(https?)://([a-z0-9._-]+)((?:/[\w.~-]*)*)", re.ASCII)
_NAMED = frozenset("@:[%")  # user, port, address or zone: more than a name

_TRACKING = re.compile(
    r"(?:utm_.*|pk_.*|mtm_.*|hsa_.*|_hs.*|mc_[ce]id|fbclid|gclid|dclid|msclkid|twclid|yclid|igshid|igsh|_ga|_gl"
    r"|ref_src|trk|spm|amp|lang|language|locale|hl|lg|idioma|langue|lingua)$",
    re.IGNORECASE,
)
# who sent the visitor, or the number of the thing itself: only without a digit is it the first
_REFERRER = frozenset({"ref", "referrer", "source", "src", "from", "share", "feature"})
_LANGUAGE_SEGMENT = re.compile(r"(?:es|en|fr|pt|de|it|ca|eu|gl)(?:[-_](?:[a-z]{2}|419))?$", re.IGNORECASE)
_INDEX_FILE = re.compile(r"(?:index|default|home)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_GENERAL_PAGES = _words(
    "about acceder apply application applications awards becas bolsas bourses calls contact contacto convocatorias"
    " courses cursos editais eventos events financement funding grants home inicio jobs login news noticias"
    " opportunities oportunidades portal programas programmes programs register registro scholarships search signup"
    " subvenciones"
)
_DOORS = _words(
    "accounts acceso auth authorize cas connexion entrar identity login logon oauth oauth2 saml shibboleth signin sso"
)
_NUMBER_NOISE = re.compile(
    r"\b(?:appel|award|beca|becas|bolsa|call|chamada|conv|convocatoria|edital|grant|id|n|no|nr|num|number|numero|numero"
    r"|opp|opportunity|ref|reference|referencia|rfa|rfp|tender)\b"
)


class TitleKey(NamedTuple):
    """A title taken apart: the words that name the series, and the years and cycle that name this edition of it."""

    words: tuple[str, ...]
    years: tuple[int, ...] = ()
    cycle: int | None = None  # "3rd edition", "ronda II"

    @property
    def series(self) -> str | None:
        """The words as one text; None where they are too few to name anything."""
        text = " ".join(self.words)
        return text if len(text) >= 6 and (len(self.words) >= 2 or len(text) >= 10) else None


def fold(text: str) -> str:
    """Lower case without accents, compatibility forms resolved, one space between words, no punctuation."""
    return " ".join(folded_words(text))


def folded_words(text: str) -> list[str]:
    """The words of the same."""
    bare = text.casefold()
    if not bare.isascii():
        bare = strip_accents(bare)
    return _WORDS.findall(bare.replace("_", " "))


def strip_accents(text: str) -> str:
    """The text without accents, compatibility forms resolved."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text))


def title_key(title: str, folded: Sequence[str] | None = None) -> TitleKey:
    """The title without case, accents, punctuation, stop words (es, en, fr, pt), years and cycle, kept apart.

    ``folded``: its ``folded_words`` where they are known.
    """
    if len(title) > MAX_TITLE:
        title, folded = title[:MAX_TITLE], None
    years: tuple[int, ...] = ()
    if _DIGIT.search(title) and (told := _YEARS.findall(title)):
        found = set[int]()
        for first, second in told:
            found.add(int(first))
            if second:
                found.add(int(second) if len(second) == 4 else int(first) // 100 * 100 + int(second))
        years, title, folded = tuple(sorted(found)), _YEARS.sub(" ", title), None
    words, cycle = folded_words(title) if folded is None else folded, None
    if not _CYCLES.isdisjoint(words):
        words, cycle = _without_cycle(" ".join(words))
    return TitleKey(tuple([word for word in words if word not in _EMPTY_WORDS]), years, cycle)


def _without_cycle(text: str) -> tuple[list[str], int | None]:
    """The words of a folded title but those that number the edition, and that number."""
    for pattern in (_CYCLE_AFTER, _CYCLE_BEFORE):
        found = pattern.search(text)
        number = _ordinal(found.group(1)) if found else None
        if found and number is not None:
            return (text[: found.start()] + " " + text[found.end() :]).split(), number
    return text.split(), None


@lru_cache(maxsize=50_000)
def funder_key(name: str | None) -> str | None:
    """A convener's name in normal form: its acronym where it gives one in brackets, else its words."""
    if not name:
        return None
    if acronym := re.search(r"\(([A-ZÀ-Þ][A-ZÀ-Þ&.-]{1,11})\)", name):
        return fold(acronym.group(1)).replace(" ", "") or None
    words = [word for word in fold(name[:MAX_TITLE]).split() if word not in STOP_WORDS]
    return " ".join(words) or None


@lru_cache(maxsize=200_000)
def canonical_link(url: str | None) -> str | None:
    """Host, path and query of a link to one thing; None for a home page, a general page or no web address.

    Scheme, ``www.``, default ports, language prefixes, tracking, empty fragments and trailing slashes make no
    difference; the rest of the query does, in any order.
    """
    if not url or len(url) > MAX_URL:
        return None
    if plain := _PLAIN.fullmatch(url):
        return _canonical(plain[2].rstrip("."), plain[3])
    try:
        parts = urlsplit(url.strip())
        host, port = _host(parts).rstrip("."), None if ":" not in parts.netloc else parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    told = parse_qsl(parts.query) if parts.query else ()
    pairs = sorted((key, value) for key, value in told if not _is_tracking(key, value))
    # a fragment that looks like a path is where a page of one script keeps its place
    place = parts.fragment if parts.fragment and re.match(r"!?/\w", parts.fragment) else ""
    behind = (f"?{urlencode(pairs)}" if pairs else "") + (f"#{place}" if place else "")
    return _canonical(host, unquote(parts.path), port, behind)


def _canonical(host: str, path: str, port: int | None = None, behind: str = "") -> str | None:
    """The same of a link's parts; ``behind``: what of its query and fragment makes a difference."""
    if not host:
        return None
    if host.startswith("www"):
        host = re.sub(r"^www\d?\.", "", host)
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    segments = [part for part in path.split("/") if part not in ("", ".")]
    if segments and _LANGUAGE_SEGMENT.match(segments[0]):
        del segments[0]
    if segments and _INDEX_FILE.match(segments[-1]):
        del segments[-1]
    if not behind and (not segments or (len(segments) == 1 and fold(segments[0]) in _GENERAL_PAGES)):
        return None
    return f"{host}/{'/'.join(segments)}{behind}"


def host_of(url: str | None) -> str | None:
    """The host of a web address without ``www.``; None where it has none."""
    if not url:
        return None
    if plain := _PLAIN.fullmatch(url):
        return plain[2].removeprefix("www.") or None
    try:
        return _host(urlsplit(url)).removeprefix("www.") or None
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    """Lower case; empty where there is none."""
    return parts.netloc.lower() if _NAMED.isdisjoint(parts.netloc) else parts.hostname or ""


def is_door(url: str) -> bool:
    """Whether an address is where one logs in: whatever call one came for."""
    parts = urlsplit(url)
    return not _DOORS.isdisjoint(fold(unquote(f"{parts.hostname or ''} {parts.path}")).split())


def _is_tracking(key: str, value: str) -> bool:
    if key.lower() in _REFERRER:
        return not any(char.isdigit() for char in value)
    return bool(_TRACKING.match(key))


@dataclass(frozen=True, slots=True)
class NumberKey:
    """A funder's number in normal form; ``general`` ones mean something beside the funder's name only."""

    text: str
    general: bool


@lru_cache(maxsize=50_000)
def number_key(number: str | None) -> NumberKey | None:
    """A funder's own number without case, punctuation and words such as «No.»; None where nothing but a year is left.

    It is specific (one call in the world) when, its years aside, it has letters, two digits and eight characters:
    ``HORIZON-CL5-2027-D3-01``. ``12 de 2026`` is general.
    """
    if not number:
        return None
    text = _NUMBER_NOISE.sub(" ", fold(number[:200]))
    words = [word for word in text.split() if word not in STOP_WORDS]
    joined = "".join(words)
    rest = "".join(word for word in words if not re.fullmatch(r"(?:19|20)\d\d", word))
    digits = sum(char.isdigit() for char in rest)
    letters = sum(char.isalpha() for char in rest)
    if not digits:
        return None
    return NumberKey(joined, general=not (letters >= 2 and digits >= 2 and len(joined) >= 8))


def _ordinal(word: str) -> int | None:
    if word in _ORDINAL_WORDS:
        return _ORDINAL_WORDS[word]
    if word in _ROMAN:
        return _ROMAN[word]
    found = _ORDINAL.match(word)
    return int(found.group(1)) if found else None
