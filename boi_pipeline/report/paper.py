"""The report on paper: everything its page says, as the document that ``typst/week.typ`` draws."""

from pathlib import Path
from typing import Any

from boi_pipeline.entity import Entity
from boi_pipeline.palette import palette
from boi_pipeline.printing.printer import printable_document
from boi_pipeline.report.figures import Figure, Section, Table, WeekReport
from boi_pipeline.report.page import about_report, bar_shares, heading, unfinished
from boi_pipeline.spanish import count
from boi_pipeline.warehouse.dashboard.grids import Head
from boi_pipeline.warehouse.dashboard.look import data_of, note_address

TEMPLATE = Path(__file__).resolve().parent / "typst" / "week.typ"
GAP = 3  # letters that the room between two columns takes
MAX_LINE = 48  # letters in a cell before its words go on a second line


def document(report: WeekReport, entity: Entity) -> dict[str, Any]:
    """Everything the PDF of a report says. Equal reports give equal documents."""
    file = entity.file
    concerns = count(report.concern_count, "asunto necesita atención", "asuntos necesitan atención")
    told = {
        "title": f"{file.bulletin}. {heading(report)}",
        "bulletin": file.bulletin,
        "heading": heading(report),
        "author": file.name,
        "description": "Informe semanal del equipo: qué se publicó, a cuántos llegó y cuánto costó.",
        "keywords": [],
        "lead": [one for one in (data_of(report.as_of, entity), unfinished(report)) if one],
        "running": f"{file.bulletin} · {file.short_name}. Documento interno",
        "page_words": ["Página", "de"],
        "headline": {"heading": "En breve", "figures": [_figure(one) for one in report.headline]},
        "concerns": f"{concerns}: vea la última sección." if report.concern_count else "Nada necesita atención.",
        "sections": [_section(one, entity) for one in report.sections],
        "about": {"heading": "Sobre este documento", "lines": about_report(entity)},
    }
    return printable_document(told) | {"colours": palette(file.brand.primary, file.brand.accent, dark=False)}


def _section(section: Section, entity: Entity) -> dict[str, Any]:
    return {
        "title": section.title,
        "lead": section.lead,
        "figures": [_figure(one) for one in section.figures],
        "tables": [_table(one, entity) for one in section.tables],
        "notes": section.notes,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"name": figure.name, "text": figure.cell.text, "about": figure.about, "compared": figure.compared}


def _table(table: Table, entity: Entity) -> dict[str, Any]:
    """Heads, and rows of cells; of a column of figures the words stand to the right."""
    heads = table.grid.heads
    more = f"Y {table.grid.more} más que no se muestran aquí." if table.grid.more else None
    shares = bar_shares(table)
    rows = [
        [
            {
                "text": cell.text,
                "to": {"href": note_address(entity.file, cell.page)} if cell.page else None,
                "share": shares[number] if place == table.bar else None,
            }
            for place, cell in enumerate(row)
        ]
        for number, row in enumerate(table.grid.rows)
    ]
    return {
        "title": table.title,
        "about": table.about,
        "heads": [{"name": head.name, "kind": head.kind} for head in heads],
        "widths": [_width(head, [row[place].text for row in table.grid.rows]) for place, head in enumerate(heads)],
        "rows": rows,
        "empty": table.grid.empty,
        "more": more,
    }


def _width(head: Head, texts: list[str]) -> int:
    """What part of the paper's width a column takes among others: about as many letters as its longest line has."""
    longest_word = max(len(word) for text in [head.name, *texts] for word in text.split())
    return GAP + max(longest_word, min(MAX_LINE, max(map(len, texts), default=0)))
