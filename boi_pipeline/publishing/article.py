"""The weekly article: five calls and why a person picked each, as a page of the site and as Markdown for other portals.

Here: what it says, its length, and where it stands. Words about one call are ``note``'s. The reasons are a person's, as
they were when the week closed; corrections, withdrawals and what the sources say since show at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from boi_pipeline.publishing import spanish, structured
from boi_pipeline.publishing.bulletin import Bulletin, PickedItem, PublishedItem, PublishedWeek
from boi_pipeline.publishing.campaign import utm
from boi_pipeline.publishing.markdown import Markdown
from boi_pipeline.publishing.note import Note, Quote, note_of
from boi_pipeline.publishing.pdf import closing_name, closings_of, pdf_path, week_title
from boi_pipeline.publishing.text import clip
from boi_pipeline.publishing.writer import Writer, site_root
from boi_pipeline.records import Edition

ARTICLES = "articulos/"
LENGTH = range(600, 901)  # words, domain.md §5
WORDS_A_MINUTE = 200
PARTS = ("Quién puede aplicar", "Qué cubre", "Costo", "quote")  # what a call may have besides, while the length allows
MAX_WHY = 600


def article_path(week: str) -> str:
    """Where a week's article is, under the site's root: ``articulos/2026-W48/``."""
    return f"{ARTICLES}{week}/"


@dataclass(frozen=True)
class Call:
    """One call of an article. Of what was withdrawn only the code is told."""

    code: str
    note: Note | None
    why: str
    facts: list[tuple[str, str]]
    quotes: list[Quote]  # that prove the answer
    query: str  # what the address of its note ends in
    now: str | None  # what became of the note since

    @property
    def texts(self) -> list[str]:
        """What a reader reads of it, label left out."""
        if self.note is None:
            return [self.gone]
        note = self.note
        quotes = [quote.text for quote in self.quotes]
        told = [note.title, note.type_label, note.funder or "", note.place or "", self.why, note.summary]
        return [*told, note.answer.label, note.answer.words, *quotes, *(part for fact in self.facts for part in fact)]

    @property
    def gone(self) -> str:
        return f"{self.code}: el equipo del boletín retiró esta nota."


@dataclass(frozen=True)
class Article:
    """A week's article in words; what shows it adds markup and nothing else."""

    week: str
    title: str
    description: str
    intro: list[str]
    calls: list[Call]
    advice: list[str]
    labels: list[tuple[str, list[str]]]  # how the texts were made, each with the codes it is true of
    published: str
    is_generative: bool

    @property
    def path(self) -> str:
        return article_path(self.week)

    @property
    def word_count(self) -> int:
        """Words of title, introduction, calls and advice."""
        texts = [self.title, *self.intro, *(text for call in self.calls for text in call.texts), *self.advice]
        return sum(len(text.split()) for text in texts)

    @property
    def minutes(self) -> int:
        return max(1, round(self.word_count / WORDS_A_MINUTE))


def length_warning(article: Article) -> str | None:
    """What to tell the editors of an article that is shorter or longer than it should be (Spanish)."""
    count = article.word_count
    if count in LENGTH:
        return None
    advice = "Amplíe los motivos" if count < LENGTH.start else "Acorte los motivos"
    return f"El artículo tiene {count} palabras; se esperan entre {LENGTH.start} y {LENGTH.stop - 1}. {advice}."


# ---------------------------------------------------------------- what it says


def article_of(
    bulletin: Bulletin, week: PublishedWeek, make: Callable[[Edition, PublishedItem], Note] | None = None
) -> Article:
    """The article of a week as of the bulletin's instant. ``make``: what gives a publication's note, made once.

    Every call has its reason, summary, answer and closing. Of the other ``PARTS`` all calls have as many as the length
    allows: a long reason leaves room for fewer.
    """
    found = [
        _article(bulletin, week, make or partial(note_of, bulletin), PARTS[:count]) for count in range(len(PARTS) + 1)
    ]
    return max((one for one in found if one.word_count < LENGTH.stop), key=lambda one: one.word_count, default=found[0])


def _article(
    bulletin: Bulletin, week: PublishedWeek, make: Callable[[Edition, PublishedItem], Note], parts: tuple[str, ...]
) -> Article:
    edition = week.edition
    calls = [_call(bulletin, week, picked, make, parts) for picked in week.items]
    notes = [call.note for call in calls if call.note]
    labels: dict[str, list[str]] = {}
    for note in notes:
        labels.setdefault(note.label, []).append(note.code)
    count = spanish.count(len(calls), "convocatoria internacional", "convocatorias internacionales")
    return Article(
        week=edition.edition_id,
        title=week_title(edition),
        description=f"{count} para {bulletin.entity.city}, y por qué las elegimos.",
        intro=_intro(bulletin, week, notes),
        calls=calls,
        advice=[
            "Lea las bases completas en la página oficial antes de decidir.",
            "Reúna sus documentos con tiempo y no deje el envío para la última hora.",
            "Nunca pague a intermediarios ni envíe claves o datos bancarios por chat.",
            "Si una fecha cambia, la nota de cada convocatoria lo dice.",
        ],
        labels=list(labels.items()),
        published=spanish.long_date(edition.edition_date),
        is_generative=any(note.is_generative for note in notes),
    )


