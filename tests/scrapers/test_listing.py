"""How far a list is walked, and what of it is read when."""

from pathlib import Path

import pytest

from tests.scrapers.conftest import Crawled
from tests.sources.answers import Answer, crawl_answered

SOURCE = """\
id: lista
name: Lista
platform: listing
url: https://lista.example/
language: es
authority: official
options: {item: li, next: a.mas, exclude: [noticia], max_details: 2, detail: {content: main}}
"""


class Site:
    """A list of two pages whose cards a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cards = {1: {"a": "Beca A", "b": "Beca B", "n": "noticia N"}, 2: {"c": "Beca C", "m": "noticia M"}}
        (folder / "sources").mkdir()
        (folder / "sources" / "lista.yaml").write_text(SOURCE, encoding="utf-8")

    def crawl(self) -> Crawled:
        answers = [self._list(1, "https://lista.example/"), self._list(2, "https://lista.example/2")]
        for cards in self.cards.values():
            answers += [self._page(key, title) for key, title in cards.items()]
        return crawl_answered(self.folder / "home", self.folder / "sources", {"lista": answers})

    def _list(self, number: int, url: str) -> Answer:
        cards = "".join(f"<li><a href='/p/{key}'>{title}</a></li>" for key, title in self.cards[number].items())
        more = "<a class=mas href='/2'>más</a>" if number == 1 else ""
        return self._answer(url, f"lista{number}.html", f"<html><body><ul>{cards}</ul>{more}</body></html>")

    def _page(self, key: str, title: str) -> Answer:
        return self._answer(
            f"https://lista.example/p/{key}", f"{key}.html", f"<html><body><main>Texto de {title}</main>"
        )

    def _answer(self, url: str, name: str, text: str) -> Answer:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        return Answer(url, str(file))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def titles(crawled: Crawled) -> list[str]:
    return sorted(notice.title for notice in crawled.notices.values())


def test_what_one_crawl_has_no_room_for_is_read_in_the_next_and_then_the_list_costs_its_first_page(site: Site):
    assert titles(site.crawl()) == ["Beca A", "Beca B"]
    site.cards[1] = {"a": "Beca A", "n": "noticia N", "c": "Beca C"}
    site.cards[2] = {"b": "Beca B"}
    assert titles(site.crawl()) == ["Beca C"]
    site.cards[1].pop("c")
    quiet = site.crawl()
    assert quiet.results["lista"].outcome == "unchanged"
    assert quiet.results["lista"].request_count == 2  # robots.txt and the first page: news nobody wants do not lead on


def test_a_page_is_read_again_when_its_card_says_something_else(site: Site):
    site.crawl()
    site.cards[1]["b"] = "Beca B, prorrogada"
    again = site.crawl()
    assert titles(again) == ["Beca B, prorrogada"]
    assert again.results["lista"].changed_count == 1
