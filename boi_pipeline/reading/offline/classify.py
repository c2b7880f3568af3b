"""Is it an opportunity, and of which type: words of the lexicons, those of the title first, and the heads' opinion.

Round-up posts, news, results, purchases, guides, offers for sale and pages about a site are none. Which words count is in
the lexicons; what a head has learnt, in ``heads``. Where neither is sure enough the field is left out and named unclear.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from boi_pipeline.reading.offline.heads import NONE, Opinion, heads
from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Hit, Page, Span

_OPENING = 700  # characters of the body that say what the announcement is about
_CAP = 3  # times one list's same words count
_REST = 0.4  # what a word after the opening weighs

# How far a list's weight moves the log-odds that a page is no opportunity, in its title and in its body.
_AGAINST = {
    "result": (1.9, 0.7),
    "news": (2.4, 0.9),
    "procurement": (1.5, 0.9),
    "roundup": (2.2, 0.25),
    "guide": (1.7, 0.4),
    "page": (1.9, 0.3),
    "sale": (1.1, 0.3),
}
_ASIDE = 6.0  # what a body says beside its subject is heard up to here
_FOR = (("close.strong", 0.75), ("eligibility.open", 0.5), ("rolling.all", 0.2))
_TYPED, _BASE = 1.8, -2.0  # of the log-score of the type most spoken of; of a page that says nothing
_COUNTED = 6.0  # a title that counts several calls
_SHARP = 2.2  # how fast a type's lead becomes certainty, rules alone

_MONEY_BEFORE = re.compile(r"[$€£¥]\s?$")
_MONEY_AFTER = re.compile(r"[.,]?\d|\s?[%€$£]")

SURE_OPEN = 0.58  # below this, and above its counterpart, nobody knows whether it is an opportunity
SURE_TYPE = 0.4


# An interface that gives a call's closing date and its budget beside the prose says that it is one, and of money.
_STATED, _FUNDS = 6.0, 30.0
_FUNDED = re.compile(r"budget|presupuesto|contribution|award (?:ceiling|floor)|type of action|cofinanc")


_PUBLISHED, _BY_BULLETIN = 20.0, "archivo del boletin"  # an archive's rows are what a bulletin published as calls


@dataclass(frozen=True)
class Weighed:
    """What the rules find: the log-odds that a page is an opportunity, a score for each type, and the words that say most."""

    odds: float
    types: Mapping[str, float]
    yes: Hit | None
    no: tuple[str, Hit] | None  # which list, its words
    words: Mapping[str, Hit]  # type → the words that say most for it


def weigh(page: Page) -> Weighed:
    """Weigh the words of a page by the lexicons."""
    odds, against = _BASE, []
    for name, (in_title, in_body) in _AGAINST.items():
        title, body, hit = _parts(page, f"opportunity.{name}")
        moved = in_title * math.log1p(title) + in_body * math.log1p(min(body, _ASIDE))
        odds -= moved
        if hit is not None:
            against.append((moved, name, hit))
    yes_hits = []
    for key, weight in _FOR:
        if hits := page.hits(key, page.title[1]):
            odds += weight
            yes_hits.append(hits[0])
    scores: dict[str, float] = {}
    words: dict[str, Hit] = {}
    labels = set(page.context.terms("opportunity_types"))
    for name in names_of("type"):
        if name in labels:
            title, body, hit = _parts(page, f"type.{name}")
            scores[name] = 4 * title + body
            if hit is not None:
                words[name] = hit
    labels_of = [label for label, _ in page.facts]
    if any(page.any("close.strong", label) for label in labels_of):
        odds += _STATED
    published = next((label for label in labels_of if page.folded[slice(*label)] == _BY_BULLETIN), None)
    if published:
        odds += _PUBLISHED
        yes_hits.append(Hit(*published, 1, ""))
    if "fund" in scores and any(_FUNDED.search(page.folded, *label) for label in labels_of):
        scores["fund"] += _FUNDS
    odds += _TYPED * math.log1p(max(scores.values(), default=0.0))
    if listing := _counted_title(page):
        odds -= _COUNTED
        against.append((_COUNTED, "roundup", listing))
    _, _, yes = _parts(page, "opportunity.yes")
    against.sort(key=lambda entry: (-entry[0], entry[1]))
    return Weighed(odds, scores, yes or (yes_hits[0] if yes_hits else None), against[0][1:] if against else None, words)


def open_chance(found: Weighed, opinion: Opinion | None) -> float:
    """How likely a page is an opportunity."""
    odds = found.odds
    if opinion is not None:
        rules, head, constant = heads().open_mix
        odds = rules * found.odds + head * open_odds(opinion.types) + constant
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def open_odds(types: Mapping[str, float]) -> float:
    """The head's log-odds of any type against none."""
    highest = max(types.values())
    return highest + math.log(sum(math.exp(v - highest) for k, v in types.items() if k != NONE) + 1e-9) - types[NONE]


