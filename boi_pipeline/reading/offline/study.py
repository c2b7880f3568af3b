"""What is studied and what is asked of applicants: levels, languages, age. Fields of study belong to ``fields``."""

import re
from dataclasses import dataclass
from itertools import pairwise

from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.values.ages import find_ages
from boi_pipeline.reading.values.languages import Language, named_languages

_NO_AGE = re.compile(
    r"experienc|experience|experienci|erfahrung|history|founded|old building|anniversar|aniversario|anniversaire|(?<![a-z])chez les |"
    r"premio joven|young .{0,12}prize|prix jeune|premio jovem|hijos|hijas|children|enfants|filhos|kinder|euros? (?:pour|para|for)|tarif|discount|descuento|desconto|rabatt|half price"
)
_STUDY = (None, "scholarship")
_SECONDARY = 3
_LATE = 0.7  # of a long page: what stands after it speaks of other pages
_LONG = 1200

# ---------------------------------------------------------------- levels


def read_levels(page: Page) -> None:
    """Write isced_levels: the levels of study offered, not the degree applicants must already have."""
    if page.values.get("opportunity_type") not in _STUDY:
        return
    hits = _level_hits(page)
    titled = [(level, hit) for level, hit in hits if hit.end <= page.title[1] and hit.weight]
    offered = [(level, hit) for level, hit in hits if hit.start >= page.title[1] and not _held(page, hit)]
    if len(page.text) > _LONG:
        offered = [(level, hit) for level, hit in offered if hit.start < _LATE * len(page.text)]
    cued = [(level, hit) for level, hit in offered if page.any("level.offer", page.segment(hit.start))]
    sure = [(level, hit) for level, hit in titled if hit.weight > 1]
    if page.values.get("opportunity_type") is None:
        cued = offered = [(level, hit) for level, hit in cued if hit.weight > 1]
    chosen = sure or titled + (cued or offered)
    if any(level > _SECONDARY for level, _ in chosen):
        chosen = [(level, hit) for level, hit in chosen if level > _SECONDARY]  # school is what students come from
    found: list[int] = []
    for level, hit in chosen:
        confidence = 0.85 if hit.end <= page.title[1] else 0.75
        if level not in found and page.prove(
            "isced_levels", f"level.{level}", confidence, hit[:2], page.segment(hit.start)
        ):
            found.append(level)
    if found:
        page.put("isced_levels", sorted(found))


def _level_hits(page: Page) -> list[tuple[int, Hit]]:
    """The levels named; of words within words the longest: "pós-graduação" is no "graduação"."""
    levels = [(int(name), hit) for name in names_of("level") if name.isdigit() for hit in page.hits(f"level.{name}")]
    levels.sort(key=lambda one: (one[1].start, -one[1].end))
    apart: list[tuple[int, Hit]] = []
    covered = -1
    for level, hit in levels:
        if hit.end <= covered:
            continue
        covered = hit.end
        apart.append((level, hit))
    return [(level, hit) for level, hit in apart if hit.weight]


def _held(page: Page, hit: Hit) -> bool:
    """Whether a level is what applicants have: "holders of a master's degree", "Profile: MSc in biology"."""
    start, end = page.segment(hit.start)
    before = page.hits("level.holds", max(start, hit.start - 60), hit.start)
    if any(
        not re.search(r"[;:]|, (?!un|una|a |an |le |la |o |ein)", page.folded[one.end : hit.start]) for one in before
    ):
        return True
    if page.any("level.held", (hit.start, min(end, hit.end + 50))):
        return True
    return in_profile(page, hit.start)


def in_profile(page: Page, at: int) -> bool:
    """Whether a position stands in a line of what applicants bring: after "Profile:", "Requirements:"."""
    line = page.text.rfind("\n", 0, at) + 1
    return any(
        page.folded[one.end : one.end + 2].lstrip().startswith(":")
        or not page.folded[line : one.start].strip(" -–•*·▪✓→✅")
        for one in page.hits("level.profile", line, at)
    )


# ---------------------------------------------------------------- languages

