"""What channels told, as the tables say it: files that correct each other, posts joined to calls, totals that add up."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.achieved.store import files_of, write_rows
from boi_pipeline.achieved.store import keep as keep_import
from boi_pipeline.entity import Entity
from boi_pipeline.records import (
    Edition,
    Import,
    Metric,
    Publication,
    Snapshot,
    canonical_json,
    opportunity_id,
    sha256_hex,
)
from boi_pipeline.settings import Home
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.build import Build
from boi_pipeline.warehouse.raw import RawFiles, raw_schema, raw_table
from tests.examples import dear
from tests.warehouse.announced import Announced
from tests.warehouse.conftest import AS_OF

DAY = date(2026, 11, 20)
WATER, LIGHT = "oficial/agua", "oficial/luz"
POSTED = {
    (WATER, "x"): "https://x.com/boletin/status/2060000000000000007",
    (WATER, "linkedin"): "https://www.linkedin.com/feed/update/urn:li:activity:7131234567890123456/",
    (LIGHT, "linkedin"): "https://www.linkedin.com/feed/update/urn:li:share:7130000000000000001/",
    (LIGHT, "instagram"): "https://www.instagram.com/reel/AbC-1_2/",
    (LIGHT, "site"): "https://www.boletin.example/notas/luz/",
}
TITLES = {WATER: "Fondo de Agua Limpia para Ciudades", LIGHT: "Beca de Energía"}
WANTED = [
    "marts.fct_metric_daily",
    "intermediate.int_metric_days",
    "intermediate.int_metric_joins",
    "staging.stg_imports",
]


def day(n: int) -> date:
    return DAY + timedelta(days=n)


@dataclass
class Told:
    """Files of channels, in the order in which they were taken in."""

    metrics: list[Metric] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)

    count: int = 0  # of files that ever came

    def take_back(self, place: int) -> None:
        """Undo the import of a place, where there is one."""
        if place < len(self.imports):
            gone = self.imports.pop(place).import_id
            self.metrics = [row for row in self.metrics if row.import_id != gone]

    def file(
        self,
        layout: str,
        *rows: dict[str, Any],
        channel: str = "linkedin",
        replaces: Literal["days", "rows", "all"] = "days",
        **record: Any,
    ) -> None:
        self.count = number = self.count + 1
        import_id, at = f"01{number:024d}", AS_OF - timedelta(days=1) + timedelta(minutes=number)
        self.metrics += [
            Metric(import_id=import_id, row_number=place, imported_at=at, layout=layout, **({"channel": channel} | row))
            for place, row in enumerate(rows, 2)
        ]
        days = [row["metric_date"] for row in rows]
        self.imports.append(
            Import(
                import_id=import_id,
                kind="metrics",
                file_name=f"{layout}.csv",
                file_sha256=sha256_hex(import_id),
                layout=layout,
                channel=None if layout == "plain" else channel,
                replaces=replaces,
                imported_at=at,
                first_day=min(days, default=None),
                last_day=max(days, default=None),
                **({"row_count": len(rows), "refused_count": 0} | record),
            )
        )


def whole(n: int, impressions: int | None, clicks: int | None = None) -> dict[str, Any]:
    """What a channel tells of all of a day."""
    return {"metric_date": day(n), "impressions": impressions, "clicks": clicks}


def post(n: int, impressions: int, **about: str) -> dict[str, Any]:
    """What a post of a day has gathered since."""
    kind, reference = next(iter(about.items()))
    title = about.get("title") if kind == "url" else None
    return {
        "metric_date": day(n),
        "scope": "post",
        "reference_kind": kind,
        "reference": reference,
        "title": title,
        "impressions": impressions,
    }


class Tables(Protocol):
    """Builds the tables of what was told; ``anew``: from nothing, in another folder."""

    def __call__(self, told: Told, *, anew: bool = False) -> "Warehouse": ...


@dataclass
class Warehouse:
    path: Path

    def rows(self, query: str) -> list[dict[str, Any]]:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.sql(query).to_arrow_table().to_pylist()

    def fact(self, measure: str = "impressions") -> dict[tuple[date, str], int | None]:
        """(day, call) → the measure; a call is named by its item."""
        names = {opportunity_id(item): item for item in TITLES} | {"unknown": "unknown"}
        found = self.rows(f"select metric_date, opportunity_id, {measure} as n from marts.fct_metric_daily")
        return {(row["metric_date"], names[row["opportunity_id"]]): row["n"] for row in found}

    def failed(self, name: str) -> int:
        (row,) = self.rows(f"from quality.results where check_name = '{name}'")
        return row["failed_count"]


@pytest.fixture(scope="module")
def calls(sample: Entity) -> Announced:
    """Two calls, both published on LinkedIn and on X under their Spanish titles."""
    announced = Announced(sample)
    publications, snapshots = [], []
    for place, (item, title) in enumerate(TITLES.items()):
        announced.say(item, title=title)
        content = canonical_json({"title": f"Call {place}", "title_es": title})
        snapshots.append(
            Snapshot(
                seq=place, snapshot_sha256=sha256_hex(content), opportunity_id=opportunity_id(item), content=content
            )
        )
        publications += [
            (item, channel, sha256_hex(content), POSTED.get((item, channel)))
            for channel in ("linkedin", "x", *(("instagram", "site") if item == LIGHT else ()))
        ]
        # the week's post names both
        publications.append(
            (
                item,
                "week",
                sha256_hex(content),
                "https://www.linkedin.com/feed/update/urn:li:activity:7139999999999999999",
            )
        )
    announced.more = {
        "editions": raw_table(
            "editions", [Edition(seq=9, edition_id="2026-11-20", edition_date=DAY, closed_at=AS_OF, label="2026-W47")]
        ),
        "snapshots": raw_table("snapshots", snapshots),
        "publications": raw_table(
            "publications",
            [
                Publication(
                    seq=20 + place,
                    publication_id=f"2026-11-20/{channel}/{announced.codes[item]}",
                    edition_id="2026-11-20",
                    opportunity_id=opportunity_id(item),
                    code=announced.codes[item],
                    channel="linkedin" if channel == "week" else channel,
                    address=address,
                    position=place,
                    snapshot_sha256=seen,
                    state="sent",
                    published_at=AS_OF - timedelta(days=2),
                )
                for place, (item, channel, seen, address) in enumerate(publications)
            ],
        ),
    }
    return announced


@pytest.fixture(scope="module")
def tables(calls: Announced, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Builds the tables of what was told. One warehouse goes on from what it was before, as a run does."""
    folder = tmp_path_factory.mktemp("metrics")
    project = load_models(calls.entity)
    terms = {name: frozenset(one.terms) for name, one in calls.entity.vocabularies.items()}
    wanted = project.upstream(set(WANTED))

    def build(told: Told, *, anew: bool = False) -> Warehouse:
        into = tmp_path_factory.mktemp("anew") if anew else folder
        raw = calls.raw() | {
            "metrics": raw_table("metrics", told.metrics),
            "imports": raw_table("imports", told.imports),
        }
        with Build(project, into, "run", terms) as warehouse:
            warehouse.load(raw)
            stopped = [result.stops for result in warehouse.run({}, wanted) if result.stops]
        assert not stopped, "\n".join(map(str, stopped))
        return Warehouse(into / "boi.run.duckdb")

    return build


