"""Search in the browser: the page ``buscar/``, what can be narrowed down by, and the index its script reads.

An index holds what the notes say, and nothing else; it is a script that assigns data, because a page opened from a folder
may not read other files. What is open comes with the page; what has closed comes by year, when it is asked for. Words
are looked up by MiniSearch (``static/``), in ``search.js``; lists that need no script are ``explore``'s.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from boi_pipeline.publishing import spanish, structured
from boi_pipeline.publishing.explore import sections
from boi_pipeline.publishing.note import Note
from boi_pipeline.publishing.structured import script_safe
from boi_pipeline.publishing.text import clip, one_line
from boi_pipeline.publishing.writer import Writer
from boi_pipeline.records import Edition, PublicOpportunity
from boi_pipeline.spanish import SPANISH

SEARCH = "buscar/"
MAX_SEARCHED = 600  # characters of a summary that are searched and sent
MAX_LANGUAGES = 40
VIRTUAL = "virtual"
_MINISEARCH = "minisearch.js"
_FIRST_DAY = date(1970, 1, 1)
_UNDATED = ("forecasted", "rolling", "undated", "reported")  # states whose words no day changes


@dataclass(frozen=True)
class Option:
    """One value to narrow down by."""

    value: str
    words: str


WINDOWS = [
    Option("", "Cualquier fecha"),
    Option("7", "En 7 días"),
    Option("14", "En 14 días"),
    Option("30", "En 30 días"),
    Option("despues", "Más adelante"),
    Option("sin-fecha", "Sin fecha"),
]
STATES = [
    Option("", "Abiertas"),
    Option("por-abrir", "Por abrir"),
    Option("cerradas", "Cerradas"),
    Option("todas", "Incluir cerradas"),
]


@dataclass(frozen=True)
class Facet:
    """What a search can be narrowed down by: its name in the address, its heading, its options."""

    name: str
    legend: str
    options: list[Option]
    is_open: bool  # whether its options show from the start


@lru_cache(maxsize=4096)
def _has_name(tag: str) -> bool:
    return tag in SPANISH.languages


@lru_cache(maxsize=4096)
def _country(code: str) -> str | None:
    return spanish.country_name(code)


def _languages(facts: PublicOpportunity) -> list[str]:
    tags = (code.partition(":")[0].split("-")[0] for code in facts.required_languages)
    return [tag for tag in tags if _has_name(tag)]


def _countries(facts: PublicOpportunity) -> list[str]:
    found = [code for code in facts.host_countries if _country(code)]
    return [*found, VIRTUAL] if facts.attendance_mode == "online" else found


_VALUES: dict[str, Callable[[PublicOpportunity], list[str]]] = {  # in the order of an index's rows
    "tipo": lambda facts: [facts.opportunity_type],
    "publico": lambda facts: facts.audiences,
    "aplicar": lambda facts: [facts.home_eligible],
    "pais": _countries,
    "nivel": lambda facts: [str(level) for level in facts.isced_levels],
    "financiacion": lambda facts: [facts.funding_level or "unknown"],
    "ods": lambda facts: [str(goal) for goal in facts.sdg_goals],
    "plan": lambda facts: facts.plan_objectives,
    "idioma": _languages,
}
_HEADINGS = {  # name → (vocabulary, heading, whether it is open from the start)
    "tipo": ("opportunity_types", "Tipo", True),
    "publico": ("audiences", "Para quién", True),
    "aplicar": ("home_eligible", "¿Puedo aplicar?", True),
    "pais": (None, "País o lugar", False),
    "nivel": ("isced_levels", "Nivel de estudios", False),
    "financiacion": ("funding_levels", "Financiación", False),
    "ods": ("sdg_goals", "Objetivos de Desarrollo Sostenible (ODS)", False),
    "plan": ("plan_objectives", "Objetivo del plan", False),
    "idioma": (None, "Idioma que se pide", False),
}


def _folded(words: str) -> str:
    """For sorting: without accents and case."""
    parts = unicodedata.normalize("NFD", words.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def values_of(note: Note) -> dict[str, list[str]]:
    """Facet → the values an opportunity has of it, from its approved record."""
    return {name: list(dict.fromkeys(told(note.item.opportunity))) for name, told in _VALUES.items()}


def _found_options(name: str, notes: Iterable[Note]) -> list[Option]:
    """Options that no vocabulary lists: those that occur, by their Spanish names."""
    occurring = Counter(value for note in notes for value in set(_VALUES[name](note.item.opportunity)))
    if name == "idioma":
        most = sorted(occurring, key=lambda value: (-occurring[value], value))[:MAX_LANGUAGES]
        named = [Option(value, spanish.language_name(value).capitalize()) for value in most]
    else:
        named = [Option(value, _country(value) or "En línea") for value in occurring]
    return sorted(named, key=lambda one: (one.value != VIRTUAL, _folded(one.words)))


def facets(writer: Writer) -> list[Facet]:
    """Every facet with its options, in the order of the page."""
    vocabularies, found = writer.bulletin.vocabularies, []
    for name, (vocabulary, legend, is_open) in _HEADINGS.items():
        if vocabulary is None:
            options = _found_options(name, writer.notes.values())
        else:
            terms = vocabularies[vocabulary].terms.items() if vocabulary in vocabularies else []
            number = "{0}. ".format if name == "ods" else lambda _: ""
            options = [Option(code, number(code) + clip(term.plural or term.label, 80)) for code, term in terms]
        if options:
            found.append(Facet(name, legend, options, is_open))
    return found


# ---------------------------------------------------------------- the index


def _day(day: date) -> int:
    """Days since 1970, as the script counts them."""
    return (day - _FIRST_DAY).days


def _days(note: Note) -> list[int]:
    """The closes to come, the next one first; of what has closed, the day it did."""
    closing = note.closing
    if closing.state in ("forecasted", "open", "soon"):
        return sorted(_day(one.day) for one in closing.deadlines if not one.is_past)
    return [_day(closing.day)] if closing.day else []


def _row(note: Note, edition: Edition, known_types: Container[str]) -> list[Any]:
    """One note as ``search.js`` takes it apart: keep both in step."""
    return [
        note.code,
        note.type_code if note.type_code in known_types else "",
        one_line(note.type_label),
        one_line(note.title),
        one_line(note.funder or ""),
        one_line(note.place or ""),
        clip(note.summary, MAX_SEARCHED),
        one_line(note.original_title or ""),
        note.closing.state,
        one_line(note.closing.chip) if note.closing.state in _UNDATED else "",
        _days(note),
        _day(edition.edition_date),
        list(values_of(note).values()),
        _day(note.closing.opens) if note.closing.opens else None,
    ]


def _script(name: str, value: Any) -> str:
    return f"{name} = {script_safe(value)};\n"


def _indexes(writer: Writer) -> str:
    """Write the index of what is open or to open and one a year of what has closed; give the path of the first."""
    bulletin = writer.bulletin
    types = bulletin.vocabularies["opportunity_types"].terms
    opened: list[list[Any]] = []
    closed: dict[int, list[list[Any]]] = {}
    for code, note in writer.notes.items():
        edition = bulletin.current[code][0]
        rows = closed.setdefault(edition.edition_date.year, []) if note.closing.is_over else opened
        rows.append(_row(note, edition, types))
    years = [
        {
            "year": year,
            "count": len(rows),
            "file": writer.asset(f"cerradas-{year}", "js", _script(f"(window.boiClosed ||= {{}})[{year}]", rows)),
        }
        for year, rows in sorted(closed.items(), reverse=True)
    ]
    index = {
        "day": _day(bulletin.today),
        "zone": bulletin.entity.timezone,
        "months": [spanish.month_abbreviation(date(2000, month, 1)) for month in range(1, 13)],
        "facets": list(_VALUES),
        "closed": years,
        "rows": opened,
    }
    return writer.asset("abiertas", "js", _script("window.boiIndex", index))


def search_page(writer: Writer) -> None:
    """The page, its scripts and its indexes."""
    index = _indexes(writer)
    name, about = (
        "Buscar convocatorias",
        "Busque becas, fondos, premios, cursos y cooperación por palabras y con filtros.",
    )
    writer.page(
        "search.html",
        SEARCH,
        dated=True,
        scripts=True,
        data=structured.page_data(writer.bulletin, SEARCH, name, about),
        name=name,
        about=about,
        facets=facets(writer),
        windows=WINDOWS,
        states=STATES,
        sections=sections(writer),
        open_count=sum(note.closing.is_open for note in writer.notes.values()),
        types=[
            Option(code, term.label) for code, term in writer.bulletin.vocabularies["opportunity_types"].terms.items()
        ],
        answers=[
            Option(code, term.label) for code, term in writer.bulletin.vocabularies["home_eligible"].terms.items()
        ],
        files=[
            writer.static(_MINISEARCH),
            index,
            writer.static("search.js"),
        ],
        sheet=writer.static("search.css"),
        no_script=writer.static("no_script.css"),
    )
