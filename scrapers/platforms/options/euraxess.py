"""Options of the platform ``euraxess``: a ``listing`` with EURAXESS's selectors."""

from typing import Literal

from pydantic import Field

from scrapers.platforms.options.common import Css, Detail, Facts, IdPattern
from scrapers.platforms.options.listing import ListingOptions


class EuraxessOptions(ListingOptions):
    """The search of EURAXESS; ``url`` is the search without its filters."""

    offer_types: list[Literal["job_offer", "funding", "hosting"]] = Field(default=["job_offer"], min_length=1)
    item: Css = ".ecl-content-item"
    link: Css = "h3 a"
    next: Css | None = ".ecl-pagination__item--next a, a.ecl-pagination__item--next"
    id: IdPattern | None = r"/jobs/(\d+)"
    detail: Detail | None = Detail(
        title="h1.ecl-content-block__title",
        content="main article",
        facts=Facts(label="#job-information + dl dt"),
        remove=["div:has(> #contact)"],  # a person's name and address
    )
    roundups: bool = False