def type_chances(found: Weighed, opinion: Opinion | None) -> dict[str, float]:
    """How likely each type is, should the page be an opportunity; empty where nothing speaks for any."""
    if opinion is None:
        if not any(found.types.values()):
            return {}
        scores = {name: _SHARP * math.log1p(score) for name, score in found.types.items()}
    else:
        rules, head = heads().type_mix
        scores = {n: rules * math.log1p(s) + head * opinion.types.get(n, -9.0) for n, s in found.types.items()}
    highest = max(scores.values(), default=0.0)
    weights = {name: math.exp(score - highest) for name, score in scores.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def read_class(page: Page, opinion: Opinion | None = None) -> None:
    """Write is_opportunity and opportunity_type on the page's sheet, or name them unclear."""
    found = weigh(page)
    chance = open_chance(found, opinion)
    sure = max(chance, 1 - chance)
    if chance < 0.5:
        kind, hit = found.no or ("nothing", None)
        if sure >= SURE_OPEN and (hit or opinion):
            _state(page, "is_opportunity", False, f"opportunity.{kind}", sure, hit, opinion)
            return
        unsure(page, "is_opportunity")
        return
    chances = type_chances(found, opinion)
    best = max(chances, key=lambda name: chances[name], default=None)
    hit = found.words.get(best) if best else None
    if sure >= SURE_OPEN:
        _state(page, "is_opportunity", True, "opportunity.words", sure, found.yes or hit, opinion)
    else:
        unsure(page, "is_opportunity")
    if best is None or chances[best] < SURE_TYPE:
        unsure(page, "opportunity_type")
        return
    _state(page, "opportunity_type", best, f"type.{best}", chances[best], hit, opinion)


def unsure(page: Page, field: str) -> None:
    """Name a field a reader was too unsure of to say."""
    page.values.setdefault("unclear", []).append(field)


def _state(
    page: Page, field: str, value: object, rule: str, chance: float, hit: Hit | None, opinion: Opinion | None
) -> None:
    """Write a field with the words that say most for it, else the title; by model where a head had its say."""
    core: Span = hit[:2] if hit is not None else page.title
    confidence = round(min(0.99, chance), 2)
    if opinion is not None:
        rule = f"{rule.partition('.')[0]}.{opinion.version}"
    said = page.state(field, value, rule, confidence, core, page.segment(core[0]))
    if said and opinion is not None:
        page.evidence[-1] = page.evidence[-1].model_copy(update={"method": "model"})
    elif not said:
        unsure(page, field)


def _parts(page: Page, key: str) -> tuple[float, float, Hit | None]:
    """The weight of a list's words in the title and in the body, and the words that say most. Repeated words fade."""
    seen: dict[str, int] = {}
    title = body = best_score = 0.0
    best, covered = None, -1
    for hit in sorted(page.hits(key), key=lambda h: (h.start, h.start - h.end, -h.weight)):
        if hit.end <= covered:
            continue
        covered = hit.end
        words = page.folded[hit.start : hit.end]
        seen[words] = seen.get(words, 0) + 1
        if seen[words] > _CAP or not hit.weight:
            continue
        score = hit.weight / seen[words]
        if hit.start < page.title[1]:
            title += score
            score *= 4
        else:
            score *= 1.0 if hit.start < page.title[1] + _OPENING else _REST
            body += score
        if score > best_score:
            best, best_score = hit, score
    return title, body, best


def _counted_title(page: Page) -> Hit | None:
    """ "17 scholarships …", "Top 10 becas": the title counts several calls; sums of money do not count."""
    title = page.title[1]
    words = [word for word in page.words if word[0] < title]
    leads = {hit.end for hit in page.hits("opportunity.count_lead", 0, title)}
    for i, (start, end, word) in enumerate(words[:4]):
        if not (word.isascii() and word.isdigit() and 2 <= int(word) <= 200):
            continue
        reach = words[min(i + 4, len(words) - 1)][1]
        if not page.hits("opportunity.counted", end, reach) or _MONEY_BEFORE.search(
            page.folded, max(0, start - 2), start
        ):
            continue
        if (i == 0 or words[i - 1][1] in leads) and not _MONEY_AFTER.match(page.folded, end):
            return Hit(start, end, 1, "")
    return None
