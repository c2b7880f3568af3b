"""What is covered and on what terms: coverage, funding level and instrument, cost sharing, a fee to apply."""

import re

from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Hit, Page, Span

_APPLYING = re.compile(r"appl|postul|candidat|inscri|regist|bewerb|submi|enter")
_NEVER = re.compile(
    r"(?<![^\W_])(?:no|not|without|sin|sans|sem|aucune?s?|ningun\w*|nao|keine?|pas|never|ni|rien|nor|neither|nem|nenhum\w*)(?![^\W_])"
)
_BY_TYPE = {
    "scholarship": ("scholarship", "loan", "in_kind", "none"),
    "fund": ("cooperative_agreement", "grant", "loan", "in_kind", "prize"),
    "award": ("prize", "grant", "in_kind"),
    "residency": ("scholarship", "grant", "in_kind", "none"),
    "cooperation": ("cooperative_agreement", "grant", "in_kind"),
    "course": ("scholarship", "none"),
    "placement": ("scholarship", "none"),
    "event": ("scholarship", "grant", "none"),
    "network": ("grant",),
}


def read_benefits(page: Page) -> None:
    """Write coverage, funding_level and funding_instrument on the page's sheet."""
    covered = []
    for name in names_of("coverage"):
        if name in ("verb", "not"):
            continue
        hit = _covered(page, name)
        if hit and page.prove("coverage", f"coverage.{name}", 0.8, hit[:2], page.segment(hit.start)):
            covered.append(name)
    if covered:
        page.put("coverage", covered)
    for level in ("full", "none", "partial"):
        hit = next((h for h in page.hits(f"funding.{level}") if not _past(page, h.start)), None)
        if hit and page.state("funding_level", level, f"funding.{level}", 0.85, hit[:2], page.segment(hit.start)):
            break
    _instrument(page)


def _covered(page: Page, name: str) -> Hit | None:
    for hit in page.hits(f"coverage.{name}"):
        segment = page.segment(hit.start)
        near = (max(segment[0], hit.start - 60), min(segment[1], hit.end + 45))
        if page.any("coverage.not", near) or page.any("fee.yes", (segment[0], segment[1])):
            continue
        if name == "prize" or page.any("coverage.verb", segment) or _listed(page, hit):
            return hit
    return None


def _listed(page: Page, hit: Hit) -> bool:
    """A line of a list under a heading that speaks of benefits."""
    number = page.view.segment_at(hit.start)
    if page.segments[number][1] - page.segments[number][0] > 90:
        return False
    for back in range(number - 1, max(-1, number - 7), -1):
        segment = page.segments[back]
        if (
            segment[1] - segment[0] <= 70
            and page.any("coverage.verb", segment)
            and not page.any("coverage.not", segment)
        ):
            return True
    return False


def _past(page: Page, at: int) -> bool:
    return page.any("opportunity.result", page.segment(at))


def _instrument(page: Page) -> None:
    kind = page.values.get("opportunity_type")
    if kind is None:
        return
    for name in _BY_TYPE.get(kind, ()):
        hits = page.hits(f"instrument.{name}")
        titled = [hit for hit in hits if hit.end <= page.title[1]]
        chosen = (titled or hits)[:1]
        if name == "loan" and not titled and len(hits) < 2:
            continue
        if chosen and page.state(
            "funding_instrument", name, f"instrument.{name}", 0.75, chosen[0][:2], page.segment(chosen[0].start)
        ):
            return


def _yes_no(page: Page, section: str, field: str) -> None:
    for answer in ("no", "yes"):
        for hit in page.hits(f"{section}.{answer}"):
            segment = page.segment(hit.start)
            near = (max(segment[0], hit.start - 28), min(segment[1], hit.end + 28))
            if answer == "no" and section == "fee" and not _APPLYING.search(page.folded, *near):
                continue
            denied = (
                answer == "yes" and _NEVER.search(page.folded, max(segment[0], hit.start - 40), hit.start) is not None
            )
            if (
                answer == "yes"
                and not denied
                and (page.any(f"{section}.no", segment) or _of_studying(page, section, segment))
            ):
                continue
            if page.state(field, answer == "yes" and not denied, f"{section}.{answer}", 0.85, hit[:2], segment):
                return


def _of_studying(page: Page, section: str, segment: Span) -> bool:
    """Fees named among what is or is not covered are those of studying, not of applying."""
    covered = page.any("coverage.verb", segment) and page.any("coverage.tuition", segment)
    return section == "fee" and (covered or page.any("coverage.not", segment))


def read_terms(page: Page) -> None:
    """Write cost_sharing_required and application_fee on the page's sheet."""
    _yes_no(page, "cost_sharing", "cost_sharing_required")
    _yes_no(page, "fee", "application_fee")
