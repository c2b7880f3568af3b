"""Whether a people's or a group's name beside a word for applicants ties it: "ecuadorian students", "Colombianos con …"."""

import re
from collections.abc import Callable

from boi_pipeline.reading.offline.sections import FOR
from boi_pipeline.reading.offline.tie_case import UNTIED, Named, Tie
from boi_pipeline.reading.rules import first_answer

_NATIONALITY = re.compile(
    r"(?:nationality|nacionalidad|nationalite|nacionalidade|ciudadania|cidadania|citizenship|staatsangehorigkeit|(?:de|bajo|under|sob) (?:la |el |o )?(?:droit|derecho|direito|leyes|legislacion|legislacao))(?: (?:is|es|est|e))? ?:? ?$"
)
_UNDER_LAW = re.compile(r"de |bajo|under|sob")
_FOR_THOSE = re.compile(
    r"(?<![^\W_])(?:para|pour|for|fur|dirigid[oa]s? a|open to|ouverte?s? aux?|abert[oa]s? a?os|ser|be|etre|sejam|sean|solo|only|seuls|(?:inscrever|candidatar)-se|inscribirse|presentarse|postular|concursar|concorrer|participar) (?:o |el )?(?:los |las |les |os |as |un |una |a |an )?$"
)
_OURS = re.compile(r"(?<![^\W_])(?:votre|vos|your|tus?|sus?|seus|suas|ihre[rn]?) (?:[^\W_]+ )?$")
# "centroamericanos", "latino-américaines": those of a group.
_MANY_OF_GROUP = re.compile(r"(?:an[oa]s|enos|enas|icain(?:e?s)|ien(?:ne)?s|eens|aner(?:innen)?|islanders)$")
_ARTICLES = re.compile(
    r"[ ,]*(?:(?:only|solo|solamente|unicamente|exclusivamente|apenas|somente|seulement|uniquement|nur|the|los|las|l[oa]s|les|des|os|as|die|a|an|aos?|aux?|to|para|pour|for)[ ,]+)*$"
)
_MAY_AFTER = re.compile(
    r"[^.;:\n]{0,90}(?<![^\W_])(?:may|can|are eligible|are invited|pueden|podran|podeis|peuvent|pourront|podem|poderao|konnen|sont invites|estan invitad\w+)(?![^\W_])"
)
_PLURAL_BEFORE = re.compile(r"([^\W_]{4,}s)(?:/as)? $")
_ADJECTIVE = re.compile(r"an[oa]s?$|ens?$|ch$|ai[nes]+$")
_MANY = re.compile(r"(?:s|x|er|innen|en|ans)$")
_SINGULAR = re.compile(r"(?:[^sS]|[éê]s|ais|ois)$")
_LEVEL = re.compile(
    r"[ :,(-]*(?:[abc][12]|nativ|fluen|fluid|avanzad|avancad|basic|intermedi|courant|hablad|escrit|\(|y |e |et |and |o )"
)


Rule = Callable[[Named], Tie | None]


def tie_of_people(case: Named) -> Tie:
    """How a people's or group's name used as an adjective or by itself is tied; UNTIED where it is not."""
    return first_answer(_RULES, case) or UNTIED


def of_that_nationality(case: Named) -> Tie | None:
    """ "Nacionalidad: colombiana"; a convener too is "de droit français", where the sentence speaks of no applicants."""
    low = case.back(30)
    nation = _NATIONALITY.search(case.page.folded[low : case.hit.start]) if case.is_a("people") else None
    if nation is None or not (case.context.opens or not _UNDER_LAW.match(nation.group())):
        return None
    return Tie(low + nation.start(), True)


def nothing_offered(case: Named) -> Tie | None:
    """ "The Colombian ambassador spoke of it": the sentence offers nothing; nor is a country's own name an adjective."""
    context = case.context
    offered = context.opens or context.title or FOR.search(case.page.folded, case.back(40), case.hit.start)
    return UNTIED if case.is_a("country") or not offered else None


