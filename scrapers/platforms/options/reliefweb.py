"""Options of the platform ``reliefweb``."""

from typing import Annotated, Literal

from pydantic import Field

from scrapers.platforms.options.common import Choosing


class ReliefWebOptions(Choosing):
    """ReliefWeb's API; ``url`` is its version 2, and ``access.query`` names the approved ``appname``."""

    content: Literal["jobs", "training"]
    countries: list[Annotated[str, Field(pattern=r"^[a-z]{3}$")]] = Field(
        default_factory=list
    )  # ISO 3166, three letters
    types: list[str] = Field(default_factory=list)  # by name, e.g. Job, Consultancy; Call for Papers, Training
    limit: int = Field(default=100, ge=1, le=1000)
    pages: int = Field(default=5, ge=1)
    max_details: int = Field(default=200, ge=1)
