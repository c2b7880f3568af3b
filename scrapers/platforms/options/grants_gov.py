"""Options of the platform ``grants_gov``."""

from typing import Annotated, Literal

from pydantic import Field

from scrapers.platforms.options.common import Choosing

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")]


class GrantsGovOptions(Choosing):
    """A search of Grants.gov; ``url`` is its API. Codes are those of the facets in the search's own answer."""

    keywords: list[str] = Field(default_factory=list)  # each its own search; absent: all there is
    statuses: list[Literal["posted", "forecasted", "closed", "archived"]] = Field(
        default=["posted", "forecasted"], min_length=1
    )
    agencies: list[Code] = Field(default_factory=list)
    eligibilities: list[Code] = Field(default_factory=list)
    funding_categories: list[Code] = Field(default_factory=list)
    rows: int = Field(default=100, ge=1, le=1000)
    pages: int = Field(default=10, ge=1)  # of each keyword
    max_details: int = Field(default=200, ge=1)
