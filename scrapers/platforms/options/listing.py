"""Options of the platform ``listing``."""

from pydantic import Field, model_validator

from scrapers.platforms.options.common import Choosing, Css, Detail, Documents, Facts, IdPattern


class ListingOptions(Choosing):
    """HTML pages that list items; ``url`` is the first of them."""

    item: Css  # one card
    link: Css = "a[href]"  # within the card
    title: Css | None = None  # within the card; else the link's text
    facts: Facts | None = None  # within the card
    next: Css | None = None  # the link to the next page
    page_parameter: str | None = None  # or the query key that counts pages
    first_page: int = 1
    pages: int = Field(default=10, ge=1)
    id: IdPattern | None = None  # on the item's URL; else the canonical URL is its key
    detail: Detail | None = None  # absent: the card is all there is
    revisit: bool = False  # ask the pages of known items again, conditionally, though the list shows no change
    documents: Documents | None = None  # the PDFs that a notice links to, read with it
    max_details: int = Field(default=200, ge=1)

    @model_validator(mode="after")
    def _one_way(self) -> "ListingOptions":
        if self.next and self.page_parameter:
            raise ValueError("expected next or page_parameter, not both")
        return self
