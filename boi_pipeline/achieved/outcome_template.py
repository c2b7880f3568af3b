"""The empty template of outcomes that public bodies fill in, as CSV or as a workbook with lists and instructions.

Its columns are those that ``outcome_files`` reads.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from boi_pipeline.achieved.outcome_files import COLUMNS, LABEL, Column
from boi_pipeline.entity import Entity

_ADVICE = (
    "Una fila por convocatoria, día y entidad que informa. Cuente solo lo que no haya contado en otra fila.",
    "Deje vacío lo que no sabe: vacío no es cero.",
    "Nunca escriba nombres, correos, teléfonos ni documentos de personas. Solo se reciben cifras.",
    "Las cifras de menos de cinco personas no se publican: se reúnen con otras o se reservan.",
    "Sin fórmulas: solo valores. Para corregir una fila, vuelva a enviarla con la misma fecha, código y entidad.",
)
_FILLED_IN = tuple(column for column in COLUMNS if column.field != "item_id")


def write_template(path: Path, entity: Entity) -> None:
    """Write the empty template a body fills in, as CSV or XLSX by the name of ``path``."""
    if path.suffix.lower() == ".xlsx":
        _write_workbook(path, entity)
    else:
        path.write_text(
            "\ufeff" + ";".join(column.heading for column in _FILLED_IN) + "\r\n", encoding="utf-8", newline=""
        )


def _write_workbook(path: Path, entity: Entity) -> None:
    import xlsxwriter

    labels = [term.label for term in entity.vocabularies["outcome_reporters"].terms.values()]
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": LABEL, "created": datetime(2000, 1, 1)})  # noqa: DTZ001 - a fixed one, of no zone
        bold = book.add_format({"bold": True, "bottom": 1})
        day, wrapped = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        sheet = book.add_worksheet("Resultados")
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(_FILLED_IN):
            sheet.write_string(0, place, column.heading, bold)
            sheet.set_column(place, place, 16, day if column.field == "outcome_date" else None)
            sheet.data_validation(1, place, 2000, place, _validation(column, labels))
        told = book.add_worksheet("Instrucciones")
        told.set_column(0, 0, 18)
        told.set_column(1, 1, 90, wrapped)
        told.write_string(0, 0, f"{entity.file.bulletin}: {LABEL.lower()}", bold)
        for number, words in enumerate(_ADVICE, 2):
            told.write_string(number, 1, words, wrapped)
        for number, column in enumerate(_FILLED_IN, len(_ADVICE) + 3):
            told.write_string(number, 0, column.heading, bold)
            told.write_string(number, 1, column.words, wrapped)


def _validation(column: Column, reporters: Iterable[str]) -> dict[str, Any]:
    """What Excel lets be typed in a column, and what it says of it."""
    told = {"input_title": column.heading, "input_message": column.words, "error_title": column.heading}
    if column.field == "reported_by":
        return told | {"validate": "list", "source": list(reporters)}
    if column.field == "outcome_date":
        return told | {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
    if column.field.endswith("_count"):
        return told | {"validate": "integer", "criteria": ">=", "value": 0}
    if column.field == "award_amount":
        return told | {"validate": "decimal", "criteria": ">=", "value": Decimal(0)}
    return told | {"validate": "any"}
