"""Writes the sample's archive of years gone by: 300 rows of fiction with the dirt that real ones have, in four files.

``python -m tests.archive.sample_archive FOLDER``. The same bytes each time, the PDF's aside; what is committed in
``entities/sample/archive`` was written so.
"""

import csv
import io
import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import typst
import xlsxwriter

KINDS = [
    "Becas {} de maestría", "Becas {} de doctorado", "Premio {} de ensayo", "Fondo {} para organizaciones",
    "Curso {} de formación en línea", "Pasantías {} para jóvenes profesionales", "Residencia artística {}",
    "Convocatoria {} de cooperación entre ciudades", "Congreso {} de investigación", "Taller {} para docentes",
]  # fmt: skip
NAMES = [
    "Marejada", "Almendro", "Lucerna", "Tres Ríos", "Cordillera", "Bitácora", "Mangle", "Horizonte", "Aldebarán", "Colibrí",
    "Granito", "Semilla", "Arrecife", "Ventisca", "Terraza", "Zafiro", "Páramo", "Brújula", "Cántaro", "Yarumo",
    "Nogal", "Jacaranda", "Órbita", "Quilla", "Espiral",
]  # fmt: skip
THEMES = ["aguas urbanas", "música popular", "datos abiertos", "energía solar", "patrimonio", "salud pública"]
FUNDERS = [
    "Fundación Faro del Estrecho", "Red de Ciudades Marea", "Instituto Ñandú", "Universidad de la Bahía",
    "Academia del Puerto", "Agencia Austral de Cooperación", None,
]  # fmt: skip
MONTHS = [
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
]  # fmt: skip


class Call(NamedTuple):
    """A call of the fiction, with where it was published."""

    number: int
    title: str
    funder: str | None
    close: date | None
    edition: date
    channel: str
    url: str | None


