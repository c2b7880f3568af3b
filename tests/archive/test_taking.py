"""What becomes of each row of a file of the archive, and that nothing is doubled, invented or kept that should not be."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boi_pipeline.achieved.archive.batches import batches, kept, published_before
from boi_pipeline.achieved.refusals import SheetRefused
from boi_pipeline.archives import Look, look, take, write_report
from boi_pipeline.entity import load_entity
from boi_pipeline.settings import ROOT, Home
from boi_pipeline.stages.run import Run
from scrapers.archive import latest_notices
from scrapers.yamlfile import ConfigError
from tests.archive.conftest import HEADER, MAP, TODAY
from tests.archive.sample_archive import write_archive

ARCHIVE = ROOT / "entities" / "sample" / "archive"
Written = Callable[..., tuple[Path, Path]]


def outcomes(looked: Look) -> dict[int, tuple[str, str]]:
    return {one.row_number: (one.outcome, one.told) for one in looked.verdicts}


@pytest.fixture(scope="module")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    entity = load_entity(ROOT / "entities" / "sample")
    return Run(entity, Home(tmp_path_factory.mktemp("home"), "sample"), entity.at(TODAY), "01J00000000000000000000000")


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("boletin_2018.pdf", {"waiting": 4, "refused": 1}),
        ("boletin_2019.csv", {"taken": 83, "doubled": 5, "refused": 2}),
        ("boletin_2021.csv", {"taken": 98, "doubled": 2}),
        ("boletin_2023.xlsx", {"taken": 110}),
    ],
)
def test_the_sample_is_judged_row_by_row(sample_run: Run, name: str, counts: dict[str, int]) -> None:
    looked = look(sample_run, ARCHIVE / name, (ARCHIVE / name).with_suffix(".yaml"))
    assert looked.counts == counts
    assert len(looked.verdicts) == sum(counts.values())


def test_a_dry_run_leaves_no_batch(sample_run: Run) -> None:
    assert batches(sample_run.home) == []
    assert not sample_run.home.notices.exists()


def test_the_sample_is_what_its_script_writes(tmp_path: Path) -> None:
    write_archive(tmp_path)
    for name in ("boletin_2019.csv", "boletin_2021.csv", "boletin_2023.xlsx"):
        assert (tmp_path / name).read_bytes() == (ARCHIVE / name).read_bytes(), name


def test_a_merged_title_counts_for_its_rows_only_where_the_mapping_says_so(sample_run: Run, tmp_path: Path) -> None:
    mapping = (ARCHIVE / "boletin_2023.yaml").read_text().replace("Edición, Convocatoria, Entidad, Cierre]", "Edición]")
    (tmp_path / "map.yaml").write_text(mapping)
    found = outcomes(look(sample_run, ARCHIVE / "boletin_2023.xlsx", tmp_path / "map.yaml"))
    assert found[5][0] == "refused"
    assert "fill_down" in found[5][1]
    whole = look(sample_run, ARCHIVE / "boletin_2023.xlsx", ARCHIVE / "boletin_2023.yaml")
    first, second = whole.rows[:2]
    assert (first.title, first.close_date) == (second.title, second.close_date)
    assert {first.channel, second.channel} > {"whatsapp"}
    # an empty cell that is not merged stays empty in a column that is filled down
    assert any(row.close_date is None for row in whole.rows)


def test_each_row_says_why_it_is_not_taken(run: Run, written: Written) -> None:
    file, mapping = written(
        "Beca Uno;Fundación;15/03/2019;01/02/2019;https://uno.example/a",
        "  BECA UNO ;fundacion;15 de marzo de 2019;01/02/2019;",
        ";Fundación;15/03/2019;01/02/2019;",
        "Beca Dos;Fundación;15/03/2027;01/11/2026;",
        "Beca Tres;Fundación;;01/02/2027;",
        "Beca Cuatro;;pronto;;javascript:alert(1)",
    )
    found = outcomes(look(run, file, mapping))
    assert found[2] == ("taken", "")
    assert found[3] == ("doubled", "la fila 2")
    assert found[4][0] == "refused" and found[4][1].startswith("sin título")
    assert found[5][0] == "refused" and "cierra el 2027-03-15" in found[5][1]
    assert found[6][0] == "refused" and "edición del 2027-02-01" in found[6][1]
    assert found[7][0] == "taken"
    for told in ("«pronto» no es una fecha", "no es una dirección http(s)", "no cuenta como publicada"):
        assert told in found[7][1]


def test_what_cannot_be_read_stays_empty(run: Run, written: Written) -> None:
    file, mapping = written("Beca Cuatro;;pronto;;javascript:alert(1)")
    (row,) = look(run, file, mapping).rows
    assert (row.funder, row.close_date, row.edition_date, row.url) == (None, None, None, None)


def test_a_longer_file_adds_its_new_rows_only(run: Run, written: Written) -> None:
    short = ["Beca Uno;F;15/03/2019;01/02/2019;", "Beca Dos;F;;01/02/2019;"]
    assert take(run, look(run, *written(*short)))
    assert take(run, look(run, *written(*short))) is None
    looked = look(run, *written("Beca Cero;F;;01/01/2019;", *short))
    assert looked.counts == {"taken": 1, "repeated": 2}
    assert take(run, looked)
    assert len(published_before(run.home, run.as_of)) == 3


def test_the_address_of_a_post_is_kept_where_the_file_has_it(run: Run, written: Written) -> None:
    file, mapping = written(
        "Beca A;F;;01/02/2019;;https://x.com/b/status/11?s=20",
        "Beca B;F;;01/02/2019;;en X",
        "Beca C;F;;01/02/2019;;",
        header=f"{HEADER};Publicación",
        mapping=MAP.replace("url: Enlace", "url: Enlace, post_url: Publicación"),
    )
    looked = look(run, file, mapping)
    take(run, looked)
    found = sorted(one.address or "" for one in published_before(run.home, run.as_of))
    assert found == ["", "", "https://x.com/b/status/11"]
    assert "no es la dirección de una publicación" in outcomes(looked)[3][1]


def test_no_personal_data_reach_the_home(run: Run, written: Written) -> None:
    file, mapping = written("Beca de juana.perez@correo.example;Llame al 310 555 1234;;01/02/2019;https://x.example/a")
    take(run, look(run, file, mapping))
    told = [one.text for one in latest_notices(run.home.folder)]
    assert "█" in told[0]
    assert not any(word in text for text in told for word in ("juana.perez", "555 1234"))
    (batch,) = batches(run.home)
    assert "juana" not in str(kept(run.home, batch).rows)


def test_the_report_is_no_place_for_formulas(run: Run, written: Written, tmp_path: Path) -> None:
    file, mapping = written('=HYPERLINK("https://malo.example");F;;01/02/2019;')
    write_report(tmp_path / "informe.csv", look(run, file, mapping))
    assert "'=HYPERLINK" in (tmp_path / "informe.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        (MAP.replace("Título", "Titular"), "falta «Titular»"),
        (MAP + "sheet: Hoja9\n", "No hay una hoja «Hoja9»"),
    ],
)
def test_a_file_without_the_columns_is_refused_whole(run: Run, written: Written, mapping: str, told: str) -> None:
    with pytest.raises(SheetRefused, match=told):
        look(run, *written("Beca Uno;F;;01/02/2019;", mapping=mapping))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("archive_ensayo", "ensayo", "source.id"),
        ("channel: site", "channel: fax", "'fax': expected one of"),
        ("channel: site", "", "channel"),
        ("%d/%m/%Y", "%d/%m", "date_formats"),
        ("channel: site", "channel: site\nfill_down: [Nada]", "fill_down"),
        ("channel: site", "chanel: site", "chanel"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(run: Run, written: Written, old: str, new: str, told: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        look(run, *written("Beca Uno;F;;01/02/2019;", mapping=MAP.replace(old, new)))
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    "body", [b"", b"PK\x03\x04rest", b"\x00\x01\x02\x03" * 40, b"%PDF-1.7\nbroken", b"<html><table></table></html>"]
)
def test_a_file_that_is_none_is_refused(run: Run, written: Written, tmp_path: Path, body: bytes) -> None:
    _, mapping = written()
    (tmp_path / "malo.bin").write_bytes(body)
    with pytest.raises(SheetRefused):
        look(run, tmp_path / "malo.bin", mapping)


ROWS = [f"Beca {n % 9} de estudios;F{n % 2};{n % 9 + 1:02}/03/2019;{n % 3 + 1:02}/02/2019;" for n in range(24)]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(ROWS))), cuts=st.lists(st.integers(0, len(ROWS)), max_size=2))
def test_any_order_and_splitting_of_the_rows_publishes_the_same(
    run: Run, tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("split")
    own = Run(run.entity, Home(folder / "home", run.entity.id), run.as_of, run.run_id)
    (folder / "map.yaml").write_text(MAP)
    ends = sorted({0, *cuts, len(ROWS)})
    for number, (start, end) in enumerate(pairwise(ends)):
        file = folder / f"{number}.csv"
        file.write_text("\n".join([HEADER, *(ROWS[place] for place in order[start:end])]) + "\n")
        take(own, look(own, file, folder / "map.yaml"))
    found = {(one.item_id, one.edition_date, one.channel) for one in published_before(own.home, own.as_of)}
    assert len(found) == len(published_before(own.home, own.as_of)) == len({*ROWS})
    assert len({item for item, _, _ in found}) == len({row.rsplit(";", 2)[0] for row in ROWS})