# ---------------------------------------------------------------- a file corrects another


def test_a_longer_file_of_the_same_days_corrects_and_does_not_double(tables: Tables) -> None:
    told = Told()
    told.file("linkedin_content", whole(0, 100, 4), whole(1, 50))
    told.file("linkedin_content", whole(0, 110, 5), whole(1, 70), whole(2, 20))
    assert tables(told).fact() == {(day(0), "unknown"): 110, (day(1), "unknown"): 70, (day(2), "unknown"): 20}


def test_days_that_a_newer_file_does_not_cover_stay(tables: Tables) -> None:
    told = Told()
    told.file("linkedin_content", whole(0, 100), whole(1, 50))
    told.file("linkedin_content", whole(1, 60), whole(2, 20))
    assert tables(told).fact() == {(day(0), "unknown"): 100, (day(1), "unknown"): 60, (day(2), "unknown"): 20}


def test_a_file_corrects_nothing_of_another_channel_or_layout(tables: Tables) -> None:
    told = Told()
    told.file("x_overview", whole(0, 100), channel="x")
    told.file("linkedin_content", whole(0, 50))
    found = tables(told).rows("select channel, impressions from marts.fct_metric_daily order by channel")
    assert found == [{"channel": "linkedin", "impressions": 50}, {"channel": "x", "impressions": 100}]


