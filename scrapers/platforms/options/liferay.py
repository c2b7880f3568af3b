"""Options of the platform ``liferay``: a ``listing`` with the selectors of ICETEX's portal."""

from scrapers.platforms.options.common import Css, Detail, Facts, IdPattern
from scrapers.platforms.options.listing import ListingOptions


class LiferayOptions(ListingOptions):
    """A list of articles of a Liferay portal, and their pages; ``url`` is the list."""

    item: Css = ".portlet-body .media"
    link: Css = "a.lnk_art_nuevo_cred"
    id: IdPattern | None = r"/-/([^/?#]+)"
    detail: Detail | None = Detail(
        title="h1.titulo-interno, .col-md-9 h1",
        content=".container .col-12.col-md-9, .acordeon-container, .info_convo",
        facts=Facts(item="div.indicadores_becas, div.info_convo p"),  # the latter where there are none of the former
    )
    roundups: bool = False
