"""Personal data in a text: where it stands, the text with it blanked, and whether a published text holds any.

E-mail addresses, telephone numbers, identity and bank account numbers. Masking keeps length, so that positions stay
true; a masked span is never evidence and never leaves the machine. Names of persons are not found here. Every package uses
these rules; what follows from a find is its own affair.
"""

import re

MASK = "█"

_NAME, _HOST = r"(?<![\w.+%-])[\w.+%-]{1,64}", r"[\w-]{1,63}"
_AT = r"(?:\s?[@＠﹫]\s?|%40|\s?[\[({<]\s?(?:at|arroba|arobase|@)\s?[\])}>]\s?|\s(?:arroba|arobase)\s)"
_DOT = r"(?:[.．]|\s?[\[({]\s?(?:dot|punto|ponto|point|\.)\s?[\])}]\s?|\s(?:dot|punto|ponto|point)\s)"
_EMAIL = rf"{_NAME}{_AT}{_HOST}(?:{_DOT}{_HOST}){{1,5}}|{_NAME}\sat\s{_HOST}(?:\sdot\s{_HOST}){{1,5}}"
_PHONE = (
    r"(?<![\w)+.,/-])(?:\+|00)[1-9][0-9]{0,3}[ .()/-]{0,2}(?:[0-9][ .()/-]{0,2}){5,11}[0-9](?![0-9])"
    r"|(?<![\w.,/-])\([0-9]{2,4}\)[ .-]?[0-9]{3,5}[ .-]?[0-9]{3,4}(?![\w])"
    r"|(?<![\w.,/$€£-])[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}(?![\w])"
    r"|(?<![\w.,/$€£-])(?<![$€£] )3[0-5][0-9](?:[ .-]?[0-9]{3}[ .-]?[0-9]{4}|[ .-][0-9]{3}[ .-][0-9]{2}[ .-][0-9]{2})(?![\w])(?! ?(?:COP|USD|EUR|pesos|€|\$))"
    r"|(?<![\w.,/-])0[1-9](?:[ .-][0-9]{2}){4}(?![\w])"
    r"|(?<=wa\.me/)\+?[0-9]{7,15}|(?<=phone=)(?:\+|%2B)?[0-9]{7,15}|(?<=tel:)[+0-9 ().-]{7,20}"
)
_NUMBER = r"\s*(?:no|n[uú]mero|number|num[eé]ro|n\s?\.?\s?[oº°]|n[uú]m|nro|nr|#)?\s*[.:#]*\s*"
_PHONE_CUE = (
    r"(?:\b(?:tel|tfno|telf|tlf|ph|phone|telephone|mobile|fax|cell|cel|celular|whatsapp|tel[eé]fono|t[eé]l|t[eé]l[eé]phone|telefone|telem[oó]vel|"
    r"m[oó]vil|portable|pbx|call us(?: at| on)?|llame al|ll[aá]menos al|ligue para|appelez(?: le| au)?|telefon|handy)\b"
    + _NUMBER
    + ")"
    r"(\+?[0-9][0-9 ().-]{5,18}[0-9])"
)
_IDENTITY = (
    r"(?<![\w-])(?:c[eé]dula(?: de (?:ciudadan[ií]a|identidad|extranjer[ií]a))?|c\. ?c\.|(?-i:CC)|(?:documento|carn[eé]t?|tarjeta) de (?:identidad|identificaci[oó]n)|identificad[oa] con|nuip|dni|nif|nie|cpf|rg|curp|rut|ssn|"
    r"(?:national )?id(?:entity)?(?: card)?(?= (?:no|number|n))|passport|pasaporte|passeport|passaporte|bilhete de identidade|cart[aã]o de cidad[aã]o|carteira de identidade|documento de identidade|"
    r"carte (?:nationale )?d['’]identit[eé]|pi[eè]ce d['’]identit[eé]|personalausweis|reisepass)(?![^\W\d_])"
    r"(?:\s*\(?(?:no|n[uú]mero|number|num[eé]ro|n\s?\.?\s?[oº°]|n[uú]m|nro|nr|#)?\)?\s*[.:#]*\s*)"
    r"((?=[A-Z0-9.'’ -]{0,6}[0-9][A-Z0-9.'’ -]{0,3}[0-9][A-Z0-9.'’ -]{0,3}[0-9])[A-Z0-9](?:[A-Z0-9.'’-]|(?<=[0-9]) (?=[0-9])){4,18}[A-Z0-9])(?!\w)"
)
_ACCOUNT = (
    r"\b(?:cuenta(?: (?:de ahorros?|corriente|bancaria))?|account|compte(?: bancaire)?|conta(?: (?:corrente|poupan[cç]a|banc[aá]ria))?|kontonummer|clabe|cbu)"
    r"\b\s*(?:no|n[uú]mero|number|num[eé]ro|n\s?\.?\s?[oº°]|n[uú]m|nro|nr|#)?\s*[.:#]*\s*(?!(?:19|20)[0-9]{2} ?- ?(?:19|20))([0-9][0-9 -]{6,24}[0-9])(?!\w)"
)
_CPF = r"(?<![\w.])[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?!\w)"
_CARD = r"(?<![\w.,-])[0-9]{4}(?:[ -][0-9]{4}){3}(?![\w-])"
_IBAN = r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"

