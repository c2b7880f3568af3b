"""How alike two announcements are: named features, and the chance that they speak of one call.

A *glance* (a logistic regression) sets aside what is plainly different; boosted trees look at the rest. Both are
trained on labelled calls (``boi_pipeline.evaluation.matching``) and kept in ``model.json``. Everything here is a pure
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

from boi_pipeline.matching.overlaps import Lists, distinct, in_common, lists_of
from boi_pipeline.matching.parts import in_parts
from boi_pipeline.matching.tokens import Numbers
from boi_pipeline.matching.trees import Trees

Array = npt.NDArray[np.float64]
MODEL = Path(__file__).parent / "model.json"
GLANCE = 0.01
"""Pairs that the glance finds less likely are not looked at."""
DISMISSED = 0.0005
"""The chance they are given."""

MEASURES: Mapping[str, str] = {
    "title_like": "jaro_winkler_similarity(x.series, y.series)",
    "funder_same": "x.funder = y.funder",
    "days_apart": "abs(x.last_day - y.last_day)",
    "currency_same": "x.currency = y.currency",
    "type_same": "x.opportunity_type = y.opportunity_type",
    "number_same": "x.number = y.number",
    "source_same": "x.source_id = y.source_id",
    "host_same": "x.host = y.host",
    "official_both": "x.is_official and y.is_official",
    "language_same": "x.language = y.language",
    "text_same": "x.text_sha256 = y.text_sha256",
    "listed_together": """x.source_id = y.source_id and x.language = y.language and x.is_official and y.is_official
        and x.first_seen_at::date = y.first_seen_at::date and not x.is_moved and not y.is_moved""",
}
"""What DuckDB reads of a pair of facts x and y, ``last_day`` among them; null where one of them does not say."""

_IS_CONCEPT = "lambda stem: stem % 2 = 1"
LISTS: Sequence[Mapping[str, str]] = (
    {one: one for one in ("telling", "common", "variants", "funder_words", "names", "title_names")},
    {
        **{one: one for one in ("title_stems", "rare", "usual")},
        "said": "list_concat(rare, usual)",
        "title_concepts": f"list_filter(title_stems, {_IS_CONCEPT})",
        "concepts": f"list_filter(list_concat(rare, usual), {_IS_CONCEPT})",
    },
    {"places": "places", "title_places": "list_filter(variants, lambda one: len(one) = 2 and one = upper(one))"},
    {"counts": "list_filter(figures, lambda figure: figure < 500)"},
    {"sums": "list_filter(figures, lambda figure: figure >= 500)"},
    {"days": "days", "closing_days": "list_transform(deadlines, lambda day: month(day) * 100 + day(day))"},
    *({one: one} for one in ("deadlines", "amounts", "worth", "figures", "sketch", "host_countries")),
    *({one: one} for one in ("eligible_regions", "links", "years")),
)
"""The lists of the facts that are compared, and how DuckDB reads them: those with one another that stand together."""

LENGTHS: Mapping[str, str] = {
    "title": "telling",
    "common": "common",
    "variants": "variants",
    "funder": "funder_words",
    "days": "deadlines",
    "amounts": "amounts",
    "worth": "worth",
    "names": "names",
    "figures": "figures",
    "title_stems": "title_stems",
    "named": "places",
    "rare": "rare",
    "usual": "usual",
    "dates": "days",
    "sketch": "sketch",
    "places": "host_countries",
    "regions": "eligible_regions",
    "links": "links",
    "year": "years",
    "title_names": "title_names",
    "title_concepts": "title_concepts",
    "concepts": "concepts",
    "counts": "counts",
    "sums": "sums",
    "title_places": "title_places",
}
"""Measure, with ``_x`` or ``_y`` behind it → the list of x or y whose length it is."""

OVERLAPS: Mapping[str, tuple[str, str]] = {
    **{f"{name}_both": (one, one) for name, one in LENGTHS.items() if name != "title_stems"},
    "title_x_in_names": ("telling", "names"),
    "title_y_in_names": ("names", "telling"),
    "funder_x_in_names": ("funder_words", "names"),
    "funder_y_in_names": ("names", "funder_words"),
    "title_names_x_in_names": ("title_names", "names"),
    "title_names_y_in_names": ("names", "title_names"),
    "title_places_x_told": ("title_places", "places"),
    "title_places_y_told": ("places", "title_places"),
    "told_x": ("title_stems", "said"),
    "told_y": ("said", "title_stems"),
    "concepts_told_x": ("title_concepts", "concepts"),
    "concepts_told_y": ("concepts", "title_concepts"),
    "closing_told_x": ("days", "closing_days"),
    "closing_told_y": ("closing_days", "days"),
}
"""Measure → a list of x and one of y: how much they have in common."""

COUNTED: Sequence[str] = (*(f"{name}_{side}" for name in LENGTHS for side in "xy"), *OVERLAPS)
"""The measures that ``overlaps`` counts: many times faster than DuckDB."""


@dataclass(frozen=True)
class Model:
    """The trained scorer, as ``model.json`` keeps it."""

    version: str
    bias: float  # of the glance
    weights: Mapping[str, float]
    pairs: Trees
    contest: Trees  # over ``contest.FEATURES``, among all likely pairs
    heard: float  # from this chance on, after the contest, a pair takes part in the second
    again: Trees  # over the same, among those that were heard
    merge: float  # from this chance on, after both, two announcements are one call
    ask: float  # from this one a person is asked
    kin_bias: float  # of the regression that tells editions of one series
    kin_weights: Mapping[str, float]
    series: float  # from this chance on two announcements may be of one series

    def joins_from(self, chosen: float | None) -> float:
        """The chance from which two announcements are one call, unless another was ``chosen``."""
        return self.merge if chosen is None else chosen

    def asks_from(self, chosen: float | None) -> float:
        """The chance from which it is asked whether they are, unless another was ``chosen``."""
        return self.ask if chosen is None else chosen


@cache
def model() -> Model:
    """The shipped scorer."""
    kept = json.loads(MODEL.read_text(encoding="utf-8"))
    return Model(**{**kept, **{name: Trees.of(kept[name]) for name in ("pairs", "contest", "again")}})


def measure(connection: duckdb.DuckDBPyConnection, pairs: str, more: Mapping[str, str] = {}) -> pa.Table:
    """The measures of every pair of a relation (a, b): a, b, those of ``MEASURES`` and ``COUNTED``, and what ``more`` asks
    of x, y and p."""
    columns = ", ".join(f"({expression})::float as {name}" for name, expression in MEASURES.items())
    asked = "".join(f", {expression} as {name}" for name, expression in more.items())
    facts = "(select *, deadlines[-1] as last_day from facts)"
    measured = connection.sql(
        f"select p.a, p.b, {columns}{asked} from {pairs} p join {facts} x on x.n = p.a join {facts} y on y.n = p.b"  # noqa: S608
    ).to_arrow_table()
    counted = _counted(connection, *(measured[side].to_numpy().astype(np.int64) for side in ("a", "b")))
    return pa.table([*measured.columns, *counted.columns], [*measured.column_names, *counted.column_names])


def _counted(connection: duckdb.DuckDBPyConnection, a: Numbers, b: Numbers) -> pa.Table:
    """The measures ``COUNTED`` of pairs of rows of the facts."""
    connection.register("compared", pa.table({"n": distinct(a, b)}))
    asked = ", ".join(f"{read} as {name}" for names in LISTS for name, read in names.items())
    compared = connection.sql(f"select n, {asked} from facts semi join compared using (n) order by n").to_arrow_table()  # noqa: S608
    connection.unregister("compared")
    lists: dict[str, Lists] = {}
    for names in LISTS:
        lists |= zip(names, lists_of(compared["n"], *(compared[name] for name in names)), strict=True)
    numbers = compared["n"].to_numpy()

    def count(part: slice) -> pa.RecordBatch:
        x, y = np.searchsorted(numbers, a[part]), np.searchsorted(numbers, b[part])
        found = {
            f"{name}_{side}": lists[one].lengths(at)
            for name, one in LENGTHS.items()
            for side, at in zip("xy", (x, y), strict=True)
        }
        found |= {name: in_common(lists[one], x, lists[other], y) for name, (one, other) in OVERLAPS.items()}
        return pa.record_batch({name: pa.array(values, pa.float32()) for name, values in found.items()})

    return pa.Table.from_batches(in_parts(len(a), count))


def features(measured: pa.RecordBatch | pa.Table) -> dict[str, Array]:
    """Feature name → its value for each pair: shares in [0, 1], flags 0 or 1; 0 where one of the two does not say.

    Every ``…_known`` flag says where both do, so that silence is told from difference.
    """
    m = {
        name: np.asarray(measured[name].to_numpy(zero_copy_only=False), dtype=np.float64)
        for name in (*MEASURES, *COUNTED)
    }
    flag = {name: np.nan_to_num(m[name]) for name in MEASURES}
    known = {
        name: (~np.isnan(m[name])).astype(float)
        for name in ("funder_same", "number_same", "type_same", "days_apart", "currency_same")
    }
    other_language = 1 - flag["language_same"]
    least = {name: np.minimum(m[f"{name}_x"], m[f"{name}_y"]) for name in ("sketch", "places", "regions", "links")}
    closing_told = ((m["closing_told_x"] > 0) | (m["closing_told_y"] > 0)).astype(float)
    title_in_names = m["title_x_in_names"] + m["title_y_in_names"]
    funder_in_names = np.maximum(
        m["funder_x_in_names"] / np.maximum(m["funder_x"], 1), m["funder_y_in_names"] / np.maximum(m["funder_y"], 1)
    ).astype(np.float32)
    told_x, told_y = m["told_x"], m["told_y"]
    untold_x, untold_y = (m[f"title_concepts_{side}"] - m[f"concepts_told_{side}"] for side in "xy")
    concept_told = [_told(m[f"concepts_told_{side}"], m[f"title_concepts_{side}"]) for side in "xy"]
    nameless = [m[f"title_names_{side}"] - m[f"title_names_{side}_in_names"] for side in "xy"]
    placeless = [m[f"title_places_{side}"] - m[f"title_places_{side}_told"] for side in "xy"]
    sums_least = np.minimum(m["sums_x"], m["sums_y"])
    counts_least = np.minimum(m["counts_x"], m["counts_y"])
    concepts_least = np.minimum(m["concepts_x"], m["concepts_y"])
    currency_other = known["currency_same"] - flag["currency_same"]
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
    worth_same = (m["worth_both"] > 0).astype(float)
    figures_known = ((m["figures_x"] > 0) & (m["figures_y"] > 0)).astype(float)
    found = {
        "title_share": _share(m["title_both"], title_any),
        "title_cover": title_cover,
        "title_cover_other_language": title_cover * other_language,
        "title_odd": np.minimum(title_any - m["title_both"], 6) / 6 * flag["language_same"],
        "title_in_names": np.minimum(title_in_names, 4) / 4,
        "common_share": _share(m["common_both"], m["common_x"] + m["common_y"] - m["common_both"]),
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
        "worth_same": worth_same,
        "worth_clash": (np.minimum(m["worth_x"], m["worth_y"]) > 0) * (1 - worth_same),
        "converted": worth_same * (1 - flag["currency_same"]),
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
        "closing_told": closing_told,
        "closing_silent": days_known * (1 - np.maximum(closing_told, same_day)),
        "template": flag["language_same"] * flag["official_both"] * _share(m["sketch_both"], least["sketch"]),
        "figures_and_dates": _share(m["figures_both"], np.minimum(m["figures_x"], m["figures_y"]))
        * _share(m["dates_both"], np.minimum(m["dates_x"], m["dates_y"])),
        "figures_and_rare": _share(m["figures_both"], np.minimum(m["figures_x"], m["figures_y"]))
        * np.minimum(m["rare_both"], 8)
        / 8,
        "dates_and_rare": np.minimum(m["dates_both"], 1) * np.minimum(m["rare_both"], 8) / 8,
        "sketch": _share(m["sketch_both"], least["sketch"]),
        "place_same": (m["places_both"] > 0).astype(float),
        "place_clash": ((least["places"] > 0) & (m["places_both"] == 0)).astype(float),
        "regions_clash": ((least["regions"] > 0) & (m["regions_both"] == 0)).astype(float),
        "type_same": flag["type_same"],
        "type_clash": known["type_same"] - flag["type_same"],
        "link_same": (m["links_both"] > 0).astype(float),
        "link_clash": ((least["links"] > 0) & (m["links_both"] == 0)).astype(float),
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
        "concepts_told_least": np.minimum(*concept_told),
        "concepts_told_most": np.maximum(*concept_told),
        "concepts_untold_least": np.minimum(np.minimum(untold_x, untold_y), 4) / 4,
        "concepts_untold_most": np.minimum(np.maximum(untold_x, untold_y), 4) / 4,
        "title_concepts_both": np.minimum(m["title_concepts_both"], 4) / 4,
        "title_concepts_odd": np.minimum(
            np.minimum(m["title_concepts_x"], m["title_concepts_y"]) - m["title_concepts_both"], 4
        )
        / 4,
        "concepts_cover": _share(m["concepts_both"], concepts_least),
        "concepts_share": _share(m["concepts_both"], m["concepts_x"] + m["concepts_y"] - m["concepts_both"]),
        "concepts_odd": np.minimum(concepts_least - m["concepts_both"], 12) / 12,
        "title_names_untold_least": np.minimum(np.minimum(*nameless), 3) / 3,
        "title_names_untold_most": np.minimum(np.maximum(*nameless), 3) / 3,
        "title_names_told": np.minimum(m["title_names_x_in_names"] + m["title_names_y_in_names"], 4) / 4,
        "title_places_untold": np.minimum(np.maximum(*placeless), 2) / 2,
        "title_places_told": np.minimum(m["title_places_x_told"] + m["title_places_y_told"], 2) / 2,
        "sums_cover": _share(m["sums_both"], sums_least),
        "sums_clash": ((sums_least > 0) & (m["sums_both"] == 0)).astype(float),
        "sums_odd": np.minimum(sums_least - m["sums_both"], 4) / 4,
        "counts_cover": _share(m["counts_both"], counts_least),
        "counts_many": np.minimum(m["counts_both"], 4) / 4,
        "counts_odd": np.minimum(counts_least - m["counts_both"], 4) / 4,
        "currency_other": currency_other,
        "currency_other_figures": currency_other * (m["figures_both"] > 0),
        "listed_together": flag["listed_together"],
        "funder_and_title": np.maximum(funder_cover, np.minimum(funder_in_names, 1)) * title_cover,
    }
    return {name: np.asarray(values, dtype=np.float64) for name, values in found.items()}


def glance(found: Mapping[str, Array], weights: Mapping[str, float], bias: float) -> Array:
    """The chance in [0, 1] at first sight."""
    total = np.full(len(next(iter(found.values()))), float(bias))
    for name, weight in weights.items():
        total += weight * found[name]
    return 1 / (1 + np.exp(-np.clip(total, -30, 30)))


def chances(found: Mapping[str, Array]) -> tuple[Array, Array]:
    """For each pair the chance that it is one call, and the one that it is of two editions of one series."""
    scorer = model()
    first = glance(found, scorer.weights, scorer.bias)
    told = np.full(len(first), DISMISSED)
    looked = first >= GLANCE
    if looked.any():
        told[looked] = scorer.pairs.chance(np.column_stack([found[name][looked] for name in scorer.pairs.names]))
    return told, glance(found, scorer.kin_weights, scorer.kin_bias)


def _share(part: Array, whole: Array) -> Array:
    return np.where(whole > 0, np.minimum(part / np.maximum(whole, 1), 1), 0.0)


def _told(part: Array, whole: Array) -> Array:
    """A share, half where there is nothing to tell."""
    return np.where(whole > 0, part / np.maximum(whole, 1), 0.5)
