"""What an analyst sees of the sample in Power BI: the folder that the runs leave, read by the model of the contracts."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.personal_data import holds_personal_data
from boi_pipeline.settings import ROOT
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.measures import Filter, load_measures
from boi_pipeline.warehouse.powerbi.project import model_of
from boi_pipeline.warehouse.star import Star
from tests.powerbi.conftest import without
from tests.powerbi.dax_engine import DaxEngine, both, that_differ
from tests.stages.conftest import State

pytestmark = pytest.mark.xdist_group("sample")


def test_power_bi_and_sql_tell_the_same_of_the_sample(day4: State):
    project = load_models(load_entity(ROOT / "entities" / "sample"))
    folder = day4.home / "published" / "powerbi"
    try:
        dax = DaxEngine(model_of(project), folder)
    except ImportError as error:
        without("the engine of DAX", error)
    measures = load_measures(project.folder, Star.of(project.models))
    everything = both(dax, measures, folder)
    assert that_differ(everything) == {}
    for name in ("Convocatorias publicadas", "Convocatorias vigentes", "Impresiones", "Remitidas", "Monto adjudicado"):
        assert everything[name][0] > 0, name
    for where in (Filter("dim_channel", "channel", ("site",)), Filter("dim_sdg", "sdg_goal", ("4",))):
        told = both(dax, measures, folder, (where,))
        assert that_differ(told) == {}
        assert 0 < told["Impresiones"][0] < everything["Impresiones"][0]
    assert dax.values(["Corte y estado"]) == {"Corte y estado": "26/11/2026 · Íntegra"}


def test_no_text_that_an_analyst_sees_holds_personal_data(day4: State):
    model = model_of(load_models(load_entity(ROOT / "entities" / "sample")))
    looked_at = 0
    for table in model.tables.values():
        read = pq.read_table(day4.home / "published" / "powerbi" / f"{table.file}.parquet")
        for column in table.columns:
            if column.type == pa.string() and column.category != "WebUrl":
                values = {value for value in read[column.source].to_pylist() if value}
                looked_at += len(values)
                assert not {value for value in values if holds_personal_data(value)}, (table.file, column.key)
    assert looked_at > 500