def test_what_a_post_gathered_since_is_told_anew_and_not_added(tables: Tables) -> None:
    told = Told()
    url, other = "https://x.com/boletin/status/1", "https://x.com/boletin/status/2"
    title = TITLES[WATER]
    told.file(
        "x_posts", post(0, 100, url=url, title=title), post(0, 7, url=other, title=title), channel="x", replaces="rows"
    )
    told.file("x_posts", post(0, 180, url=url, title=title), channel="x", replaces="rows")
    assert tables(told).fact() == {(day(0), WATER): 187}, "a file with fewer posts takes none away"


def test_a_row_of_a_handed_in_table_corrects_the_entitys_own(tables: Tables, calls: Announced) -> None:
    row = {"metric_date": day(0), "channel": "whatsapp", "reference_kind": "code", "reference": calls.codes[WATER]}
    told = Told(metrics=[Metric(row_number=2, impressions=40, clicks=1, interactions=0, **row)])
    told.file("plain", row | {"impressions": 45, "clicks": 2, "interactions": 0}, replaces="rows")
    assert tables(told).fact() == {(day(0), WATER): 45}


def test_all_of_an_older_file_goes_where_the_layout_says_so(tables: Tables) -> None:
    told = Told()
    told.file("linkedin_content", whole(0, 100), replaces="all")
    told.file("linkedin_content", whole(3, 5), replaces="all")
    assert tables(told).fact() == {(day(3), "unknown"): 5}


# ---------------------------------------------------------------- of which call a post speaks


def at(url: str, title: str = "Un saludo") -> dict[str, str]:
    return {"url": url, "title": title}


POSTS: dict[str, tuple[str, dict[str, str], str]] = {
    "its title": ("x", {"title": "Fondo de Agua Limpia para Ciudades"}, WATER),
    "its title within words": (
        "x",
        {"title": "🌎 ¡Atención! FONDO DE AGUA LIMPIA PARA CIUDADES: hasta el 15 de enero #agua"},
        WATER,
    ),
    "its title, cut by its platform": ("x", {"title": "fondo de agua limpia para ciuda"}, WATER),
    "a short title": ("x", {"title": "Beca de energia"}, LIGHT),
    "two titles": ("x", {"title": "Beca de Energía y Fondo de Agua Limpia para Ciudades, en un solo hilo"}, "unknown"),
    "no title of ours": ("x", {"title": "Feliz día del agua"}, "unknown"),
    "no words": ("x", {"title": ""}, "unknown"),
    "its title at any address": (
        "x",
        at("https://x.com/boletin/status/9", "Fondo de Agua Limpia para Ciudades"),
        WATER,
    ),
    "an address of nothing": ("x", {"url": "https://x.com/boletin/status/8"}, "unknown"),
    "a title where the call was not published": ("instagram", {"title": TITLES[WATER]}, "unknown"),
    "X, its old name": ("x", at("https://twitter.com/Boletin/status/2060000000000000007/photo/1"), WATER),
    "X, without its account": ("x", at("https://x.com/i/web/status/2060000000000000007"), WATER),
    "X, a longer number": ("x", at("https://x.com/boletin/status/20600000000000000070"), "unknown"),
    "LinkedIn, as it is shared": (
        "linkedin",
        at("https://www.linkedin.com/posts/boletin_fondo-de-agua-activity-7131234567890123456-AbCd"),
        WATER,
    ),
    "LinkedIn, escaped": (
        "linkedin",
        at("https://linkedin.com/feed/update/urn%3Ali%3Aactivity%3A7131234567890123456"),
        WATER,
    ),
    "a share": ("linkedin", at("https://www.linkedin.com/feed/update/urn:li:share:7130000000000000001"), LIGHT),
    "no share": (
        "linkedin",
        at("https://www.linkedin.com/feed/update/urn:li:activity:7130000000000000001"),
        "unknown",
    ),
    "of two calls": (
        "linkedin",
        at("https://www.linkedin.com/feed/update/urn:li:activity:7139999999999999999"),
        "unknown",
    ),
    "Instagram": ("instagram", at("https://www.instagram.com/boletin/p/AbC-1_2"), LIGHT),
    "Instagram, another case": ("instagram", at("https://www.instagram.com/p/abc-1_2/"), "unknown"),
    "any site": ("site", at("http://boletin.example/notas/luz"), LIGHT),
    "of another channel": ("x", at("https://www.instagram.com/reel/AbC-1_2/"), "unknown"),
}