def before_applicants(case: Named) -> Tie | None:
    """ "Ecuadorian students"."""
    behind = (case.end, min(case.segment[1], case.end + 30))
    named = any(p.start - case.end <= 2 for p in case.context.people(behind, 9, exact=True))
    return Tie(case.hit.start, _all_are(case)) if named else None


def behind_applicants(case: Named) -> Tie | None:
    """ "Estudiantes ecuatorianos"; in English such words stand before: "Leadership Woman EU Prize" has no women of the EU."""
    page, at = case.page, case.hit.start
    named = [p for p in case.context.people((case.back(60), at), 0) if at - p.end <= 2]
    named = [p for p in named if not _OURS.search(page.folded[max(case.segment[0], p.start - 24) : p.start])]
    if not named or (page.language == "en" and case.is_a("group")):
        return None
    return Tie(named[-1].start, _all_are(case))


def people_by_themselves(case: Named) -> Tie | None:
    """ "Who may apply: Colombians", "les Sénégalais peuvent …", "para peruanos"; not "español nativo"."""
    if not case.is_a("people"):
        return None
    begins = case.context.inside and case.context.begins(case.hit.start) and not is_language(case)
    return Tie(case.hit.start, True) if begins or _is_subject(case) or _for_those(case) else UNTIED


def many_of_a_group(case: Named) -> Tie | None:
    """ "Dirigido a centroamericanos"."""
    many = _MANY_OF_GROUP.search(case.page.folded, case.hit.start, case.hit.end)
    return Tie(case.hit.start, _all_are(case)) if many and (_for_those(case) or _is_subject(case)) else None


def behind_any_plural(case: Named) -> Tie | None:
    """ "Guionistas iberoamericanos": kinds of people no list has."""
    page, low = case.page, case.back(30)
    before = page.folded[low : case.hit.start]
    word = None if _OURS.search(before) else _PLURAL_BEFORE.search(before)
    if word is None or not _ADJECTIVE.search(page.folded[case.hit.start : case.hit.end]):
        return None
    thing = page.hits("eligibility.notpeople", low + word.start(1), case.hit.start)
    return None if thing else Tie(low + word.start(1), _all_are(case))


_RULES: tuple[Rule, ...] = (
    of_that_nationality,
    nothing_offered,
    before_applicants,
    behind_applicants,
    people_by_themselves,
    many_of_a_group,
    behind_any_plural,
)


def _all_are(case: Named) -> bool:
    """Whether all applicants are of them."""
    context = case.context
    return context.must or context.inside or (case.is_a("people") and not context.title)


def _for_those(case: Named) -> bool:
    """ "Para …", "open to …" right before them."""
    return _FOR_THOSE.search(case.page.folded[case.back(30) : case.hit.start]) is not None


def is_language(case: Named) -> bool:
    """ "español nativo", "Français B1": the name of a language, not of a people."""
    page = case.page
    word = page.text[case.hit.start : case.end]
    level = _LEVEL.match(page.folded[case.end : case.end + 14])
    singular = _SINGULAR.search(word) is not None
    return case.is_a("people") and (level is not None or (singular and word.islower()))


def _is_subject(case: Named) -> bool:
    """ "Les Sénégalais peuvent …", "São elegíveis timorenses": a people, many of it, right beside the words that admit."""
    page, context, first, last = case.page, case.context, case.hit, case.run[-1]
    many = _MANY.search(page.folded[last.start : last.end]) is not None
    if not many or is_language(case) or page.any("host.noun", (last.end, min(case.segment[1], last.end + 24))):
        return False
    articles = _ARTICLES.search(page.folded, context.value, max(first.start, context.value))
    opening = articles is not None and context.begins(articles.start())
    if opening and _MAY_AFTER.match(page.folded, last.end, case.segment[1]):
        return True
    cues = page.hits("eligibility.open", case.back(40), first.start)
    return bool(cues) and _ARTICLES.fullmatch(page.folded, cues[-1].end, first.start) is not None
