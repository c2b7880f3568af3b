"""What each amount of a text is for, by the words around it: an award, the total of a call, or something else.

Fees, prices, salaries, past figures and own contributions are something else. Which of the amounts become fields is in
``money``; how amounts are written belongs to ``values.money``.
"""

import re
from typing import NamedTuple

from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.values.money import Money, find_money
from boi_pipeline.reading.values.numbers import COUNT_WORD, parse_count

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
# Where a person gets one sum and more on top of it.
PERSONAL = frozenset({"scholarship", "residency", "placement", "course", "network"})
# Where "value: 300 € per person" is a price.
_PRICED = frozenset({"course", "event", "network"})
_PRICE = re.compile(
    r"(?<![a-z])(?:valor|value|valeur|importe|monto|montant|amount|montante|por persona|per person|par personne|por pessoa|pro person)(?![a-z])"
)
_TAUGHT = frozenset({"course", "event", "placement"})
STIPENDS = frozenset({"scholarship", "residency"})
PROJECTS = frozenset({"fund", "cooperation", None})
OFTEN = frozenset({"month", "week", "day", "hour"})
LEAST_TOTAL = 3000  # less is no budget of a call
# Earlier rounds: what they paid is none of this one's money.
_EARLIER = re.compile(
    r"(?<![a-z])(?:last year's|last (?:year|edition|round|call)|(?:in|of|for) the (?:previous|last|first|past) (?:edition|round|call|year)|(?:previous|earlier|past) (?:editions?|rounds?|calls?|years?) |"
    r"el ano pasado|(?:la|en la) (?:edicion|convocatoria) (?:anterior|pasada)|ediciones (?:anteriores|pasadas)|convocatorias anteriores|l'an (?:passe|dernier)|l'annee (?:passee|derniere)|"
    r"editions? (?:precedentes?|passees?)|(?:na|da) edicao (?:anterior|passada)|edicoes anteriores|no ano passado|im (?:vorjahr|letzten jahr)|vergangenen? (?:jahr|runde))(?![a-z])"
)
# "... ne peut dépasser", "podem chegar a": what stands before a ceiling, right before the amount.
_MOST_GIVEN = re.compile(
    r"(?:the most (?:we|you|anyone|one|that)(?: [^\W_]+){1,5} (?:is|be)|lo (?:maximo|mas) que(?: [^\W_]+){1,5} (?:es|son)|le maximum que(?: [^\W_]+){1,5} est|o maximo que(?: [^\W_]+){1,5} e)(?: (?:about|the|los|las|les))* ?$"
)
_REACH = re.compile(
    r"(?:(?:none|no|not|ningun[oa]?|aucun|aucune|nenhuma?|keine?[rs]?|ne|nadie|nobody|nul|nicht)(?: [^\W_]+){1,5} (?:more than|mas de|plus de|mais de|mais do que|mehr als)|(?:inferieure?s?|inferior(?:es)?|menor(?:es)?|lower|less|smaller) (?:than )?(?:or equal|ou egale?s?|o igual(?:es)?|ou igua(?:l|is))|"
    r"(?:not|none|no (?:one|project|applicant|grant|proposal)|never)(?: [^\W_]+){0,3} (?:exceed(?:ing)?|surpass(?:ing)?|more than|go (?:beyond|over|above))|(?:can|may|could) (?:reach|go up to|rise to|amount to)|upper limit(?: is| of)?|"
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
# "shall not exceed 50 % of the cost nor EUR 80,000": the second of two ceilings.
_NOR = re.compile(
    r"(?:exceed\w*|surpass\w*|depass\w*|exced\w*|superar\w*|supera|sobrepas\w*|rebas\w*|ultrapass\w*|ubersteig\w*|uberschreit\w*|up to|hasta|jusqu'a|ate|bis zu)[^.;\n]{0,12}[0-9]{1,3} ?%[^.;\n0-9]{0,44}"
    r"(?:(?:nor|ni|nem|noch|and|y|et|e|und|or|ou|o)(?: (?:more than|of|the|los|les|os|de|mas de|a maximum of|con un maximo de|un maximo de|jusqu'a))*|,) ?$"
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
# Words that join a sum to what it is of, and say nothing themselves of what it is for.
_COPULA = re.compile(
    r"worth(?: up to)?|at least|value|valor|valeur|betragt|amount|montant|monto|importe|cuantia|montante|toward|towards|up to"
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
# Only about the number right after them: "cerca de 15 organizações" says nothing of a sum further on.
_DENIED = re.compile(r"(?<![a-z])(?:no|not|without|sin|sans|sem|ne|nao|ohne|kein\w*)(?: [^\W_]+){0,3} $")
_ABOUT = frozenset(
    {
        "cerca de",
        "are around",
        "typically",
        "ronda los",
        "average",
        "en promedio",
        "em media",
        "en moyenne",
        "on average",
    }
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


def times_of(page: Page, money: Money) -> int:
    """How many there are of a sum, where words before it tell; else one."""
    match = _TIMES.search(page.folded, max(0, money.start - 50), money.start)
    return (parse_count(match["n"]) or 1) if match else 1


def role_of(page: Page, found: list[Money], i: int, kind: str | None) -> Amount:
    """What the i-th amount found is for, on a page of this opportunity type (None: not known)."""
    money = found[i]
    segment = page.segment(money.start)
    clause = _clause(page, segment, money)
    before, after = (
        (max(clause[0], money.start - _BEFORE), money.start),
        (money.end, min(clause[1], money.end + _AFTER)),
    )
    role, period = _nearest(page, before, after), _period(page, money, clause)
    often = (kind is None or (kind in PERSONAL and kind not in _PRICED)) and period in OFTEN
    often |= kind in ("event", "award") and period == "month"  # no meeting costs something a month
    begin = _begin(page, money)  # of the same sum told before it in words
    close = (max(clause[0], begin - 34, _beyond(page, found, i)), begin)
    lead = page.folded[max(0, begin - 70) : begin]
    high = (
        page.any("money.high", close)
        or _MAX_AFTER.match(page.folded, money.end) is not None
        or _REACH.search(lead) is not None
        or _NOR.search(lead) is not None
        or _MOST_GIVEN.search(lead) is not None
    )
    low = (
        page.any("money.low", close)
        or _MIN_AFTER.match(page.folded, money.end) is not None
        or _FLOOR.search(lead) is not None
    )
    ranged = (
        high or (low and kind in PROJECTS) or (money.low != money.high and kind != "network")
    ) and kind not in _TAUGHT
    if _MOST_GIVEN.search(lead):
        role = "award"
    if not role and (often or ranged):  # what one can get, wherever no word says else
        role = _heading(page, segment, clause) or "award"
    if not role and money.since >= 0:
        anchor = next((other for other in found if other.start >= money.since and other.since < 0), money)
        role = _nearest(page, (max(0, anchor.start - 40), anchor.start), (anchor.end, anchor.end))
    if not role and not _POT.search(page.folded[before[0] : before[1]]):
        role = _heading(page, segment, clause)
    if role == "award" and kind in _PRICED and _by_price(page, before, after):
        role = "other"
    told = page.folded[segment[0] : money.start]
    if role != "other" and kind in _PRICED and _ENTRY.search(told) and not _GIVES_TOO.search(told):
        role = "other"
    if role != "other" and page.any("coverage.not", clause) and kind in PERSONAL and not _given(page, before):
        role = "other"  # what one pays oneself
    if kind not in PERSONAL:
        role = _of_call(page, money, role, high, before, after)
    if role == "other" and high and _REFUND.search(page.folded, *before):
        role = "award"  # "travel costs are refunded up to"
    if (
        role == "other"
        and kind == "scholarship"
        and _WAGE.search(page.folded, max(clause[0], money.start - 80), money.start)
    ):
        role = "award"  # a doctoral contract's salary is what it gives
    if role == "other" and (_NOR.search(lead) or (kind == "residency" and _FEE_PAID.search(page.folded, *before))):
        role = "award"
    if role == "other" and kind in STIPENDS and _TO_LIVE_ON.match(page.folded, money.end):
        role = "award"
    if role == "award" and _PASSED_ON.search(page.folded, segment[0], money.start):
        role = "other"
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
    return Amount(money, role, low, high, extra, period, segment)


def _begin(page: Page, money: Money) -> int:
    """Where a sum begins that is told in words and, in brackets after them, in digits."""
    if page.folded[max(0, money.start - 2) : money.start].strip() != "(":
        return money.start
    origin = max(0, money.start - 80)
    told = find_money(page.folded[origin : money.start], page.language, page.dollar)
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
        if times_of(page, money) > 1 and not role:
            return "award"
        if money.high >= LEAST_TOTAL and (
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
            if role == "other" and _DENIED.search(page.folded[after[0] : hit.start]):
                continue  # "… and needs no own contribution"
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
    return any(money.currency for money in find_money(page.folded[start:end], page.language, page.dollar))


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
    stop = next(
        (
            m.start()
            for m in re.finditer(
                r"[,;+(]| plus | more | (?:and|y|et|e) (?=[^\W_]+ (?:worth|por valor|d'une valeur|no valor))",
                page.folded[after[0] : after[1]],
            )
        ),
        10**6,
    )
    tail = (after[0], min(after[1], after[0] + stop, following or 10**9))
    if page.hits("money.extra", *tail) and not page.any("money.award", (tail[0], tail[0])):
        return True
    hits = page.hits("money.extra", *before)
    if not hits:
        return False
    told = [hit for hit in page.hits("money.award", hits[-1].end, before[1]) if not page.any("money.high", hit[:2])]
    return all(_COPULA.fullmatch(page.folded, hit.start, hit.end) for hit in told)  # "credits worth"


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