@pytest.fixture(scope="module")
def joined(tables: Tables) -> dict[str, str]:
    """Case → the call that its post is of; each post is of a day of its own."""
    told = Told()
    for place, (channel, about, _) in enumerate(POSTS.values()):
        told.file(f"posts-{place}", post(-place, 10, **about), channel=channel, replaces="rows")
    found = tables(told).rows("select metric_date, opportunity_id, impressions from marts.fct_metric_daily")
    names = list(POSTS)
    assert [row["impressions"] for row in found] == [10] * len(names)
    return {names[(DAY - row["metric_date"]).days]: row["opportunity_id"] for row in found}


@pytest.mark.parametrize("case", POSTS)
def test_a_post_is_of_the_one_call_that_was_posted_there_or_whose_published_title_it_carries(
    joined: dict[str, str], case: str
) -> None:
    *_, item = POSTS[case]
    assert joined[case] == (item if item == "unknown" else opportunity_id(item))


def test_a_post_that_carries_a_code_is_of_that_call_whatever_else_it_says(tables: Tables, calls: Announced) -> None:
    told = Told()
    told.file(
        "x_posts", post(0, 10, url="https://x.com/b/status/1", title=calls.codes[LIGHT]), channel="x", replaces="rows"
    )
    assert tables(told).fact() == {(day(0), LIGHT): 10}


def test_the_code_of_a_post_counts_before_its_address_and_its_address_before_its_words(
    tables: Tables, calls: Announced
) -> None:
    told = Told()
    url = POSTED[WATER, "x"]
    told.file("x_posts", post(0, 10, url=url, title=calls.codes[LIGHT]), channel="x", replaces="rows")
    assert tables(told).fact() == {(day(0), LIGHT): 10}
    told.file("x_posts", post(0, 10, url=url, title=TITLES[LIGHT]), channel="x", replaces="rows")
    told.take_back(0)
    assert tables(told).fact() == {(day(0), WATER): 10}


def test_a_channel_of_which_little_is_joined_is_told(tables: Tables) -> None:
    told = Told()
    lost = [post(0, 1, title=f"Saludo número {n} a quienes nos siguen") for n in range(9)]
    told.file("x_posts", *lost, post(0, 1, title=TITLES[WATER]), channel="x", replaces="rows")
    warehouse = tables(told)
    (row,) = warehouse.rows("from intermediate.int_metric_joins")
    assert (row["reference_count"], row["joined_count"]) == (10, 1)
    assert warehouse.failed("most_is_joined") == 1


# ---------------------------------------------------------------- the channel's total


def test_what_is_attributed_is_taken_from_the_total_of_its_day_and_of_those_after(tables: Tables) -> None:
    told = Told()
    told.file("linkedin_content", whole(0, 100), whole(1, 200), whole(2, 200), whole(3, 150))
    told.file("linkedin_posts", post(1, 500, title=TITLES[WATER]), replaces="rows")
    found = tables(told).fact()
    assert found == {
        (day(0), "unknown"): 100,
        (day(1), WATER): 500,
        (day(1), "unknown"): 0,
        (day(2), "unknown"): 0,
        (day(3), "unknown"): 50,
    }
    assert sum(n or 0 for n in found.values()) == 650, "the channel's own total"


