"""What is paid: award amounts and the total available.

An amount counts as an award or a total only by the words around it; fees, prices, salaries, past figures and own
contributions never do. Of what one person gets, the main sum counts, not what comes on top (a ticket, a child).
How amounts are written belongs to ``values.money``, how many awards there are to ``counts``.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from boi_pipeline.reading.offline.counts import read_count
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.values.money import Money, find_money
from boi_pipeline.reading.values.numbers import COUNT_WORD, parse_count

__all__ = ["read_count", "read_money"]

_BEFORE, _AFTER = 110, 60  # characters around an amount in which words say what it is for
_HEADING = 70  # a line no longer than this may be a heading of what follows
_CLAUSE = re.compile(r"[;•·|✓\n]| [–—] |[?!] ")
_MAX_AFTER = re.compile(
    r" ?(?:\(?(?:max\b|maximum|maximo|maximal|como maximo|como mucho|au maximum|no maximo|at most|hochstens|or less|o menos|or below|or lower|or under|o inferior|ou moins|oder weniger|tout au plus|au plus|de tope|como tope|de teto|de techo))"
)
_MIN_AFTER = re.compile(
    r" ?(?:\(?(?:como minimo|por lo menos|al menos|minimum|minimo|no minimo|au minimum|au moins|at least|or more|mindestens|o mas|ou mais|ou plus)(?![a-z]))"
)
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
_STOP = re.compile(r"[,;(]")
# "tuition fees and 900 euros a month": what follows the joint is another thing.
_ANEW = re.compile(
    r"(?: (?:and|y|et|e|und|plus|mas|sowie|mais|as well as|asi como)| [+&]) (?:[^\W_]+ ){0,4}?$|[,+] (?:[^\W_]+ ){1,4}?$|[,+][^,+]*[,+] ?$"
)
_PERIODS = (
    ("month", re.compile(r"mes|men|mon|moi")),
    ("week", re.compile(r"week|seman|semai|hebdo|woch")),
    ("semester", re.compile(r"semest")),
    ("day", re.compile(r"da|dia|jou|tag")),
    ("hour", re.compile(r"hour|hora|heure|stunde")),
    ("year", re.compile(r"")),
)
_SHORT = re.compile(r"(?<![a-z])(?:max|min|approx|aprox|env|ca|circa|cca|resp|prov|tot)\. ?$")
_SLASH = re.compile(
    r" ?/ ?(?:month|mes|mois|monat|week|semana|semaine|woche|day|dia|jour|tag|year|ano|an|jahr)(?![a-z])"
)
_YEAR = re.compile(
    r"(?<![a-z])(?:since|in|en|em|desde|depuis|seit|im jahr|until|during|durante) ((?:19|20)[0-9]{2})(?![0-9]|[./-][0-9])"
)
# Where one sum, with no word of what it is for, is what one gets.
_PAYS = frozenset({"scholarship", "award", "fund", "residency"})
# Where a person gets one sum and more on top of it.
_PERSONAL = frozenset({"scholarship", "residency", "placement", "course", "network"})
# Where "value: 300 € per person" is a price.
_PRICED = frozenset({"course", "event", "network"})
_PRICE = re.compile(
    r"(?<![a-z])(?:valor|value|valeur|importe|monto|montant|amount|montante|por persona|per person|par personne|por pessoa|pro person)(?![a-z])"
)
_TAUGHT = frozenset({"course", "event", "placement"})
_STIPENDS = frozenset({"scholarship", "residency"})
_PRIZES = frozenset({"award", "event"})
_PROJECTS = frozenset({"fund", "cooperation", None})
_OFTEN = frozenset({"month", "week", "day", "hour"})
_LEAST_BUDGET = 50_000  # less in all is what one resident or scholar gets in all
_LEAST_PRIZE = 50  # less, beside a far larger sum, is no prize
_LEAST_TOTAL = 3000  # less is no budget of a call
# How many units of a currency of small ones go to a dollar, roughly.
_UNITS = {
    "JPY": 150, "KRW": 1300, "COP": 4000, "CLP": 900, "XOF": 600, "XAF": 600, "IDR": 15_000, "VND": 25_000, "HUF": 350, "PYG": 7000,
    "CRC": 500, "ARS": 1000, "NGN": 1500, "INR": 80, "KES": 130, "PHP": 55, "LKR": 300, "PKR": 280, "RUB": 90, "MXN": 18, "ISK": 140,
}  # fmt: skip
_OTHER_DOLLARS = frozenset({"AU", "CA", "NZ", "SG", "HK"})


# Earlier rounds: what they paid is none of this one's money.
_EARLIER = re.compile(
    r"(?<![a-z])(?:last year's|last (?:year|edition|round|call)|(?:in|of|for) the (?:previous|last|first|past) (?:edition|round|call|year)|(?:previous|earlier|past) (?:editions?|rounds?|calls?|years?) |"
    r"el ano pasado|(?:la|en la) (?:edicion|convocatoria) (?:anterior|pasada)|ediciones (?:anteriores|pasadas)|convocatorias anteriores|l'an (?:passe|dernier)|l'annee (?:passee|derniere)|"
    r"editions? (?:precedentes?|passees?)|(?:na|da) edicao (?:anterior|passada)|edicoes anteriores|no ano passado|im (?:vorjahr|letzten jahr)|vergangenen? (?:jahr|runde))(?![a-z])"
)
# "... ne peut dépasser", "podem chegar a": what stands before a ceiling, right before the amount.
_REACH = re.compile(
    r"(?:(?:none|no|not|ningun[oa]?|aucun|aucune|nenhuma?|keine?[rs]?|ne|nadie|nobody|nul|nicht)(?: [^\W_]+){1,5} (?:more than|mas de|plus de|mais de|mais do que|mehr als)|(?:inferieure?s?|inferior(?:es)?|menor(?:es)?|lower|less|smaller) (?:than )?(?:or equal|ou egale?s?|o igual(?:es)?|ou igua(?:l|is))|"
    r"(?:not|none|no (?:one|project|applicant|grant|proposal)|never)(?: [^\W_]+){0,3} (?:exceed|surpass|more than|go (?:beyond|over|above))|(?:can|may|could) (?:reach|go up to|rise to|amount to)|upper limit(?: is| of)?|"
    r"(?:no|ni|nunca)(?: [^\W_]+){0,2} (?:exceder|superar|sobrepasar|excedera|superara|pasara|pasar|superior)(?: de| a| los| las)?|(?:puede|pueden|podra|podran)(?: [^\W_]+)? (?:alcanzar|llegar|ascender|subir)(?: a| hasta)?(?: los| las)?|"
    r"ne (?:peut|peuvent|pourra|pourront|doit|doivent|saurait|depassera|depasseront)(?: pas)?(?: (?:depasser|exceder|etre superieure?s?(?: a)?))?|(?:peut|peuvent|pourra|pourront) (?:atteindre|aller jusqu'a|s'elever a|monter (?:a|jusqu'a))|"
    r"(?:nao|nem)(?: [^\W_]+){0,2} (?:exceder|ultrapassar|superar|passar|excedera|ultrapassara|superior)(?: de| a| os| as)?|(?:pode|podem|podera|poderao)(?: [^\W_]+)? (?:chegar|atingir|ascender|alcancar|ir)(?: a| ate| aos| os)?|"
    r"(?:max|maxi|capped|topp?ed|plafonn[a-z]+|limitad[oa]s?|limitee?s?|limited|begrenzt|gedeckelt|hoher als|ceiling|tope|teto|techo|plafond|obergrenze|hochstens|maximal|at most|tops?)(?: (?:is|es|e|est|ist|of|de|at|auf|bei|to|a|en))*)"
    r"\.? ?(?:about |the |los |las |les |a |de |of )?\(?$"
)
_FLOOR = re.compile(
    r"(?:(?:not|no|nao|ni)(?: [^\W_]+){0,2} (?:less than|below|under|menos de|inferior(?:es)? a|menor(?:es)? (?:a|de|que))|(?:min\.?|minimum|minimo|floor|piso|suelo|mindestens|ab|from|desde|a partir de|a partir d'|starting at|starts? (?:at|from)|begin at)(?: (?:is|of|de|los|las|les))*)"
    r",? ?(?:de |of )?\(?$"
)
# One of those who get something: beside a ceiling it is no budget of the whole.
_ONE = re.compile(
    r"(?<![a-z])(?:(?:each|every|per|one|a|an|any|single|individual|por|cada|un|una|par|chaque|une|um|uma|pro|je|jede[rs]?|ein|eine)(?: [^\W_]+)? (?:project|proposal|grant|applicant|organi[sz]ation|application|award|consortium|recipient|team|partner|idea|initiative|"
    r"proyecto|propuesta|iniciativa|solicitud|entidad|organizacion|beneficiari[oa]|solicitante|ayuda|subvencion|equipo|consorcio|municipio|ciudad|empresa|"
    r"projet|subvention|candidat(?:ure)?|laureat|association|beneficiaire|dossier|organisation|equipe|structure|"
    r"projeto|proposta|candidatura|organizacao|entidade|iniciativa|beneficiari[oa]|apoio|antrag|projekt|vorhaben|verein|organisation)|"
    r"projects?|proposals?|requests?|applicants?|grantees|proyectos|propuestas|solicitudes|projets|candidatures|projetos|propostas|candidaturas|solicitacoes|projekte|vorhaben|none)(?![a-z])"
)
# Words that join a sum to what it is of, and say nothing themselves of what it is for.
_COPULA = re.compile(
    r"worth(?: up to)?|value|valor|valeur|betragt|amount|montant|monto|importe|cuantia|montante|toward|towards|up to"
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
# "three runner-up prizes of": how many there are of the sum that follows.
_TIMES = re.compile(
    rf"(?<![^\W_])(?<![0-9][ .,])(?P<n>{COUNT_WORD}|[0-9]{{1,3}})(?! [0-9]) (?:[^\W_]+[ -]){{1,4}}?(?:(?:of|de|d'|for|por|zu|von|with|con|com|a|worth|dotad\w+ con|no valor de|em)(?: [^\W_]+)? ?)?$"
)
_COUNTS = re.compile(rf"(?<![^\W_])(?<![0-9][.,])(?:{COUNT_WORD}|[0-9]{{1,4}})(?![^\W_]|[.,][0-9])")
_APIECE = re.compile(r",? ?\(?(?:each|apiece|cada|chacun|chaque|por |per |par |pour chacun|para cada|je |jeweils|pro )")
_MOST_AWARDS = 1000
# Only about the number right after them: "cerca de 15 organizações" says nothing of a sum further on.
_ABOUT = frozenset(
    {"cerca de", "are around", "ronda los", "average", "en promedio", "em media", "en moyenne", "on average"}
)

_FIELDS = ("currency", "min_award_amount", "max_award_amount", "total_amount_available")


# Labels of interfaces: Grants.gov, the EU portal, BDNS, SICON and their like.
_LABELS = (
    ("min_award_amount", re.compile(r"minim|floor|lowest|least|desde")),
    ("max_award_amount", re.compile(r"maxim|ceiling|highest|up to|hasta|plafond")),
    (
        "total_amount_available",
        re.compile(r"budget|presupuesto|total|bolsa|dotaci|orcamento|enveloppe|funding|monto|cuantia|valor"),
    ),
)


class _Amount(NamedTuple):
    money: Money
    role: str  # total | award | other | "" (no word says)
    low: bool
    high: bool
    extra: bool
    period: str
    within: Span


def read_money(page: Page) -> None:
    """Write currency, award amounts and total on the page's sheet: what an interface states, then of the prose the rest."""
    stated = _stated(page)
    _read_prose(page, [line for _, line in stated.values()])
    if not stated:
        return
    currency = next(iter(stated.values()))[0].currency
    if page.values.get("currency") not in (None, currency):
        for field in _FIELDS:
            page.forget(field)
    for field, (money, line) in stated.items():
        if money.currency == currency:
            page.forget(field)
            page.state(field, money.high, "money.stated", 0.95, line, line)
            if "currency" not in page.values:
                page.state("currency", currency, "money.stated", 0.95, line, line)


