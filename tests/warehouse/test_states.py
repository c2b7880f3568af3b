"""What becomes of published calls: what visits on several days add up to, and each state with its words and check."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.records import (
    Deadline,
    Decision,
    Edition,
    Publication,
    PublicDeadline,
    PublicOpportunity,
    Snapshot,
    canonical_json,
    sha256_hex,
)
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.raw import RawRecheck, raw_table
from tests.warehouse.conftest import AS_OF
from tests.warehouse.stories import Parts, Story, story

JANUARY = date(2027, 1, 15)
ITEM = "oficial/1"
PAGE, FORM = "<its page>", "<its form>"
TABLES = (
    "intermediate.int_items",
    "intermediate.int_public",
    "intermediate.int_turns",
    "marts.opportunities",
    "marts.approved_opportunities",
    "marts.oportunidades",
    "marts.opportunity_states",
    "marts.source_notes",
    "marts.fct_publication",
)
FIELDS = ("state", "field", "old_value", "new_value")


@dataclass
class Published(Story):
    """Calls made by hand, approved and published twelve days before the build, and what visits found since."""

    snapshots: list[Snapshot] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    visits: list[RawRecheck] = field(default_factory=list)

    def form(self, item: str = ITEM) -> str:
        return f"https://formulario.example/{self.item(item)}"

    def says(self, item: str = ITEM, *, day: int = -20, closes: date = JANUARY, words: str = "", **facts: Any) -> None:
        told = words or f"Cierra el {closes}"
        deadlines = ([Deadline(seq=1, close_date=closes)], told)
        form = self.form(facts.get("of") or item)
        self.say(item, day=day, **{"deadlines": deadlines, "apply_url": form, **facts})

    def publish(
        self, item: str = ITEM, *, action: str = "approve", is_sent: bool = True, day: int = -12, **approved: Any
    ) -> None:
        identifier, seq = self.opportunity(item), self.seq + len(self.decisions) * 10 + 10
        given = {
            "deadlines": [PublicDeadline(seq=1, stage="application", close_date=JANUARY, basis="stated")],
            "apply_url": self.form(item),
            "source_url": self.page(item),
            **approved,
        }
        record = PublicOpportunity(
            opportunity_id=identifier,
            code=self.codes[item],
            title="Beca de prueba",
            title_es="Beca de prueba",
            summary_es="Una beca.",
            eligibility_es="Todas las personas.",
            opportunity_type="scholarship",
            source_name="Oficial",
            language="es",
            digital_source_type="algorithmicMedia",
            **given,
        )
        content = canonical_json(record)
        sha256 = sha256_hex(content)
        at = AS_OF + timedelta(days=day)
        kept: dict[str, Any] = {"opportunity_id": identifier, "snapshot_sha256": sha256}
        self.snapshots.append(Snapshot(seq=seq, content=content, **kept))
        for number, verdict in enumerate(["approve", action] if action != "approve" else ["approve"]):
            self.decisions.append(
                Decision(
                    seq=seq + number,
                    decision_id=f"d{seq + number}",
                    action=verdict,
                    role="editor",
                    decided_at=at,
                    **kept,
                )
            )
        if is_sent:
            self.publications.append(
                Publication(
                    seq=seq + 5,
                    publication_id=f"p{seq}",
                    edition_id="2026-11-11",
                    code=record.code,
                    channel="site",
                    position=1,
                    published_at=at,
                    **kept,
                )
            )

    def visit(self, day: int, outcome: str, *, item: str | None = ITEM, url: str | None = None, **more: Any) -> None:
        given = {"http_status": None, "final_url": None, "quote": None, **more}
        self.visits.append(
            RawRecheck(
                crawl_id=f"R{self.seq + len(self.visits):05d}",
                checked_at=AS_OF + timedelta(days=day),
                source_id="oficial",
                item_id=self.item(item) if item else None,
                url=url or self.page(item or ITEM),
                outcome=outcome,
                **given,
            )
        )

    def own(self) -> dict[str, pa.Table]:
        return super().own() | {
            "snapshots": raw_table("snapshots", self.snapshots),
            "decisions": raw_table("decisions", self.decisions),
            "publications": raw_table("publications", self.publications),
            "rechecks": raw_table("rechecks", self.visits),
        }

    def states(self) -> list[tuple[Any, ...]]:
        return [tuple(row[name] for name in FIELDS) for row in self.rows("marts.opportunity_states")]

    def notes(self) -> list[str]:
        return [row["kind"] for row in self.rows("marts.source_notes")]


# ---------------------------------------------------------------- between an approval and its edition


@story
def test_a_moved_date_is_told_until_the_text_that_has_it_is_published(published: Published) -> Parts:
    published.says()
    published.publish()
    published.says(day=-3, closes=date(2027, 2, 20))
    yield
    assert published.notes() == ["extended"]
    new = [PublicDeadline(seq=1, stage="application", close_date=date(2027, 2, 20), basis="stated")]
    published.publish(day=-2, is_sent=False, deadlines=new)
    yield
    assert published.notes() == ["extended"], "people still read the date before"
    (sent,) = published.publications
    again = {"seq": 99, "publication_id": "again", "published_at": AS_OF - timedelta(days=1)}
    published.publications.append(
        sent.model_copy(update=again | {"snapshot_sha256": published.snapshots[-1].snapshot_sha256})
    )
    yield
    assert published.notes() == []


@story
def test_what_was_withdrawn_and_approved_anew_is_compared_with_the_new_text(published: Published) -> Parts:
    published.says()
    published.publish()
    published.publish(action="withdraw", is_sent=False, day=-6, apply_url="https://otro.example/")
    published.says(day=-3, closes=date(2027, 2, 20))
    yield
    assert published.notes() == []
    new = [PublicDeadline(seq=1, stage="application", close_date=date(2027, 2, 20), basis="stated")]
    published.publish(day=-2, is_sent=False, deadlines=new)
    yield
    assert published.notes() == []


# ---------------------------------------------------------------- two days


GONE = [
    (["gone", "gone"], True),
    (["gone"], False),  # one bad day is nothing
    (["gone", "ok"], False),  # it came back
    (["gone", "gone", "ok"], False),
    (["ok", "gone", "gone"], True),
    (["gone", "ok", "gone"], False),
    (["timeout", "timeout", "timeout"], False),
    (["server_error", "refused", "unreadable"], False),
    (["gone", "timeout", "gone"], True),  # a day that says nothing is no visit
    (["gone", "closed_marker"], True),
    (["moved", "moved"], False),  # a redirect to the front page is a dead link at most
]


@pytest.mark.parametrize(
    ("days", "is_vanished"), GONE, ids=lambda value: "-".join(value) if isinstance(value, list) else None
)
@story
def test_a_page_is_gone_after_two_visited_days(published: Published, days: list[str], is_vanished: bool) -> Parts:
    published.says()
    published.publish()
    for number, outcome in enumerate(days):
        published.visit(number - len(days), outcome)
    yield
    (item,) = published.rows("intermediate.int_items")
    (call,) = published.rows("marts.opportunities")
    assert (item["is_vanished"], call["is_vanished"]) == (is_vanished, is_vanished)
    assert (item["vanished_at"] is not None) is is_vanished


@story
def test_two_visits_on_one_day_are_one(published: Published) -> Parts:
    published.says()
    published.publish()
    published.visit(-1, "gone")
    published.visit(-1, "gone")
    yield
    assert published.states() == []
    published.visit(0, "gone", http_status=410)
    yield
    assert published.states() == [("vanished", "source_url", None, None)]


@story
def test_a_page_with_a_new_text_is_back_whatever_was_said_before(published: Published) -> Parts:
    published.says()
    published.publish()
    published.visit(-3, "gone")
    published.visit(-2, "gone")
    published.says(day=-1, words="De nuevo: cierra el 15 de enero")
    yield
    (item,) = published.rows("intermediate.int_items")
    assert not item["is_vanished"]


@story
def test_a_good_visit_is_the_last_time_it_was_seen(published: Published) -> Parts:
    published.says()
    published.publish()
    published.visit(-2, "ok")
    published.visit(-1, "timeout")
    yield
    (call,) = published.rows("marts.opportunities")
    assert call["last_verified_at"] == AS_OF - timedelta(days=2)


@pytest.mark.parametrize(
    ("gone", "is_vanished"), [({"oficial/1"}, True), ({"portal/1"}, False), ({"oficial/1", "portal/1"}, True)]
)
@story
def test_an_official_page_ends_its_call_and_an_aggregators_does_not(
    published: Published, gone: set[str], is_vanished: bool
) -> Parts:
    published.says()
    published.says("portal/1", of=ITEM)
    for item in gone:
        for day in (-2, -1):
            published.visit(day, "gone", item=item)
    yield
    (call,) = published.rows("marts.opportunities")
    assert call["is_vanished"] is is_vanished


@story
def test_of_aggregators_alone_all_must_be_gone(published: Published) -> Parts:
    published.says("portal/1")
    published.says("otro/1", of="portal/1")
    for day in (-2, -1):
        published.visit(day, "gone", item="portal/1")
    yield
    assert [row["is_vanished"] for row in published.rows("marts.opportunities")] == [False]
    for day in (-2, -1):
        published.visit(day, "gone", item="otro/1")
    yield
    assert [row["is_vanished"] for row in published.rows("marts.opportunities")] == [True]


# ---------------------------------------------------------------- the states


def dead_form(published: Published) -> None:
    for day in (-2, -1):
        published.visit(day, "gone", item=None, url=published.form(), http_status=404)


def moved_page(published: Published) -> None:
    for day in (-2, -1):
        published.visit(day, "moved", final_url="https://oficial.example/")


def gone_page(published: Published) -> None:
    for day in (-2, -1):
        published.visit(day, "gone", http_status=410)


def closed_page(published: Published) -> None:
    for day in (-2, -1):
        published.visit(day, "closed_marker", quote="Convocatoria cerrada.")


def no_longer_a_call(published: Published) -> None:
    published.says(day=-2, is_opportunity=False)


def extended(published: Published) -> None:
    published.says(day=-2, closes=date(2027, 1, 29), words="Se amplía hasta el 29 de enero de 2027")


def brought_forward(published: Published) -> None:
    published.says(day=-2, closes=date(2026, 12, 1), words="Cierra ya el 1 de diciembre de 2026")


def other_hour(published: Published) -> None:
    told = [Deadline(seq=1, close_date=JANUARY, close_time=time(12), timezone="Europe/Berlin")]
    published.says(day=-2, deadlines=(told, "Cierra el 15 de enero de 2027 a las 12:00 de Berlín"))


def first_stage_before(published: Published) -> None:
    told = [Deadline(seq=1, stage="concept_note", close_date=date(2026, 12, 4)), Deadline(seq=2, close_date=JANUARY)]
    published.says(day=-2, deadlines=(told, "Primera fase, 4 de diciembre de 2026"))


def other_amount(published: Published) -> None:
    published.says(day=-2, max_award_amount=(Decimal(9000), "hasta 9.000 euros"))


def other_link(published: Published) -> None:
    published.says(day=-2, apply_url="https://nuevo.example/")


def called_off(published: Published) -> None:
    published.says(day=-2, hints={"Estado": "Cancelada"})


def opening_announced(published: Published) -> None:
    published.says(day=-2, hints={"Apertura": "3 de diciembre de 2026"})


def announced_without_a_day(published: Published) -> None:
    published.says(day=-2, hints={"Estado": "Próximamente"})


STATUSES = {called_off: "cancelled", opening_announced: "forecasted", announced_without_a_day: "forecasted"}
OVER = (gone_page, closed_page, no_longer_a_call)  # nobody can apply any more, whatever day was printed
CASES: list[tuple[Callable[[Published], None], tuple[Any, ...], str | None, list[str]]] = [
    (dead_form, ("dead_link", "apply_url", FORM, "404"), None, []),
    (moved_page, ("dead_link", "source_url", PAGE, "https://oficial.example/"), None, []),
    (gone_page, ("vanished", "source_url", None, None), None, ["vanished"]),
    (closed_page, ("closed_early", "source_url", None, None), "Convocatoria cerrada.", ["closed"]),
    (no_longer_a_call, ("closed_early", "is_opportunity", None, None), None, ["closed"]),
    (
        extended,
        ("extended", "deadlines", "2027-01-15", "2027-01-29"),
        "Se amplía hasta el 29 de enero de 2027",
        ["extended"],
    ),
    (
        brought_forward,
        ("shortened", "deadlines", "2027-01-15", "2026-12-01"),
        "Cierra ya el 1 de diciembre de 2026",
        ["shortened"],
    ),
    (
        other_hour,
        ("deadline_changed", "deadlines", "2027-01-15", "2027-01-15 12:00 Europe/Berlin"),
        "Cierra el 15 de enero de 2027 a las 12:00 de Berlín",
        ["deadline_changed"],
    ),
    (
        first_stage_before,
        ("deadline_changed", "deadlines", None, "2026-12-04"),
        "Primera fase, 4 de diciembre de 2026",
        ["deadline_changed"],
    ),
    (other_amount, ("amount_changed", "max_award_amount", "12000.00", "9000.00"), "hasta 9.000 euros", []),
    (called_off, ("cancelled", "status", None, None), "Estado: Cancelada", ["cancelled"]),
    (
        opening_announced,
        ("opening_changed", "opening_date", None, "2026-12-03"),
        "Apertura: 3 de diciembre de 2026",
        ["opening_changed"],
    ),
    (
        announced_without_a_day,
        ("opening_changed", "opening_date", None, None),
        "Estado: Próximamente",
        ["opening_changed"],
    ),
    (other_link, ("link_changed", "apply_url", FORM, "https://nuevo.example/"), None, []),
]


@pytest.mark.parametrize(("happen", "row", "quote", "notes"), CASES, ids=[happen.__name__ for happen, *_ in CASES])
@story
def test_each_state_is_a_row_with_its_values_and_words_and_what_citizens_see_follows(
    published: Published,
    happen: Callable[[Published], None],
    row: tuple[Any, ...],
    quote: str | None,
    notes: list[str],
) -> Parts:
    published.says(max_award_amount=(Decimal(12000), "hasta 12.000 euros"))
    published.publish(max_award_amount=Decimal("12000.00"))
    yield
    assert published.states() == []
    happen(published)
    yield
    (found,) = [one for one in published.rows("marts.opportunity_states") if one["state"] == row[0]]
    links = {FORM: published.form(), PAGE: published.page(ITEM)}
    assert tuple(found[name] for name in FIELDS) == tuple(links.get(value, value) for value in row)
    assert found["since_at"] == AS_OF - timedelta(days=2)
    assert found["source_id"] == "oficial"
    assert found["url"]
    if quote:
        assert found["quote"] == quote
    assert published.notes() == notes
    status = STATUSES.get(happen, "closed" if happen in OVER else "open")
    for table in ("opportunities", "approved_opportunities"):
        shown = [(one["status"], one["close_date"] is not None) for one in published.rows(f"marts.{table}")]
        assert shown == [(status, True)], table
    told = published.entity.vocabularies["statuses"].label(status)
    assert [one["estado"] for one in published.rows("marts.oportunidades")] == [told]


@story
def test_an_opening_day_is_approved_with_its_words_and_opens_the_call_on_that_day(published: Published) -> Parts:
    published.says(hints={"Apertura": "03/12/2026 \u00a0 (mediodi\u0301a)"})
    yield
    (row,) = published.rows("intermediate.int_public")
    seen = PublicOpportunity.model_validate_json(row["public_json"])
    assert seen.opening_date == date(2026, 12, 3)
    assert [(one.quote, one.kind) for one in seen.evidence if one.field == "opening_date"] == [
        ("Apertura: 03/12/2026 (mediodía)", "stated")
    ]
    assert "Apertura: 03/12/2026 (mediodía)" in published.notices[-1].text
    published.publish(opening_date=seen.opening_date)
    yield
    assert published.states() == [], "it opens as approved"
    (approved,) = published.rows("marts.approved_opportunities")
    assert (approved["status"], approved["opening_date"]) == ("forecasted", date(2026, 12, 3))
    published.as_of = AS_OF + timedelta(days=10)  # 3 December, by the entity's clock
    yield
    assert [row["status"] for row in published.rows("marts.approved_opportunities")] == ["open"]


@story
def test_what_was_approved_before_anybody_was_asked_when_it_opens_says_it_is_not_open(published: Published) -> Parts:
    published.says(hints={"Apertura": "3 de diciembre de 2026"})
    published.publish()
    (old,) = published.snapshots
    content = canonical_json({name: value for name, value in json.loads(old.content).items() if name != "opening_date"})
    kept = {"snapshot_sha256": sha256_hex(content)}
    published.snapshots = [old.model_copy(update={"content": content, **kept})]
    published.decisions = [one.model_copy(update=kept) for one in published.decisions]
    published.publications = [one.model_copy(update=kept) for one in published.publications]
    yield
    assert [row[0] for row in published.states()] == ["opening_changed"]
    assert [row["status"] for row in published.rows("marts.approved_opportunities")] == ["forecasted"]


@story
def test_an_opening_day_that_a_person_corrected_is_no_change_of_the_source(published: Published) -> Parts:
    published.says(hints={"Apertura": "3 de diciembre de 2026"})
    published.publish(opening_date=date(2026, 12, 5))
    published.says(
        day=-4, hints={"Apertura": "3 de diciembre de 2026"}, max_award_amount=(Decimal(12000), "hasta 12.000 euros")
    )
    yield
    assert "opening_changed" not in [row[0] for row in published.states()], "the page was edited elsewhere"
    published.says(day=-2, hints={"Apertura": "10 de diciembre de 2026"})
    yield
    assert [row[2:] for row in published.states() if row[0] == "opening_changed"] == [("2026-12-05", "2026-12-10")]


@story
def test_an_hour_that_a_person_corrected_is_no_change_of_the_source(published: Published) -> Parts:
    published.says()
    told = PublicDeadline(
        seq=1, stage="application", close_date=JANUARY, close_time=time(17), timezone="America/Bogota", basis="stated"
    )
    published.publish(deadlines=[told])
    published.says(day=-2, max_award_amount=(Decimal(12000), "hasta 12.000 euros"))
    yield
    assert [row[0] for row in published.states()] == ["amount_changed"]


@story
def test_a_date_that_a_person_corrected_is_no_change_of_the_source(published: Published) -> Parts:
    published.says()
    published.publish(
        deadlines=[PublicDeadline(seq=1, stage="application", close_date=date(2027, 1, 10), basis="stated")]
    )
    published.says(day=-4, max_award_amount=(Decimal(12000), "hasta 12.000 euros"))
    yield
    assert published.notes() == [], "the page was edited elsewhere"
    published.says(day=-2, closes=date(2027, 1, 29))
    yield
    assert [row[2:] for row in published.states() if row[0] == "extended"] == [("2027-01-10", "2027-01-29")]


@pytest.mark.parametrize(("closes", "state"), [(JANUARY, "deadline_changed"), (date(2027, 1, 29), "extended")])
@story
def test_what_an_official_page_says_that_was_found_since_is_told(
    published: Published, closes: date, state: str
) -> Parts:
    published.says("portal/1")
    published.publish("portal/1")
    published.says(
        "oficial/9",
        of="portal/1",
        day=-2,
        deadlines=([Deadline(seq=1, close_date=closes, close_time=time(12))], "12 h"),
    )
    yield
    assert published.notes() == [state]


@story
def test_a_first_stage_is_told_beside_a_last_day_that_moved(published: Published) -> Parts:
    published.says()
    published.publish()
    stages = [
        Deadline(seq=1, stage="concept_note", close_date=date(2026, 12, 4)),
        Deadline(seq=2, close_date=date(2027, 1, 29)),
    ]
    published.says(day=-2, deadlines=(stages, "4 de diciembre y 29 de enero"))
    yield
    assert sorted(row[0::2] + row[3:] for row in published.states()) == [
        ("deadline_changed", None, "2026-12-04"),
        ("extended", "2027-01-15", "2027-01-29"),
    ]


@story
def test_whoever_approves_a_call_again_overrules_that_it_is_cancelled(published: Published) -> Parts:
    published.says()
    published.publish()
    called_off(published)
    yield
    assert published.notes() == ["cancelled"]
    published.publish(day=-1)
    yield
    assert published.states() == []
    assert [row["status"] for row in published.rows("marts.approved_opportunities")] == ["open"]
    published.as_of = AS_OF + timedelta(days=3)
    published.says(day=1, words="La misma, con otro horario", hints={"Estado": "Cancelada"})
    yield
    assert published.notes() == [], "the same words on a page that changed elsewhere"
    published.says(day=2, hints={"Estado": "Desierta"})
    yield
    assert published.notes() == ["cancelled"]


@story
def test_a_stage_that_is_over_may_go_from_its_page(published: Published) -> Parts:
    stages = [
        {"seq": 1, "stage": "concept_note", "close_date": date(2026, 11, 14)},
        {"seq": 2, "stage": "full_proposal", "close_date": JANUARY},
    ]
    published.says(deadlines=([Deadline.model_validate(one) for one in stages], "14 de noviembre y 15 de enero"))
    published.publish(deadlines=[PublicDeadline.model_validate({**one, "basis": "stated"}) for one in stages])
    published.says(day=-2, words="Propuestas, hasta el 15 de enero")
    yield
    assert published.states() == []


@story
def test_a_call_brought_forward_to_a_past_day_is_over_for_everybody(published: Published) -> Parts:
    published.says()
    published.publish()
    published.says(day=-4, closes=date(2026, 11, 20), words="Cierra ya el 20 de noviembre de 2026")
    yield
    assert published.states() == [("shortened", "deadlines", "2027-01-15", "2026-11-20")]
    for table in ("marts.opportunities", "marts.approved_opportunities"):
        assert [row["status"] for row in published.rows(table)] == ["closed"], table


TODAY = AS_OF.date()


@pytest.mark.parametrize(
    ("approved", "hour", "told", "status"),
    [
        (JANUARY, 21, Deadline(seq=1, close_date=TODAY, close_time=time(9)), "closed"),
        (TODAY, 21, Deadline(seq=1, close_date=TODAY, close_time=time(9)), "closed"),
        (TODAY, 21, Deadline(seq=1, close_date=TODAY, close_time=time(17)), "open"),
        (JANUARY, 11, Deadline(seq=1, close_date=TODAY - timedelta(days=1), timezone="Etc/GMT+12"), "open"),
        (JANUARY, 12, Deadline(seq=1, close_date=TODAY - timedelta(days=1), timezone="Etc/GMT+12"), "closed"),
    ],
    ids=["day and hour", "hour", "hour to come", "anywhere on earth", "over everywhere"],
)
@story
def test_what_was_brought_forward_is_over_at_its_hour_for_everybody(
    published: Published, approved: date, hour: int, told: Deadline, status: str
) -> Parts:
    published.as_of = AS_OF.replace(hour=hour)
    published.says(closes=approved)
    published.publish(deadlines=[PublicDeadline(seq=1, stage="application", close_date=approved, basis="stated")])
    published.says(day=-2, deadlines=([told], "Cierra antes"))
    yield
    for table in ("marts.opportunities", "marts.approved_opportunities"):
        assert [row["status"] for row in published.rows(table)] == [status], table


@story
def test_what_closes_anywhere_on_earth_may_be_published_the_morning_after(published: Published) -> Parts:
    published.says()
    edition = AS_OF - timedelta(days=12)
    yesterday = edition.date() - timedelta(days=1)
    closing = PublicDeadline(seq=1, stage="application", close_date=yesterday, timezone="Etc/GMT+12", basis="stated")
    published.publish(deadlines=[closing])
    sent = published.publications[0].model_copy(update={"edition_id": "2026-11-11-2"})  # an edition of its own
    closed = Edition(seq=9, edition_id=sent.edition_id, edition_date=edition.date(), closed_at=edition, label="")
    published.more = {"editions": raw_table("editions", [closed])}
    for hour, days in ((11, 0), (12, -1)):
        published.publications = [sent.model_copy(update={"published_at": edition.replace(hour=hour)})]
        yield
        (row,) = published.rows("marts.fct_publication")
        assert (row["close_date"], row["days_left_at_publication"]) == (yesterday, days), hour


@story
def test_what_closes_anywhere_on_earth_is_open_the_morning_after_and_has_no_days_less_than_none(
    published: Published,
) -> Parts:
    published.says()
    yesterday, west = date(2026, 11, 22), "Etc/GMT+12"
    published.says(
        day=-19,
        deadlines=([Deadline(seq=1, close_date=yesterday, timezone=west)], "22 de noviembre, en cualquier lugar"),
    )
    published.publish(
        deadlines=[
            PublicDeadline(seq=1, stage="application", close_date=yesterday, timezone=west, basis="stated"),
        ]
    )
    for hour, expected in ((11, ("open", 0)), (12, ("closed", -1))):  # of the day after, in UTC
        published.as_of = AS_OF.replace(hour=hour)
        yield
        for table in ("marts.opportunities", "marts.approved_opportunities"):
            assert [(row["status"], row["days_left"]) for row in published.rows(table)] == [expected], (table, hour)


@story
def test_a_page_that_is_back_is_open_again(published: Published) -> Parts:
    published.says()
    published.publish()
    gone_page(published)
    yield
    assert [row["status"] for row in published.rows("marts.approved_opportunities")] == ["closed"]
    published.visit(0, "ok")
    yield
    assert [row["status"] for row in published.rows("marts.approved_opportunities")] == ["open"]


def test_every_state_has_a_warning_of_its_own_with_advice(sample: Entity) -> None:
    model = load_models(sample).by_table["marts.opportunity_states"]
    warned = {check.name: check for check in model.checks if check.severity == "warning"}
    terms = sample.vocabularies["opportunity_states"].terms
    for state in terms:
        (name,) = [name for name, check in warned.items() if f"'{state}'" in str(check)]
        assert warned[name].advice
    assert len(warned) == len(terms)


# ---------------------------------------------------------------- of whom


@story
def test_only_what_is_published_approved_and_open_has_states(published: Published) -> Parts:
    published.says()
    published.says("oficial/2")  # approved, in no edition
    published.says("oficial/3")  # withdrawn
    published.says("oficial/4", closes=date(2026, 11, 20))  # closed
    published.publish()
    published.publish("oficial/2", is_sent=False)
    published.publish("oficial/3", action="withdraw")
    closed = [PublicDeadline(seq=1, stage="application", close_date=date(2026, 11, 20), basis="stated")]
    published.publish("oficial/4", deadlines=closed)
    for number in (1, 2, 3, 4):
        for day in (-2, -1):
            published.visit(day, "gone", item=f"oficial/{number}")
    yield
    assert [row["code"] for row in published.rows("marts.opportunity_states")] == [published.codes[ITEM]]


@story
def test_a_call_that_was_extended_after_it_closed_is_open_again(published: Published) -> Parts:
    published.says(closes=date(2026, 11, 20))
    closed = [PublicDeadline(seq=1, stage="application", close_date=date(2026, 11, 20), basis="stated")]
    published.publish(deadlines=closed)
    extended(published)
    yield
    assert published.states() == [("extended", "deadlines", "2026-11-20", "2027-01-29")]


@story
def test_what_a_person_corrected_is_no_change_of_the_source(published: Published) -> Parts:
    published.says()
    corrected = [PublicDeadline(seq=1, stage="application", close_date=date(2027, 1, 10), basis="stated")]
    published.publish(deadlines=corrected, apply_url="https://corregido.example/", max_award_amount=Decimal(500))
    yield
    assert published.states() == []
    assert published.notes() == []


# ---------------------------------------------------------------- turns, by which calendars count changes


def turned(published: Published) -> list[int]:
    """Days back from the build."""
    return [(row["turned_at"] - AS_OF).days for row in published.rows("intermediate.int_turns")]


@story
def test_what_never_changed_has_no_turn(published: Published) -> Parts:
    published.says()
    published.publish()
    published.visit(-3, "ok")
    published.visit(-2, "ok")
    yield
    assert turned(published) == []


@story
def test_a_deadline_that_moves_and_moves_back_turns_twice(published: Published) -> Parts:
    published.says()
    published.publish()
    published.says(day=-4, closes=JANUARY + timedelta(days=9))
    yield
    assert turned(published) == [-4]
    published.says(day=-2, closes=JANUARY, words="Otra vez cierra el 15")
    yield
    assert published.notes() == []
    assert turned(published) == [-2]


@pytest.mark.parametrize("absent", ["gone", "closed_marker"])
@story
def test_a_page_that_is_back_is_a_turn_and_stays_one(published: Published, absent: str) -> Parts:
    published.says()
    published.publish()
    for day in (-8, -7):
        published.visit(day, absent)
    yield
    assert published.notes() != []
    for day in (-5, -4):
        published.visit(day, "ok")
    yield
    assert published.notes() == []
    assert turned(published) == [-5]
    published.visit(-3, absent)
    yield
    assert turned(published) == [-5]
