"""Personal data in a notice's text: where it stands, and the text with it blanked.

E-mail addresses, telephone numbers, identity and bank account numbers. Masking keeps length, so that positions stay
true; a masked span is never evidence and never leaves the machine. Names of persons are not found here.
"""

import re

MASK = "█"

_EMAIL = r"(?<![\w.+%-])[\w.+%-]{1,64}(?:@|\s?[\[(]\s?(?:at|arroba)\s?[\])]\s?)[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
_PHONE = (
    r"(?<![\w)+.,/-])(?:\+|00)[1-9][0-9]{0,3}[ .()/-]{0,2}(?:[0-9][ .()/-]{0,2}){5,11}[0-9](?![0-9])"
    r"|(?<![\w.,/-])\([0-9]{2,4}\)[ .-]?[0-9]{3,4}[ .-]?[0-9]{3,4}(?![\w])"
    r"|(?<![\w.,/$€£-])[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}(?![\w])"
)
_PHONE_CUE = (
    r"(?:\b(?:tel|tfno|ph|phone|telephone|mobile|fax|cell|cel|celular|whatsapp|tel[eé]fono|t[eé]l[eé]phone|telefone|"
    r"m[oó]vil|pbx|call us(?: at| on)?|telefon)\b\s*(?:no|n[oº°]|nro|number)?\s*[.:]*\s*)"
    r"(\+?[0-9][0-9 ().-]{5,18}[0-9])"
)
_IDENTITY = (
    r"\b(?:c[eé]dula(?: de (?:ciudadan[ií]a|identidad))?|c\.? ?c\.?|dni|nif|nie|cpf|rg|curp|rut|ssn|"
    r"passport(?: (?:no|number))?|pasaporte|passeport|passaporte|personalausweis)\b"
    r"\s*(?:no|n[uú]mero|number|n[oº°]|num|nro|#)?\s*[.:#]*\s*"
    r"((?=[A-Z0-9.-]*[0-9]{3})[A-Z0-9][A-Z0-9.-]{4,18}[A-Z0-9])\b"
)
_CPF = r"(?<![\w.])[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?!\w)"
_IBAN = r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"

_WHOLE = re.compile(f"{_EMAIL}|{_CPF}|{_PHONE}")
_CODES = re.compile(_IBAN)
_AFTER_CUE = (re.compile(_PHONE_CUE, re.IGNORECASE), re.compile(_IDENTITY, re.IGNORECASE))


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
