"""What is covered and on what terms: coverage, funding level, cost sharing, a fee to apply.

A benefit counts where a sentence, its label or the heading above gives it, and not where one denies it. What an award
or a stipend pays was read before (``money``). By what it is given is in ``instrument``.
"""

import re
from bisect import bisect_left

from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Hit, Page, Span

_APPLYING = re.compile(r"appl|postul|candidat|inscri|regist|bewerb|submi|enter|anmeld|teilnahm|particip|solicit|bewirb")
NEVER = re.compile(
    r"(?<![^\W_])(?:no|not|don't|doesn't|cannot|without|sin|sans|sem|aucune?s?|ningun\w*|nao|keine?[nmrs]?|nicht|pas|never|nunca|jamas|jamais|nie|ni|rien|nada|nor|neither|nem|nenhum\w*|zero|ninguna)(?![^\W_])"
)
# What ends the reach of a "no": the next clause.
_CLAUSE = re.compile(
    r"[;:(]|(?<![^\W_])(?:but|pero|mais|mas|aber|sondern|sino|however|yet|although|aunque|embora|whereas|en revanche|en cambio|por el contrario)(?![^\W_])"
)
_SENTENCE = re.compile(r"[.!?…](?=\s)|\n")
# "Entry: 8 euros", "Inscripción, 8 euros por cuento", "Fee $15 per photo".
_ENTRY = re.compile(
    r"(?<![a-z])(?:entry|registration|fee|inscripcion|inscricao|inscription|anmeldung|participacion|participacao|participation)(?:,|:| -| de| of| is| es de| e de| est de)? "
)
# "Tarif : 240 €", "Valores: R$ 480 (profissional)": what a course or an event costs.
_PRICED = re.compile(
    r"(?<![a-z])(?:price|prices|cost|costs|rates?|fees?|ticket|tickets|precios?|costos?|costes?|valor(?:es)?(?: de la asistencia| da participacao)?|tarifas?|cuotas?|inversion|tarifs?|cout|participation(?: aux frais)?|"
    r"valores|precos?|custo|investimento|taxa|kosten|preis|gebuhr|teilnahmebeitrag)(?: ?: ?| is | es de | est de | e de | betragt )"
)
# "£6 per story", "12 € par texte": what each entry costs.
_PER_ENTRY = re.compile(
    r" ?(?:per|a|por|par|pro|je|cada) (?:entry|story|poem|photo|image|film|submission|title|work|text|obra|cuento|relato|poema|foto|serie|texto|conto|texte|nouvelle|photographie|oeuvre|beitrag|einsendung|geschichte)(?![a-z])"
)
_SELF = re.compile(r"a su costa|at their own")
_WAIVED = re.compile(
    r"(?<![a-z])(?:waive[sd]?|exonera\w*|exencion|annules?|isencao|dispensad\w+|erlassen|is paid by|covered|cubre|cubiert\w+|prise? en charge|reembols\w+)(?![a-z])"
)
_HEADING = 75  # a line no longer than this may head a list
_LINES = 9  # how far above a list its heading may stand
_PERSONAL = frozenset({"scholarship", "residency", "placement", "course"})
_PAID = ("coverage", "min_award_amount", "max_award_amount")
_LEVELLED = frozenset({"scholarship", "course"})  # where what is not covered is told of most of it


def read_benefits(page: Page) -> None:
    """Write coverage and funding_level on the page's sheet."""
    kind = page.values.get("opportunity_type")
    given, denied = _benefits(page, kind)
    covered = []
    for name in names_of("coverage"):
        if name in given and page.prove(
            "coverage", f"coverage.{name}", 0.8, given[name], _sentence(page, given[name][0])
        ):
            covered.append(name)
    if covered:
        page.put("coverage", covered)
    _level(page, kind, denied)


def view_span(page: Page, start: int, end: int) -> Span | None:
    """A span of the stored text as view positions."""
    index = page.view.index
    low, high = bisect_left(index, start), bisect_left(index, end)
    return (low, high) if low < high else None


def _benefits(page: Page, kind: str | None) -> tuple[dict[str, Span], Span | None]:
    """What is given, each with its words, and the first words that deny something."""
    given: dict[str, Span] = {}
    denied: Span | None = None
    for name in names_of("coverage"):
        if name in ("verb", "not", "salary", "prize"):
            continue
        for hit in page.hits(f"coverage.{name}"):
            told = _told(page, hit, kind)
            if told:
                given.setdefault(name, hit[:2])
            elif told is False and denied is None:
                denied = hit[:2]
    _paid(page, kind, given)
    return given, denied


