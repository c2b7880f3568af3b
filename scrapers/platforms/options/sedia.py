"""Options of the platform ``sedia``."""

from typing import Annotated, Literal

from pydantic import Field

from scrapers.platforms.options.common import Choosing


class SediaOptions(Choosing):
    """A search of the EU Funding & Tenders Portal; ``url`` is the search, with its key and text."""

    types: list[Literal["1", "2", "8"]] = Field(default=["1", "2"], min_length=1)  # topics, calls, cascade calls
    statuses: list[Literal["forthcoming", "open", "closed"]] = Field(default=["forthcoming", "open"], min_length=1)
    programmes: list[Annotated[str, Field(pattern=r"^\d+$")]] = Field(default_factory=list)  # frameworkProgramme ids
    languages: list[Annotated[str, Field(pattern=r"^[a-z]{2}$")]] = Field(default=["en"], min_length=1)  # best first
    page_size: int = Field(default=50, ge=1, le=100)  # a result may be 60 KB, and an answer 10 MB
    pages: int = Field(default=40, ge=1)
    past: bool = False  # give also what is called open though its every deadline has passed
    details: bool = False  # read each topic's own answer for its conditions
    max_details: int = Field(default=200, ge=1)
