"""Addresses of the site's pages that tell where a reader came from: the four UTM parameters of domain.md §5.

Only links to the bulletin's own site carry them: what follows a question mark can change what a convener's page shows.
"""

from urllib.parse import urlencode

from boi_pipeline.records import Edition


def utm(edition: Edition, source: str, medium: str, code: str) -> str:
    """``?utm_source=…&utm_medium=…&utm_campaign=pal-2026-48&utm_content=PAL-2026-00001``, for the end of an address.

    The campaign is the code's prefix in lower case, and the edition's week.
    """
    campaign = f"{code.partition('-')[0].lower()}-{edition.label.replace('W', '')}"
    given = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign, "utm_content": code}
    return f"?{urlencode(given)}"