def _told(page: Page, hit: Hit, kind: str | None) -> bool | None:
    """Whether a benefit is given (True), denied (False) or only spoken of (None)."""
    sentence = _sentence(page, hit.start)
    if hit.start < page.title[1] and hit.end > page.title[1] - 1:
        return None
    if page.any("fee.yes", sentence) and not page.any("coverage.not", sentence):
        return None
    clause = _clause(page, sentence, hit)
    if _denies(page, clause, hit) or _label_denies(page, sentence, hit.start):
        return False
    if kind in ("fund", None) and not page.any("coverage.verb", clause):
        return None
    if page.any("coverage.verb", sentence):
        return True
    return _headed(page, sentence)


def _sentence(page: Page, at: int) -> Span:
    """The whole sentence or line a position stands in, semicolons and all."""
    start = max((m.end() for m in _SENTENCE.finditer(page.text, max(0, at - 400), at)), default=max(0, at - 400))
    end = _SENTENCE.search(page.text, at)
    while start < at and page.text[start].isspace():
        start += 1
    return start, end.start() if end else len(page.text)


def _clause(page: Page, sentence: Span, hit: Hit) -> Span:
    start = max((m.end() for m in _CLAUSE.finditer(page.folded, sentence[0], hit.start)), default=sentence[0])
    end = _CLAUSE.search(page.folded, hit.end, sentence[1])
    return start, end.start() if end else sentence[1]


def _denies(page: Page, clause: Span, hit: Hit) -> bool:
    """ "Flights are not covered", "no travel money", "insurance is up to you"."""
    near = (max(clause[0], hit.start - 90), min(clause[1], hit.end + 80))
    if page.any("coverage.not", near):
        return True
    no = list(NEVER.finditer(page.folded, max(clause[0], hit.start - 60), hit.start))
    if no and not page.any("coverage.verb", (no[-1].end(), hit.start)):
        return True
    return bool(no) and "," not in page.folded[no[-1].end() : hit.start]


def _label_denies(page: Page, sentence: Span, at: int) -> bool:
    """ "Not provided: flights, insurance"."""
    line = page.text.rfind("\n", 0, at) + 1
    colon = page.text.find(":", max(line, sentence[0]), at)
    start = max(line, sentence[0])
    return start < colon <= start + 45 and (
        NEVER.search(page.folded, start, colon) is not None or page.any("coverage.not", (start, colon))
    )


def _headed(page: Page, sentence: Span) -> bool | None:
    """Whether the line stands in a list whose heading gives, or denies."""
    line = page.text.rfind("\n", 0, sentence[0]) + 1
    for _ in range(_LINES):
        if line <= page.title[1] + 1:
            return None
        start = page.text.rfind("\n", 0, line - 1) + 1
        end = line - 1
        text = page.folded[start:end].strip()
        if (
            text
            and end - start <= _HEADING
            and (text[-1] in ":?" or text[0] not in "-–*•·▪→✓✔+(0123456789")
            and text[-1] not in ".;,"
        ):
            if NEVER.search(page.folded, start, end) or page.any("coverage.not", (start, end)):
                return False
            return True if page.any("coverage.verb", (start, end)) else None
        line = start
    return None


def _paid(page: Page, kind: str | None, given: dict[str, Span]) -> None:
    """What the amounts read before pay: prize money, a stipend; a job's salary; a course at no charge."""
    proof = next(
        (e for e in page.evidence if e.field in ("max_award_amount", "min_award_amount", "total_amount_available")),
        None,
    )
    span = view_span(page, proof.start, proof.end) if proof else None
    if kind == "award" or (kind == "event" and page.hits("coverage.prize")):
        hit = next(iter(page.hits("coverage.prize")), None)
        if span or (hit and kind == "award"):
            given["prize"] = span or (hit.start, hit.end) if hit else span or (0, 1)
    elif (
        span
        and kind in _PERSONAL
        and proof
        and proof.field != "total_amount_available"
        and (kind in ("residency", "placement") or page.any("money.period", span))
    ):
        given.setdefault("stipend", span)
    if kind == "placement" and "stipend" not in given:
        salary = next(
            (
                hit
                for hit in page.hits("coverage.salary")
                if not _denies(page, _clause(page, _sentence(page, hit.start), hit), hit)
            ),
            None,
        )
        if salary:
            given["stipend"] = salary[:2]
    if kind == "course" and "tuition" not in given:
        free = next((hit for hit in page.hits("fee.free") if hit.end > page.title[1] or True), None)
        if free:
            given["tuition"] = free[:2]