def _stated(page: Page) -> dict[str, tuple[Money, Span]]:
    """ "Maximum contribution: EUR 6,000,000": lines that hold one amount and nothing else, by their labels."""
    stated: dict[str, tuple[Money, Span]] = {}
    for label, value in page.facts:
        told = page.folded[value[0] : value[1]].strip()
        found = [money for money in find_money(told, page.language) if money.currency]
        named = page.folded[label[0] : label[1]]
        field = next((field for field, words in _LABELS if words.search(named)), "")
        if (
            field
            and len(found) == 1
            and (found[0].start, found[0].end) == (0, len(told))
            and found[0].low == found[0].high
        ):
            stated.setdefault(field, (found[0], (label[0], value[1])))
    return stated


def _read_prose(page: Page, stated: list[Span]) -> None:
    found = [
        money
        for money in find_money(page.folded, page.language)
        if money.currency
        and not page.is_apart(money.start)
        and not _whose(page, money)
        and not any(start <= money.start < end for start, end in stated)
    ]
    if not found:
        return
    kind: str | None = page.values.get("opportunity_type")
    amounts = _sums(page, [_role(page, found, i, kind) for i in range(len(found))], kind)
    totals = [a for a in amounts if a.role == "total" and (a.money.high >= _LEAST_TOTAL or kind in _PRIZES)]
    awards = _chosen([a for a in amounts if a.role == "award" and not (kind == "network" and a.period == "day")], kind)
    bare = [amount for amount in amounts if amount.role == "" and (kind == "award" or not amount.extra)]
    if kind == "award":
        most = max((a.money.high for a in bare + awards), default=Decimal(0))
        # "6 per story" is what entering costs.
        bare = [a for a in bare if a.money.high >= _LEAST_PRIZE or a.money.high * 10 >= most]
        awards += [amount for amount in bare if amount not in awards]
    elif (
        not awards
        and kind in _STIPENDS
        and len(paid := {(a.money.low, a.period) for a in amounts if a.period in _OFTEN and a.role != "total"}) == 1
    ):
        awards = [amount for amount in amounts if (amount.money.low, amount.period) in paid][:1]
    elif not awards and not totals and kind in _PAYS and len({(a.money.low, a.money.high) for a in bare}) == 1:
        awards = bare[:1]
    if kind in _PROJECTS or kind == "scholarship":
        awards, sums = _apart(awards, 4 if kind in _PROJECTS else 20)
        totals += sums
        if kind in _PROJECTS and not totals:
            totals = _beside(awards, bare)
    aside = all((a.high or a.extra) and totals and a.money.high < totals[0].money.high for a in awards)
    if kind in _STIPENDS and aside and len(totals) == 1 and totals[0].money.high < _least_budget(totals[0].money):
        awards, totals = totals, []
    if kind == "placement":
        if _job(page):
            return
        awards = [
            amount for amount in awards if amount.period != "year"
        ]  # a stipend is told by the month, a salary by the year
    if awards:
        _awards(page, awards)
    if totals:
        _total(page, totals)


