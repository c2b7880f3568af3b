"""The page on which people find what to follow: feeds and calendars of everything and of each topic.

Words are in the template; which topics there are and where their files stand is ``topics``'. It needs no script: addresses
are links, and text that one click selects.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from boi_pipeline.publishing import structured
from boi_pipeline.publishing.topics import ALL, GROUPS, Topic, topics
from boi_pipeline.publishing.writer import Writer, site_root

SUBSCRIBE = "suscribirse/"


@dataclass(frozen=True)
class Followed:
    """One topic as the page offers it: paths under the root, and the whole addresses that are copied."""

    label: str
    rss: str
    atom: str
    json: str
    ics: str
    grants: str
    webcal: str  # opens a calendar program, which subscribes
    rss_address: str
    ics_address: str


def _followed(root: str, topic: Topic) -> Followed:
    ics = root + topic.path("ics")
    return Followed(
        label=topic.label,
        rss=topic.path("rss"),
        atom=topic.path("atom"),
        json=topic.path("json"),
        ics=topic.path("ics"),
        grants=topic.path("commongrants"),
        webcal=ics.replace(urlsplit(root).scheme, "webcal", 1),
        rss_address=root + topic.path("rss"),
        ics_address=ics,
    )


def subscribe_page(writer: Writer) -> None:
    """``suscribirse/``: how to follow, everything, and each group of topics."""
    root = site_root(writer.bulletin.entity)
    known = topics(writer.bulletin.vocabularies)
    groups = [(group, [_followed(root, one) for one in known if one.group == group]) for group in GROUPS]
    words = "Reciba las convocatorias y sus fechas de cierre, sin cuenta y sin dar sus datos."
    data = structured.page_data(writer.bulletin, SUBSCRIBE, "Suscríbase", words)
    writer.page("subscribe.html", SUBSCRIBE, data=data, everything=_followed(root, ALL), groups=groups)
