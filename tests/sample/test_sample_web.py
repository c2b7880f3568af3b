"""The sample's pages against their ground truth: every entry says what its page says, and every case is there."""

import re
from datetime import date, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import pytest

from boi_pipeline.editorial.decision_file import load_decision_file
from scrapers.loader import load_sources
from scrapers.ownweb import OwnWeb
from scrapers.platforms.roundup import is_roundup_title
from scrapers.text import clean, line_text, parse_page
from tests.sample.truth import DAYS, ENTITY, TRUTH, state

CASES = [
    "same_call_two_sites",
    "two_languages",
    "same_link",
    "same_number",
    "same_title_funder_date",
    "previous_edition",
    "closed",
    "open_label_deadline_past",
    "rolling",
    "several_cutoffs",
    "past_and_future_cutoffs",
    "two_stage",
    "aoe",
    "foreign_zone",
    "london",
    "tokyo",
    "no_hour",
    "midnight",
    "ambiguous_date_dmy",
    "ambiguous_date_mdy",
    "year_missing",
    "round_up",
    "round_up_part",
    "news",
    "results",
    "procurement",
    "application_fee",
    "instructs_visible",
    "instructs_html_comment",
    "instructs_hidden_css",
    "instructs_inline_hidden",
    "script_in_title",
    "raw_script_in_title",
    "img_onerror_title",
    "javascript_link",
    "rtl_zero_width",
    "declares_utf8_is_latin1",
    "declares_latin1_is_utf8",
    "latin_america",
    "world",
    "developing_countries",
    "oda_list",
    "eu_only",
    "african_union_only",
    "nationals_with_home",
    "nationals_without_home",
    "residents_only",
    "unclear_eligibility",
    "extended_day2",
    "vanished_day2",
    "edited_after_approval",
    "link_swapped_day2",
    "amount_corrected_day2",
    "text_changed_day2",
    "new_day2",
    "feed_new_on_top",
    "approved_day1",
    "approved_day2",
    "rejected_day1",
    "clear_flag_day1",
    "forecast",
    "nomination",
    "home_zone",
    "sensitive_data",
]


BY_ITEM = {entry["item"]: entry for entry in TRUTH}
OPPORTUNITIES = [entry for entry in TRUTH if entry["is_opportunity"]]
SOURCES = {source.id: source for source in load_sources(ENTITY.sources_folder)}


@cache
def web(day: str) -> OwnWeb:
    assert ENTITY.web_folder is not None
    return OwnWeb(ENTITY.web_folder, DAYS[day])


def get(day: str, url: str) -> tuple[int, bytes, str]:
    answer = web(day).answer(url)
    return answer.status, answer.body, answer.headers.get("Content-Type", "")


@cache
def page_text(day: str, url: str) -> str:
    """What a visitor reads on a page, spaces collapsed; typed in the charset its bytes are in."""
    status, body, kind = get(day, url)
    assert status == 200, f"{url} answers {status} on {day}"
    return " ".join(line_text(clean([parse_page(body, kind)])).split())


DAY_ENTRIES = [
    pytest.param(day, known, id=f"{day}-{entry['item']}")
    for day in DAYS
    for entry in TRUTH
    if (known := state(entry, day))
]


