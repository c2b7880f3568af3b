"""Announcements of one call come together, editions and different calls stay apart, people have the last word."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.matching import score
from boi_pipeline.matching.deciding import sides_of
from boi_pipeline.matching.groups import KeyReason, Scored, contradict
from boi_pipeline.matching.items import MatchItem, match_item, redirects_of
from boi_pipeline.matching.joining import decide
from boi_pipeline.matching.match import MatchResult, MatchRules, match_items
from boi_pipeline.matching.workbench import Workbench
from boi_pipeline.records import Decision, Reading
from scrapers.notice import Notice
from scrapers.outcome import Recheck
from tests.examples import dear
from tests.matching.conftest import DAY, answer, item
from tests.reading.pages import notice

CLOSE = date(2027, 1, 15)
PAGE = "https://fund.example/calls/rio"
RIVER = """Doce becas para biólogas jóvenes que midan mercurio, peces y sedimentos del río Magdalena con pescadores de Mompox.
Se pagan salario, seguro, canoas y equipos de laboratorio; al final hay una muestra de fotografías en el museo de Barranquilla."""


def groups(result: MatchResult) -> list[list[str]]:
    return [sorted(cluster.item_ids) for cluster in result.clusters]


def together(*items: MatchItem, answers: tuple[Decision, ...] = ()) -> bool:
    return len(match_items(items, answers).clusters) == 1


def reasons(result: MatchResult) -> dict[str, str]:
    return {match.item_id: match.reason for match in result.matches}


def test_the_same_call_on_two_sites_in_two_languages_is_one_by_its_official_link() -> None:
    official = item("fund/1", authority="official", url=PAGE + "?lang=es", title="Becas Río", close_date=CLOSE)
    english = item("agg/9", apply_url="https://www.fund.example/en/calls/rio/", title="River grants", language="en")
    result = match_items([official, english])
    assert groups(result) == [["agg/9", "fund/1"]]
    assert reasons(result) == {"agg/9": "link", "fund/1": "link"}


def told(source: str, title: str, apply_url: str) -> tuple[Notice, Reading]:
    """A notice of a source of its own, read as having this link."""
    made = notice(f"En {source}.", title, language="es", authority="aggregator").model_copy(
        update={"source_id": source, "item_id": f"{source}/1", "url": f"https://{source}.example/1"}
    )
    ids = {"notice_id": made.notice_id, "item_id": made.item_id}
    return made, Reading(input_hash="", reader="offline", reader_version="v", apply_url=apply_url, **ids)


def visit(url: str, final_url: str | None, **more: Any) -> Recheck:
    return Recheck(
        **{"source_id": "a", "url": url, "outcome": "ok", "http_status": 200, "final_url": final_url, **more}
    )


@pytest.mark.parametrize(
    ("visits", "is_one"),
    [
        ([visit("https://corto.example/c3?utm_source=x", PAGE)], True),
        ([], False),
        (
            [visit("https://corto.example/c3", PAGE), visit("https://corto.example/c3", "https://corto.example/c3")],
            False,
        ),
        ([visit("https://corto.example/c3", PAGE, outcome="moved")], False),
        ([visit("https://corto.example/c3", PAGE, item_id="a/1")], False),
    ],
    ids=["seen", "never visited", "leads there no more", "leads to a front page", "a page read another way"],
)
def test_a_link_that_was_seen_to_lead_to_another_is_the_same_link(visits: list[Recheck], is_one: bool) -> None:
    short, plain = told("a", "Becas del Faro", "https://www.corto.example/c3"), told("b", "Ayudas Laguna", PAGE)
    items = [match_item(made, read, DAY, redirects_of(visits)) for made, read in (short, plain)]
    assert together(*items) == is_one


def test_links_that_lead_to_one_login_are_not_one_link() -> None:
    door = "https://portal.example/login?next=7"
    links = [f"https://portal.example/calls/{n}" for n in (1, 2)]
    redirects = redirects_of([visit(link, door) for link in links])
    both = told("a", "Becas del Faro", links[0]), told("b", "Ayudas Laguna", links[1])
    assert not together(*(match_item(made, read, DAY, redirects) for made, read in both))


def test_the_funders_number_joins_whatever_the_titles_say() -> None:
    a = item("a/1", opportunity_number="HORIZON-CL5-2027-D3-01", close_date=CLOSE)
    b = item("b/1", opportunity_number="Horizon CL5 2027 D3 01", close_date=CLOSE + timedelta(days=150), language="en")
    assert together(a, b), "another cut-off of the same number"


@pytest.mark.parametrize(
    ("later", "is_one"), [(CLOSE, True), (CLOSE + timedelta(days=150), False)], ids=["first stage", "another day"]
)
def test_a_retelling_that_knows_one_of_two_deadlines_is_of_the_same_cycle(later: date, is_one: bool) -> None:
    stages = item("fund/1", authority="official", url=PAGE, deadlines=(CLOSE, CLOSE + timedelta(days=300)))
    assert together(stages, item("agg/1", apply_url=PAGE, close_date=later)) == is_one


def test_a_notice_that_one_of_two_deadlines_moved_is_of_the_same_cycle() -> None:
    stages = item("fund/1", authority="official", url=PAGE, deadlines=(CLOSE, CLOSE + timedelta(days=300)))
    assert together(stages, item("agg/1", apply_url=PAGE, close_date=CLOSE + timedelta(days=21)))


@pytest.mark.parametrize(
    ("title", "source", "reason", "is_one"),
    [
        ("Ampliado el plazo: cierra el 20", "fund", "score", True),
        ("Ampliado el plazo: cierra el 20", "fund", "link", False),
        ("Otro fondo para escuelas", "fund", "score", False),
        ("Doce mil euros por un dibujo", "blog", "score", True),
        ("Doce mil euros por un dibujo", "blog", "link", False),
    ],
    ids=["moved", "moved, by a key", "another title", "livelier title", "livelier title, by a key"],
)
def test_titles_speak_against_a_key_more_often_than_against_a_score(
    title: str, source: str, reason: KeyReason, is_one: bool
) -> None:
    with Workbench() as bench:
        bench.load(
            [
                item("fund/1", title="Becas Manos del Mundo", close_date=CLOSE),
                item(f"{source}/2", title=title, close_date=CLOSE + timedelta(days=5)),
            ]
        )
        with bench.given([0, 1]):
            one, other = sides_of(bench.sides()).values()
    assert contradict(one, other, MatchRules(), reason) != is_one


@pytest.mark.parametrize(
    ("other", "text", "chance", "is_one"),
    [
        ("fund/2", "", 0.3, True),
        ("fund/2", "", 0.1, False),
        ("blog/2", RIVER, 0.3, True),
        ("blog/2", RIVER, 0.1, False),
        ("blog/2", "", 0.1, True),
    ],
    ids=[
        "one source",
        "one source, against it",
        "two sources",
        "two sources, against it",
        "a source that tells nothing",
    ],
)
def test_a_link_in_common_joins_and_where_all_else_speaks_against_it_a_person_is_asked(
    other: str, text: str, chance: float, is_one: bool
) -> None:
    with Workbench() as bench:
        bench.load([item(name, title="Becas Manos del Mundo", text=text) for name in ("fund/1", other)])
        with bench.given([0, 1]):
            sides = sides_of(bench.sides())
    scored = Scored(0, 1, chance, 0.0, number=False, text=False, link=True, title=False)
    found = decide(sides, [scored], (), frozenset(), (), (), score.model(), MatchRules())
    assert len({lead for lead, _ in found.matches}) == (1 if is_one else 2)
    assert [one.chance for one in found.questions] == ([] if is_one else [score.model().ask])


def test_a_general_number_joins_within_one_funder_only() -> None:
    a = item("a/1", opportunity_number="12 de 2026", funder_name="Fundación Río")
    b = item("b/1", opportunity_number="No. 12 - 2026", funder_name="FUNDACION RIO")
    c = item("c/1", opportunity_number="12 de 2026", funder_name="Ministerio del Mar")
    d = item("d/1", opportunity_number="12 de 2026")
    assert groups(match_items([a, b, c, d])) == [["a/1", "b/1"], ["c/1"], ["d/1"]]


def test_the_same_text_is_the_same_call() -> None:
    assert together(item("a/1", text_sha256="t"), item("b/1", text_sha256="t"))


def test_title_funder_and_closing_date_join_when_all_three_agree() -> None:
    a = item("a/1", title="Becas Río 2027", funder_name="Fundación Río", close_date=CLOSE)
    b = item("b/1", title="CONVOCATORIA: becas río", funder_name="fundacion rio", close_date=CLOSE)
    result = match_items([a, b])
    assert groups(result) == [["a/1", "b/1"]] and set(reasons(result).values()) == {"title_funder_date"}
    for change in ({"funder_name": "Otra"}, {"close_date": CLOSE + timedelta(days=1)}, {"close_date": None}):
        other = item("b/1", **{"title": b.title, "funder_name": b.funder_name, "close_date": CLOSE, **change})
        assert not together(a, other)


def test_another_year_is_a_previous_edition_even_under_the_same_link() -> None:
    last = item("fund/2026", title="Becas Río 2026", close_date=date(2026, 1, 15), apply_url=PAGE)
    now = item("fund/2027", title="Becas Río 2027", close_date=CLOSE, apply_url=PAGE, day=1)
    result = match_items([now, last])
    assert groups(result) == [["fund/2026"], ["fund/2027"]]
    assert [(one.older, one.newer) for one in result.relations] == [("fund/2026", "fund/2027")]


def test_editions_are_told_by_title_and_funder_each_after_the_one_before() -> None:
    made = [
        item(f"s{year}/1", title=f"Premio del Mar {year}", funder_name="Mar", close_date=date(year, 3, 1))
        for year in (2024, 2027, 2026)
    ]
    result = match_items(made)
    assert [(one.older, one.newer) for one in result.relations] == [("s2024/1", "s2026/1"), ("s2026/1", "s2027/1")]
    rounds = [
        item("a/1", title="Premio del Mar, ronda 1", funder_name="Mar", apply_url=PAGE, close_date=CLOSE),
        item("b/1", title="Premio del Mar, ronda 2", funder_name="Mar", apply_url=PAGE, close_date=CLOSE, day=1),
    ]
    result = match_items(rounds)
    assert len(result.clusters) == 2
    assert {(one.older, one.newer) for one in result.relations} == {("a/1", "b/1")}


def test_a_copy_that_has_not_heard_of_the_extension_is_still_the_same_call() -> None:
    official = item("fund/1", authority="official", url=PAGE, close_date=CLOSE + timedelta(days=20), title="Becas Río")
    for language, title in (("es", "Estudia con las becas Río"), ("en", "River grants")):
        assert together(official, item("agg/1", apply_url=PAGE, close_date=CLOSE, title=title, language=language))


def test_a_page_without_date_belongs_to_the_edition_that_was_current_when_it_was_first_seen() -> None:
    last = item("a/1", title="Becas Río 2026", apply_url=PAGE, close_date=date(2026, 1, 15), day=-330)
    bare = item("b/1", title="Becas Río", apply_url=PAGE, day=-320)
    assert groups(match_items([last, bare])) == [["a/1", "b/1"]]
    now = item("c/1", title="Becas Río 2027", apply_url=PAGE, close_date=CLOSE)
    assert groups(match_items([last, bare, now])) == [["a/1", "b/1"], ["c/1"]], "the newcomer does not pull it away"


def test_the_calls_of_one_round_up_and_of_one_portal_stay_apart() -> None:
    cut = [item(f"blog/7#{n}", parent_key="7", apply_url=PAGE, close_date=CLOSE, title="Becas") for n in (1, 2)]
    assert not together(*cut)
    portal = [
        item("agg/1", apply_url="https://portal.example/start/apply", title="Maestría en Río", close_date=CLOSE),
        item("agg/2", apply_url="https://portal.example/start/apply", title="Premio de Cuento", close_date=CLOSE),
    ]
    assert not together(*portal)


def test_an_undated_page_does_not_bridge_two_calls() -> None:
    portal = "https://portal.example/start/apply"
    one = item("agg/1", apply_url=portal, title="Maestría en ríos", close_date=CLOSE)
    two = item("agg/2", apply_url=portal, title="Premio de cuento", close_date=CLOSE + timedelta(days=9))
    bridge = item("other/1", apply_url=portal, title="Oportunidad")
    for cluster in match_items([one, two, bridge]).clusters:
        assert not {"agg/1", "agg/2"} <= set(cluster.item_ids)


def test_two_numbers_are_two_calls_though_all_else_agrees() -> None:
    same = {"title": "Fondo Río", "funder_name": "Río", "close_date": CLOSE, "apply_url": PAGE}
    assert not together(
        item("a/1", opportunity_number="RIO-2027-01", **same), item("b/1", opportunity_number="RIO-2027-02", **same)
    )


def test_a_hub_collapses_nothing_and_is_reported() -> None:
    crowd = [item(f"s{n}/1", apply_url=PAGE, title=f"Beca {n} distinta", close_date=CLOSE) for n in range(1000)]
    result = match_items(crowd)
    assert len(result.clusters) == 1000
    (hub,) = result.conflicts
    assert hub.kind == "hub" and len(hub.item_ids) == 1000 and "mismo enlace" in hub.detail


def test_a_chain_of_keys_stops_at_the_bound_and_is_reported() -> None:
    chain = [
        item(f"s{n}/1", text_sha256=f"t{n // 2}", apply_url=f"https://f.example/c/{(n + 1) // 2}", title="Beca Río")
        for n in range(40)
    ]
    result = match_items(chain, rules=MatchRules(max_cluster=10))
    assert max(len(cluster.items) for cluster in result.clusters) <= 10
    assert {conflict.kind for conflict in result.conflicts} == {"large_cluster"}


def test_the_stronger_key_decides_where_keys_lead_to_two_calls() -> None:
    number = "HORIZON-CL5-2027-D3-01"
    by_link = item("a/1", apply_url=PAGE, close_date=CLOSE)
    torn = item("b/1", apply_url=PAGE, opportunity_number=number)
    by_number = item("c/1", opportunity_number=number, close_date=CLOSE + timedelta(days=100), day=90)
    assert groups(match_items([by_link, torn, by_number])) == [["a/1"], ["b/1", "c/1"]]


def test_people_bind_and_the_newest_answer_counts() -> None:
    keyed = [item("a/1", text_sha256="t"), item("b/1", text_sha256="t"), item("c/1")]
    apart = answer(1, "not_same", "a/1", "b/1")
    assert groups(match_items(keyed, [apart])) == [["a/1"], ["b/1"], ["c/1"]]
    again = answer(2, "same", "b/1", "a/1")
    assert groups(match_items(keyed, [again, apart])) == [["a/1", "b/1"], ["c/1"]]
    joined = match_items(keyed, [apart, answer(3, "same", "a/1", "c/1")])
    assert groups(joined) == [["a/1", "c/1"], ["b/1"]]
    assert reasons(joined)["c/1"] == "person"


def test_an_answer_holds_while_one_of_its_items_is_away() -> None:
    answers = (answer(1, "same", "a/1", "gone/1"), answer(2, "same", "gone/1", "c/1"))
    assert together(item("a/1"), item("c/1"), answers=answers)


def test_a_person_may_join_what_years_keep_apart() -> None:
    assert together(
        item("a/1", title="Becas Río 2026"),
        item("b/1", title="Becas Río 2027"),
        answers=(answer(1, "same", "a/1", "b/1"),),
    )


def test_contradictory_answers_are_reported_and_kept_apart() -> None:
    answers = [
        answer(1, "not_same", "a/1", "c/1"),
        answer(2, "same", "a/1", "b/1"),
        answer(3, "same", "b/1", "c/1"),
    ]
    result = match_items([item("a/1"), item("b/1"), item("c/1")], answers)
    assert groups(result) == [["a/1"], ["b/1", "c/1"]], "the newest that can hold does"
    (conflict,) = result.conflicts
    assert conflict.kind == "contradictory_answers" and conflict.item_ids == ("a/1", "b/1", "c/1")


def test_empty_titles_and_absurd_dates_join_nothing() -> None:
    empty = [item(f"s{n}/1", title="", funder_name="Río", close_date=date.max) for n in range(3)]
    ancient = item("old/1", title="Becas Río", funder_name="Río", close_date=date.min)
    result = match_items([*empty, ancient])
    assert len(result.clusters) == 4 and result.relations == []


def test_an_item_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        match_items([item("a/1"), item("a/1", title="Newer")])


titles = st.sampled_from(
    ["Becas Río 2026", "Becas Río 2027", "Becas Río", "Premio del Mar", "River grants", "", "Premio del Mar ronda 2"]
)
made_items = st.builds(
    item,
    st.tuples(st.sampled_from("abc"), st.integers(1, 4)).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    title=titles,
    funder_name=st.sampled_from([None, "Río", "Mar"]),
    opportunity_number=st.sampled_from([None, None, "RIO-2027-0001", "12"]),
    apply_url=st.sampled_from([None, PAGE, "https://mar.example/p/1"]),
    url=st.sampled_from([None, PAGE]),
    authority=st.sampled_from(["official", "aggregator"]),
    text_sha256=st.sampled_from("tuvwxyz"),
    close_date=st.sampled_from([None, CLOSE, CLOSE + timedelta(days=20), date(2026, 1, 15)]),
    language=st.sampled_from(["es", "en"]),
    parent_key=st.sampled_from([None, None, None, "7"]),
    day=st.integers(0, 3),
)
many_items = st.lists(made_items, max_size=12, unique_by=lambda one: one.item_id)
names = st.sampled_from([f"{source}/{n}" for source in "abc" for n in range(1, 5)])
many_answers = st.lists(
    st.tuples(st.sampled_from(["same", "not_same"]), st.lists(names, min_size=2, max_size=3, unique=True)), max_size=5
).map(lambda given: [answer(seq, action, *items) for seq, (action, items) in enumerate(given, 1)])


@dear(10)
@given(many_items, many_answers, st.randoms(use_true_random=False))
def test_the_order_of_arrival_never_matters(
    items: list[MatchItem], answers: list[Decision], chance: random.Random
) -> None:
    expected = match_items(items, answers)
    chance.shuffle(items)
    chance.shuffle(answers)
    assert match_items(items, answers) == expected


@dear(10)
@given(many_items, many_answers)
def test_every_item_has_one_place_and_no_cluster_breaks_a_persons_answer(
    items: list[MatchItem], answers: list[Decision]
) -> None:
    result = match_items(items, answers)
    placed = [item_id for cluster in result.clusters for item_id in cluster.item_ids]
    assert sorted(placed) == sorted(one.item_id for one in items)
    assert sorted(match.item_id for match in result.matches) == sorted(placed)
    where = {item_id: n for n, cluster in enumerate(result.clusters) for item_id in cluster.item_ids}
    newest: dict[frozenset[str], str] = {}
    for one in answers:
        for a in one.item_ids:
            for b in one.item_ids:
                if a != b:
                    newest[frozenset((a, b))] = one.action
    unresolved = {name for conflict in result.conflicts for name in conflict.item_ids}
    for pair, action in newest.items():
        if not pair <= set(where):
            continue
        a, b = sorted(pair)
        if action == "not_same":
            assert where[a] != where[b]
        elif not pair <= unresolved:
            assert where[a] == where[b]
    for relation in result.relations:
        assert where[relation.older] != where[relation.newer]


@dear(10)
@given(many_items)
def test_without_people_no_cluster_holds_two_years_or_two_numbers(items: list[MatchItem]) -> None:
    by_id = {one.item_id: one for one in items}
    for cluster in match_items(items).clusters:
        together = [by_id[item_id] for item_id in cluster.item_ids]
        assert len({one.title[-4:] for one in together if one.title[-4:].isdigit()}) <= 1
        assert len({one.opportunity_number for one in together} - {None}) <= 1
