"""Spanish text about one notice, by templates, from its proved facts only: title, summary, who can apply.

No deadline is written here: closing is shown apart. What a channel says is composed when it is published. What is taken from the page (its title, the convener's name) is
hostile and becomes plain text; every word of it that is not a fact is ours.
"""

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import format_decimal

from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.orders import order_spans
from boi_pipeline.reading.quotes import TextView
from boi_pipeline.records import FACTS, Draft, Reading, canonical_json, sha256_hex
from scrapers.notice import Notice

DRAFTER = "template"
DRAFTER_VERSION = "template-5"
TITLE_LIMIT = 90
SUMMARY_MIN, SUMMARY_MAX = 40, 60  # words

# What nobody sees or what turns text around: controls, zero-width, bidirectional marks, tags, private use.
_UNSEEN = re.compile(
    r"[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f\ufeff\ufff9-\uffff\U000e0000-\U000e0fff]"
)
_DATE_IN_TITLE = re.compile(  # whole words, with a number after them: «Climate Data» has no «até», «until the end» no day
    r"[\s:;,–—|-]*[(\[]?\s*(?<!\w)(?:deadline|apply by|closes?|closing date|cierre|cierra|fecha l[ií]mite|plazo|hasta el|date limite|jusqu'au|prazo|at[eé] o?|encerra\w*)\b(?=[^)\]]*\d)[^)\]]*[)\]]?\s*$",
    re.IGNORECASE,
)
_HURRY = (
    r"¡?(?:[uú]ltima (?:semana|oportunidad)|[uú]ltimos d[ií]as|plazo (?:ampliado|extendido)|se (?:ampl[ií]a|extiende) el plazo"
    r"|(?:inscripciones|postulaciones) abiertas|last (?:days|week|chance)|deadline extended|extended deadline"
    r"|(?:applications|registration) (?:now )?open|derniers? jours?|derni[eè]re (?:semaine|chance)|d[eé]lai prolong[eé]"
    r"|inscriptions ouvertes|[uú]ltimos dias|[uú]ltima chance|prazo (?:prorrogado|estendido)|inscri[cç][oõ]es abertas)"
)
_HURRY_IN_TITLE = re.compile(  # what is said of today, not of the call: before a sign, or after one
    rf"^\s*[(\[]?\s*{_HURRY}\s*(?:[!)\]:–—|-]+\s+)|(?:\s*[:;–—|!-]\s*|\s*[(\[]\s*|\s+¡){_HURRY}\s*[!.)\]]*\s*$",
    re.IGNORECASE,
)
_AUDIENCE = {
    "citizens": "personas", "public_servants": "servidores públicos", "social": "organizaciones sociales", "academia": "academia",
    "business": "empresas y emprendimientos", "public_bodies": "entidades públicas",
}  # fmt: skip
_COVERED = {
    "tuition": "matrícula", "stipend": "manutención", "travel": "viaje", "insurance": "seguro", "visa": "visa", "materials": "materiales", "prize": "premio en dinero",
}  # fmt: skip
_TOPIC = {
    1: "superación de la pobreza", 2: "alimentación y agricultura", 3: "salud", 4: "educación", 5: "igualdad de género", 6: "agua", 7: "energía",
    8: "empleo y emprendimiento", 9: "innovación", 10: "inclusión", 11: "ciudades", 12: "economía circular", 13: "clima", 14: "océanos",
    15: "biodiversidad", 16: "paz y gobierno", 17: "alianzas para los ODS",
}  # fmt: skip
_LEVEL = {3: "secundaria", 5: "formación técnica", 6: "pregrado", 7: "maestría", 8: "doctorado"}
_TYPE = {
    "scholarship": ("Beca", "una beca"), "fund": ("Fondo", "un fondo"), "cooperation": ("Cooperación", "una convocatoria de cooperación"),
    "award": ("Premio", "un premio"), "event": ("Evento", "un evento"), "course": ("Curso", "un curso"),
    "placement": ("Pasantía o vacante", "una pasantía, un voluntariado o una vacante"), "residency": ("Residencia", "una residencia"), "network": ("Red", "la vinculación a una red"),
}  # fmt: skip