def _level(page: Page, kind: str | None, denied: Span | None) -> None:
    for level in ("full", "none", "partial"):
        for hit in page.hits(f"funding.{level}"):
            if page.any("opportunity.result", page.segment(hit.start)):
                continue
            if level == "full" and NEVER.search(
                page.folded, max(page.segment(hit.start)[0], hit.start - 24), hit.start
            ):
                continue
            # where something is paid, «unfunded» is of others: partners elsewhere, buildings
            if level == "none" and any(page.values.get(name) for name in _PAID):
                continue
            page.state("funding_level", level, f"funding.{level}", 0.85, hit[:2], page.segment(hit.start))
            return
    if denied and kind in _LEVELLED and page.values.get("coverage"):
        page.state("funding_level", "partial", "funding.denied", 0.65, denied, page.segment(denied[0]))


def read_terms(page: Page) -> None:
    """Write cost_sharing_required and application_fee on the page's sheet."""
    _shared(page)
    _fee(page)


def _shared(page: Page) -> None:
    """Own or matching funds: asked for, or not."""
    for answer in ("no", "yes"):
        for hit in page.hits(f"cost_sharing.{answer}"):
            segment = page.segment(hit.start)
            after = (hit.end, min(segment[1], hit.end + 34))
            denied = answer == "yes" and (
                NEVER.search(page.folded, max(segment[0], hit.start - 40), hit.start) is not None
                or (NEVER.search(page.folded, *after) is not None and "," not in page.folded[after[0] : after[1]])
                or _SELF.match(page.folded, hit.start) is not None
            )
            if answer == "yes" and page.any("cost_sharing.no", segment):
                continue
            required = answer == "yes" and not denied
            if denied and _SELF.match(page.folded, hit.start):
                continue
            if page.state("cost_sharing_required", required, f"cost_sharing.{answer}", 0.85, hit[:2], segment):
                return


def _fee(page: Page) -> None:
    """A fee to apply, register or take part: asked with an amount, or excluded. Of studying it says nothing."""
    kind = page.values.get("opportunity_type")
    amounts = [money.start for money in page.money]
    for hit in page.hits("fee.no"):
        segment = page.segment(hit.start)
        if page.any("coverage.tuition", segment) and not _APPLYING.search(page.folded, *segment):
            continue
        if page.state("application_fee", False, "fee.no", 0.85, hit[:2], segment):
            return
    for hit in page.hits("fee.yes"):
        segment = page.segment(hit.start)
        near = (max(segment[0], hit.start - 40), hit.start)
        if NEVER.search(page.folded, *near) or _lifted(page, segment, hit):
            if NEVER.search(page.folded, *near) and page.state(
                "application_fee", False, "fee.no", 0.8, hit[:2], segment
            ):
                return
            continue
        if any(segment[0] <= at < segment[1] + 90 and at > hit.start - 40 for at in amounts) and page.state(
            "application_fee", True, "fee.yes", 0.85, hit[:2], segment
        ):
            return
    for match in _ENTRY.finditer(page.folded):
        if any(match.end() - 1 <= at <= match.end() + 1 for at in amounts) and page.state(
            "application_fee", True, "fee.entry", 0.75, match.span(), page.segment(match.start())
        ):
            return
    for start, end in _prices(page, kind):
        if page.state("application_fee", True, "fee.price", 0.7, (start, end), page.segment(start)):
            return
    for hit in page.hits("fee.free"):
        if page.folded[hit.start - 1 : hit.start] == "-":  # "interest-free"
            continue
        segment = page.segment(hit.start)
        around = (max(segment[0], hit.start - 60), min(segment[1], hit.end + 45))
        if (
            (kind in ("event", "network") or _APPLYING.search(page.folded, *around))
            and not page.any("coverage.not", around)
            and page.state("application_fee", False, "fee.free", 0.75, hit[:2], segment)
        ):
            return


def _prices(page: Page, kind: str | None) -> list[Span]:
    """Sums that are the price of taking part, of an event or a course by its label, of a contest by the entry."""
    told = []
    for money in page.money:
        label = next(
            (
                m
                for m in _PRICED.finditer(page.folded, max(0, money.start - 34), money.start)
                if m.end() >= money.start - 1
            ),
            None,
        )
        if kind in ("event", "course") and label:
            told.append((label.start(), money.end))
        elif kind == "award" and money.high < 100 and (entry := _PER_ENTRY.match(page.folded, money.end)):
            told.append((money.start, entry.end()))
    return [span for span in told if not page.is_silent(span[0])]


def _lifted(page: Page, segment: Span, hit: Hit) -> bool:
    """A fee that is paid for one, waived, or one of those of studying."""
    words = page.folded[segment[0] : segment[1]]
    studying = page.any("coverage.tuition", segment) and (page.any("coverage.verb", segment) or _headed(page, segment))
    return _WAIVED.search(words) is not None or bool(studying)
