"""Every renderer of the bulletin, by name, for tests that must hold for all of them; and what a reader finds in a file.

A new renderer is one line here: a function of a bulletin and an empty folder. What is sent one by one and not written
to a folder stands here as a function that writes it.
"""

import gzip
import unicodedata
from collections.abc import Callable
from pathlib import Path

from pypdf import PdfReader

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.cards import render_cards
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.feeds import render_feeds
from boi_pipeline.publishing.fragment import render_fragment
from boi_pipeline.publishing.outbox import batches, write_outbox
from boi_pipeline.publishing.pdf import render_pdfs
from boi_pipeline.publishing.site import render_site

Render = Callable[[Bulletin, Path], object]
POSTED = ("whatsapp", "x", "instagram", "linkedin", "email")


def render_outbox(bulletin: Bulletin, folder: Path) -> object:
    """The outbox as if everything that was ever published were still to be posted on every channel."""
    on_site = [item.publication for edition in bulletin.editions for item in edition.items]
    planned = [
        one.model_copy(
            update={"channel": channel, "state": "planned", "publication_id": f"{one.edition_id}/{channel}/{one.code}"}
        )
        for one in on_site
        for channel in POSTED
    ]
    return write_outbox(bulletin, batches(bulletin, planned), folder)


RENDERERS: dict[str, Render] = {
    "site": lambda bulletin, folder: render_site(
        bulletin, Disk(folder)
    ),  # with the search, the articles, the archive and the calendars
    "feeds": lambda bulletin, folder: render_feeds(bulletin, Disk(folder)),
    "pdf": render_pdfs,
    "fragment": lambda bulletin, folder: render_fragment(bulletin, Disk(folder)),
    "cards": lambda bulletin, folder: render_cards(bulletin, Disk(folder)),
    "outbox": render_outbox,
}


def render_all(bulletin: Bulletin, folder: Path) -> dict[str, Path]:
    """Name → the folder of its own that each renderer wrote into."""
    places = {name: folder / name for name in RENDERERS}
    for name, render in RENDERERS.items():
        places[name].mkdir(parents=True)
        render(bulletin, places[name])
    return places


def told(folder: Path) -> str:
    """All that can be read in the files below a folder, and their names: folded, without spaces and hyphens.

    So words are found however a renderer breaks lines, and whatever it does with capitals and accents. Pictures are
    told by their name alone.
    """
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found += [str(path.relative_to(folder)), _text(path)]
    plain = unicodedata.normalize("NFKD", "\n".join(found)).casefold()
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "-\u00ad\u2010")


def _text(path: Path) -> str:
    if path.suffix == ".png":
        return ""
    if path.suffix == ".pdf":
        reader = PdfReader(path)
        links = [str(note.get_object()) for page in reader.pages for note in page.get("/Annots") or ()]
        return "\n".join([*(page.extract_text() for page in reader.pages), *links, str(reader.metadata)])
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8", "replace")