_WHOLE = re.compile(f"{_EMAIL}|{_CPF}|{_CARD}|{_PHONE}")
_CODES = re.compile(_IBAN)
_AFTER_CUE = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (_PHONE_CUE, _IDENTITY, _ACCOUNT))


def personal_spans(text: str) -> list[tuple[int, int]]:
    """Where personal data stand in ``text``: (start, end) in code points, sorted, not overlapping."""
    found = [match.span() for match in _WHOLE.finditer(text)]
    found += [match.span() for match in _CODES.finditer(text) if sum(c.isdigit() for c in match.group()) >= 10]
    for pattern in _AFTER_CUE:
        found += [match.span(1) for match in pattern.finditer(text)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


# Mailboxes of an office: the name before the @ is, or has as a part, one of these words.
_OFFICES = frozenset(
    [
        "admin",
        "admission",
        "admissions",
        "aide",
        "apply",
        "applications",
        "atencion",
        "atencionalciudadano",
        "award",
        "awards",
        "beca",
        "becas",
        "bolsas",
        "bourse",
        "bourses",
        "bureau",
        "call",
        "calls",
        "candidatura",
        "candidaturas",
        "candidature",
        "candidatures",
        "comunicaciones",
        "concurso",
        "concursos",
        "contact",
        "contacto",
        "contato",
        "contactus",
        "convocatoria",
        "convocatorias",
        "correspondencia",
        "courses",
        "cursos",
        "edital",
        "editais",
        "enquiries",
        "enquiry",
        "events",
        "eventos",
        "fellowship",
        "fellowships",
        "fondo",
        "fondos",
        "funding",
        "fund",
        "funds",
        "grant",
        "grants",
        "hello",
        "help",
        "helpdesk",
        "hola",
        "info",
        "informacion",
        "information",
        "informacoes",
        "informes",
        "inscripcion",
        "inscripciones",
        "inscricoes",
        "internacional",
        "international",
        "internships",
        "mail",
        "mobility",
        "movilidad",
        "notificaciones",
        "noreply",
        "office",
        "oficina",
        "online",
        "participation",
        "partnerships",
        "postulaciones",
        "postgrado",
        "posgrado",
        "prensa",
        "press",
        "prize",
        "prizes",
        "procurement",
        "programa",
        "programas",
        "programme",
        "programmes",
        "program",
        "programs",
        "projects",
        "proyectos",
        "recepcion",
        "registration",
        "registro",
        "relaciones",
        "residencies",
        "residency",
        "scholarship",
        "scholarships",
        "secretaria",
        "secretariat",
        "secretariado",
        "servicio",
        "sponsorship",
        "subvenciones",
        "support",
        "team",
        "volunteer",
        "volunteers",
        "web",
        "webmaster",
    ]
)
_MAIL = re.compile(_EMAIL)
_URL = re.compile(r"\bhttps?://[^\s<>\"«»]+", re.IGNORECASE)
_PHONE_IN_URL = re.compile(r"(?:wa\.me/|phone=|tel:)(?:\+|%2B)?[0-9]{7,15}", re.IGNORECASE)
MAY_HOLD = (
    r"(?i)[@＠﹫]|%40|arroba|arobase|[\[({<]\s?at\s?[\])}>]|\sat\s.*\sdot\s"  # mail
    r"|[0-9](?:[^0-9A-Z]{0,3}[0-9]){5}"  # six digits in a row, however parted (with \pL it takes 30 ms to compile)
    r"|[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4}"  # bank account
    r"|(?:\bc|cc|dula|ident|nuip|dni|nif|nie|cpf|\brg|curp|rut|ssn|\bid\b|pass?a?port|reisepass|personalausweis|cidad)[^\n]*[0-9]"
)
"""A quick look, in the syntax of DuckDB (RE2): a text in which this is not found holds no personal data."""


def holds_personal_data(text: str) -> bool:
    """Whether a text meant for the public holds a mail address, telephone, identity or account number of a person.

    The mailbox of an office (``becas@…``) is of no person. Of an address of the web only a mail address and a number
    to call or write to count: its other figures are the page's.
    """
    spans = personal_spans(text)
    if not spans:
        return False
    pages = [match.span() for match in _URL.finditer(text)]
    return any(not _is_public(text, span, pages) for span in spans)


def _is_public(text: str, span: tuple[int, int], pages: list[tuple[int, int]]) -> bool:
    start, end = span
    told = text[start:end]
    if _MAIL.search(told):
        name = re.split(r"[@＠﹫%\s\[({<]", told, maxsplit=1)[0].lower()
        return not _OFFICES.isdisjoint(re.split(r"[^a-z]+", name))
    page = next((text[first:last] for first, last in pages if first <= start < last), None)
    return page is not None and not _PHONE_IN_URL.search(page)


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """``text`` with the spans (sorted, not overlapping) replaced by ``MASK`` characters; the same length."""
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], MASK * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def mask(text: str) -> str:
    """``text`` with personal data blanked; the same length."""
    return blank(text, personal_spans(text))