def test_sources_are_short_and_verified() -> None:
    for path in ENTITY.sources_folder.glob("*.yaml"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 12, path.name
    assert all(source.verified for source in SOURCES.values())


def test_round_up_is_recognisable_and_its_parts_stand_in_it() -> None:
    posts = [entry for entry in TRUTH if "round_up" in entry["tags"]]
    assert posts
    for post in posts:
        assert is_roundup_title(post["title"])
        parts = [entry for entry in TRUTH if entry["item"].startswith(f"{post['item']}#")]
        assert len(parts) >= 4
        text = page_text("2026-11-23", post["url"])
        assert all(part["title"] in text for part in parts)


@pytest.mark.parametrize(("day", "entry"), DAY_ENTRIES)
def test_quotes_and_dates_stand_on_the_page(day: str, entry: dict[str, Any]) -> None:
    text = page_text(day, entry["url"])
    for deadline in entry.get("deadlines", []):
        quote = deadline["quote"]
        assert quote in text
        when = date.fromisoformat(str(deadline["date"]))
        assert re.search(rf"(?<!\d)0?{when.day}(?!\d)", quote)
        assert str(when.year) in quote or deadline.get("year_stated") is False
        if "zone" in deadline:
            ZoneInfo(deadline["zone"])
        if "time" in deadline:
            hour = time.fromisoformat(deadline["time"]).hour
            words = r"noon|midday|mediod|midi" if hour == 12 else r"$."
            assert re.search(rf"(?<!\d)0?({hour}|{hour % 12 or 12})(?!\d)|{words}|18:00 UTC", f"{quote} {text}")
    if entry.get("home_quote"):
        assert entry["home_quote"] in text
    if entry.get("number"):
        assert entry["number"] in text


@pytest.mark.parametrize(("day", "entry"), DAY_ENTRIES)
def test_amounts_and_links_stand_on_the_page(day: str, entry: dict[str, Any]) -> None:
    digits = re.sub(r"(?<=\d)[\s.,’](?=\d{3})", "", page_text(day, entry["url"]))
    for field in ("min_amount", "max_amount", "total_amount"):
        amount = entry.get(field)
        if amount is not None:
            whole = f"{amount:.2f}".replace(".", ",") if amount % 1 else str(int(amount))
            millions = f"{amount / 1e6:g}"
            assert whole in digits or re.search(rf"{re.escape(millions)} (million|millones)", digits), (field, amount)
    if entry.get("apply_url"):
        _, body, _ = get(day, entry["url"])
        assert f'href="{entry["apply_url"]}"'.encode() in body


def test_vocabularies_and_references() -> None:
    terms = {
        "applicant_types": "applicant_types",
        "audiences": "audiences",
        "coverage": "coverage",
        "red_flags": "red_flags",
    }
    for entry in OPPORTUNITIES:
        assert entry["opportunity_type"] in ENTITY.vocabularies["opportunity_types"].terms
        assert entry["close_model"] in ENTITY.vocabularies["close_models"].terms
        assert str(entry["sdg_main"]) in {"None", *ENTITY.vocabularies["sdg_goals"].terms}
        assert {str(level) for level in entry["isced_levels"]} <= set(ENTITY.vocabularies["isced_levels"].terms)
        assert {one["stage"] for one in entry["deadlines"]} <= set(ENTITY.vocabularies["deadline_stages"].terms)
        for field, vocabulary in terms.items():
            assert set(entry[field]) <= set(ENTITY.vocabularies[vocabulary].terms), entry["item"]
        assert entry["home_eligible"] in ("yes", "no", "unclear")
        assert (entry["home_eligible"] == "unclear") == (entry["home_quote"] is None), entry["item"]
        assert (entry["close_model"] == "rolling") == (entry["deadlines"] == []), entry["item"]
        for field in ("duplicate_of", "previous_edition_of"):
            assert entry[field] is None or entry[field] in BY_ITEM
    assert len(BY_ITEM) == len(TRUTH)


def test_every_special_case_is_there() -> None:
    tags = {tag for entry in TRUTH for tag in (*entry["tags"], *entry.get("day2", {}).get("tags", []))}
    assert set(CASES) <= tags, set(CASES) - tags
    types = {entry["opportunity_type"] for entry in OPPORTUNITIES}
    assert types == set(ENTITY.vocabularies["opportunity_types"].terms)
    assert {entry["language"] for entry in TRUTH} == {"es", "en", "fr", "pt"}
    assert {SOURCES[entry["item"].split("/")[0]].platform for entry in TRUTH} == {"feed", "wordpress", "listing"}
    assert len({entry["item"].split("/")[0] for entry in TRUTH}) >= 9
    assert len({entry["url"] for entry in TRUTH}) >= 75
    assert len([entry for entry in TRUTH if str(entry["first_day"]) == "2026-11-24"]) >= 4


def test_pages_are_of_a_real_length() -> None:
    short = {}
    for entry in TRUTH:
        if "#" not in entry["item"]:
            words = len(page_text(str(entry["first_day"]), entry["url"]).split())
            if not 110 <= words <= 450:
                short[entry["item"]] = words
    assert not short


@pytest.mark.parametrize("day", DAYS)
def test_official_links_resolve_in_this_web(day: str) -> None:
    for entry in OPPORTUNITIES:
        known = state(entry, day)
        if known and known["apply_url"] and ".sample.test/" in known["apply_url"]:
            assert get(day, known["apply_url"])[0] == 200, known["apply_url"]


def test_broken_sources_break_as_they_should() -> None:
    assert feedparser.parse(get("2026-11-23", SOURCES["agenda_vacia"].url)[1]).entries == []
    assert not SOURCES["agenda_vacia"].may_be_empty
    assert get("2026-11-23", SOURCES["portal_caido"].url)[0] == 500
    answer = web("2026-11-23").answer(SOURCES["desvio_privado"].url)
    assert (answer.status, answer.headers["Location"]) == (302, "http://10.0.0.5/feed.xml")


def test_charsets_lie() -> None:
    _, latin, declared = get("2026-11-23", "http://maison.sample.test/appels/mediation-en-ligne")
    assert "utf-8" in declared
    with pytest.raises(UnicodeDecodeError):
        latin.decode("utf-8")
    _, utf8, declared = get("2026-11-23", "http://andes.sample.test/convocatoria/laboratorio-cine")
    assert "iso-8859-1" in declared
    assert "Cámara" in utf8.decode("utf-8")


def test_the_vanished_call_is_neither_listed_nor_there_on_day_two() -> None:
    gone = [entry for entry in TRUTH if entry.get("day2", {}).get("gone")]
    assert gone
    for entry in gone:
        source = SOURCES[entry["item"].split("/")[0]]
        assert source.complete_listing
        assert get("2026-11-23", entry["url"])[0] == 200
        assert get("2026-11-24", entry["url"])[0] == 404


def test_decisions_name_items_and_leave_day_two_to_the_pipeline() -> None:
    assert ENTITY.decisions_path is not None
    decisions = load_decision_file(ENTITY.decisions_path)
    approved = {day: set[str]() for day in DAYS}
    for decision in decisions:
        day = str(decision.date)
        assert decision.reason and decision.role in ("editor", "coordinator")
        items = decision.items or [decision.item or ""]
        assert all(str(BY_ITEM[item]["first_day"]) <= day for item in items)
        if decision.action == "approve" and day in approved:
            approved[day].update(items)
    for number, day in enumerate(DAYS, 1):
        assert approved[day] == {entry["item"] for entry in TRUTH if f"approved_day{number}" in entry["tags"]}
        assert ENTITY.file.edition.minimum <= len(approved[day]) <= ENTITY.file.edition.maximum
    assert len({BY_ITEM[item]["opportunity_type"] for item in approved["2026-11-23"]}) >= 5
    changed = {entry["item"] for entry in TRUTH if "day2" in entry}
    assert changed <= approved["2026-11-23"]