def _intro(bulletin: Bulletin, week: PublishedWeek, notes: list[Note]) -> list[str]:
    edition = week.edition
    days = [one for one in bulletin.editions if one.edition.label == edition.label]
    published = len({item.code for day in days for item in day.items})
    chosen = spanish.count(len(week.items), "convocatoria", "convocatorias")
    first = [f"Una persona de nuestro equipo eligió {chosen} y explica aquí por qué."]
    if published:
        told = spanish.count(published, "oportunidad", "oportunidades")
        first.insert(0, f"Esta semana publicamos {told} de otros países.")
    kinds = list(dict.fromkeys(note.type_label.lower() for note in notes))
    if len(kinds) > 1:
        first.append(f"Hay de todo un poco: {spanish.joined(kinds)}.")
    country = spanish.country_name(bulletin.entity.country) or bulletin.entity.country
    eligible = sum(note.answer.code == "yes" for note in notes)
    second = []
    if notes and eligible == len(notes):
        second.append(f"Todas admiten postulaciones desde {country}, según sus fuentes.")
    elif eligible:
        admits = "admite" if eligible == 1 else "admiten"
        second.append(f"{eligible} de {len(notes)} {admits} postulaciones desde {country}, según sus fuentes.")
    second.append("Cada dato viene de la fuente: en su nota están las frases que lo prueban.")
    return [" ".join(first), " ".join(second)]


def _call(
    bulletin: Bulletin,
    week: PublishedWeek,
    picked: PickedItem,
    make: Callable[[Edition, PublishedItem], Note],
    parts: tuple[str, ...],
) -> Call:
    edition, item = week.edition, picked.item
    query = utm(edition, "boletin", "article", item.code)
    if item.code in bulletin.tombstones or item.is_withdrawn:
        return Call(item.code, None, "", [], [], query, None)
    note = make(edition, item)
    now = None
    if item.code in bulletin.destinations:
        now = f"Ahora es parte de la nota {bulletin.destinations[item.code]}."
    elif corrected := bulletin.corrected_on(edition, item):
        now = f"Esta nota se corrigió el {spanish.long_date(corrected)}: lea en ella el texto nuevo."
    closings = closings_of(bulletin, edition, item) or ["La fuente no indica una fecha"]
    closing = closing_name(closings)
    told = {
        closing: " ".join(map(spanish.sentence, closings)),
        "Quién puede aplicar": " ".join(note.requirements[:1]),
        "Qué cubre": " ".join(note.covers),
        "Costo": note.cost,
    }
    facts = [(name, told[name]) for name in (closing, *parts) if told.get(name)]
    quotes = note.answer.quotes[:1] if "quote" in parts else []
    return Call(item.code, note, clip(picked.why, MAX_WHY), facts, quotes, query, now)


# ---------------------------------------------------------------- page, list and Markdown


def article_pages(writer: Writer) -> None:
    """The list of articles, and of each its page and its Markdown."""
    bulletin = writer.bulletin
    articles = [article_of(bulletin, week, writer.note) for week in bulletin.newest_weeks_first]
    title, description = "Artículos de la semana", "Las convocatorias que elige una persona cada semana, y por qué."
    writer.page(
        "articles.html",
        ARTICLES,
        articles=[(one.path, one.title, one.description, one.published) for one in articles],
        title=title,
        description=description,
        data=structured.list_data(bulletin, ARTICLES, title, description, [(one.title, one.path) for one in articles]),
    )
    for week, article in zip(bulletin.newest_weeks_first, articles, strict=True):
        writer.page(
            "article.html",
            article.path,
            changed=week.edition.closed_at.date().isoformat(),
            article=article,
            pdf=pdf_path(article.week),
            markdown=f"{ARTICLES}{article.week}.md",
            data=structured.article_data(
                bulletin,
                article.path,
                article.title,
                article.description,
                published=week.edition.edition_date,
                word_count=article.word_count,
                is_generative=article.is_generative,
                about=[(call.note.title, call.note.path) for call in article.calls if call.note],
                crumbs=[(title, ARTICLES)],
            ),
        )
        writer.file(f"{ARTICLES}{article.week}.md", markdown_of(writer, article))


def markdown_of(writer: Writer, article: Article) -> str:
    """The article as CommonMark: what was scraped is escaped, links lead to the site and say where they were read."""
    entity = writer.bulletin.entity
    root = site_root(entity)
    out = Markdown()
    out.heading(1, article.title)
    for words in article.intro:
        out.paragraph(out.text(words))
    for call in article.calls:
        _markdown_call(out, root, call)
    out.heading(2, "Antes de aplicar")
    out.items([out.text(words) for words in article.advice])
    out.heading(2, "Cómo se hizo este artículo")
    out.paragraph(out.text(f"Los motivos los escribió una persona del equipo de {entity.short_name}."))
    out.items([out.text(f"{label} ({spanish.joined(codes)})") for label, codes in article.labels])
    site = out.link(entity.bulletin, root + article.path)
    out.paragraph(f"{out.text(f'Publicado el {article.published} por {entity.name}:')} {site}")
    return str(out)


def _markdown_call(out: Markdown, root: str, call: Call) -> None:
    if call.note is None:
        out.heading(2, call.gone)
        return
    note = call.note
    out.heading(2, note.title)
    out.paragraph(out.text(" · ".join(part for part in (note.type_label, note.funder, note.place) if part)))
    out.paragraph(f"{out.strong('Por qué la elegimos.')} {out.text(call.why)}")
    for words in [call.now, *(f"La fuente indica ahora: {says.words}" for says in note.says_now)]:
        if words:
            out.paragraph(out.strong(words))
    out.paragraph(out.text(note.summary))
    quotes = "".join(f" «{out.text(quote.text)}»" for quote in call.quotes)
    out.paragraph(f"{out.strong('¿Puedo aplicar?')} {out.text(f'{note.answer.label}. {note.answer.words}')}{quotes}")
    out.items([f"{out.strong(f'{name}.')} {out.text(words)}" for name, words in call.facts])
    links = [out.link(f"Nota completa, {call.code}", f"{root}{note.path}{call.query}")]
    if note.link:
        links.insert(0, out.link(f"Página oficial en {note.link.domain}", note.link.href))
    out.paragraph(" · ".join(links))