def test_posts_that_are_of_no_call_are_in_the_channels_total_already(tables: Tables) -> None:
    told = Told()
    told.file("linkedin_content", whole(0, 100))
    told.file("linkedin_posts", post(0, 30, title="Un saludo"), replaces="rows")
    assert tables(told).fact() == {(day(0), "unknown"): 100}


def test_what_a_channel_does_not_tell_is_null_and_not_zero(tables: Tables) -> None:
    told = Told()
    told.file("instagram_posts", post(0, 10, title="Un saludo"), channel="instagram", replaces="rows")
    (row,) = tables(told).rows("from marts.fct_metric_daily")
    assert (row["impressions"], row["clicks"], row["interactions"]) == (10, None, None)


totals = st.lists(st.integers(0, 500), min_size=1, max_size=8)
posts = st.lists(
    st.tuples(st.integers(-2, 9), st.integers(0, 900), st.sampled_from([*TITLES.values(), "Un saludo"])), max_size=6
)


@dear(10)
@given(totals, posts)
def test_rows_are_never_negative_and_add_up_to_what_was_told(
    tables: Tables, of_days: list[int], of_posts: list[tuple[int, int, str]]
) -> None:
    told = Told()
    told.file("linkedin_content", *(whole(n, total) for n, total in enumerate(of_days)))
    rows = [
        post(n, count, title=title) | {"reference": f"{title} {place}"}
        for place, (n, count, title) in enumerate(of_posts)
    ]
    told.file("linkedin_posts", *rows, replaces="rows")
    found = tables(told).fact()
    assert all(n is not None and n >= 0 for n in found.values())
    inside = [(n, count, title) for n, count, title in of_posts if 0 <= n < len(of_days)]
    outside = sum(count for n, count, _ in of_posts if not 0 <= n < len(of_days))
    attributed = sum(count for n, count, title in inside if title in TITLES.values())
    counted = sum(n for n in found.values() if n is not None)
    assert counted >= max(sum(of_days), attributed) + outside
    if not attributed:
        assert counted == sum(of_days) + outside


# ---------------------------------------------------------------- day after day

files = st.tuples(
    st.sampled_from(["linkedin_content", "linkedin_posts", "plain"]),
    st.dictionaries(st.integers(0, 4), st.integers(0, 900), min_size=1, max_size=4),
    st.sampled_from([*TITLES.values(), "Un saludo"]),
)


@dear(5)
@given(st.lists(st.one_of(files, st.integers(0, 3)), min_size=2, max_size=5))
def test_what_came_file_by_file_is_what_came_at_once(
    tables: Tables, steps: list[tuple[str, dict[int, int], str] | int]
) -> None:
    """A number takes back the import of that place; else a file comes in. The order of the rows is the same too."""
    told = Told()
    for step in steps:
        if isinstance(step, int):
            told.take_back(step)
        elif step[0] == "linkedin_content":
            told.file(step[0], *(whole(n, count) for n, count in step[1].items()))
        elif step[0] == "linkedin_posts":
            told.file(step[0], *(post(n, count, title=step[2]) for n, count in step[1].items()), replaces="rows")
        else:
            rows = [{**post(n, count, title=step[2]), "scope": "day"} for n, count in step[1].items()]
            told.file("plain", *rows, replaces="rows")
        tables(told)
    grown, fresh = tables(told), tables(told, anew=True)
    for table in ("staging.stg_metrics", "intermediate.int_metric_days", "marts.fct_metric_daily"):
        assert grown.rows(f"from {table}") == fresh.rows(f"from {table}"), table


# ---------------------------------------------------------------- checks


def test_a_file_whose_rows_do_not_add_up_to_its_own_total_is_told(tables: Tables) -> None:
    told = Told()
    told.file("linkedin_content", whole(0, 100, 4), whole(1, 50, 1), told_impressions=150, told_clicks=5)
    told.file("x_overview", whole(0, 100), channel="x", told_impressions=101)
    warehouse = tables(told)
    assert warehouse.failed("totals_are_the_files_own") == 1