def _sums(page: Page, amounts: list[_Amount], kind: str | None) -> list[_Amount]:
    """What several get together is a total: the largest sum where it comes to the others added up, or to so many times
    another as the text tells ("five laureates share 250 000 €, 50 000 € each")."""
    told = [
        a for a in amounts if a.role != "other" and a.money.low == a.money.high and a.money.currency and not a.period
    ]
    if kind in _PERSONAL - {"scholarship"} or len({a.money.high for a in told}) < 2:
        return amounts
    most = max(told, key=lambda a: a.money.high)
    value, currency = most.money.high, most.money.currency
    rest = [a for a in told if a.money.high < value and a.money.currency == currency]
    beside = [a for a in rest if 0 <= a.money.start - most.money.end <= 6]
    if most.role != "total" and beside and len(rest) > 1:
        return amounts  # "three prizes, of 2,500, 1,500 and 1,000": the first of a list is none of its sum
    added = sum(a.money.high * _times(page, a.money) for a in rest)
    several = (
        kind not in _PERSONAL
        and len({a.money.high for a in rest}) > 1
        and value in (added, sum(a.money.high for a in rest))
    )
    times = {value / a.money.high for a in rest if _APIECE.match(page.folded, a.money.end) or _times(page, a.money) > 1}
    plain = most.role == "total" or len({a.money.high for a in told}) == 2
    shared = plain and any(
        1 < n <= _MOST_AWARDS and n == int(n) and _says(page, int(n), most.money, rest) for n in times
    )
    if not (several or shared):
        return amounts
    return [
        a._replace(role="total" if a.money.high == value else "award")
        if a in told and a.money.currency == currency
        else a
        for a in amounts
    ]


