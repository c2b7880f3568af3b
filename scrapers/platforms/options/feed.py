"""Options of the platform ``feed``."""

from pydantic import Field, model_validator

from scrapers.platforms.options.common import Choosing, Css, Documents


class FeedOptions(Choosing):
    """An RSS 2.0, Atom or RDF feed; ``url`` is the feed."""

    follow: bool = False  # fetch each entry's page for its full text
    content: Css | None = None  # the text on that page
    remove: list[Css] = Field(default_factory=list)
    revisit: bool = False  # ask the pages of known items again, conditionally, though the list shows no change
    documents: Documents | None = None  # the PDFs that a notice links to, read with it
    max_details: int = Field(default=200, ge=1)

    @model_validator(mode="after")
    def _needs_content(self) -> "FeedOptions":
        if self.follow and not self.content:
            raise ValueError("follow: true needs content, the CSS selector of the text on the entry's page")
        return self
