"""What each amount of a text is for, by the words around it: an award, the total of a call, or something else.

Fees, prices, salaries, past figures and own contributions are something else. Which of the amounts become fields is in
``money``; how amounts are written belongs to ``values.money``.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from boi_pipeline.reading.offline.money_case import (
    LEAST_TOTAL,
    OFTEN,
    PERSONAL,
    PRICED,
    PROJECTS,
    STIPENDS,
    TAUGHT,
    Around,
    nearest,
    times_of,
)
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.rules import first_answer
from boi_pipeline.reading.values.money import Money

# "un monto global de …", also over the end of a line.
_GLOBAL = re.compile(
    r"(?<![a-z])(?:monto|cuantia|valor|importe|montant|montante|amount|bolsa|dotacion|presupuesto)\s(?:global|total|conjunt[oa])(?:\s(?:maxim[oa]|estimad[oa]))?\s(?:de|of|d'|hasta)\s(?:hasta\s)?\(?$"
)
# "150 dólares de inscripción": what one pays.
_TO_PAY = re.compile(
    r" (?:de|d'|da|do|for|para|pour|of) ?(?:la |el |the |l')?(?:inscripcion|inscription|inscricao|matricula|registration|enrolment|entry|tasa|taxa|cuota|cotisation|quota|gestion|asesoria|deposito|deposit|caution|frais)(?![a-z])"
)
# Where a network tells what its members pay.
_DUES = re.compile(
    r"(?<![a-z])(?:cuotas?|cotisations?|cotas?|quotas?|anuidade|dues|(?:membership|annual|yearly|joining) (?:fee|contribution|subscription)s?|subscription|adhesion anual|mitgliedsbeitrag\w*|beitrag)(?![a-z])"
)
# "$3,150 a month for living costs": what one gets to live on.
_TO_LIVE_ON = re.compile(
    r"(?: (?:a|per|each|every|al|por|par|ao|pro|cada|im|chaque) ?[a-z]+| (?:monthly|mensual(?:es)?|mensuels?|mensais|monatlich))?,? (?:for|toward|towards|to cover|para|pour|als|fur) (?:[a-z]+ )?(?:living|subsistence|manuten\w+|vivir|vivre|viver|lebens\w+|frais de vie|gastos de vida|despesas de vida)"
)
_WAGE = re.compile(
    r"(?<![a-z])(?:salary|salario|sueldo|salaire|vencimento|remunera\w+|gehalt|retribucion|renumeration|pay)(?![a-z])"
)
_PRICE = re.compile(
    r"(?<![a-z])(?:valor|value|valeur|importe|monto|montant|amount|montante|por persona|per person|par personne|por pessoa|pro person)(?![a-z])"
)
# "you get … and a fee of": what an artist is paid, not what one pays.
_FEE_PAID = re.compile(
    r"(?:(?<![a-z])(?:gets?|receives?|offers?|provides?|pays?|includes?|given|grants?|commission|artists?'?s?|reciben?|ofrece\w*|incluye|recoi\w+|offre\w*|recebe\w*)(?![a-z])[^.;\n]{0,90}[ ,]| and )(?:a |an |the |net |flat )*(?:fees?|honorarios|honoraires) (?:of|de|is|:) ?(?:up to )?$"
)
# What taking part in a course or meeting costs, by words before the sum; words of giving beside them tell else.
_ENTRY = re.compile(
    r"(?<![a-z])(?:registration|inscripcion(?:es)?|inscricao|inscricoes|inscription|tarifa?s?|entradas?|tickets?|ingressos?|aranceles|price|prices|precios?|precos?|prix d'entree|admission|early[- ]bird|teilnahmegebuhr\w*|eintritt)(?![a-z])"
)
_GIVES_TOO = re.compile(
    r"(?<![a-z])(?:prize|award|grant|bursar|scholarship|stipend|premio|beca|bolsa de|bourse|prix (?!d'entree)|ayuda|apoio|aide)"
)
# "Applicants may give financial support to third parties of no more than": what a project passes on.
_PASSED_ON = re.compile(
    r"(?<![a-z])(?:applicants|beneficiaries|projects|consortia|partners) (?:may|can)[^.;\n]{0,60} (?:give|provide|award|offer) (?:financial support|sub-?grants?|grants) to third part"
)
# One of those who get something: beside a ceiling it is no budget of the whole.
_ONE = re.compile(
    r"(?<![a-z])(?:(?:each|every|per|one|a|an|any|single|individual|por|cada|un|una|par|chaque|une|um|uma|pro|je|jede[rs]?|ein|eine)(?: [^\W_]+)? (?:project|proposal|grant|applicant|organi[sz]ation|application|award|consortium|recipient|team|partner|idea|initiative|"
    r"proyecto|propuesta|iniciativa|solicitud|entidad|organizacion|beneficiari[oa]|solicitante|ayuda|subvencion|equipo|consorcio|municipio|ciudad|empresa|"
    r"projet|subvention|candidat(?:ure)?|laureat|association|beneficiaire|dossier|organisation|equipe|structure|"
    r"projeto|proposta|candidatura|organizacao|entidade|iniciativa|beneficiari[oa]|apoio|antrag|projekt|vorhaben|verein|organisation)|"
    r"projects?|proposals?|requests?|applicants?|grantees|proyectos|propuestas|solicitudes|projets|candidatures|projetos|propostas|candidaturas|solicitacoes|projekte|vorhaben|none)(?![a-z])"
)
# What an award gives back: costs of these words are paid, not asked for.
_REFUND = re.compile(
    r"(?<![a-z])(?:reimburs\w*|refund\w*|rembours\w*|defray\w*|reembols\w*|sufrag\w*|reintegr\w*|erstatt\w*|ubernomm\w*|pris(?:e|es)? en charge|compensad\w*)(?![a-z])"
)
# "The programme is endowed with 1.5 million": all a call has, where a prize "endowed with" is what one gets.
_ENDOWED = re.compile(
    r"(?<![a-z])(?:call|programme|program|fund|window|scheme|initiative|programa|convocatoria|linea|fondo|iniciativa|edital|aviso|chamada|concurso|appel|fonds|dispositif|ausschreibung|programm|aufruf|bekanntmachung|forderaufruf)(?: [^\W_]+){0,5}? "
    r"(?:(?:is |esta |est |e |ist )?(?:endowed|dotad[oa]|dotee?|ausgestattet|provided|funded) (?:with|con|de|d'|com|mit)|has|have|holds|tiene|cuenta con|dispone de|dispone|conta com|tem|dispoe de|dispoe|dispose de|dispose|dispose d'|mit|makes|ofrece|oferece|stellt)(?: (?:a|un|una|une|um|uma))?"
    r"(?:,[^,]{1,25}, de)?(?: (?:total|budget|presupuesto|enveloppe|bolsa|orcamento|dotacion|pot|pool|sum|fondo)(?: (?:of|de|d'))?)? ?$"
)
# "shared among", "se partageront": what several get together.
_SHARED = re.compile(
    r"(?<![a-z])(?:(?:to be |will be |is |are )?(?:shared|split|divided|distributed) (?:equally )?(?:among|between|by|across|over)|(?:will )?share|se (?:repartiran|repartira|distribuira|distribuiran|partageront|partagent|dividira|reparten)|(?:re)?partiront|seront (?:attribues|repartis|distribues|partages)|"
    r"dividirao|repartirao|serao (?:divididos|distribuidos|repartidos|partilhados)|compartirao|partilharao|teilen sich|verteilt|en total|in total|au total|no total|insgesamt|ao todo)(?![a-z])"
)
# "has been earmarked for this window", "sont consacrés à cet appel": what is said of a call's money.
_SET_ASIDE = re.compile(
    r"(?: [^\W_]+){0,2}? ?(?:(?:is|are|has been|have been|will be|was|were) (?:[^\W_]+ )?(?:earmarked|set aside|reserved|allocated|allotted|committed|available|budgeted|pledged|put up|on the table)|(?:est|sont|seront|ont ete|a ete) (?:consacre|affecte|reserve|mobilise|alloue|disponible|prevu|debloque|inscrit)e?s?|"
    r"(?:se|que se) (?:destinan|destinaran|destina|reservan|reservaran|ponen|asignan|asignaran|invertiran)|(?:estan|seran|han sido|fueron|son) (?:destinad|reservad|asignad|disponible|previst)[a-z]*|(?:serao|estao|foram|sao) (?:destinad|reservad|alocad|disponibilizad|disponive|previst)[a-z]*|"
    r"(?:stehen|steht|sind|ist|werden|wird) (?:[^\W_]+ ){0,4}?(?:bereit|zur verfugung|vorgesehen|reserviert|bereitgestellt))(?![a-z])"
)
# "topic budget:", "une ligne de", "der Topf umfasst": a name of what a call has, right before the sum.
_POT = re.compile(
    r"(?<![a-z])(?:budget|envelope|pot|kitty|purse|pool|bolsa|partida|linea presupuestaria|presupuesto|fondo total|enveloppe|ligne(?: budgetaire)?|cagnotte|credits?|credito|verba|orcamento|dotacao|dotacion|topf|etat|fordermittel|mittel|gesamtmittel)"
    r"(?: (?:of|for|de|da|do|del|von|fur) [^\W_]+(?: [^\W_]+)?)?(?: ?: ?| (?:of|is|stands at|amounts to|comes to|es|es de|asciende a|de|d'|est de|s'eleve a|e de|soma|ronda|umfasst|betragt|von|in hohe von|indicatif de|indicativo de)(?: (?:about|around|unos|los|environ|cerca de|rund|a|las))? )$"
)
# "totalling", "purse totals": right before what all of it comes to.
_SUMMING = re.compile(
    r"(?<![a-z])(?:total(?:s|l?ing|l?ed|es)?|totali[sz]an(?:do|t|ts)?|totalizam|somando|sumando|suman|soit un total|(?:for|por|para|pour|avec|de|of|um|un|no|in) (?:a |un |um )?total|insgesamt|combined|between them|suma|soma|sumaran)(?: (?:of|de|d'|a|up to|hasta|ate))? ?\(?$"
)


class Amount(NamedTuple):
    """An amount of the text, what it is for and how it is told: as a floor, a ceiling, on top of another, by a unit of time."""

    money: Money
    role: str  # total | award | other | "" (no word says)
    low: bool
    high: bool
    extra: bool
    period: str
    within: Span


Rule = Callable[[Around], str | None]
Correction = Callable[[Around, str], str | None]


def role_of(page: Page, found: list[Money], i: int, kind: str | None) -> Amount:
    """What the i-th amount found is for, on a page of this opportunity type (None: not known)."""
    case = Around(page, found, i, kind)
    role = first_answer(_BY_WORDS, case) or ""
    for correct in _CORRECTIONS:
        role = correct(case, role) or role
    return Amount(case.money, role, case.low, case.high, case.extra, case.period, case.segment)


# By the words around it, the first that tell.


def most_that_is_given(case: Around) -> str | None:
    """ "The most we can give is 5,000 €"."""
    return "award" if case.most_given else None


def nearest_word(case: Around) -> str | None:
    """ "A grant of 5,000 €", "total budget: 2 million €", "a fee of 20 €"."""
    return case.nearest or None


def what_one_can_get(case: Around) -> str | None:
    """ "900 € a month", "up to 5,000 €", "between 500 and 900 €", wherever no heading says else."""
    return case.heading or "award" if _often(case) or _limit(case) else None


def same_as_since(case: Around) -> str | None:
    """ "2,500, 1,500 and 1,000 €": for what the first of a list is for."""
    money = case.money
    if money.since < 0:
        return None
    anchor = next((other for other in case.found if other.start >= money.since and other.since < 0), money)
    return nearest(case.page, (max(0, anchor.start - 40), anchor.start), (anchor.end, anchor.end)) or None


def heading_above(case: Around) -> str | None:
    """ "Prizes:\\n- First: 5,000 €"; what a pot holds needs no heading."""
    return None if _POT.search(_words_before(case)) else case.heading or None


_BY_WORDS: tuple[Rule, ...] = (most_that_is_given, nearest_word, what_one_can_get, same_as_since, heading_above)


def _often(case: Around) -> bool:
    """Whether it is paid by a unit of time as a person is paid; no meeting costs something a month."""
    if case.kind in ("event", "award"):
        return case.period == "month"
    personal = case.kind is None or (case.kind in PERSONAL and case.kind not in PRICED)
    return personal and case.period in OFTEN


def _limit(case: Around) -> bool:
    """Whether it is told as the limit of what one can get."""
    if case.kind in TAUGHT:
        return False
    return case.high or (case.low and case.kind in PROJECTS) or (case.ranged and case.kind != "network")


def _words_before(case: Around) -> str:
    return case.page.folded[case.before[0] : case.before[1]]


# What the type of the page and words further off make of that, one after another.


def price_of_taking_part(case: Around, role: str) -> str | None:
    """ "Value: 300 € per person" of a course: only words that also name a price speak for an award."""
    priced = role == "award" and case.kind in PRICED and _by_price(case)
    return "other" if priced else None


def registration(case: Around, role: str) -> str | None:
    """ "Early-bird registration … 300 €" of a course or event."""
    if role == "other" or case.kind not in PRICED:
        return None
    told = case.page.folded[case.segment[0] : case.money.start]
    return "other" if _ENTRY.search(told) and not _GIVES_TOO.search(told) else None


def paid_oneself(case: Around, role: str) -> str | None:
    """ "Flights, about 900 €, are not covered"."""
    if role == "other" or case.kind not in PERSONAL or not case.page.any("coverage.not", case.clause):
        return None
    return None if _given(case) else "other"


def of_a_call(case: Around, role: str) -> str | None:
    """What a project can get and what a call has in all, of a page that offers a person nothing."""
    if case.kind in PERSONAL or role == "other":
        return None
    if case.ranged or case.high:
        return ceiling_of_one(case, role)
    return one_of_several(case, role) or budget(case, role)


def ceiling_of_one(case: Around, role: str) -> str | None:
    """ "Each project may ask for up to 5,000 €", "between 500 and 900 €"."""
    told = role != "award" and (case.ranged or _ONE.search(case.page.folded, *case.before))
    return "award" if told else None


def one_of_several(case: Around, role: str) -> str | None:
    """ "Three runner-up prizes of 500 €"."""
    return "award" if not role and times_of(case.page, case.money) > 1 else None


def budget(case: Around, role: str) -> str | None:
    """ "Totalling 2 million €", "topic budget: 2 million €", "2 million € are set aside", "to be shared among"."""
    if case.money.high < LEAST_TOTAL:
        return None
    folded, after, told = case.page.folded, case.after, _words_before(case)
    in_all = (
        _SUMMING.search(told)
        or (role != "award" and _POT.search(told) and not _ONE.search(told))
        or _SET_ASIDE.match(folded, after[0], min(len(folded), after[1] + 20))
        or _ENDOWED.search(told)
        or _SHARED.search(folded, after[0], min(after[1], after[0] + 45))
    )
    return "total" if in_all else None


def given_back(case: Around, role: str) -> str | None:
    """ "Travel costs are refunded up to 300 €"."""
    refund = role == "other" and case.high and _REFUND.search(case.page.folded, *case.before)
    return "award" if refund else None


def wage_of_a_scholarship(case: Around, role: str) -> str | None:
    """ "Doctoral contract, gross salary 2,000 €": what a scholarship gives."""
    if role != "other" or case.kind != "scholarship":
        return None
    wage = _WAGE.search(case.page.folded, max(case.clause[0], case.money.start - 80), case.money.start)
    return "award" if wage else None


def second_ceiling(case: Around, role: str) -> str | None:
    """ "Shall not exceed 50 % of the cost nor 80,000 €"."""
    return "award" if role == "other" and case.second_ceiling else None


def fee_of_an_artist(case: Around, role: str) -> str | None:
    """ "Residents receive a fee of 1,200 €": paid, not asked for."""
    paid = role == "other" and case.kind == "residency" and _FEE_PAID.search(case.page.folded, *case.before)
    return "award" if paid else None


def to_live_on(case: Around, role: str) -> str | None:
    """ "$3,150 a month for living costs"."""
    lives = role == "other" and case.kind in STIPENDS and _TO_LIVE_ON.match(case.page.folded, case.money.end)
    return "award" if lives else None


def passed_on(case: Around, role: str) -> str | None:
    """ "Projects may give grants to third parties of up to 60,000 €"."""
    passed = role == "award" and _PASSED_ON.search(case.page.folded, case.segment[0], case.money.start)
    return "other" if passed else None


def to_pay(case: Around, role: str) -> str | None:
    """ "150 dólares de inscripción"."""
    return "other" if _TO_PAY.match(case.page.folded, case.money.end) else None


def dues_of_members(case: Around, role: str) -> str | None:
    """ "Membership fee: 50 € a year" of a network."""
    return "other" if case.kind == "network" and _DUES.search(case.page.folded, *case.segment) else None


def global_amount(case: Around, role: str) -> str | None:
    """ "Un monto global de 200.000 €"."""
    told = role != "other" and _GLOBAL.search(case.page.folded, max(0, case.begin - 60), case.begin)
    return "total" if told else None


def paid_in_the_past(case: Around, role: str) -> str | None:
    """ "In 2024 we gave 20,000 €", "the last edition paid …"."""
    return "other" if role != "other" and case.past else None


_CORRECTIONS: tuple[Correction, ...] = (
    price_of_taking_part,
    registration,
    paid_oneself,
    of_a_call,
    given_back,
    wage_of_a_scholarship,
    second_ceiling,
    fee_of_an_artist,
    to_live_on,
    passed_on,
    to_pay,
    dues_of_members,
    global_amount,
    paid_in_the_past,
)


def _given(case: Around) -> bool:
    """Whether a word of giving stands right before the amount."""
    hits = case.page.hits("money.award", *case.before)
    return bool(hits) and case.before[1] - hits[-1].end <= 25


def _by_price(case: Around) -> bool:
    """Whether only words that also name a price speak for an award."""
    hits = case.page.hits("money.award", *case.before) + case.page.hits("money.award", *case.after)
    return bool(hits) and all(_PRICE.search(case.page.folded, hit.start, hit.end) for hit in hits)