def _least_budget(money: Money) -> Decimal:
    """Below this a sum in all is one person's, in the units of its currency."""
    return Decimal(_LEAST_BUDGET) * _UNITS.get(money.currency or "", 1)


def _times(page: Page, money: Money) -> int:
    """How many there are of a sum, where words before it tell; else one."""
    match = _TIMES.search(page.folded, max(0, money.start - 50), money.start)
    return (parse_count(match["n"]) or 1) if match else 1


def _says(page: Page, count: int, most: Money, rest: list[_Amount]) -> bool:
    """Whether this count is told near these sums."""
    start, end = min(most.start, rest[0].money.start), max(most.end, rest[-1].money.end)
    near = page.folded[max(0, start - 160) : end + 120]
    return any(parse_count(m.group()) == count for m in _COUNTS.finditer(near))


def _job(page: Page) -> bool:
    """A job's pay is a salary; interns and volunteers get a stipend."""
    return page.any("money.job", (0, len(page.text))) and not page.hits("money.intern")


def _beside(awards: list[_Amount], bare: list[_Amount]) -> list[_Amount]:
    """One far larger sum beside what a project can get, with no word of what it is for, is what the call has in all."""
    limits = [a.money.high for a in awards if a.high or a.money.low != a.money.high]
    sums = [a for a in bare if limits and 4 * max(limits) <= a.money.low == a.money.high <= _MOST_AWARDS * max(limits)]
    return sums[:1] if len({a.money.high for a in sums}) == 1 else []


