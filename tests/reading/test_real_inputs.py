"""Real announcements: what an interface states arrives whole, and what the prose does not say is not made up.

The EU portal's 723 open and forthcoming calls, laid out again as its search answers, go through Bogotá's own source file.
"""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.reading.context import context_of
from boi_pipeline.reading.offline.reader import RulesReader
from boi_pipeline.reading.reader import read_proved
from boi_pipeline.records import Reading
from boi_pipeline.settings import ROOT
from scrapers.notice import Notice, compose_text, content_hash, notice_id, text_hash
from tests.sources.answers import Answer
from tests.sources.recorded.reference import REFERENCE, answer, crawl_recorded, recorded

pytestmark = [recorded, pytest.mark.xdist_group("real_inputs")]
CONTEXT = context_of(load_entity(ROOT / "entities" / "bogota"))
SEARCH = "https://api.tech.ec.europa.eu/search-api/prod/rest/search?apiKey=SEDIA&text=***&*"
SIZE = 50


class Call(NamedTuple):
    told: dict[str, Any]  # what the data set says of it
    notice: Notice
    reading: Reading


def _result(grant: dict[str, Any]) -> dict[str, Any]:
    """A call as the search would answer it."""
    budget = grant["budget"] or {}
    action = {
        "action": f"{grant['identifier']} - {grant['actionType']}",
        "budgetYearMap": {"2027": budget.get("totalBudgetEur") or 0},
        "minContribution": budget.get("minContributionEur") or 0,
        "maxContribution": budget.get("maxContributionEur") or 0,
        "expectedGrants": budget.get("expectedGrants") or 0,
    }
    deadline = (grant["deadlineDate"] or "").replace("Z", "+0000")
    metadata = {
        "identifier": [grant["identifier"]], "title": [grant["title"]], "type": ["1"], "status": [grant["status"]["id"]],
        "callTitle": [grant["callTitle"] or ""], "callIdentifier": [grant["callIdentifier"] or ""], "deadlineDate": [deadline] if deadline else [],
        "deadlineModel": ["single-stage"], "descriptionByte": [f"<p>{'</p><p>'.join((grant['abstract'] or '').split(chr(10)))}</p>"],
        "budgetOverview": [json.dumps({"budgetTopicActionMap": {"1": [action]}})],
    }  # fmt: skip
    return {
        "reference": grant["id"],
        "url": grant["url"],
        "language": "en",
        "metadata": metadata,
        "summary": grant["summary"],
    }


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    folder = tmp_path_factory.mktemp("eu")
    told = json.loads((REFERENCE / "datasets" / "eu_ft_open_forthcoming_723.json").read_text(encoding="utf-8"))[
        "grants"
    ]
    answers = []
    for page in range(1, len(told) // SIZE + 2):
        some = [_result(grant) for grant in told[(page - 1) * SIZE : page * SIZE]]
        file = folder / f"{page}.json"
        file.write_text(json.dumps({"totalResults": len(told), "pageNumber": page, "pageSize": SIZE, "results": some}))
        answers.append(Answer(SEARCH.replace("&*", f"*pageNumber={page}"), str(file), method="POST"))
    crawled = crawl_recorded(folder / "home", {"eu_topics": answers}, as_of=datetime(2026, 5, 1, tzinfo=UTC))
    by_key = {grant["identifier"]: grant for grant in told}
    named = Counter(grant["identifier"] for grant in told)  # a topic of several calls is told once each
    return [
        Call(by_key[one.item_key], one, read_proved(RulesReader(), one, CONTEXT))
        for one in crawled.notices.values()
        if named[one.item_key] == 1
    ]


def _wrong(calls: list[Call], expected: Any, read: Any) -> list[str]:
    return [
        f"{call.notice.item_key}: {read(call)!r}, not {expected(call.told)!r}"
        for call in calls
        if expected(call.told) != read(call)
    ]


def test_what_the_interface_states_of_each_call_arrives(calls: list[Call]) -> None:
    assert len(calls) >= 640
    assert not _wrong(calls, lambda told: told["identifier"], lambda call: call.reading.opportunity_number)
    days = _wrong(
        calls,
        lambda told: [told["deadlineDate"][:10]] if told["deadlineDate"] else [],
        lambda call: [d.close_date.isoformat() for d in call.reading.deadlines],
    )
    assert not days, days[:10]
    hours = _wrong(
        calls,
        lambda told: [h] if (h := (told["deadlineDate"] or "")[11:16]) not in ("", "00:00") else [],
        lambda call: [f"{d.close_time:%H:%M}" for d in call.reading.deadlines if d.close_time],
    )
    assert not hours, hours[:10]

    def sums(told: dict[str, Any]) -> list[Decimal | None]:
        budget = told["budget"] or {}
        names = ("totalBudgetEur", "minContributionEur", "maxContributionEur")
        return [Decimal(budget[name]).quantize(Decimal("0.01")) if budget.get(name) else None for name in names]

    money = _wrong(
        calls,
        sums,
        lambda call: [
            call.reading.total_amount_available, call.reading.min_award_amount, call.reading.max_award_amount,
        ],
    )  # fmt: skip
    assert len(money) <= 0.015 * len(calls), money[:20]
    assert {call.reading.currency for call in calls} == {"EUR", None}
    assert sum(call.reading.is_opportunity is True for call in calls) >= 0.98 * len(calls)
    assert sum(call.reading.opportunity_type == "fund" for call in calls) >= 0.9 * len(calls)


def _bare(notice: Notice) -> Notice:
    """The notice without its ``label: value`` lines: title and prose alone."""
    body = notice.text.removeprefix(notice.title)
    for hint in notice.hints:
        body = body.replace(f"{' '.join(hint.label.split())}: {' '.join(hint.value.split())}", "")
    text = compose_text(notice.title, body, [])
    digest = content_hash(text, notice.links)
    return notice.model_copy(
        update={"notice_id": notice_id(notice.item_id, digest), "text": text, "text_sha256": text_hash(text), "content_sha256": digest, "hints": []}
    )  # fmt: skip


def test_without_those_lines_nothing_is_made_up_of_prose_that_does_not_say_it(calls: list[Call]) -> None:
    said = re.compile(r"EUR|€|\beuros?\b|\bmillion\b", re.IGNORECASE)
    days, sums, eligible, silent = [], [], [], 0
    for call in calls:
        page = _bare(call.notice)
        reading = read_proved(RulesReader(), page, CONTEXT)
        read = {d.close_date.isoformat() for d in reading.deadlines}
        if read - {(call.told["deadlineDate"] or "")[:10]}:
            days.append((call.notice.item_key, read, reading.close_date_description))
        amounts = (reading.min_award_amount, reading.max_award_amount, reading.total_amount_available)
        if any(amounts) and not said.search(page.text):
            sums.append((call.notice.item_key, amounts))
        if reading.home_eligible == "yes":
            eligible.append((call.notice.item_key, [e.quote for e in reading.evidence if e.field == "home_eligible"]))
        silent += not read and not any(amounts) and reading.home_eligible == "unclear"
    assert days == [] and sums == []
    assert len(eligible) <= 0.005 * len(calls), eligible
    assert silent >= 0.93 * len(calls), f"{silent} of {len(calls)} are silent"


@pytest.mark.parametrize(
    ("source", "answers", "key", "fields"),
    [
        (
            "eu_cascade",
            [answer(SEARCH, "api_sedia/search_cascade_trimmed.json", method="POST", body='{"type": ["8"]}')],
            "eu_cascade/11145COMPETITIVE_CALL",
            {"deadlines": 7, "total_amount_available": Decimal("120000.00"), "currency": "EUR"},
        ),
        (
            "world_bank_notices",
            [answer("https://search.worldbank.org/api/v2/procnotices?*", "api_other/worldbank_procnotices_page1.json")],
            None,
            {"is_opportunity": False},
        ),
    ],
    ids=["cascade", "procurement"],
)
def test_recorded_answers_of_other_interfaces(
    tmp_path: Path, source: str, answers: list[Answer], key: str | None, fields: dict[str, Any]
) -> None:
    if not (ROOT / "entities" / "bogota" / "sources" / f"{source}.yaml").is_file():
        pytest.skip(f"Bogotá has no source {source}")
    crawled = crawl_recorded(tmp_path, {source: answers}, as_of=datetime(2026, 7, 15, 11, tzinfo=UTC))
    notices = [crawled.notices[key]] if key else list(crawled.notices.values())
    for page in notices:
        reading = read_proved(RulesReader(), page, CONTEXT)
        for name, expected in fields.items():
            value = getattr(reading, name)
            assert (len(value) if name == "deadlines" else value) == expected, (page.item_id, name, value)
