"""A home of the small entity that files of the archive are taken into, without crawl or warehouse."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.settings import Home
from boi_pipeline.stages.run import Run
from tests.stages.mini import write_entity

TODAY = date(2026, 11, 23)
MAP = """
source: {id: archive_ensayo, name: Archivo de ensayo, url: "https://archivo.example/boletin"}
columns: {title: Título, funder: Entidad, close_date: Cierre, edition_date: Edición, url: Enlace}
channel: site
date_formats: ["%d/%m/%Y", "%d de %B de %Y"]
"""
HEADER = "Título;Entidad;Cierre;Edición;Enlace"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    entity = load_entity(write_entity(tmp_path / "entities"))
    return Run(entity, Home(tmp_path / "home", entity.id), entity.at(TODAY), "01J00000000000000000000000")


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """Writes a CSV of rows and a mapping; gives both paths."""

    def write(*rows: str, mapping: str = MAP, header: str = HEADER, name: str = "archivo.csv") -> tuple[Path, Path]:
        file, map_file = tmp_path / name, tmp_path / "map.yaml"
        file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        map_file.write_text(mapping, encoding="utf-8")
        return file, map_file

    return write