def _apart(awards: list[_Amount], times: int) -> tuple[list[_Amount], list[_Amount]]:
    """Beside what one project can get ("up to", "between"), a far larger sum is what the call has in all."""
    limits = [a.money.high for a in awards if a.high or a.money.low != a.money.high]
    if not limits:
        return awards, []
    least = min(limits)
    sums = [
        a
        for a in awards
        if a.money.low == a.money.high and a.money.high >= least * (max(10, times) if a.high else times)
    ]
    return [amount for amount in awards if amount not in sums], sums


def _whose(page: Page, money: Money) -> bool:
    """A bare "$" where another country's dollars may be meant."""
    if money.currency != "USD" or page.folded[money.start] != "$" or "us" in page.folded[money.end : money.end + 6]:
        return False
    named = {hit.place.code for hit in page.places if hit.place.kind == "country"}
    return bool(named & _OTHER_DOLLARS) and "US" not in named and len(named) < 4


def _chosen(awards: list[_Amount], kind: str | None) -> list[_Amount]:
    """The main sums: not what comes on top of them, and of a person's those of one unit (the month)."""
    main = [amount for amount in awards if not amount.extra] or awards
    periodic = [amount for amount in main if amount.period]
    if kind in _PERSONAL and periodic:
        unit = [amount for amount in periodic if amount.period == periodic[0].period]
        main = [a for a in main if a in unit or (not a.period and any(a.within == u.within for u in unit))]
    return main


