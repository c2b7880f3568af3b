"""Captures are standard WARC, hold no secrets, and give the same notices again without network."""

import base64
import gzip
import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastArchive
from fastwarc.warc import WarcRecordType
from scrapy.http import Request, Response
from warcio.archiveiterator import ArchiveIterator

from scrapers.archive import capture_path, notice_files, notice_path
from scrapers.middlewares.capture import CaptureFile, remove_abandoned
from scrapers.middlewares.replay import NotCaptured, Replay
from scrapers.notice import Notice
from scrapers.runner import replay
from scrapers.tabular import write_records
from tests.scrapers.conftest import HERE, LANGUAGES, Days


def _digest(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()


def captured(path: Path) -> list[tuple[str, str, str]]:
    with open(path, "rb") as file:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.http_headers.get_statuscode() if record.rec_type in ("response", "revisit") else "",
            )
            for record in ArchiveIterator(file)
        ]


def test_every_answer_is_kept_with_its_request_robots_and_not_modified_too(days: Days):
    first = captured(capture_path(days.home, "prueba_lista", days.first.crawl_id))
    urls = [url for kind, url, _ in first if kind == "response"]
    assert "http://lista.prueba.test/robots.txt" in urls
    assert len(urls) == days.first.results["prueba_lista"].request_count
    assert len([kind for kind, _, _ in first if kind == "request"]) == len(urls)
    again = captured(capture_path(days.home, "prueba_feed", days.again.crawl_id))
    assert ("revisit", "http://feed.prueba.test/feed.xml", "304") in again


def test_warcio_finds_the_files_sound_and_the_notices_name_their_records(days: Days):
    path = capture_path(days.home, "prueba_lista", days.first.crawl_id)
    told = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", path], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    with open(path, "rb") as file:
        ids = {record.rec_headers.get_header("WARC-Record-ID") for record in ArchiveIterator(file)}
    notices = [notice for notice in days.first.notices.values() if notice.source_id == "prueba_lista"]
    assert {notice.capture_id for notice in notices} <= ids


def test_another_reader_of_warc_reads_every_record_and_its_digests(days: Days):
    kinds: Counter[str] = Counter()
    for crawl in (days.first, days.again):
        with open(capture_path(days.home, "prueba_feed", crawl.crawl_id), "rb") as file:
            for record in FastArchive(file, parse_http=True):
                kinds[record.headers["WARC-Type"]] += 1
                if record.record_type == WarcRecordType.response:
                    assert record.headers["WARC-Payload-Digest"] == _digest(record.reader.read())
    assert kinds == {"warcinfo": 2, "response": 3, "request": 4, "revisit": 1}


def test_a_revisit_leads_to_the_record_and_file_that_have_the_content(days: Days):
    def records(crawl_id: str) -> dict[str, dict[str, str]]:
        with open(capture_path(days.home, "prueba_feed", crawl_id), "rb") as file:
            return {
                one.rec_type: dict(one.rec_headers.headers)
                for one in ArchiveIterator(file)
                if (one.rec_headers.get_header("WARC-Target-URI") or "").endswith("feed.xml")
            }

    first, again = records(days.first.crawl_id)["response"], records(days.again.crawl_id)["revisit"]
    assert again["WARC-Refers-To"] == first["WARC-Record-ID"]
    assert again["WARC-Refers-To-Target-URI"] == first["WARC-Target-URI"]
    assert again["WARC-Refers-To-Date"] == first["WARC-Date"]
    assert again["WARC-Payload-Digest"] == first["WARC-Payload-Digest"]
    assert again["WARC-Refers-To-Filename"] == f"{days.first.crawl_id}.warc.gz"


def test_the_same_bytes_again_are_kept_once(tmp_path: Path):
    request = Request("https://a.example/feed")
    first, second = CaptureFile(tmp_path / "1.warc.gz"), CaptureFile(tmp_path / "2.warc.gz")
    kept = first.write(request, Response(request.url, body=b"same" * 1000))
    again = second.write(request, Response(request.url, body=b"same" * 1000), kept)
    other = second.write(request, Response(request.url, body=b"other"), kept)
    first.finish()
    second.finish()
    assert [kind for kind, _, _ in captured(tmp_path / "2.warc.gz")][1::2] == ["revisit", "response"]
    assert (again.content_id, again.file) == (kept.record_id, "1.warc.gz")
    assert other.file == "2.warc.gz"
    replayed = Replay(tmp_path / "2.warc.gz")
    assert [replayed.process_request(request).body for _ in range(2)] == [b"same" * 1000, b"other"]


def test_requests_of_one_address_are_told_apart_by_what_they_ask(tmp_path: Path):
    file = CaptureFile(tmp_path / "a.warc.gz")
    asks = [Request("https://a.example/search", method="POST", body=f'{{"page": {n}}}') for n in range(3)]
    for number, ask in enumerate(asks):
        file.write(ask, Response(ask.url, body=str(number).encode()))
    file.finish()
    replayed = Replay(tmp_path / "a.warc.gz")
    assert [replayed.process_request(ask).body for ask in reversed(asks)] == [b"2", b"1", b"0"]


