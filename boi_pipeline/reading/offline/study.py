"""What is studied and what is asked of applicants: levels, languages, age."""

import re

from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.values.ages import find_ages
from boi_pipeline.reading.values.languages import find_languages

_NO_AGE = re.compile(r"experienc|experience|experienci|history|founded|old building|anniversar|aniversario")


def read_levels(page: Page) -> None:
    """Write isced_levels: the levels of study offered, not the degree applicants must already have."""
    found = []
    for name in names_of("level"):
        if name == "holds":
            continue
        for hit in page.hits(f"level.{name}"):
            segment = page.segment(hit.start)
            if hit.end > page.title[1] and _held(page, hit.start, segment):
                continue
            if page.prove(
                "isced_levels", f"level.{name}", 0.85 if hit.end <= page.title[1] else 0.75, hit[:2], segment
            ):
                found.append(int(name))
            break
    if found:
        page.put("isced_levels", found)


def _held(page: Page, at: int, segment: Span) -> bool:
    low = max(segment[0], at - 42)
    return any(not re.search(r"[,;:]", page.folded[hit.end : at]) for hit in page.hits("level.holds", low, at))


def read_languages(page: Page) -> None:
    """Write required_languages: those the words ask for, with their level."""
    spans: list[tuple[Span, Span, float]] = [
        ((hit.start, span[1]), span, 0.9) for hit, span in page.label("language.label")
    ]
    spans += [(segment, segment, 0.75) for segment in page.segments]
    found: dict[str, str] = {}
    for core, (start, end), confidence in spans:
        for a, b, language in find_languages(page.folded[start:end]):
            low, high = start + a, start + b
            window = (max(start, low - 45), min(end, high + 30))
            asked = confidence == 0.9 or ":" in language or page.any("language.cue", window)
            if (
                not asked
                or page.any("language.not", window)
                or (
                    not page.text[low].isupper()
                    and confidence < 0.9
                    and page.language in ("en", "de")
                    and ":" not in language
                )
            ):
                continue
            code = language.partition(":")[0]
            if code in found and (":" in found[code] or ":" not in language):
                continue
            span = core if confidence == 0.9 else (low, high)
            if page.prove(
                "required_languages",
                "language.label" if confidence == 0.9 else "language.words",
                confidence,
                (low, high),
                (min(span[0], low), max(span[1], high)) if confidence == 0.9 else core,
            ):
                found[code] = language
    if found:
        page.put("required_languages", list(found.values()))


def read_age(page: Page) -> None:
    """Write typical_age_range, of who may apply."""
    for start, end, ages in find_ages(page.folded):
        segment = page.segment(start)
        if _NO_AGE.search(page.folded, max(segment[0], start - 30), min(segment[1], end + 30)):
            continue
        if page.state("typical_age_range", ages, "age.words", 0.85, (start, end), segment):
            return