def _role(page: Page, found: list[Money], i: int, kind: str | None) -> _Amount:
    money = found[i]
    segment = page.segment(money.start)
    clause = _clause(page, segment, money)
    before, after = (
        (max(clause[0], money.start - _BEFORE), money.start),
        (money.end, min(clause[1], money.end + _AFTER)),
    )
    role, period = _nearest(page, before, after), _period(page, money, clause)
    often = (kind is None or (kind in _PERSONAL and kind not in _PRICED)) and period in _OFTEN
    begin = _begin(page, money)  # of the same sum told before it in words
    close = (max(clause[0], begin - 34, _beyond(page, found, i)), begin)
    lead = page.folded[max(0, begin - 70) : begin]
    high = (
        page.any("money.high", close)
        or _MAX_AFTER.match(page.folded, money.end) is not None
        or _REACH.search(lead) is not None
    )
    low = (
        page.any("money.low", close)
        or _MIN_AFTER.match(page.folded, money.end) is not None
        or _FLOOR.search(lead) is not None
    )
    ranged = (
        high or (low and kind in _PROJECTS) or (money.low != money.high and kind != "network")
    ) and kind not in _TAUGHT
    if not role and (often or ranged):  # what one can get, wherever no word says else
        role = _heading(page, segment, clause) or "award"
    if not role and money.since >= 0:
        anchor = next((other for other in found if other.start >= money.since and other.since < 0), money)
        role = _nearest(page, (max(0, anchor.start - 40), anchor.start), (anchor.end, anchor.end))
    if not role:
        role = _heading(page, segment, clause)
    if role == "award" and kind in _PRICED and _by_price(page, before, after):
        role = "other"
    if role != "other" and page.any("coverage.not", clause) and kind in _PERSONAL and not _given(page, before):
        role = "other"  # what one pays oneself
    if kind not in _PERSONAL:
        role = _of_call(page, money, role, high, before, after)
    if role == "other" and high and _REFUND.search(page.folded, *before):
        role = "award"  # "travel costs are refunded up to"
    if (
        role == "other"
        and kind == "scholarship"
        and _WAGE.search(page.folded, max(clause[0], money.start - 50), money.start)
    ):
        role = "award"  # a doctoral contract's salary is what it gives
    if role == "other" and kind in _STIPENDS and _TO_LIVE_ON.match(page.folded, money.end):
        role = "award"
    if _TO_PAY.match(page.folded, money.end) or (kind == "network" and _DUES.search(page.folded, *segment)):
        role = "other"
    if role != "other" and _GLOBAL.search(page.folded, max(0, begin - 60), begin):
        role = "total"
    if role != "other" and _past(page, segment):
        role = "other"
    beyond = found[i - 1].end if i else 0
    extra = _extra(
        page, (max(before[0], beyond), money.start), after, found[i + 1].start if i + 1 < len(found) else None
    )
    return _Amount(money, role, low, high, extra, period, segment)


def _begin(page: Page, money: Money) -> int:
    """Where a sum begins that is told in words and, in brackets after them, in digits."""
    if page.folded[max(0, money.start - 2) : money.start].strip() != "(":
        return money.start
    origin = max(0, money.start - 80)
    told = find_money(page.folded[origin : money.start], page.language)
    return origin + told[-1].start if told and told[-1].high == money.high else money.start


def _beyond(page: Page, found: list[Money], i: int) -> int:
    """Where what is said of the amount before ends: "20 000 € maximum" keeps its word."""
    before = found[i - 1] if i else None
    if before is None or before.end > found[i].start:
        return 0
    after = _MAX_AFTER.match(page.folded, before.end) or _MIN_AFTER.match(page.folded, before.end)
    return after.end() if after and after.end() <= found[i].start else before.end


def _of_call(page: Page, money: Money, role: str, high: bool, before: Span, after: Span) -> str:
    """What a project can get, told by a ceiling or a range, and what a call has in all, told by sharing it out."""
    if role == "other":
        return role
    ranged = money.low != money.high
    if role != "award" and (ranged or high) and (ranged or _ONE.search(page.folded, *before)):
        return "award"
    if not ranged and not high:
        told = page.folded[before[0] : before[1]]
        if _times(page, money) > 1 and not role:
            return "award"
        if money.high >= _LEAST_TOTAL and (
            _SUMMING.search(told)
            or (role != "award" and _POT.search(told) and not _ONE.search(told))
            or _SET_ASIDE.match(page.folded, after[0], min(len(page.folded), after[1] + 20))
            or _ENDOWED.search(told)
            or _SHARED.search(page.folded, after[0], min(after[1], after[0] + 45))
        ):
            return "total"
    return role


