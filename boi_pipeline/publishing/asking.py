"""How citizens are asked what became of a call: two questions at the end of each note, and a page for any code.

The form needs no script; a service of the entity's choice receives it (``outcome_form`` of the entity), and its pages may
send to no other place. Its fields are the template's; what comes back is read elsewhere (``achieved.forms``).
"""

from urllib.parse import urlsplit

from boi_pipeline.publishing import structured
from boi_pipeline.publishing.writer import Writer

ASK = "conte-su-resultado/"


def outcome_page(writer: Writer) -> None:
    """``conte-su-resultado/``: the form for any code, and what is done with an answer. None where nobody is asked."""
    bulletin = writer.bulletin
    form = bulletin.entity.outcome_form
    if form is None:
        return
    name, words = (
        "Cuente su resultado",
        "¿Se postuló a una convocatoria del boletín? Díganos qué pasó, sin dar sus datos.",
    )
    writer.page(
        "outcome.html",
        ASK,
        data=structured.page_data(bulletin, ASK, name, words),
        about=words,
        host=urlsplit(form.url).hostname,
        answers_to=form.origin,
    )
