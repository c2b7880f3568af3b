"""Outcomes of few people leave no trace in anything that is published: not a byte differs when they are others."""

from pathlib import Path

import pytest

from tests.line.drive import Place, in_child, outputs, run_line
from tests.line.mini import write_entity

HEADER = "date,item,reported_by,referred,answered,applied,awarded,people,amount,currency\n"
ITEMS = (
    "becas/beca-1",
    *(f"fondos/http://fondos.ensayo.test/{slug}" for slug in ("fondo-agua", "premio-rios", "curso-mapas")),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home that has published once, with a bulletin."""
    root = tmp_path_factory.mktemp("told")
    write_entity(root / "entities")
    found = Place(root / "home", root / "entities")
    assert in_child(lambda: run_line(found.line())) == 0
    return found


def published(place: Place, *awarded: int) -> dict[str, str]:
    """The hashes of all that people see, when so many obtained each call."""
    rows = [
        f'2026-11-23,"{item}",public_body,60,50,40,{count},{count},900.00,USD\n'
        for item, count in zip(ITEMS, awarded, strict=True)
    ]
    (place.entities / "mini" / "outcomes.csv").write_text(HEADER + "".join(rows))
    assert in_child(lambda: run_line(place.line(), first="build")) == 0
    return outputs(Path(place.line().home.folder))


def test_nothing_published_tells_one_small_count_from_another(place: Place) -> None:
    first = published(place, 2, 3, 38, 12)
    assert "current/powerbi/fct_outcome.parquet" in first
    assert published(place, 1, 4, 38, 12) == first
    assert published(place, 3, 3, 37, 12) == first, "nor of few who did not obtain it"
    assert published(place, 2, 3, 38, 17) != first
