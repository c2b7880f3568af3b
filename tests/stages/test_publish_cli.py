"""`boi publish` over a real home: what would go, what goes, what became of it, and what a person says of it."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from boi_pipeline.lock import hold, release
from boi_pipeline.records import Publication
from tests.delivery.servers import Web, mail, web
from tests.stages.conftest import Told, run_boi
from tests.stages.drive import Place, in_child, run_stages
from tests.stages.first_day import FirstDay

CANARY = "canary-4711"
CHANNELS = "channels: {daily: [site, x, whatsapp, email], weekly: [article, email], hashtags: [Ensayo]}\n"


@pytest.fixture(scope="module")
def closed(first_day: FirstDay, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home whose edition was closed and rendered, and sent nowhere."""
    root = tmp_path_factory.mktemp("closed")
    shutil.copytree(first_day.entities, root / "entities")
    path = root / "entities" / "mini" / "entity.yaml"
    path.write_text(path.read_text() + CHANNELS)
    place = replace(first_day.copy(first_day.before("close"), root / "home"), entities=root / "entities")
    assert in_child(lambda: run_stages(place.new_run(), "close")) == 0
    return place


@pytest.fixture
def place(closed: Place, tmp_path: Path) -> Place:
    shutil.copytree(closed.home, tmp_path / "home", symlinks=True)
    return Place(tmp_path / "home", closed.entities)


def boi(place: Place, *arguments: str, **urls: str) -> Told:
    more = {f"BOI_DELIVER_{channel.upper()}": url for channel, url in urls.items()}
    return run_boi(place.home, "publish", *arguments, entities=place.entities, more=more)


def states(place: Place) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with place.new_run().ledger() as ledger:
        for one in ledger.rows(Publication):
            found.setdefault(one.channel, set()).add(one.state)
    return found


def secret(service: Web) -> str:
    return service.url.replace("//", f"//ana:{CANARY}@") + f"?+X-Token={CANARY}"


def test_the_site_is_sent_once_it_is_on_disk_and_posts_wait(place: Place) -> None:
    assert states(place) == {"site": {"sent"}, "x": {"planned"}, "whatsapp": {"planned"}, "email": {"planned"}}


def test_a_dry_run_prints_what_would_go_where_and_touches_nothing(place: Place) -> None:
    with web() as service:
        with place.new_run().ledger() as ledger:
            before = ledger.seq()
        found = boi(place, "send", "--dry-run", x=secret(service))
        told = boi(place, "send", "--dry-run", "--json", "--channel", "x", x=secret(service))
        with place.new_run().ledger() as ledger:
            assert ledger.seq() == before
        assert not service.got
    assert found.code == 0, found.err
    assert "x · 2026-11-23 · json · " in found.out and "whatsapp · 2026-11-23 · a mano" in found.out
    assert "No se envió ni se anotó nada" in found.out
    assert [one["channel"] for one in told.json["messages"]] == ["x", "x"]
    for one in told.json["messages"]:
        assert one["to"] == ["json"] and 0 < one["length"] <= one["limit"] == 280
        assert one["link"] in one["body"] and "utm_source=x" in one["link"]
    assert CANARY not in found.out + found.err + told.out + told.err


def test_what_is_sent_is_what_the_dry_run_said_and_goes_once(place: Place) -> None:
    with web() as service, mail() as post_office:
        urls = {"x": secret(service), "email": post_office.url()}
        said = boi(place, "send", "--dry-run", "--json", **urls).json["messages"]
        found = boi(place, "send", **urls)
        assert found.code == 0, found.out + found.err
        assert service.messages == [one["body"] for one in said if one["channel"] == "x"]
        (letter,) = post_office.got
        (digest,) = [one for one in said if one["channel"] == "email"]
        assert letter["Subject"] == digest["title"]
        again = boi(place, "send", "--json", **urls)
        assert again.code == 0 and "nada pendiente" in again.json["reason"]
        assert (len(service.got), len(post_office.got)) == (2, 1)
    assert states(place) == {"site": {"sent"}, "x": {"sent"}, "whatsapp": {"planned"}, "email": {"sent"}}
    rows = {one["channel"]: one for one in boi(place, "status", "--json").json["channels"]}
    assert rows["x"]["states"] == {"sent": 2} and rows["x"]["attempts"] == 1
    assert rows["whatsapp"]["states"] == {"planned": 2}