def test_secrets_are_blanked_and_a_compressed_body_reads_back(tmp_path: Path):
    request = Request(
        "https://user:pw@api.example/v1?apiKey=hunter2&page=2&appname=me#x",
        headers={"Authorization": "Bearer hunter2", "Cookie": "s=hunter2", "Accept": "*/*"},
    )
    body = gzip.compress("¿qué?".encode())
    headers = {"Content-Encoding": "gzip", "Set-Cookie": "s=hunter2", "Content-Type": "text/plain; charset=utf-8"}
    file = CaptureFile(tmp_path / "a.warc.gz")
    file.write(request, Response(request.url, headers=headers, body=body))
    assert not (tmp_path / "a.warc.gz").exists()
    file.finish()
    kept = gzip.decompress((tmp_path / "a.warc.gz").read_bytes())
    for secret in (b"hunter2", b"user:pw", b"appname=me"):
        assert secret not in kept
    assert b"page=2" in kept
    with open(tmp_path / "a.warc.gz", "rb") as warc:
        (answer,) = [r.content_stream().read() for r in ArchiveIterator(warc) if r.rec_type == "response"]
    assert answer.decode() == "¿qué?"
    again = Replay(tmp_path / "a.warc.gz").process_request(request)
    assert (again.body, again.status) == (body, 200)


def test_a_url_that_was_not_captured_is_an_error_that_says_so(tmp_path: Path):
    with pytest.raises(NotCaptured, match="never asks the network"):
        Replay(tmp_path / "none.warc.gz").process_request(Request("https://a.example/"))


@pytest.mark.parametrize(
    ("crawl", "source_id"),
    [
        ("first", "prueba_feed"),
        ("again", "prueba_feed"),
        ("again", "prueba_sigue"),
        ("first", "prueba_wp"),
        ("second", "prueba_lista"),
        ("second", "prueba_sigue"),
    ],
)
def test_a_replay_without_network_gives_the_same_notices(days: Days, crawl: str, source_id: str):
    original = getattr(days, crawl)
    again = replay(
        days.home,
        source_id,
        original.crawl_id,
        sources_folder=HERE / "sources",
        languages=LANGUAGES,
        web_suffix="prueba.test",
    )
    assert {notice.item_id: notice for notice in again.notices} == {
        item_id: notice for item_id, notice in original.notices.items() if notice.source_id == source_id
    }
    assert again.written is None
    assert again.result.sightings == original.results[source_id].sightings


def test_a_crawl_that_met_nothing_new_gives_another_parser_the_content_it_refers_to(days: Days, tmp_path: Path):
    sources = tmp_path / "sources"
    sources.mkdir()
    text = (HERE / "sources" / "prueba_feed.yaml").read_text(encoding="utf-8")
    (sources / "prueba_feed.yaml").write_text(f"{text.rstrip()}\noptions: {{exclude: [nunca]}}\n", encoding="utf-8")
    home = tmp_path / "home"
    subprocess.run(["cp", "-r", days.home, home], check=True)
    for old in (home / "notices" / "prueba_feed").iterdir():
        old.unlink()  # as if the first crawl had not been able to read its feed
    again = replay(home, "prueba_feed", days.again.crawl_id, sources_folder=sources, languages=LANGUAGES)
    assert [notice.title for notice in again.notices] == [
        notice.title for notice in days.first.notices.values() if notice.source_id == "prueba_feed"
    ]


def test_another_parser_writes_beside_the_old_and_stands_for_it(days: Days, tmp_path: Path):
    home = tmp_path / "home"
    subprocess.run(["cp", "-r", days.home, home], check=True)
    sources = tmp_path / "sources"
    sources.mkdir()
    text = (HERE / "sources" / "prueba_lista.yaml").read_text(encoding="utf-8")
    changed = text.replace("facts: {label: dt}", "remove: [dl]")
    assert changed != text
    (sources / "prueba_lista.yaml").write_text(changed, encoding="utf-8")
    before = notice_files(home, "prueba_lista")
    again = replay(home, "prueba_lista", days.first.crawl_id, sources_folder=sources, languages=LANGUAGES)
    assert again.written is not None
    original = notice_path(home, "prueba_lista", days.first.crawl_id)
    assert original.is_file()
    after = notice_files(home, "prueba_lista")
    assert [path for path in before if path not in after] == [original]
    assert [path for path in after if path not in before] == [again.written]
    uno = next(notice for notice in again.notices if notice.title == "Fondo uno 2027")
    assert "Monto" not in uno.text


def test_notices_of_a_crawl_without_record_do_not_count(days: Days, tmp_path: Path):
    notice = next(iter(days.first.notices.values()))
    write_records(notice_path(tmp_path, notice.source_id, "01KILLED"), [notice], Notice, "notices")
    assert notice_files(tmp_path) == []


def test_what_a_killed_crawl_left_open_is_removed_unless_another_is_writing_it(tmp_path: Path):
    folder = tmp_path / "captures" / "s"
    busy = CaptureFile(folder / "busy.warc.gz")
    (folder / "dead.warc.gz.open").write_bytes(b"half")
    assert [path.name for path in remove_abandoned(tmp_path)] == ["dead.warc.gz.open"]
    busy.finish()
    assert (folder / "busy.warc.gz").is_file()