def _given(page: Page, before: Span) -> bool:
    """Whether a word of giving stands right before an amount."""
    hits = page.hits("money.award", *before)
    return bool(hits) and before[1] - hits[-1].end <= 25


def _by_price(page: Page, before: Span, after: Span) -> bool:
    """Whether only words that also name a price speak for an award."""
    hits = page.hits("money.award", *before) + page.hits("money.award", *after)
    return bool(hits) and all(_PRICE.search(page.folded, hit.start, hit.end) for hit in hits)


def _clause(page: Page, segment: Span, money: Money) -> Span:
    """The part of a sentence an amount stands in: between semicolons, bullets, questions. "max." ends none."""
    while segment[0] > page.title[1] and _SHORT.search(page.folded, max(0, segment[0] - 9), segment[0]):
        segment = page.segment(segment[0] - 3)[0], segment[1]
    start = max((m.end() for m in _CLAUSE.finditer(page.text, segment[0], money.start)), default=segment[0])
    end = _CLAUSE.search(page.text, money.end, segment[1])
    return start, end.start() if end else segment[1]


def _nearest(page: Page, before: Span, after: Span) -> str:
    """The role whose word stands nearest; before the amount rather than after it, the longer of two."""
    best = (10**9, 0, "")
    stop = _STOP.search(page.folded, *after)
    close = (after[0], stop.start() if stop else after[1])
    for role in ("total", "award", "other"):
        for hit in page.hits(f"money.{role}", *before):
            if role == "award" and page.any("money.high", hit[:2]):
                continue
            if role == "other" and page.folded[hit.start : hit.end] in _ABOUT and before[1] - hit.end > 8:
                continue
            if role != "other" or not _ANEW.search(page.folded, hit.end, before[1]):
                best = min(best, (before[1] - hit.end, hit.start - hit.end, role))
        for hit in page.hits(f"money.{role}", *(close if role == "other" else after)):
            best = min(best, (hit.start - after[0] + 8, hit.start - hit.end, role))
    role = best[2]
    if role == "award":
        near = (max(before[0], before[1] - 60), before[1])
        if _unanswered(page, "other", near, before[1]):
            return "other"
        if _unanswered(page, "total", before, before[1]):
            return "total"
    return role


def _unanswered(page: Page, role: str, before: Span, at: int) -> bool:
    """Whether a word of this role stands before the amount, with no word of awards in a clause of its own after it."""
    hits = page.hits(f"money.{role}", *before)
    hits = [hit for hit in hits if page.folded[hit.start : hit.end] not in _ABOUT]
    if not hits or (role == "other" and _ANEW.search(page.folded, hits[-1].end, at)):
        return False
    answers = [
        hit
        for hit in page.hits("money.award", hits[-1].end, at)
        if not page.any("money.high", hit[:2]) and not _COPULA.fullmatch(page.folded, hit.start, hit.end)
    ]
    return not any(role == "other" or "," in page.folded[hits[-1].end : at] for _ in answers)


def _heading(page: Page, segment: Span, clause: Span) -> str:
    """What the question, label or heading above says: of this line, or of the list it stands in."""
    line = page.text.rfind("\n", 0, clause[0]) + 1
    colon = page.text.find(":", line, clause[0])
    for start, end in ((line, colon), (segment[0], clause[0])):
        if 0 < end - start <= _HEADING and (own := _nearest(page, (start, end), (end, end))):
            return own
    number = page.view.segment_at(segment[0])
    for back in range(number - 1, max(-1, number - 7), -1):
        start, end = page.segments[back]
        if start < page.title[1]:
            break
        if end - start > _HEADING:
            if back < number - 1:
                break
            continue
        role = _nearest(page, (start, end), (end, end))
        if role and (role == "other" or not _tells(page, start, end)):
            return role
    return ""


def _tells(page: Page, start: int, end: int) -> bool:
    """Whether words are a sentence with a sum of its own, which says nothing of the next."""
    return any(money.currency for money in find_money(page.folded[start:end], page.language))