def calls(count: int, first_number: int, year: int, dice: random.Random, used: set[str]) -> list[Call]:
    """Calls with titles that no other has."""
    found = []
    while len(found) < count:
        title = f"{dice.choice(KINDS).format(dice.choice(NAMES))} en {dice.choice(THEMES)}"
        if title in used:
            continue
        used.add(title)
        edition = date(year, 1, 10) + timedelta(days=14 * (len(found) * 24 // count))
        close = edition + timedelta(days=dice.randrange(12, 90)) if dice.random() > 0.08 else None
        number = first_number + len(found)
        url = f"https://convocante-{number % 17}.example/{year}/{number}" if dice.random() > 0.1 else None
        funder, channel = dice.choice(FUNDERS), dice.choice(["Web", "Twitter", "WhatsApp"])
        found.append(Call(number, f"{title} {year}", funder, close, edition, channel, url))
    return found


def in_words(day: date | None, dice: random.Random) -> str:
    """A day as people write it: in three ways, or not at all."""
    if day is None:
        return dice.choice(["", "por confirmar", "abierta", "s/f"])
    return dice.choice(
        [
            f"{day:%d/%m/%Y}",
            f"{day.day} de {MONTHS[day.month - 1]} de {day.year}",
            f"{day:%Y-%m-%d}",
            f"{day:%d/%m/%Y} ",
        ]
    )


def write_csv(path: Path, rows: list[list[str]], encoding: str, separator: str) -> None:
    """A CSV as an office saves it."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def write_2019(folder: Path, dice: random.Random, used: set[str]) -> None:
    """90 rows in Windows-1252: mixed dates, rows typed twice, addresses that are none."""
    found = calls(82, 1, 2019, dice, used)
    rows = [
        [
            str(c.number),
            c.title,
            c.funder or "",
            in_words(c.close, dice),
            f"{c.edition:%d/%m/%Y}",
            c.channel,
            c.url or "s/i",
        ]
        for c in found
    ]
    for place in (5, 20, 41, 60, 77):
        rows.append([cell.upper() if column == 1 else cell for column, cell in enumerate(rows[place])])  # typed twice
    rows.append(["", "Total publicadas", "", "", "", "Fax", ""])  # a sum at the end
    rows.append([str(found[3].number), "Otra cosa con el mismo número", "", "", "15/02/2019", "Web", ""])
    rows.append(
        [
            "90",
            "Curso Delta de derecho urbano 2019",
            "Escriba a maria.paz@correo.example",
            "31/02/2019",
            "20/06/2019",
            "Web",
            "ftp://viejo.example/curso",
        ]
    )
    write_csv(
        folder / "boletin_2019.csv",
        [["N.º", "Convocatoria", "Entidad", "Cierre", "Edición", "Medio", "Enlace"], *rows],
        "cp1252",
        ";",
    )


def write_2021(folder: Path, dice: random.Random, used: set[str]) -> None:
    """100 rows in UTF-8 without numbers: one call on several channels, calls of the same words another day."""
    found = calls(88, 200, 2021, dice, used)
    rows = [
        [c.title, c.funder or "", in_words(c.close, dice), in_words(c.edition, dice).strip(), c.channel, c.url or ""]
        for c in found
    ]
    for place in range(0, 60, 6):  # another channel: another publication of the same call
        other = "Web" if rows[place][4] != "Web" else "Twitter"
        rows.append([*rows[place][:4], other, rows[place][5]])
    rows += [[f"  {rows[2][0]} ", *rows[2][1:]], [rows[9][0], rows[9][1], rows[9][2], rows[9][3], rows[9][4], ""]]
    write_csv(
        folder / "boletin_2021.csv",
        [["Título", "Quién convoca", "Fecha límite", "Publicado el", "Canal", "URL"], *rows],
        "utf-8-sig",
        ",",
    )


def write_2023(folder: Path, dice: random.Random, used: set[str]) -> None:
    """110 rows in a workbook: titles above the header, editions and titles in merged cells, days as days and as text."""
    found = calls(108, 400, 2023, dice, used)
    known = Call(508, "Becas Puentes de maestría en gestión costera 2026", "Fundación Faro del Estrecho", date(2026, 1, 16),
                 date(2025, 12, 4), "Web", "http://becas.sample.test/convocatorias/faro-2026-009")  # fmt: skip
    with xlsxwriter.Workbook(str(folder / "boletin_2023.xlsx")) as book:
        book.set_properties({"created": datetime(2024, 1, 15)})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet("Léame").write(0, 0, "Esta hoja no tiene datos.")
        sheet = book.add_worksheet("Publicadas")
        sheet.merge_range(0, 0, 0, 6, "Boletín de oportunidades · archivo 2023")
        sheet.write_row(2, 0, ["Edición", "Convocatoria", "Entidad", "Cierre", "Medio", "Enlace", "Notas"])
        row = 3
        editions: dict[date, list[Call]] = {}
        for call in [*found, known]:
            editions.setdefault(call.edition, []).append(call)
        for edition, published in sorted(editions.items()):
            rows = len(published) + (edition == date(2023, 1, 10))
            if rows > 1:
                sheet.merge_range(row, 0, row + rows - 1, 0, "")
            sheet.write_datetime(row, 0, datetime.combine(edition, datetime.min.time()), day)
            for call in published:
                twice = edition == date(2023, 1, 10) and call is published[0]  # one title for two channels
                if twice:
                    for column, cell in ((1, call.title), (2, call.funder or ""), (3, in_words(call.close, dice))):
                        sheet.merge_range(row, column, row + 1, column, cell)
                    sheet.write_row(row + 1, 4, ["WhatsApp" if call.channel != "WhatsApp" else "Web", call.url or ""])
                else:
                    sheet.write_row(row, 1, [call.title, call.funder or ""])
                    if call.close and call.number % 3:
                        sheet.write_datetime(row, 3, datetime.combine(call.close, datetime.min.time()), day)
                    else:
                        sheet.write(row, 3, in_words(call.close, dice))
                sheet.write_row(row, 4, [call.channel, call.url or "", "no usar" if call.number % 11 == 0 else ""])
                row += 2 if twice else 1


PAPER = """
#set page(paper: "a4", margin: 2cm)
#set text(lang: "es", size: 11pt)
#set document(title: "Boletín 12", date: none)
#let call(title, link_to, close) = {
  text(size: 15pt, weight: "bold", title)
  linebreak()
  [La entidad convocante recibe postulaciones de todo el continente durante la temporada. ]
  if close != none [Cierra el #close.]
  linebreak()
  if link_to != none { link(link_to)[Más información] }
  parbreak()
}
#call("Beca Albatros de oceanografía", "https://albatros.example/beca", "12 de octubre de 2018")
#call("Premio Cometa de periodismo científico", "https://cometa.example/premio", "30/09/2018")
#call("Fondo Raíz para huertas escolares", "https://raiz.example/fondo", none)
#call("Pasantía Timón en puertos del sur, con un título que ocupa más de una línea en la hoja", "https://timon.example/p", "5 de noviembre de 2018")
#call("Palabras de la dirección", none, none)
"""


def write_pdf(folder: Path) -> None:
    """A printed bulletin of five calls, one of which is none."""
    (folder / "boletin_2018.pdf").write_bytes(typst.compile(PAPER.encode()))


def write_archive(folder: Path) -> None:
    """The four files."""
    dice, used = random.Random(8), set[str]()
    write_2019(folder, dice, used)
    write_2021(folder, dice, used)
    write_2023(folder, dice, used)
    write_pdf(folder)


if __name__ == "__main__":
    write_archive(Path(sys.argv[1]))