def plain_text(text: str) -> str:
    """Text of a page as one plain line: no control, zero-width or direction characters."""
    return " ".join(_UNSEEN.sub("", text).split())


def cut(text: str, limit: int) -> str:
    """``text`` within ``limit`` characters, cut after a whole word and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    at = short.rfind(" ")
    short = short[:at] if at > limit // 2 else short
    return short.rstrip(" ,;:–—-(") + "…"


def draft_hash(reading: Reading, context: ReadingContext) -> str:
    """``input_hash`` of a draft: the facts it is written from, the title's notice and the context."""
    facts = {name: getattr(reading, name) for name in FACTS}
    return sha256_hex(canonical_json({"facts": facts, "notice": reading.notice_id, "context": context.context_hash}))


def draft(reading: Reading, notice: Notice, context: ReadingContext) -> Draft:
    """Title (≤ 90 characters), summary (40–60 words), and the sentence on who can apply, in Spanish."""
    title, summary = title_es(reading, notice, context), summary_es(reading, notice, context)
    eligibility = eligibility_es(reading, context)
    return Draft(
        input_hash=draft_hash(reading, context),
        drafter=DRAFTER,
        drafter_version=DRAFTER_VERSION,
        notice_id=notice.notice_id,
        item_id=notice.item_id,
        title_es=title,
        summary_es=summary,
        eligibility_es=eligibility,
        digital_source_type="algorithmicMedia",
    )


def title_es(reading: Reading, notice: Notice, context: ReadingContext) -> str:
    """``{Tipo} {cobertura} para {quién} en {tema} — {convocante}, {lugar|virtual}``; the original title where facts are thin."""
    original = _original(notice)
    kind = reading.opportunity_type
    if kind not in _TYPE:
        return cut(original, TITLE_LIMIT)
    whom, topic = _whom_title(reading), _topic(reading)
    funder, place = _funder(reading), _place(reading)
    if not funder or not (topic or whom):
        return cut(original, TITLE_LIMIT)
    head = " ".join(part for part in (_TYPE[kind][0], _level_of_cover(reading)) if part)
    shapes = (
        (whom, topic, funder, place),
        (whom, topic, funder, ""),
        ("", topic, funder, place),
        (whom, "", funder, place),
        ("", topic, funder, ""),
        (whom, "", funder, ""),
    )
    for who, about, by, where in shapes:
        text = (
            head
            + (f" para {who}" if who else "")
            + (f" en {about}" if about else "")
            + f" — {by}"
            + (f", {where}" if where else "")
        )
        if len(text) <= TITLE_LIMIT:
            return text
    lead = head + (f" en {topic}" if topic else f" para {whom}") + " — "
    return lead + cut(funder, TITLE_LIMIT - len(lead)) if TITLE_LIMIT - len(lead) >= 20 else cut(original, TITLE_LIMIT)


def summary_es(reading: Reading, notice: Notice, context: ReadingContext) -> str:
    """40–60 words from the facts; sentences are added while they fit, fillers only to reach the least."""
    sentences: list[str] = []

    def add(text: str) -> None:
        if text and _count(sentences) + len(text.split()) <= SUMMARY_MAX:
            sentences.append(text)

    add(_lead(reading, notice))
    for part in (_money, _covers, _asks, _where, _goals):
        add(part(reading))
    add(_home(reading, context))
    for filler in (
        "La fuente no detalla más datos que puedan comprobarse en su texto." if _count(sentences) < 24 else "",
        "Antes de postularse, lea las bases completas y confirme los requisitos en el sitio oficial.",
        "El cierre y el enlace se muestran aparte, con las palabras exactas de la fuente.",
        "Ante cualquier duda, consulte directamente a la entidad que convoca por sus canales oficiales.",
        "Guarde una copia de lo que envíe.",
    ):
        if _count(sentences) < SUMMARY_MIN:
            add(filler)
    return " ".join(sentences)


