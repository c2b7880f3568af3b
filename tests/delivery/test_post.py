"""What came of a sending, told from real servers that answer, refuse, hang, break off or are not there."""

import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator

import pytest

from boi_pipeline.delivery.message import Message, Picture
from boi_pipeline.delivery.outcome import Exchange, Outcome, Report, judge
from boi_pipeline.delivery.post import Post
from boi_pipeline.publishing.text import one_line
from boi_pipeline.settings import ROOT
from tests.delivery.servers import Web, dead_port, mail, web

HOSTILE = 'Beca\r\nBcc: victima@mal.test <script>alert("x")</script> \u202eabc :smile: \\n %s {0} ${HOME}'


def message(**given: object) -> Message:
    return Message(**{"channel": "x", "edition_id": "2026-11-23", "publication_ids": ["p"], "body": "Hola", **given})  # type: ignore[arg-type]


def sent_to(*urls: str, deadline: float = 20, **given: object) -> Outcome:
    with Post(urls, loopback_only=True, deadline=deadline) as post:
        return post.send(message(**given))


@pytest.fixture(scope="module")
def service() -> Iterator[Web]:
    with web() as served:
        yield served


@pytest.fixture(scope="module")
def post(service: Web) -> Iterator[Post]:
    """One courier for many messages; its server is told what to answer."""
    with Post([f"{service.url}?rto=1"], loopback_only=True, deadline=20) as started:
        yield started


@pytest.mark.parametrize(
    ("answer", "state", "told", "again"),
    [
        (200, "sent", "", False),
        (204, "sent", "", False),
        (500, "failed", "HTTP 500", True),
        (503, "failed", "HTTP 503", True),
        ((429, {"Retry-After": "7"}), "failed", "más despacio", True),
        (401, "failed", "credenciales", False),
        (403, "failed", "credenciales", False),
        (404, "failed", "no conoce esta dirección", False),
        (422, "failed", "rechazó el mensaje", False),
        ((302, {"Location": "/other"}), "failed", "otra dirección", False),
        (502, "uncertain", "HTTP 502", False),
        (504, "uncertain", "HTTP 504", False),
        ("reset", "uncertain", "se cortó", False),
        ("reset mid-answer", "uncertain", "contestó (HTTP 200)", False),
        ("hang", "uncertain", "no contestó a tiempo", False),
    ],
)
def test_an_answer_is_a_definite_failure_or_uncertain(
    service: Web, post: Post, answer: object, state: str, told: str, again: bool
) -> None:
    service.answers.append(answer)  # type: ignore[arg-type]
    before = len(service.got)
    outcome = post.send(message())
    assert (outcome.state, outcome.again) == (state, again), outcome
    assert told in outcome.reason
    assert len(service.got) == before + 1, "Apprise neither tries again by itself nor follows"
    assert outcome.retry_after == (7 if answer == (429, {"Retry-After": "7"}) else None)


def test_text_arrives_as_it_is(service: Web, post: Post) -> None:
    body = 'Línea 1\n\n*negrita* <b>&amp;</b> :smile: \\n {0} %s ${HOME} 🎓 "comillas" ' + "x" * 40_000
    assert post.send(message(body=body)).state == "sent"
    assert service.messages[-1] == body, "neither cut, nor escaped, nor filled in"


def test_where_nothing_left_this_machine_the_failure_is_definite() -> None:
    gone = sent_to(f"json://127.0.0.1:{dead_port()}/")
    assert (gone.state, gone.again, gone.stops_channel) == ("failed", True, True)
    with Post(["json://no-such-host.invalid/"], loopback_only=False, deadline=20) as post:
        nameless = post.send(message())
    assert (nameless.state, nameless.again) == ("failed", True) and "nombre" in nameless.reason


def test_a_courier_that_takes_too_long_is_killed_and_nobody_knows() -> None:
    with web("hang") as slow:
        outcome = sent_to(slow.url, deadline=1.5)
        assert outcome.state == "uncertain" and outcome.stops_channel and len(slow.got) == 1


def test_a_courier_that_is_killed_before_anything_left_has_failed_for_certain() -> None:
    with mail("silent") as server:  # it never greets: nothing can have been posted
        outcome = sent_to(server.url(), deadline=1.5)
    assert outcome.state == "failed" and "antes de salir" in outcome.reason


def test_an_address_that_is_none_is_told_by_its_place_alone() -> None:
    outcome = sent_to("json://127.0.0.1:1/", "canary-4711-no-url")
    assert outcome.state == "failed" and "n.º 2" in outcome.reason and "canary" not in repr(outcome)