def _past(page: Page, segment: Span) -> bool:
    """A sentence of a year gone by, or of what earlier rounds paid."""
    if _EARLIER.search(page.folded, *segment):
        return True
    posted = page.notice.published_at
    if posted is None or segment[0] < page.title[1]:
        return False
    years = [int(match[1]) for match in _YEAR.finditer(page.folded, *segment)]
    return bool(years) and max(years) < posted.year


def _extra(page: Page, before: Span, after: Span, following: int | None) -> bool:
    """Whether an amount comes on top of the main one: for a ticket, a child, books."""
    stop = next((m.start() for m in re.finditer(r"[,;+(]| plus | more ", page.folded[after[0] : after[1]])), 10**6)
    tail = (after[0], min(after[1], after[0] + stop, following or 10**9))
    if page.hits("money.extra", *tail) and not page.any("money.award", (tail[0], tail[0])):
        return True
    hits = page.hits("money.extra", *before)
    if not hits:
        return False
    told = [hit for hit in page.hits("money.award", hits[-1].end, before[1]) if not page.any("money.high", hit[:2])]
    return not told


def _period(page: Page, money: Money, clause: Span) -> str:
    """The unit of time an amount is paid by; empty where it is paid once."""
    slash = _SLASH.match(page.folded, money.end)
    if slash:
        return _unit(slash.group().strip(" /"))
    low = max(clause[0], money.start - 26, page.folded.rfind(",", 0, money.start) + 1)
    for span in ((money.end, min(clause[1], money.end + 26)), (low, money.start)):
        hits = page.hits("money.period", *span)
        if hits:
            hit = hits[0] if span[0] == money.end else hits[-1]
            return _unit(page.folded[hit.start : hit.end])
    return ""


def _unit(words: str) -> str:
    return next(unit for unit, pattern in _PERIODS if pattern.search(words))


def _awards(page: Page, awards: list[_Amount]) -> None:
    currency = awards[0].money.currency
    same = [amount for amount in awards if amount.money.currency == currency][:12]
    fixed = [a for a in same if not a.high and a.money.low == a.money.high]
    if page.values.get("opportunity_type") in _PERSONAL and fixed:  # "a grant of 750; travel paid up to 300"
        most = max(a.money.high for a in fixed)
        same = [a for a in same if a in fixed or a.money.high >= most or a.low]
    capped = {a.money.high for a in same if a.high and not a.low}
    lows: list[tuple[Decimal, _Amount]] = []
    highs: list[tuple[Decimal, _Amount]] = []
    for amount in same:
        money = amount.money
        ranged = money.low != money.high
        high = not ranged and (amount.high or money.high in capped)
        if ranged or not high or amount.low:
            lows.append((money.low, amount))
        if ranged or not amount.low or high:
            highs.append((money.high, amount))
    proved = False
    if highs:
        value, amount = max(highs, key=lambda pair: pair[0])
        proved |= _state(page, "max_award_amount", value, amount, "money.award")
    if lows and not (capped and highs and min(lows, key=lambda pair: pair[0])[0] >= max(capped)):
        value, amount = min(lows, key=lambda pair: pair[0])
        proved |= _state(page, "min_award_amount", value, amount, "money.award")
    if proved:
        _state(page, "currency", currency, same[0], "money.award")


def _total(page: Page, totals: Iterable[_Amount]) -> None:
    currency, most = page.values.get("currency"), page.values.get("max_award_amount") or Decimal(0)
    same = [a for a in totals if currency in (None, a.money.currency) and a.money.high > most]
    if not same:
        return
    at = page.evidence[-1].start if currency else 0  # beside the awards, where there are any
    same = [amount for amount in same if not amount.period] or same  # not a body's yearly budget
    best = min(same, key=lambda a: abs(a.money.start - at)) if currency else max(same, key=lambda a: a.money.high)
    if _state(page, "total_amount_available", best.money.high, best, "money.total") and currency is None:
        _state(page, "currency", best.money.currency, best, "money.total")


def _state(page: Page, field: str, value: object, amount: _Amount, rule: str) -> bool:
    confidence = 0.9 if amount.role else 0.6
    start, end = amount.money.core
    within = min(amount.within[0], start), max(amount.within[1], end)
    return page.state(field, value, rule, confidence, (start, end), within)