_JOINED = re.compile(
    r"(?:[ ,/&(-]|(?<![a-z])(?:and|or|y|e|o|u|et|ou|und|oder|as well as|asi como|the|el|le|la|du|de|del|do|in|en|em|auf|im|l'|de l'|d')(?![a-z])|l'|d')*"
)
_AND = re.compile(r"(?<![a-z])(?:and|y|e|et|und|&|as well as|asi como)(?![a-z])")
_OR = re.compile(r"(?<![a-z])(?:or|o|u|ou|oder)(?![a-z])|/")
_OR_OTHER = re.compile(
    r",? (?:or|o|ou|oder) (?:in |en |em |auf )?(?:your|tu|su|tua|sua|votre|ta|ihrer|an?other|an?|any|otra|outra|une? autre|une?|eine[rn]?|la|le|the|local)(?![a-z])"
)
_IN = re.compile(r"(?:(?<![a-z])(?:in|en|em|auf)(?: the| el| der)?|[,(:])[ (]*$")
_ASKS = re.compile(r"requ|exig|skill|kenntnis|nivel|level|niveau|voraussetz|anforder")
_NO_TEST = re.compile(r"(?<![a-z])(?:no|without|sin|sans|sem|kein|ohne)(?: [a-z]+)? $")
_VERSION = re.compile(r"\([ ]?(?:in|en|em|auf) $")  # "base document (in English)": the document's language
_CLAUSE = re.compile(r"[;.!?()\n]|, (?=(?:but|pero|mas|mais|aber|sondern)(?![a-z]))")
_SAID_FIRST = 24  # characters after a label: "Language: taught in English"
_LANGUAGE = frozenset(("langue", "lengua", "lingua"))
_ONLY = re.compile(r" (?:only|solamente|unicamente|uniquement|apenas|nur)(?![a-z])")
_OF_PERSONS = ("placement", "network", "scholarship", "cooperation")  # a list of languages there is what one must know


@dataclass(frozen=True, slots=True)
class _Group:
    """Languages named in one breath."""

    languages: list[Language]
    alternatives: bool  # one of them is enough: none is asked of everybody

    @property
    def span(self) -> Span:
        return self.languages[0].start, self.languages[-1].end


def read_languages(page: Page) -> None:
    """Write required_languages: those the words ask of applicants, with their level."""
    labels = page.label("language.label")
    found: dict[str, str] = {}
    groups = _groups(page)
    for i, group in enumerate(groups):
        label = next((hit for hit, (a, b) in labels if a <= group.span[0] and group.span[1] <= b), None)
        beside = (groups[i - 1].span[1] if i else 0, groups[i + 1].span[0] if i + 1 < len(groups) else len(page.text))
        confidence = _asked(page, group, label, beside)
        if not confidence:
            continue
        segment = page.segment(group.span[0])
        for language in group.languages:
            known = found.get(language.code)
            if known is not None and (":" in known or not language.level):
                continue
            within = (min(segment[0], label.start), max(segment[1], language.end)) if label else segment
            rule = "language.label" if label else "language.words"
            if page.prove("required_languages", rule, confidence, (language.start, language.end), within):
                found[language.code] = language.term
    if found:
        page.put("required_languages", list(found.values()))


def _groups(page: Page) -> list[_Group]:
    grouped: list[list[Language]] = []
    for language in named_languages(page.folded):
        if page.is_silent(language.start) or (
            page.language in ("en", "de") and page.text[language.start].islower() and not language.level
        ):
            continue
        last = grouped[-1][-1] if grouped else None
        if (
            last
            and language.start - last.end <= 24
            and _JOINED.fullmatch(page.folded, last.end, language.start)
            and page.segment(last.start) == page.segment(language.start)
            and not _ends_list(page, grouped[-1], language)
            and not (last.level and page.folded[last.end : language.start].lstrip(")").startswith((",", ";")))
        ):
            grouped[-1].append(language)
        else:
            grouped.append([language])
    return [_Group(one, _alternatives(page, one)) for one in grouped]


