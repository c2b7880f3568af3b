"""An amount of a text with the words around it: where its clause ends, the word of money nearest, the heading above.

What it is for by them is decided in ``money_roles``.
"""

import re
from functools import cached_property

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
PRICED = frozenset({"course", "event", "network"})
TAUGHT = frozenset({"course", "event", "placement"})
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
# Words that join a sum to what it is of, and say nothing themselves of what it is for.
_COPULA = re.compile(
    r"worth(?: up to)?|at least|value|valor|valeur|betragt|amount|montant|monto|importe|cuantia|montante|toward|towards|up to"
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


class Around:
    """The i-th of the amounts found, on a page of this opportunity type (None: not known)."""

    def __init__(self, page: Page, found: list[Money], i: int, kind: str | None) -> None:
        self.page, self.found, self.i, self.kind = page, found, i, kind
        self.money = money = found[i]
        self.segment = page.segment(money.start)  # its sentence or line
        self.clause = clause = _clause(page, self.segment, money)
        # The words of its clause, before it and after, in which one may say what it is for.
        self.before = max(clause[0], money.start - _BEFORE), money.start
        self.after = money.end, min(clause[1], money.end + _AFTER)
        self.begin = _begin(page, money)  # where it begins, where the same sum is told before it in words
        self.lead = page.folded[max(0, self.begin - 70) : self.begin]

    @cached_property
    def nearest(self) -> str:
        """The role of the word of money nearest to it."""
        return nearest(self.page, self.before, self.after)

    @cached_property
    def heading(self) -> str:
        """The role that the question, label or heading above gives."""
        return _heading(self.page, self.segment, self.clause)

    @cached_property
    def period(self) -> str:
        """The unit of time it is paid by."""
        return _period(self.page, self.money, self.clause)

    @cached_property
    def close(self) -> Span:
        """The words right before it, none of which was said of the amount before."""
        return max(self.clause[0], self.begin - 34, _beyond(self.page, self.found, self.i)), self.begin

    @cached_property
    def most_given(self) -> bool:
        """ "The most we give is"."""
        return _MOST_GIVEN.search(self.lead) is not None

    @cached_property
    def second_ceiling(self) -> bool:
        """ "Shall not exceed 50 % of the cost nor"."""
        return _NOR.search(self.lead) is not None

    @cached_property
    def high(self) -> bool:
        """Whether it is told as a ceiling."""
        return (
            self.page.any("money.high", self.close)
            or _MAX_AFTER.match(self.page.folded, self.money.end) is not None
            or _REACH.search(self.lead) is not None
            or self.second_ceiling
            or self.most_given
        )

    @cached_property
    def low(self) -> bool:
        """Whether it is told as a floor."""
        return (
            self.page.any("money.low", self.close)
            or _MIN_AFTER.match(self.page.folded, self.money.end) is not None
            or _FLOOR.search(self.lead) is not None
        )

    @property
    def ranged(self) -> bool:
        return self.money.low != self.money.high

    @cached_property
    def extra(self) -> bool:
        """Whether it comes on top of the main one."""
        last = self.found[self.i - 1].end if self.i else 0
        following = self.found[self.i + 1].start if self.i + 1 < len(self.found) else None
        before = (max(self.before[0], last), self.money.start)
        return _extra(self.page, before, self.after, following)

    @cached_property
    def past(self) -> bool:
        """Whether it was paid in a year gone by."""
        return _past(self.page, self.segment)


def times_of(page: Page, money: Money) -> int:
    """How many there are of a sum, where words before it tell; else one."""
    match = _TIMES.search(page.folded, max(0, money.start - 50), money.start)
    return (parse_count(match["n"]) or 1) if match else 1


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


def _clause(page: Page, segment: Span, money: Money) -> Span:
    """The part of a sentence an amount stands in: between semicolons, bullets, questions. "max." ends none."""
    while segment[0] > page.title[1] and _SHORT.search(page.folded, max(0, segment[0] - 9), segment[0]):
        segment = page.segment(segment[0] - 3)[0], segment[1]
    start = max((m.end() for m in _CLAUSE.finditer(page.text, segment[0], money.start)), default=segment[0])
    end = _CLAUSE.search(page.text, money.end, segment[1])
    return start, end.start() if end else segment[1]


def nearest(page: Page, before: Span, after: Span) -> str:
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
        if 0 < end - start <= _HEADING and (own := nearest(page, (start, end), (end, end))):
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
        role = nearest(page, (start, end), (end, end))
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
