"""How alike two announcements are: named features, and the chance that they speak of one call.

A *glance* (a logistic regression) sets aside what is plainly different; boosted trees look at the rest. Both are
trained on labelled calls (``boi_pipeline.evaluate_matching``) and kept in ``model.json``. Everything here is a pure
function of the facts of the two. Which pairs are compared belongs to ``candidates``; weighing a pair against its
rivals, to ``contest``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from boi_pipeline.matching.overlaps import in_common, lists_of
from boi_pipeline.matching.trees import Trees

Array = npt.NDArray[np.float64]
MODEL = Path(__file__).parent / "model.json"
GLANCE = 0.01
"""Pairs that the glance finds less likely are not looked at."""
DISMISSED = 0.0005
"""The chance they are given."""

MEASURES: Mapping[str, str] = {
    "title_x": "len(x.telling)",
    "title_y": "len(y.telling)",
    "common_all": "len(x.common) + len(y.common)",
    "title_like": "jaro_winkler_similarity(x.series, y.series)",
    "variants_x": "len(x.variants)",
    "variants_y": "len(y.variants)",
    "funder_same": "x.funder = y.funder",
    "funder_x": "len(x.funder_words)",
    "funder_y": "len(y.funder_words)",
    "days_both": "len(list_intersect(x.deadlines, y.deadlines))",
    "days_x": "len(x.deadlines)",
    "days_y": "len(y.deadlines)",
    "days_apart": "abs(x.deadlines[-1] - y.deadlines[-1])",
    "currency_same": "x.currency = y.currency",
    "amounts_both": "len(list_intersect(x.amounts, y.amounts))",
    "amounts_x": "len(x.amounts)",
    "amounts_y": "len(y.amounts)",
    "names_x": "len(x.names)",
    "names_y": "len(y.names)",
    "figures_x": "len(x.figures)",
    "figures_y": "len(y.figures)",
    "title_stems_x": "len(x.title_stems)",
    "title_stems_y": "len(y.title_stems)",
    "named_both": "len(list_intersect(x.places, y.places))",
    "named_x": "len(x.places)",
    "named_y": "len(y.places)",
    "rare_x": "len(x.rare)",
    "rare_y": "len(y.rare)",
    "usual_x": "len(x.usual)",
    "usual_y": "len(y.usual)",
    "dates_x": "len(x.days)",
    "dates_y": "len(y.days)",
    "closing_told": """greatest(list_has_any(x.days, [month(day) * 100 + day(day) for day in y.deadlines])::integer,
        list_has_any(y.days, [month(day) * 100 + day(day) for day in x.deadlines])::integer)""",
    "sketch_least": "least(len(x.sketch), len(y.sketch))",
    "places_both": "len(list_intersect(x.host_countries, y.host_countries))",
    "places_least": "least(len(x.host_countries), len(y.host_countries))",
    "regions_both": "len(list_intersect(x.eligible_regions, y.eligible_regions))",
    "regions_least": "least(len(x.eligible_regions), len(y.eligible_regions))",
    "type_same": "x.opportunity_type = y.opportunity_type",
    "links_both": "len(list_intersect(x.links, y.links))",
    "links_least": "least(len(x.links), len(y.links))",
    "number_same": "x.number = y.number",
    "source_same": "x.source_id = y.source_id",
    "host_same": "x.host = y.host",
    "official_both": "x.is_official and y.is_official",
    "language_same": "x.language = y.language",
    "text_same": "x.text_sha256 = y.text_sha256",
    "year_both": "len(list_intersect(x.years, y.years))",
    "year_least": "least(len(x.years), len(y.years))",
}
"""What DuckDB reads of a pair of facts x and y; null where one of them does not say."""

OVERLAPS: Mapping[str, tuple[str, str]] = {
    "title_both": ("telling", "telling"),
    "common_both": ("common", "common"),
    "variants_both": ("variants", "variants"),
    "title_x_in_names": ("telling", "names"),
    "title_y_in_names": ("names", "telling"),
    "funder_both": ("funder_words", "funder_words"),
    "funder_x_in_names": ("funder_words", "names"),
    "funder_y_in_names": ("names", "funder_words"),
    "names_both": ("names", "names"),
    "figures_both": ("figures", "figures"),
    "told_x_rare": ("title_stems", "rare"),
    "told_x_usual": ("title_stems", "usual"),
    "told_y_rare": ("rare", "title_stems"),
    "told_y_usual": ("usual", "title_stems"),
    "rare_both": ("rare", "rare"),
    "usual_both": ("usual", "usual"),
    "dates_both": ("days", "days"),
    "sketch_both": ("sketch", "sketch"),
}
"""How much a list of x and one of y have in common: of the long lists, which ``overlaps`` counts several times faster."""

_WORDS = ("telling", "common", "variants", "funder_words", "names")
_NUMBERS = ("title_stems", "rare", "usual", "figures", "days", "sketch")


@dataclass(frozen=True)
class Model:
    """The trained scorer, as ``model.json`` keeps it."""

    version: str
    bias: float  # of the glance
    weights: Mapping[str, float]
    pairs: Trees
    contest: Trees  # over ``contest.FEATURES``
    merge: float  # from this chance on, after the contest, two announcements are one call
    ask: float  # from this one a person is asked
    series: float  # from this glance without dates two announcements may be of one series


@cache
def model() -> Model:
    """The shipped scorer."""
    kept = json.loads(MODEL.read_text(encoding="utf-8"))
    return Model(**{**kept, "pairs": Trees.of(kept["pairs"]), "contest": Trees.of(kept["contest"])})


def measure(connection: duckdb.DuckDBPyConnection, pairs: str, more: Mapping[str, str] = {}) -> pa.Table:
    """The measures of every pair of a relation (a, b): a, b, those of ``MEASURES`` and ``OVERLAPS``, and what ``more`` asks
    of x, y and p."""
    columns = ", ".join(f"({expression})::float as {name}" for name, expression in MEASURES.items())
    asked = "".join(f", {expression} as {name}" for name, expression in more.items())
    measured = connection.sql(
        f"select p.a, p.b, {columns}{asked} from {pairs} p join facts x on x.n = p.a join facts y on y.n = p.b"  # noqa: S608
    ).to_arrow_table()
    a, b = (measured[side].to_numpy().astype(np.int64) for side in ("a", "b"))
    connection.register("compared", pa.table({"n": np.unique(np.concatenate([a, b]))}))
    compared = connection.sql(
        f"select n, {', '.join(_WORDS + _NUMBERS)} from facts semi join compared using (n) order by n"  # noqa: S608
    ).to_arrow_table()
    connection.unregister("compared")
    lists = {
        name: one
        for names in (_WORDS, _NUMBERS)
        for name, one in zip(names, lists_of(compared["n"], *(compared[name] for name in names)), strict=True)
    }
    a, b = (np.searchsorted(compared["n"].to_numpy(), one) for one in (a, b))
    for name, (of_x, of_y) in OVERLAPS.items():
        shared = in_common(lists[of_x], a, lists[of_y], b)
        measured = measured.append_column(name, pa.array(shared, pa.float32()))
    return measured


def features(measured: pa.RecordBatch | pa.Table) -> dict[str, Array]:
    """Feature name → its value for each pair: shares in [0, 1], flags 0 or 1; 0 where one of the two does not say.

    Every ``…_known`` flag says where both do, so that silence is told from difference.
    """
    m = {
        name: np.asarray(measured[name].to_numpy(zero_copy_only=False), dtype=np.float64)
        for name in (*MEASURES, *OVERLAPS)
    }
    flag = {name: np.nan_to_num(m[name]) for name in m}
    known = {
        name: (~np.isnan(m[name])).astype(float)
        for name in ("funder_same", "number_same", "type_same", "days_apart", "currency_same")
    }
    other_language = 1 - flag["language_same"]
    title_in_names = m["title_x_in_names"] + m["title_y_in_names"]
    funder_in_names = np.maximum(
        m["funder_x_in_names"] / np.maximum(m["funder_x"], 1), m["funder_y_in_names"] / np.maximum(m["funder_y"], 1)
    ).astype(np.float32)
    told_x, told_y = m["told_x_rare"] + m["told_x_usual"], m["told_y_rare"] + m["told_y_usual"]
    title_any = m["title_x"] + m["title_y"] - m["title_both"]
    title_cover = _share(m["title_both"], np.minimum(m["title_x"], m["title_y"]))
    names_least = np.minimum(m["names_x"], m["names_y"])
    names_cover = _share(m["names_both"], np.minimum(names_least, 12))
    variants_known = ((m["variants_x"] > 0) & (m["variants_y"] > 0)).astype(float)
    funder_cover = _share(m["funder_both"], np.minimum(m["funder_x"], m["funder_y"]))
    days_known = ((m["days_x"] > 0) & (m["days_y"] > 0)).astype(float)
    same_day = (m["days_both"] > 0).astype(float)
    apart = np.where(days_known > 0, np.nan_to_num(m["days_apart"]), 0)
    amounts_known = ((m["amounts_x"] > 0) & (m["amounts_y"] > 0)).astype(float) * flag["currency_same"]
    amount_same = (m["amounts_both"] > 0) * amounts_known
    figures_known = ((m["figures_x"] > 0) & (m["figures_y"] > 0)).astype(float)
    found = {
        "title_share": _share(m["title_both"], title_any),
        "title_cover": title_cover,
        "title_cover_other_language": title_cover * other_language,
        "title_odd": np.minimum(title_any - m["title_both"], 6) / 6 * flag["language_same"],
        "title_in_names": np.minimum(title_in_names, 4) / 4,
        "common_share": _share(m["common_both"], m["common_all"] - m["common_both"]),
        "title_like": flag["title_like"] * flag["language_same"],
        "variants_same": variants_known * (m["variants_both"] == np.maximum(m["variants_x"], m["variants_y"])),
        "variants_clash": variants_known * (m["variants_both"] < np.minimum(m["variants_x"], m["variants_y"])),
        "variants_one": ((m["variants_x"] > 0) ^ (m["variants_y"] > 0)).astype(float),
        "funder_known": known["funder_same"],
        "funder_same": flag["funder_same"],
        "funder_cover": funder_cover,
        "funder_clash": known["funder_same"] * (funder_cover == 0) * flag["language_same"],
        "funder_in_names": np.minimum(funder_in_names, 1),
        "days_known": days_known,
        "same_day": same_day,
        "days_near": days_known * (1 - same_day) * (apart <= 31),
        "days_far": days_known * (1 - same_day) * np.minimum(apart, 365) / 365,
        "amount_same": amount_same,
        "amount_clash": amounts_known - amount_same,
        "names_cover": names_cover,
        "names_many": np.minimum(m["names_both"], 8) / 8,
        "figures_cover": _share(m["figures_both"], np.minimum(m["figures_x"], m["figures_y"])),
        "figures_clash": figures_known * (m["figures_both"] == 0),
        "told_least": np.minimum(_told(told_x, m["title_stems_x"]), _told(told_y, m["title_stems_y"])),
        "told_most": np.maximum(_told(told_x, m["title_stems_x"]), _told(told_y, m["title_stems_y"])),
        "told_nothing": ((told_x == 0) & (m["title_stems_x"] > 1)).astype(float)
        + ((told_y == 0) & (m["title_stems_y"] > 1)),
        "untold": np.minimum(m["title_stems_x"] - told_x + m["title_stems_y"] - told_y, 8) / 8,
        "named_share": _share(m["named_both"], m["named_x"] + m["named_y"] - m["named_both"]),
        "named_clash": (
            (m["named_x"] > 0) & (m["named_y"] > 0) & (m["named_both"] < np.minimum(m["named_x"], m["named_y"]))
        ).astype(float),
        "figures_odd": figures_known
        * np.minimum(np.minimum(m["figures_x"], m["figures_y"]) - m["figures_both"], 6)
        / 6,
        "figures_many": np.minimum(m["figures_both"], 6) / 6,
        "rare_cover": _share(m["rare_both"], np.minimum(m["rare_x"], m["rare_y"])),
        "rare_many": np.minimum(m["rare_both"], 12) / 12,
        "rare_many_other_language": np.minimum(m["rare_both"], 12) / 12 * other_language,
        "rare_odd": np.minimum(np.minimum(m["rare_x"], m["rare_y"]) - m["rare_both"], 12) / 12 * flag["language_same"],
        "usual_cover": _share(m["usual_both"], np.minimum(m["usual_x"], m["usual_y"])),
        "usual_cover_other_language": _share(m["usual_both"], np.minimum(m["usual_x"], m["usual_y"])) * other_language,
        "dates_cover": _share(m["dates_both"], np.minimum(m["dates_x"], m["dates_y"])),
        "dates_many": np.minimum(m["dates_both"], 4) / 4,
        "dates_odd": np.minimum(np.minimum(m["dates_x"], m["dates_y"]) - m["dates_both"], 4) / 4,
        "closing_told": flag["closing_told"],
        "closing_silent": days_known * (1 - np.maximum(flag["closing_told"], same_day)),
        "template": flag["language_same"] * flag["official_both"] * _share(m["sketch_both"], m["sketch_least"]),
        "figures_and_dates": _share(m["figures_both"], np.minimum(m["figures_x"], m["figures_y"]))
        * _share(m["dates_both"], np.minimum(m["dates_x"], m["dates_y"])),
        "figures_and_rare": _share(m["figures_both"], np.minimum(m["figures_x"], m["figures_y"]))
        * np.minimum(m["rare_both"], 8)
        / 8,
        "dates_and_rare": np.minimum(m["dates_both"], 1) * np.minimum(m["rare_both"], 8) / 8,
        "sketch": _share(m["sketch_both"], m["sketch_least"]),
        "place_same": (m["places_both"] > 0).astype(float),
        "place_clash": ((m["places_least"] > 0) & (m["places_both"] == 0)).astype(float),
        "regions_clash": ((m["regions_least"] > 0) & (m["regions_both"] == 0)).astype(float),
        "type_same": flag["type_same"],
        "type_clash": known["type_same"] - flag["type_same"],
        "link_same": (m["links_both"] > 0).astype(float),
        "link_clash": ((m["links_least"] > 0) & (m["links_both"] == 0)).astype(float),
        "number_same": flag["number_same"],
        "number_clash": known["number_same"] - flag["number_same"],
        "source_same": flag["source_same"],
        "host_same": flag["host_same"] * (1 - flag["source_same"]),
        "official_both": flag["official_both"],
        "other_language": other_language,
        "year_same": (m["year_both"] > 0).astype(float),
        "day_and_names": same_day * names_cover,
        "day_and_title": same_day * title_cover,
        "day_and_funder": same_day * np.maximum(funder_cover, np.minimum(funder_in_names, 1)),
        "day_and_amount": same_day * amount_same,
        "funder_and_title": np.maximum(funder_cover, np.minimum(funder_in_names, 1)) * title_cover,
    }
    return {name: np.asarray(values, dtype=np.float64) for name, values in found.items()}


def glance(found: Mapping[str, Array], weights: Mapping[str, float], bias: float) -> Array:
    """The chance in [0, 1] at first sight."""
    total = np.full(len(next(iter(found.values()))), float(bias))
    for name, weight in weights.items():
        total += weight * found[name]
    return 1 / (1 + np.exp(-np.clip(total, -30, 30)))


def chances(found: Mapping[str, Array], scorer: Model | None = None) -> tuple[Array, Array]:
    """For each pair the chance that it is one call, and the one, at first sight and without dates, that it is of one
    series."""
    scorer = scorer or model()
    first = glance(found, scorer.weights, scorer.bias)
    undated = {name: np.zeros_like(one) if name in DATED else one for name, one in found.items()}
    told = np.full(len(first), DISMISSED)
    looked = first >= GLANCE
    if looked.any():
        told[looked] = scorer.pairs.chance(np.column_stack([found[name][looked] for name in scorer.pairs.names]))
    return told, glance(undated, scorer.weights, scorer.bias)


DATED: Sequence[str] = (
    "days_known", "same_day", "days_near", "days_far", "year_same", "day_and_names", "day_and_title",
    "day_and_funder", "day_and_amount", "number_same", "number_clash",
)  # fmt: skip
"""The features that tell one edition of a series from another."""


def _share(part: Array, whole: Array) -> Array:
    return np.where(whole > 0, np.minimum(part / np.maximum(whole, 1), 1), 0.0)


def _told(part: Array, whole: Array) -> Array:
    """A share, half where there is nothing to tell."""
    return np.where(whole > 0, part / np.maximum(whole, 1), 0.5)