def test_a_city_of_fiction_speaks_to_this_machine_alone() -> None:
    outcome = sent_to("json://192.0.2.1/")
    assert outcome.state == "failed" and "muestra" in outcome.reason and not outcome.again


def test_two_addresses_of_which_the_second_refuses_are_uncertain() -> None:
    with web() as first, web(401) as second:
        outcome = sent_to(first.url, second.url)
        assert outcome.state == "uncertain" and "1 de 2" in outcome.reason
        assert (len(first.got), len(second.got)) == (1, 1)
    with web(401) as first, web() as second:
        assert sent_to(first.url, second.url).state == "failed", "nobody got it"
        assert not second.got


def test_a_picture_arrives_or_the_post_is_not_sent() -> None:
    picture = Picture("tarjeta.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    with web() as service:
        assert sent_to(service.url, pictures=[picture]).state == "sent"
        (got,) = service.got[0]["attachments"]
        assert (got["filename"], got["mimetype"]) == ("tarjeta.png", "image/png")
        assert b64decode(got["base64"]) == picture.content
    refused = sent_to("syslog://", pictures=[picture])
    assert refused.state == "failed" and "no admite imágenes" in refused.reason


# ---------------------------------------------------------------- e-mail


def test_an_e_mail_has_our_html_and_our_text_and_no_more_headers() -> None:
    html = "<p>Beca &lt;script&gt; <a href='https://b.test/?a=1&amp;b=2'>Ver</a></p>"
    with mail() as server:
        outcome = sent_to(server.url(), title=" ".join(HOSTILE.split()), body="Ver: https://b.test/?a=1&b=2", html=html)
        assert outcome.state == "sent", outcome
        (got,) = server.got
    assert got["Bcc"] is None and got["Cc"] is None
    assert got["Subject"] == one_line(HOSTILE)
    assert got.get_body(("html",)).get_content().strip() == html  # type: ignore[union-attr]
    assert got.get_body(("plain",)).get_content().strip() == "Ver: https://b.test/?a=1&b=2"  # type: ignore[union-attr]


def test_a_title_with_line_breaks_is_one_line() -> None:
    assert message(title=HOSTILE).title.startswith("Beca Bcc: victima@mal.test <script>")
    assert "\n" not in message(title=HOSTILE).title and "\u202e" not in message(title=HOSTILE).title


@pytest.mark.parametrize(
    ("mood", "login", "state", "told"),
    [
        ("no login", "ana:canary-4711@", "failed", "credenciales"),
        ("no recipient", "", "failed", "SMTP 550"),
        ("refuses text", "", "failed", "SMTP 554"),
        ("later", "", "failed", "más tarde"),
        ("lost after text", "", "uncertain", "se cortó"),
        ("hangs after text", "", "uncertain", "no contestó a tiempo"),
    ],
)
def test_a_mail_server_s_no_is_definite_until_the_text_has_gone(mood: str, login: str, state: str, told: str) -> None:
    with mail(mood) as server:  # type: ignore[arg-type]
        outcome = sent_to(server.url(login=login, more="&cto=1.5"), title="Boletín")
    assert outcome.state == state and told in outcome.reason, outcome
    assert "canary" not in repr(outcome)


def test_of_two_recipients_one_refused_is_uncertain() -> None:
    with mail() as server:
        outcome = sent_to(server.url("lista@boi.test", "nadie@boi.test"))
        assert outcome.state == "uncertain" and "una parte" in outcome.reason and len(server.got) == 1
        assert "nadie" not in repr(outcome)


# ---------------------------------------------------------------- judging what the wire showed


def test_what_was_only_asked_or_prepared_does_not_make_a_refusal_uncertain() -> None:
    login = Exchange("http", status=200, has_left=True)
    refused = Exchange("http", status=403, has_left=True)
    asked = Exchange("http", has_left=True, reads_only=True, fault="timeout")
    assert judge(Report(False, [login, refused])).state == "failed"
    assert judge(Report(False, [login, refused], target_count=2)).state == "uncertain"
    assert judge(Report(False, [login, refused], in_parts=True)).state == "uncertain"
    assert judge(Report(False, [asked, refused])).state == "failed"
    assert judge(Report(False, [asked])).state == "uncertain", "some services post by a GET"


def test_ways_that_are_not_watched_are_uncertain_once_they_reached_for_the_network() -> None:
    assert judge(Report(False, has_connected=True)).state == "uncertain"
    assert judge(Report(False, has_connected=False)).state == "failed"


# ---------------------------------------------------------------- what it costs


def test_only_the_courier_pays_for_apprise() -> None:
    """Neither the command, nor the code location's side, nor what starts the courier."""
    asked = "import sys, boi_pipeline.cli.app, boi_pipeline.delivery.steps; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False).returncode == 0