def test_a_row_that_was_lost_stops_the_set(tables: Tables) -> None:
    told = Told()
    told.file("linkedin_content", whole(0, 100), row_count=2)
    with pytest.raises(AssertionError, match="rows_are_in"):
        tables(told)


def test_a_day_that_two_kinds_of_file_tell_is_counted_once_and_told(tables: Tables) -> None:
    told = Told()
    told.file("ga4_pages", whole(0, 100), channel="site")
    told.file("matomo_pages", whole(0, 90), channel="site")
    warehouse = tables(told)
    assert warehouse.fact() == {(day(0), "unknown"): 100}
    assert warehouse.failed("no_day_is_told_twice") == 1


def test_what_is_typed_of_a_call_counts_only_where_its_platform_tells_nothing(tables: Tables, calls: Announced) -> None:
    told = Told()
    told.file("instagram_posts", post(0, 100, title=TITLES[LIGHT]), channel="instagram", replaces="rows")
    typed = {"channel": "instagram", "reference_kind": "code", "reference": calls.codes[LIGHT], "interactions": 0}
    told.file(
        "plain",
        typed | {"metric_date": day(0), "impressions": 90, "clicks": 4},
        typed | {"metric_date": day(1), "impressions": 8, "clicks": 1},
        replaces="rows",
    )
    warehouse = tables(told)
    assert warehouse.fact() == {(day(0), LIGHT): 100, (day(1), LIGHT): 8}
    assert warehouse.fact("clicks") == {(day(0), LIGHT): 4, (day(1), LIGHT): 1}, "the platform tells no clicks"
    assert (warehouse.failed("nothing_is_typed_twice"), warehouse.failed("no_day_is_told_twice")) == (1, 0)


def test_what_is_typed_twice_is_not_taken_from_the_channels_total_twice(tables: Tables, calls: Announced) -> None:
    told = Told()
    told.file("linkedin_content", whole(0, 150))
    told.file("linkedin_posts", post(0, 100, title=TITLES[LIGHT]), replaces="rows")
    code = {"reference_kind": "code", "reference": calls.codes[LIGHT]}
    told.file("plain", {"metric_date": day(0), "impressions": 90, **code}, replaces="rows")
    assert tables(told).fact() == {(day(0), LIGHT): 100, (day(0), "unknown"): 50}


def test_a_jump_against_the_days_before_is_told(tables: Tables) -> None:
    told = Told()
    told.file("linkedin_content", *(whole(n, 200 + n) for n in range(8)), whole(8, 201_000), whole(9, 210))
    warehouse = tables(told)
    assert warehouse.failed("a_day_is_like_those_before") == 1


# ---------------------------------------------------------------- the files of metrics


def test_only_new_files_are_read_and_what_is_taken_back_goes(tables: Tables, calls: Announced, tmp_path: Path) -> None:
    home = Home(tmp_path, "sample")
    told = Told()
    told.file("linkedin_content", whole(0, 100))
    told.file("linkedin_content", whole(1, 50))
    for one in told.imports:
        write_rows(home, one.import_id, [row for row in told.metrics if row.import_id == one.import_id], Metric)
        keep_import(home, one)
    project = load_models(calls.entity)
    terms = {name: frozenset(one.terms) for name, one in calls.entity.vocabularies.items()}
    nothing = raw_schema("metrics").empty_table()

    def loaded(kept: list[Import], others: list[Metric]) -> list[tuple[str, int]]:
        files = RawFiles(files_of(home, kept, Metric), raw_table("metrics", others) if others else nothing)
        with Build(project, tmp_path / "warehouse", "run", terms) as build:
            build.load({"metrics": files})
            return build.connection.execute("select import_id, impressions from raw.metrics order by all").fetchall()

    first, second = told.imports
    own = Metric(row_number=1, metric_date=DAY, channel="x", impressions=3)
    assert loaded([first], []) == [(first.import_id, 100)]
    files_of(home, [first], Metric)[first.import_id].unlink()  # what was read is not read again
    assert loaded([first, second], [own]) == [(first.import_id, 100), (second.import_id, 50), ("entity", 3)]
    assert loaded([second], [own.model_copy(update={"impressions": 4})]) == [(second.import_id, 50), ("entity", 4)]
