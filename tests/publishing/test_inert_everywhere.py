"""The same hostile texts through every renderer: whatever a file is, nothing of them acts, and nobody is misled by what is unseen."""

import email
import email.policy
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import icalendar
import lxml.etree
import lxml.html
import pikepdf
import pytest
from PIL import Image

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.records import PublicOpportunity
from tests.publishing.renderers import RENDERERS
from tests.publishing.sample_bulletin import HOSTILE, Records, code_of
from tests.publishing.test_hostile import PIECES, filled

TEXTS = {
    "script": "<script>alert('boi')</script><svg onload=alert(1)><a href='javascript:alert(1)'>x</a>",
    "all at once": HOSTILE,
    "pieces": " ".join(PIECES),
    "right to left": "\u202eabierto\u2066 \u200fהזמנה\u200e العربية\u061c\u202d",
    "unseen": "be\u200bca\u2060 com\ufeffple\u00adta \U000e0041\U000e0042 \u0000\u001b]8;;http://malo.example\u0007pulse\u001b[31m",
    "ten thousand characters": "Título " * 1_500,
    "one long word": "x" * 10_000,
    "formula": '=HYPERLINK("http://malo.example","clic")',
    "formula with a sign": "+1+cmd|' /C calc'!A0\n@SUM(1)\n-2+3\t=1",
    "emoji": "🎓👩🏽\u200d🚀🇨🇴" * 300,
    "markup of channels": "*negrita* _cursiva_ ~tachado~ [clic](http://malo.example) #eval(1) $x$ @todos <label> ```",
    "mail headers": "Hola\r\nBcc: todos@malo.example\r\n\r\n<b>cuerpo</b>\nBEGIN:VEVENT\nX:1",
}
LINKS = [
    "javascript:alert(1)",
    "data:text/html,<script>1</script>",
    "file:///etc/passwd",
    "https://a@malo.example/",
    "//malo.example",
]
UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\U000e0000-\U000e007f]"
)
SCHEMES = {"", "http", "https", "mailto", "webcal"}