def test_what_is_uncertain_is_shown_with_advice_and_settled_by_a_person(place: Place) -> None:
    with web("reset", otherwise=200) as service:
        found = boi(place, "send", x=secret(service))
        assert found.code == 1 and "se cortó" in found.out and "boi publish resolve" in found.out
        shown = boi(place, "status")
        assert "1 incierta" in shown.out and "boi publish resolve" in shown.out
        summary = run_boi(place.home, "status", "--json", entities=place.entities).json
        assert summary["deliveries"] == {"planned": 5, "uncertain": 1}
        (name,) = [
            one["publication"] for row in boi(place, "status", "--json").json["channels"] for one in row["troubled"]
        ]
        assert boi(place, "resolve", name, "--failed", "--role", "editor", "--reason", "No salió").code == 0
        assert boi(place, "send", x=secret(service)).code == 0
        assert len(service.got) == 3
    where = ("--address", "https://whatsapp.com/channel/0029Va/131?ref=a")
    by_hand = boi(place, "resolve", "2026-11-23/whatsapp", "--sent", "--role", "editor", *where, "--json")
    assert by_hand.json["changed"] == 2 and states(place)["whatsapp"] == {"sent"}
    page = (place.home / "mini" / "outbox" / "2026-11-23" / "index.html").read_text()
    assert page.count("Publicada") == 4, "the page to post from shows what was sent, and what was said of it"
    assert CANARY not in found.out + found.err + shown.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("resolve", "2026-11-23/x/NO", "--sent", "--role", "editor"),
            "no such publication; the newest are of 2026-11-23/x",
        ),
        (("resolve", "2026-11-23/site", "--sent", "--role", "editor"), "no such publication"),
        (("resolve", "2026-11-23/x", "--role", "editor"), "expected one of --sent and --failed"),
        (("resolve", "2026-11-23/x", "--sent", "--role", "Ana Pérez"), "no es un papel"),
        (("resolve", "2026-11-23/x", "--failed", "--role", "editor"), "cannot go from planned to failed"),
        (
            ("resolve", "2026-11-23/x", "--sent", "--role", "editor", "--address", "x.com/a"),
            "expected the address of a post",
        ),
        (
            ("resolve", "2026-11-23/x", "--failed", "--role", "editor", "--address", "https://x.com/b/status/1"),
            "--address is of a post that is out",
        ),
        (
            (
                "resolve",
                "2026-11-23/x",
                "2026-11-23/whatsapp",
                "--sent",
                "--role",
                "editor",
                "--address",
                "https://x.com/b/status/1",
            ),
            "--address is of one post",
        ),
        (("send", "--channel", "facebook"), "expected one of whatsapp, x"),
        (("send", "--edition", "2020-01-01"), "no such edition; the newest are 2026-11-23"),
    ],
)
def test_a_slip_is_told_with_what_there_is(place: Place, arguments: tuple[str, ...], told: str) -> None:
    found = boi(place, *arguments)
    assert found.code == 1 and told in found.err and "Traceback" not in found.err
    assert states(place)["x"] == {"planned"}


def test_two_senders_on_one_home_do_not_meet(place: Place) -> None:
    path = place.new_run().home.lock
    hold(path, "otra persona")
    try:
        with web() as service:
            found = boi(place, "send", x=service.url)
            assert found.code == 1 and "otra persona" in found.err and not service.got
            assert boi(place, "status").code == 0 and boi(place, "send", "--dry-run").code == 0, "looking needs no lock"
    finally:
        release(path)


def test_the_publish_job_sends_and_a_dead_channel_fails_neither_site_nor_job(place: Place) -> None:
    with web() as service, mail("no login") as post_office:
        found = boi(place, "--json", x=secret(service), email=post_office.url(login=f"ana:{CANARY}@"))
        assert found.code == 0, found.err
        assert len(service.got) == 2
    assert states(place) == {"site": {"sent"}, "x": {"sent"}, "whatsapp": {"planned"}, "email": {"failed"}}
    assert (place.home / "mini" / "site" / "index.html").is_file()
    assert found.json["deliveries"] == {"failed": 2, "planned": 2}
    kept = b"".join(
        (Path(root) / name).read_bytes() for root, _, names in os.walk(place.home) for name in names
    )  # with all that Dagster keeps
    assert CANARY.encode() not in kept and CANARY not in found.out + found.err
    assert b"deliveries_sent" in kept and b"credenciales" in kept
