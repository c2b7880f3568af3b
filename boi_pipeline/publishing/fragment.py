"""The day's list for an institutional portal: a piece of HTML to put into a page, and the same as a page for a frame.

It carries its looks in ``style`` attributes and touches nothing around it: no script, no style sheet, no id, no
heading, so that it fits under any heading of its host. Links are absolute and tell that the portal was the way.
"""

from pathlib import Path

from boi_pipeline.palette import palette
from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.archive import newest_codes
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.campaign import utm
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.note import note_of
from boi_pipeline.publishing.writer import environment, site_root

FRAGMENT, FRAME = "fragmento/hoy.html", "fragmento/pagina.html"


def render_fragment(bulletin: Bulletin, disk: Disk) -> list[Path]:
    """Write ``fragmento/hoy.html`` and ``fragmento/pagina.html``; give both. Equal bulletins: equal bytes."""
    entity = bulletin.entity
    latest = bulletin.newest_first[0] if bulletin.editions else None
    rows = []
    for code in newest_codes(bulletin):
        note = note_of(bulletin, *bulletin.current[code])
        edition = bulletin.current[code][0]
        rows.append((note, f"{site_root(entity)}{note.path}{utm(edition, 'portal', 'fragment', code)}"))
    given = {
        "entity": entity,
        "country": spanish.country_name(entity.country) or entity.country,
        "rows": rows,
        "day": spanish.weekday_date(latest.edition.edition_date) if latest else None,
        "is_today": bool(latest and latest.edition.edition_date == bulletin.today),
        "root": site_root(entity),
        "colours": palette(entity.brand.primary, entity.brand.accent, dark=False),
    }
    written = []
    for name, template in ((FRAGMENT, "fragment.html"), (FRAME, "frame.html")):
        written.append(disk.put(name, environment().get_template(template).render(given).encode()))
    return written