def _ends_list(page: Page, group: list[Language], following: Language) -> bool:
    """ "English and French, Spanish": after an "and" a comma opens something else."""
    comma = not page.folded[group[-1].end : following.start].strip(" ,")
    return comma and len(group) > 1 and bool(_AND.search(page.folded, group[-2].end, group[-1].start))


def _alternatives(page: Page, languages: list[Language]) -> bool:
    between = [page.folded[a.end : b.start] for a, b in pairwise(languages)]
    several = len({language.code for language in languages}) > 1
    if several and any(_OR.search(text) for text in between):
        return True
    if several and not any(_AND.search(text) for text in between) and not any(one.level for one in languages):
        return True
    return not languages[-1].is_test and bool(_OR_OTHER.match(page.folded, languages[-1].end))


def _asked(page: Page, group: _Group, label: Hit | None, beside: Span) -> float:
    """How surely the languages of a group are asked of applicants; 0 where they are not. ``beside``: where others end
    and begin.
    """
    start, end = group.span
    segment = page.segment(start)
    clause = _clause(page, group.span, segment)
    if group.alternatives or page.any("language.optional", _own_part(page, group.span, clause, beside)):
        return 0.0
    if any(language.level or language.is_test for language in group.languages):
        refused = group.languages[0].is_test and _NO_TEST.search(page.folded, max(segment[0], start - 12), start)
        return 0.0 if refused else 0.9
    if page.any("language.not", (max(segment[0], start - 40), min(segment[1], end + 30))):
        return 0.0
    kind = page.values.get("opportunity_type")
    event = kind == "event"
    if label is not None and start - label.end <= _SAID_FIRST and beside[0] <= label.end:
        if _ASKS.search(page.folded, label.start, label.end):
            return 0.9
        return 0.0 if event or (len(group.languages) > 1 and kind not in _OF_PERSONS) else 0.8
    single = len(group.languages) == 1
    named_in = single and bool(
        _IN.search(page.folded, max(segment[0], start - 10), start) or _ONLY.match(page.folded, end)
    )
    noted = _VERSION.search(page.folded, max(segment[0], start - 6), start) and page.folded[end : end + 1] == ")"
    if (
        named_in
        and not noted
        and page.any("language.dossier", (max(segment[0], start - 90), min(segment[1], end + 60)))
    ):
        return 0.7
    cues = page.hits("language.cue", max(clause[0], start - 45), min(clause[1], end + 40))
    if label is None and not event and any(not _is_name(page, cue, start) for cue in cues):
        return 0.75
    return 0.0


def _is_name(page: Page, cue: Hit, start: int) -> bool:
    """ "De langue française": the word belongs to the name."""
    return 0 <= start - cue.end <= 1 and page.folded[cue.start : cue.end] in _LANGUAGE


def _clause(page: Page, span: Span, segment: Span) -> Span:
    before = [gap.end() for gap in _CLAUSE.finditer(page.folded, segment[0], span[0])]
    after = _CLAUSE.search(page.folded, span[1], segment[1])
    return (before[-1] if before else segment[0]), (after.start() if after else segment[1])


def _own_part(page: Page, span: Span, clause: Span, beside: Span) -> Span:
    """The part of a clause that speaks of these languages: "fluent English, French desirable" is two."""
    low, high = clause
    piece = max(low, page.folded.rfind(",", low, span[0])), page.folded.find(",", span[1], high)
    if piece[1] > 0 and page.any("language.cue", (span[1], piece[1])):
        return piece
    if beside[0] > low and (comma := page.folded.rfind(",", beside[0], span[0])) >= 0:
        low = comma
    if beside[1] < high and (comma := page.folded.rfind(",", span[1], beside[1])) >= 0:
        high = comma
    return low, high


# ---------------------------------------------------------------- age


def read_age(page: Page) -> None:
    """Write typical_age_range, of who may apply."""
    for start, end, ages in find_ages(page.folded):
        segment = page.segment(start)
        if page.is_silent(start) or _NO_AGE.search(page.folded, max(segment[0], start - 30), min(segment[1], end + 30)):
            continue
        if page.state("typical_age_range", ages, "age.words", 0.85, (start, end), segment):
            return