def eligibility_es(reading: Reading, context: ReadingContext) -> str:
    """Who can apply, in one sentence."""
    country = _country(context.home_country)
    whom = _join([_label(context, "applicant_types", code).lower() for code in reading.accepted_applicant_types])
    places = _join([_region(context, code) for code in reading.eligible_regions[:5]])
    who = " ".join(
        part
        for part in (
            f"se dirige a {whom}" if whom else "admite postulaciones" if places else "",
            re.sub(r"^de el ", "del ", f"de {places}") if places else "",
            f"con {_ages(reading.typical_age_range)}" if reading.typical_age_range and (whom or places) else "",
        )
        if part
    )
    answer = {"yes": f"sí se puede postular desde {country}", "no": f"no se puede postular desde {country}"}.get(
        reading.home_eligible, f"la fuente no aclara si se puede postular desde {country}"
    )
    text = f"{who}; {answer}" if who else answer
    return text[0].upper() + text[1:] + "."


def _count(sentences: list[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)


def _join(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    last = words[-1]
    return f"{', '.join(words[:-1])} {'e' if re.match(r'h?i(?!e)', last.lower()) else 'y'} {last}"


def _label(context: ReadingContext, vocabulary: str, code: str | int) -> str:
    found = context.vocabularies.get(vocabulary)
    return found.label(code) if found else str(code)


def _country(code: str) -> str:
    return Locale("es").territories.get(code, code)


_ARTICLES = {
    "la": ("Unión", "Comunidad", "Liga", "Alianza", "Asociación", "Mancomunidad", "Francofonía"),
    "el": ("Caribe", "Sur", "Espacio", "Norte"),
    "los": ("Países", "Estados", "Balcanes", "Pequeños"),
    "las": ("Islas",),
}


def _region(context: ReadingContext, code: str) -> str:
    """A place as it stands after "de": "cualquier país", "la Unión Europea", "los países receptores de AOD"."""
    if code == "WORLD":
        return "cualquier país"
    if code not in context.terms("country_groups"):
        return _country(code)
    label = _label(context, "country_groups", code)
    article = next((article for article, firsts in _ARTICLES.items() if label.split()[0] in firsts), "")
    name = label[0].lower() + label[1:] if article == "los" and not label.startswith("Balcanes") else label
    return f"{article} {name}".strip()


def _funder(reading: Reading) -> str:
    return plain_text(reading.funder_name or "")


def _original(notice: Notice) -> str:
    """The page's own title, without its date and what urges; not one that gives orders to a machine."""
    title = plain_text(notice.title)
    if order_spans(TextView(title)):
        return "Página con un título que da órdenes a quien la lee"
    bare = _DATE_IN_TITLE.sub("", title)
    calm = _HURRY_IN_TITLE.sub("", _HURRY_IN_TITLE.sub("", bare))
    return (calm if calm == bare else calm[:1].upper() + calm[1:]) or title


def _level_of_cover(reading: Reading) -> str:
    if reading.opportunity_type != "scholarship":
        return ""
    return {"full": "completa", "partial": "parcial"}.get(reading.funding_level or "", "")


def _whom_title(reading: Reading) -> str:
    levels = [_LEVEL[level] for level in reading.isced_levels if level in _LEVEL]
    if levels and reading.opportunity_type == "scholarship":
        return _join(levels[:2])
    special = [_AUDIENCE[name] for name in reading.audiences if name in _AUDIENCE and name != "citizens"]
    return special[0] if len(special) == 1 else ""


def _topic(reading: Reading) -> str:
    return _TOPIC.get(reading.sdg_goals[0], "") if reading.sdg_goals else ""


def _place(reading: Reading) -> str:
    if reading.attendance_mode == "online":
        return "virtual"
    return _country(reading.host_countries[0]) if len(reading.host_countries) == 1 else ""


def _lead(reading: Reading, notice: Notice) -> str:
    kind = _TYPE.get(reading.opportunity_type or "", ("", "una oportunidad"))[1]
    funder = cut(_funder(reading), 60)
    title = cut(_original(notice), 110)
    topic = f" en {_topic(reading)}" if _topic(reading) else ""
    verb = "abre" if kind.startswith("una convocatoria") else "convoca"
    by = f"{funder} {verb}" if funder else "La fuente anuncia"
    return f"{by} {kind}{topic}: «{title}»."


def _amount(value: Decimal) -> str:
    return format_decimal(value, locale="es", format="#,##0.##")


def _money(reading: Reading) -> str:
    currency = reading.currency
    low, high = reading.min_award_amount, reading.max_award_amount
    text = ""
    if currency and high is not None and low is not None and low != high:
        text = f"Otorga entre {_amount(low)} y {_amount(high)} {currency}"
    elif currency and high is not None and low == high:
        text = f"Indica un monto de {_amount(high)} {currency}"
    elif currency and high is not None:
        text = f"Otorga hasta {_amount(high)} {currency}"
    elif currency and low is not None:
        text = f"Otorga desde {_amount(low)} {currency}"
    elif currency and reading.total_amount_available is not None:
        text = f"Dispone en total de {_amount(reading.total_amount_available)} {currency}"
    count = reading.estimated_award_count
    if count:
        noun = "cupo" if count == 1 else "cupos"
        text = f"{text}, con {_amount(Decimal(count))} {noun}" if text else f"Ofrece {_amount(Decimal(count))} {noun}"
    return f"{text}." if text else ""


def _covers(reading: Reading) -> str:
    covered = [_COVERED[name] for name in reading.coverage if name in _COVERED]
    if reading.funding_level == "none":
        return "" if _money(reading) else "No ofrece financiación."  # a page that names an amount denies only a part
    return f"Cubre {_join(covered)}." if covered else ""


def _asks(reading: Reading) -> str:
    languages = Locale("es").languages
    asked = []
    for language in reading.required_languages[:3]:
        code, _, level = language.partition(":")
        asked.append(f"{languages.get(code, code)}{f' nivel {level}' if level else ''}")
    parts = [_join(asked)] if asked else []
    if reading.typical_age_range:
        parts.append(_ages(reading.typical_age_range))
    if reading.application_fee:
        parts.append("pagar una cuota para postularse")
    return f"Pide {_join(parts)}." if parts else ""


def _ages(ages: str) -> str:
    low, _, high = ages.partition("-")
    if low and high:
        return f"edad entre {low} y {high} años"
    return f"edad desde {low} años" if low else f"edad hasta {high} años"


def _where(reading: Reading) -> str:
    if reading.attendance_mode == "online":
        return "Es virtual."
    places = _join([_country(code) for code in reading.host_countries[:3]])
    mode = {"mixed": "en modalidad híbrida", "offline": "de forma presencial"}.get(reading.attendance_mode or "", "")
    if places:
        return f"Se realiza en {places}{f', {mode}' if mode else ''}."
    return f"Se realiza {mode}." if mode else ""


def _goals(reading: Reading) -> str:
    goals = _join([str(goal) for goal in reading.sdg_goals])
    return "" if not goals else f"Aporta {'al ODS' if len(reading.sdg_goals) == 1 else 'a los ODS'} {goals}."


def _home(reading: Reading, context: ReadingContext) -> str:
    country = _country(context.home_country)
    return {
        "yes": f"Según la fuente, se puede postular desde {country}.",
        "no": f"Según la fuente, no se puede postular desde {country}.",
    }.get(reading.home_eligible, f"La fuente no aclara si se puede postular desde {country}.")
