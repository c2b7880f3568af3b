"""Options of the platform ``inbox``."""

from pydantic import Field

from scrapers.platforms.options.common import Choosing, Documents


class InboxOptions(Choosing):
    """Files that the team drops into ``inbox/<source id>/`` of the home; ``url`` is ``inbox:<source id>``."""

    documents: Documents | None = None
    max_details: int = Field(default=200, ge=1)