def bulletin() -> Bulletin:
    """An edition with every hostile text in every field of an opportunity of its own, and their week."""
    calls = []
    for number, (name, text) in enumerate(TEXTS.items(), 1):
        facts = filled(text)
        links: dict[str, Any] = {
            "apply_url": LINKS[number % len(LINKS)],
            "source_url": LINKS[(number + 1) % len(LINKS)],
        }
        given = facts.model_dump() | {
            "opportunity_id": f"00000000-0000-5000-8000-{number:012d}",
            "code": code_of(number),
        }
        calls.append(PublicOpportunity.model_validate(given | (links if name != "script" else {})))
    records = Records([(date(2026, 11, 24), calls)])
    for facts, text in zip(calls, TEXTS.values(), strict=True):
        records.say(facts, "extended", old_value=text, new_value=text, quote=text)
    records.close_week(
        "2026-W48",
        datetime(2026, 11, 24, 21, tzinfo=UTC),
        [(one, text) for one, text in zip(calls[:5], TEXTS.values(), strict=False)],
    )
    return records.bulletin()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every file of every renderer."""
    folder, shown = tmp_path_factory.mktemp("hostile"), bulletin()
    for name, render in RENDERERS.items():
        (folder / name).mkdir()
        render(shown, folder / name)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def of(files: list[Path], *suffixes: str) -> Iterator[tuple[Path, bytes]]:
    found = [path for path in files if path.suffix in suffixes]
    assert found, f"no renderer writes {suffixes}"
    yield from ((path, path.read_bytes()) for path in found)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from (key, *strings(part))
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, str):
        yield value


def test_every_kind_of_file_is_looked_at(files: list[Path]):
    assert {path.suffix for path in files} <= {
        ".html", ".xml", ".atom", ".json", ".ics", ".md", ".txt", ".eml", ".pdf", ".png", ".js", ".css", ".svg",
    }  # fmt: skip


def test_pages_have_no_script_handler_or_address_of_the_text(files: list[Path]):
    for path, content in of(files, ".html"):
        page = lxml.html.fromstring(content)
        for script in page.iter("script"):
            assert script.get("type") == "application/ld+json" or (
                script.get("src") and not (script.text or "").strip()
            ), path
            if script.get("type"):
                json.loads(script.text or "")
        for element in page.iter():
            for name, value in element.attrib.items():
                assert not str(name).lower().startswith("on"), (path, name)
                if name in ("href", "src", "action", "srcdoc", "data"):
                    assert urlsplit(str(value)).scheme in SCHEMES, (path, value)
                    assert not str(value).startswith("//"), (path, value)
                    assert "malo.example" not in (urlsplit(str(value)).hostname or ""), (path, value)
        assert not page.xpath("//iframe | //object | //embed | //base[@href]"), path
        assert not UNSEEN.search(content.decode()), path


def test_feeds_and_data_are_well_formed_and_say_nothing_unseen(files: list[Path]):
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
    for path, content in of(files, ".xml", ".atom", ".svg"):
        root = lxml.etree.fromstring(content, parser)
        assert not list(root.iter("{*}script")), path
        assert not UNSEEN.search(content.decode()), path
    for path, content in of(files, ".json"):
        assert not [one for one in strings(json.loads(content)) if UNSEEN.search(one)], path


def test_scripts_hold_data_that_ends_no_script(files: list[Path]):
    for path, content in of(files, ".js"):
        text = content.decode()
        if "minisearch" in path.name or path.name.startswith("search"):
            continue
        _, _, data = text.partition("=")
        json.loads(data.strip().rstrip(";"))
        assert "</" not in text and "<!--" not in text and not UNSEEN.search(text), path


def test_calendars_hold_one_event_a_deadline_and_no_property_of_the_text(files: list[Path]):
    for path, content in of(files, ".ics"):
        calendar = icalendar.Calendar.from_ical(content)
        assert all(len(line) <= 75 for line in content.split(b"\r\n")), path
        uids = [str(event["UID"]) for event in calendar.walk("VEVENT")]
        assert len(uids) == len(set(uids)), path
        assert "X" not in calendar and not [event for event in calendar.walk("VEVENT") if "X" in event], path
        assert not UNSEEN.search(content.decode().replace("\r\n ", "")), path


def test_posts_and_mails_carry_no_header_link_or_sign_of_the_text(files: list[Path]):
    for path, content in of(files, ".txt", ".md"):
        text = content.decode()
        assert not UNSEEN.search(text), path
        if path.suffix == ".md":
            assert not re.search(r"(?<!\\)\]\(http://malo", text) and "<script" not in text, path
    for path, content in of(files, ".eml"):
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert message["Bcc"] is None and len(message.get_all("Subject") or []) == 1, path
        assert not message.defects, (path, message.defects)
        for part in message.walk():
            if part.get_content_maintype() == "text":
                shown = part.get_content()
                assert not UNSEEN.search(shown), path
                assert part.get_content_subtype() != "html" or "<script" not in shown, path


def test_pdfs_do_nothing_when_opened(files: list[Path]):
    for path, _ in of(files, ".pdf"):
        with pikepdf.open(path) as document:
            assert not {"/OpenAction", "/AA"} & set(document.Root.keys()), path
            assert "/JavaScript" not in document.Root.get("/Names", {}) and "/EmbeddedFiles" not in document.Root.get(
                "/Names", {}
            ), path
            for page in document.pages:
                for note in page.get("/Annots", []):
                    action = note.get("/A", {})
                    assert action.get("/S", "/URI") in ("/URI", "/GoTo"), path
                    assert urlsplit(str(action.get("/URI", "https://x"))).scheme in SCHEMES, path


def test_pictures_are_whole_and_of_their_size(files: list[Path]):
    for path, _ in of(files, ".png"):
        with Image.open(path) as picture:
            picture.load()
            assert picture.size in ((1200, 630), (1080, 1080)), path
