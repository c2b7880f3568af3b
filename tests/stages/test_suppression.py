"""Outcomes of few people leave no trace in anything that is published: not a byte differs when they are others."""

import shutil
from dataclasses import replace

from tests.stages.drive import Place, in_child, outputs, run_stages

HEADER = "date,item,reported_by,referred,answered,applied,awarded,people,amount,currency\n"
ITEMS = (
    "becas/beca-1",
    *(f"fondos/http://fondos.ensayo.test/{slug}" for slug in ("fondo-agua", "premio-rios", "curso-mapas")),
)


def published(place: Place, *awarded: int) -> dict[str, str]:
    """The hashes of all that people see, when so many obtained each call."""
    rows = [
        f'2026-11-23,"{item}",public_body,60,50,40,{count},{count},900.00,USD\n'
        for item, count in zip(ITEMS, awarded, strict=True)
    ]
    (place.entities / "mini" / "outcomes.csv").write_text(HEADER + "".join(rows))

    def work() -> None:
        run_stages(place.new_run(), "build", "publish")
        run_stages(place.new_run(), "render")

    assert in_child(work) == 0
    return outputs(place.new_run().home.folder)


def test_nothing_published_tells_one_small_count_from_another(own: Place) -> None:
    place = replace(own, entities=shutil.copytree(own.entities, own.home.parent / "entities"))
    first = published(place, 2, 3, 38, 12)
    assert "current/powerbi/fct_outcome.parquet" in first
    assert published(place, 2, 4, 37, 12) == first, "of few who obtained it, and of few who did not"
    assert published(place, 2, 3, 38, 17) != first
