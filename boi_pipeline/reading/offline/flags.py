"""Red flags: what a person must clear before publication. Each with the words that raised it."""

import re

from boi_pipeline.hosts import host_of, hosts, is_among
from boi_pipeline.reading.offline.benefits import view_span
from boi_pipeline.reading.offline.page import Page, Span

_TO_APPLY = re.compile(
    r"application fee|fee to apply|processing fee|postulacion|solicitud|dossier|candidatur|aplicacion|bewerbungsgebuhr|reserva|reserve|non-?refundable|no reembolsable|non remboursable|nao reembolsavel"
)


def read_flags(page: Page) -> None:
    """Write red_flags on the page's sheet; what other rules have read counts too."""
    raised = []
    for name, spot in (
        ("instructs_reader", _instructs(page)),
        ("sensitive_data", _sensitive(page)),
        ("intermediary", _first(page, "flag.intermediary")),
        ("application_fee", _fee(page)),
        ("shortened_link", _shortened(page)),
        ("foreign_domain", _foreign(page)),
        ("no_convener", _no_convener(page)),
        ("aggregator_deadline", _aggregator(page)),
    ):
        if spot and page.prove("red_flags", f"flag.{name}", 0.8, spot, _around(page, spot)):
            raised.append(name)
    if raised:
        order = page.context.terms("red_flags")
        page.put("red_flags", [name for name in order if name in raised] if order else raised)


def _around(page: Page, spot: Span) -> Span:
    segment = page.segment(spot[0])
    return segment if spot[1] <= segment[1] else spot


def _first(page: Page, key: str) -> Span | None:
    hit = next(iter(page.hits(key)), None)
    return (hit.start, hit.end) if hit else None


def _instructs(page: Page) -> Span | None:
    return next(((start, min(end, start + 200)) for start, end in sorted(page.orders) if end > start), None)


def _sensitive(page: Page) -> Span | None:
    for hit in page.hits("flag.bank"):
        if page.any("flag.chat", page.segment(hit.start)):
            return hit.start, hit.end
    return None


def _fee(page: Page) -> Span | None:
    """A fee to apply; that of attending a conference or course is none of applying."""
    if page.values.get("application_fee") is not True:
        return None
    proof = next((e for e in page.evidence if e.field == "application_fee"), None)
    span = view_span(page, proof.start, proof.end) if proof else None
    attending = page.values.get("opportunity_type") in ("event", "course", "network")
    return span if span and (not attending or _TO_APPLY.search(page.folded, *span)) else None


def _shortened(page: Page) -> Span | None:
    for link in page.notice.links[:400]:
        if is_among(host_of(link.url), "shorteners"):
            for told in (link.url, link.text):
                span = page.view.find(told) if told.strip() else None
                if span:
                    return view_span(page, *span)
    match = re.search(
        rf"(?:https?://)?(?<![\w.])(?:{'|'.join(map(re.escape, sorted(hosts('shorteners'))))})/\w+", page.folded
    )
    return match.span() if match else None


def _foreign(page: Page) -> Span | None:
    """The link to apply is a free form or page anybody can make, and not on the announcing site."""
    url = page.values.get("apply_url")
    host = host_of(url) if url else ""
    if not host or host == host_of(page.notice.url) or not is_among(host, "free"):
        return None
    proof = next((e for e in page.evidence if e.field == "apply_url"), None)
    return view_span(page, proof.start, proof.end) if proof else None


def _no_convener(page: Page) -> Span | None:
    """An aggregator that names no convener; an official source is one itself. Shown by the title: absence has no words."""
    if (
        page.notice.authority != "aggregator"
        or page.values.get("funder_name")
        or page.values.get("is_opportunity") is False
    ):
        return None
    return page.title if page.title[1] else None


def _aggregator(page: Page) -> Span | None:
    if page.notice.authority != "aggregator" or not page.values.get("deadlines"):
        return None
    proof = next((e for e in page.evidence if e.field == "deadlines"), None)
    return view_span(page, proof.start, proof.end) if proof else None
