"""From planned to sent: every step in the ledger, no dead channel holds another, nothing is ever sent twice by itself."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from boi_pipeline.delivery.deliver import ChannelReport, Rules, deliver_due, due
from boi_pipeline.editorial import review
from boi_pipeline.editorial.edition import mark
from boi_pipeline.editorial.ledger import Ledger, LedgerError
from boi_pipeline.editorial.sending import claim, interrupted, resolve, sendings, state_counts, troubled
from boi_pipeline.records import Publication, PublicationState
from boi_pipeline.settings import ROOT
from tests.delivery.conftest import AT, DAY, close_with, compose, states
from tests.delivery.servers import dead_port, mail, web
from tests.editorial.conftest import public

QUICK = Rules(pause=0.0, deadline=20)


def run(ledger: Ledger, urls: Mapping[str, Sequence[str]], rules: Rules = QUICK) -> dict[str, ChannelReport]:
    """What a run does with the ledger; channel → report."""
    interrupted(ledger, AT)
    waiting = due(ledger, DAY, 4, list(urls), attempts=rules.attempts)
    told = deliver_due(ledger, urls, waiting, compose, AT, rules, loopback_only=True, sleep=lambda _: None)
    return {report.channel: report for report in told}


def trail(ledger: Ledger, publication_id: str) -> list[str]:
    return [row.state for row in ledger.rows(PublicationState, publication_id=publication_id)]


def test_each_publication_is_sent_once_and_an_e_mail_carries_the_edition(ledger: Ledger) -> None:
    close_with(ledger, 1, 2, 3)
    with web() as x, mail() as post_office:
        urls = {"x": [x.url], "email": [post_office.url()]}
        assert {name: told.states["sent"] for name, told in run(ledger, urls).items()} == {"x": 3, "email": 3}
        assert x.messages == ["Beca PAL-2026-00001", "Beca PAL-2026-00002", "Beca PAL-2026-00003"], "in their order"
        assert len(post_office.got) == 1
        number = ledger.seq()
        assert run(ledger, urls) == {} and ledger.seq() == number, "again: nothing to do"
        assert len(x.got) == 3
    assert set(states(ledger, "whatsapp").values()) == {"planned"}, "without credentials: posted by hand"
    assert trail(ledger, "2026-11-23/x/PAL-2026-00001") == ["sending", "sent"]


def test_a_busy_service_is_tried_again_and_every_try_is_kept(ledger: Ledger) -> None:
    close_with(ledger, 1)
    with web(500, (429, {"Retry-After": "1"}), 200) as x:
        assert run(ledger, {"x": [x.url]})["x"].is_well
    assert trail(ledger, "2026-11-23/x/PAL-2026-00001") == ["sending", "failed", "sending", "failed", "sending", "sent"]


def test_pauses_double_and_a_server_that_asks_for_more_than_a_minute_waits_for_the_next_run(ledger: Ledger) -> None:
    close_with(ledger, 1)
    waited: list[float] = []
    with web(500, (503, {"Retry-After": "30"}), 500) as x:
        waiting = due(ledger, DAY, 4, ["x"])
        deliver_due(
            ledger, {"x": [x.url]}, waiting, compose, AT, Rules(tries=3), loopback_only=True, sleep=waited.append
        )
    assert waited == [2.0, 30.0]
    with web((503, {"Retry-After": "600"})) as x:
        told = run(ledger, {"x": [x.url]})
        assert told["x"].states["failed"] == 1 and len(x.got) == 1


def test_tries_are_bounded_over_all_runs(ledger: Ledger) -> None:
    close_with(ledger, 1)
    with web(otherwise=500) as x:
        for _ in range(5):
            run(ledger, {"x": [x.url]}, Rules(pause=0.0, tries=3, attempts=7))
        assert len(x.got) == 7
    (tried,) = [one for one in sendings(ledger) if one.publication.channel == "x"]
    assert (tried.attempts, tried.publication.state) == (7, "failed") and "HTTP 500" in tried.detail


def test_bad_credentials_stop_a_channel_after_one_try_and_the_next_run_goes_on(ledger: Ledger) -> None:
    close_with(ledger, 1, 2, 3)
    with web(401) as x:
        told = run(ledger, {"x": [x.url]})["x"]
        assert len(x.got) == 1 and "credenciales" in told.problems[0] and "quedan 2" in told.problems[1]
        assert states(ledger, "x") == {"x/1": "failed", "x/2": "planned", "x/3": "planned"}
        run(ledger, {"x": [x.url]})
        assert set(states(ledger, "x").values()) == {"sent"}


def test_a_message_that_is_refused_does_not_hold_the_next(ledger: Ledger) -> None:
    close_with(ledger, 1, 2)
    with web(422, 200) as x:
        run(ledger, {"x": [x.url]})
    assert states(ledger, "x") == {"x/1": "failed", "x/2": "sent"}


def test_what_was_withdrawn_waits_for_nobody(ledger: Ledger) -> None:
    close_with(ledger, 1, 2, 3)
    with web(422, 200, 200) as x:
        run(ledger, {"x": [x.url]})
    assert state_counts(ledger, DAY, 4, ["x", "email"]) == {"failed": 1, "planned": 3}
    assert [name for name, _, _ in troubled(ledger, DAY, 4)] == ["2026-11-23/x/PAL-2026-00001"]
    review.withdraw(ledger, public(1).opportunity_id, review.Said("editor", AT, "estafa"))
    assert state_counts(ledger, DAY, 4, ["x", "email"]) == {"planned": 2} and not troubled(ledger, DAY, 4)


def test_a_dead_channel_and_a_slow_one_hold_nobody(ledger: Ledger) -> None:
    close_with(ledger, 1, 2)
    with web() as x, web("hang") as slow:
        urls = {
            "x": [x.url],
            "whatsapp": [f"{slow.url}?rto=1"],
            "email": [f"mailto://127.0.0.1:{dead_port()}?from=a@b.test&to=c@b.test"],
        }
        told = run(ledger, urls, Rules(tries=1, deadline=20))
        assert told["x"].is_well and len(x.got) == 2 and len(slow.got) == 1
    assert states(ledger) == {
        **{"site/1": "planned", "site/2": "planned", "x/1": "sent", "x/2": "sent"},
        **{"whatsapp/1": "uncertain", "whatsapp/2": "planned", "email/1": "failed", "email/2": "failed"},
    }


def test_a_channel_whose_text_cannot_be_made_is_its_own_trouble(ledger: Ledger) -> None:
    close_with(ledger, 1)

    def broken(publications):
        if publications[0].channel == "x":
            raise ValueError("canary-4711")
        return compose(publications)

    with web() as service:
        urls = {"x": [service.url], "whatsapp": [service.url]}
        told = deliver_due(ledger, urls, due(ledger, DAY, 4, urls), broken, AT, QUICK, loopback_only=True)
    assert [one.is_well for one in told] == [True, False] and "canary" not in repr(told)
    assert states(ledger, "whatsapp") == {"whatsapp/1": "sent"} and states(ledger, "x") == {"x/1": "planned"}


def test_what_is_uncertain_waits_for_a_person(ledger: Ledger) -> None:
    close_with(ledger, 1, 2)
    with web("reset", otherwise=200) as x:
        run(ledger, {"x": [x.url]})
        run(ledger, {"x": [x.url]})
        assert states(ledger, "x") == {"x/1": "uncertain", "x/2": "sent"} and len(x.got) == 2
        name = ["2026-11-23/x/PAL-2026-00001"]
        assert resolve(ledger, name, "failed", "editor", AT, "no está en la cuenta") == 1
        run(ledger, {"x": [x.url]})
        assert states(ledger, "x")["x/1"] == "sent" and len(x.got) == 3
    with pytest.raises(LedgerError, match="cannot go from sent"):
        resolve(ledger, name, "failed", "editor", AT, "")


def test_posted_by_hand_is_not_sent(ledger: Ledger) -> None:
    close_with(ledger, 1)
    resolve(ledger, ["2026-11-23/x/PAL-2026-00001"], "sent", "editor", AT, "publicada a mano")
    with web() as x:
        assert run(ledger, {"x": [x.url]}) == {} and not x.got
    (tried,) = [one for one in sendings(ledger) if one.publication.channel == "x"]
    assert tried.detail == "editor: publicada a mano"


def test_the_address_of_a_post_is_kept_whenever_it_is_told(ledger: Ledger) -> None:
    close_with(ledger, 1)
    name = ["2026-11-23/x/PAL-2026-00001"]

    def told() -> tuple[str, str | None]:
        (row,) = [one for one in ledger.rows(Publication) if one.publication_id == name[0]]
        return row.state, row.address

    def resolve_at(address: str | None) -> int:
        return resolve(ledger, name, "sent", "editor", AT, "", address)

    assert resolve_at(None) == 1 and told() == ("sent", None)
    assert resolve_at("https://x.com/b/status/1") == 1, "told later"
    assert resolve_at("https://x.com/b/status/2") == 1, "put right: the newest counts"
    assert resolve_at("https://x.com/b/status/2") == resolve_at(None) == 0
    assert told() == ("sent", "https://x.com/b/status/2")


# ---------------------------------------------------------------- what must not go out


def test_what_was_withdrawn_while_others_were_sent_is_not(ledger: Ledger) -> None:
    close_with(ledger, 1, 2, 3)
    waiting = due(ledger, DAY, 4, ["x", "email"])
    review.withdraw(ledger, public(2).opportunity_id, review.Said("editor", AT - timedelta(days=1), "estafa"))
    with web() as x, mail() as post_office:
        urls = {"x": [x.url], "email": [post_office.url()]}
        told = {one.channel: one for one in deliver_due(ledger, urls, waiting, compose, AT, QUICK, loopback_only=True)}
        assert x.messages == ["Beca PAL-2026-00001", "Beca PAL-2026-00003"]
        assert post_office.got[0].get_content().strip() == "Beca PAL-2026-00001; Beca PAL-2026-00003"
    assert "retiró" in told["x"].held["2026-11-23/x/PAL-2026-00002"]
    assert states(ledger, "email") == {"email/1": "sent", "email/2": "planned", "email/3": "sent"}


def test_approved_anew_after_a_withdrawal_the_old_text_still_does_not_go(ledger: Ledger) -> None:
    close_with(ledger, 1)
    review.withdraw(ledger, public(1).opportunity_id, review.Said("editor", AT, "error"))
    review.approve(ledger, public(1), review.Said("editor", AT))
    assert "después de planearla" in claim(ledger, ["2026-11-23/x/PAL-2026-00001"], AT)["2026-11-23/x/PAL-2026-00001"]


def test_only_recent_editions_are_sent(ledger: Ledger) -> None:
    """A credential that is switched on does not post the archive."""
    close_with(ledger, 1, day=DAY - timedelta(days=5))
    close_with(ledger, 2, day=DAY)
    close_with(ledger, 3, day=DAY + timedelta(days=1))
    waiting = due(ledger, DAY, 4, ["x"])
    assert [one.code for one in waiting["x"]] == ["PAL-2026-00002"]
    assert [one.code for one in due(ledger, DAY, 5, ["x"])["x"]] == ["PAL-2026-00001", "PAL-2026-00002"]
    assert due(ledger, DAY, 4, ["x"], edition="2026-11-18") == {"x": []}


# ---------------------------------------------------------------- crashes and two at once

SENDER = """
import sys
from boi_pipeline.delivery.deliver import Rules, deliver_due, due
from boi_pipeline.editorial.ledger import Ledger
from tests.delivery.conftest import AT, DAY, compose
with Ledger.open(sys.argv[1]) as ledger:
    urls = {"x": [sys.argv[2]]}
    waiting = due(ledger, DAY, 4, urls)
    print("ready", flush=True)
    sys.stdin.readline()
    for report in deliver_due(ledger, urls, waiting, compose, AT, Rules(pause=0.0, deadline=20), loopback_only=True):
        print(report.states["sent"], flush=True)
"""


def sender(url: str, target: str) -> subprocess.Popen[str]:
    """A real process that sends, once it is told to go."""
    return subprocess.Popen(
        [sys.executable, "-c", SENDER, url, target], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin and process.stdout
    process.stdin.write("go\n")
    process.stdin.flush()


def test_killed_between_sending_and_the_answer_it_is_uncertain_and_never_sent_again(ledger: Ledger, url: str) -> None:
    close_with(ledger, 1, 2)
    with web("hang", otherwise=200) as x:
        process = sender(url, x.url)
        go(process)
        assert x.arrived.wait(60), "it is under way"
        assert states(ledger, "x") == {"x/1": "sending", "x/2": "planned"}, "kept before anything left"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        x.let_go.set()
        run(ledger, {"x": [x.url]})
        assert states(ledger, "x") == {"x/1": "uncertain", "x/2": "sent"}
        assert x.messages == ["Beca PAL-2026-00001", "Beca PAL-2026-00002"]
    (tried,) = [one for one in sendings(ledger) if one.publication.publication_id.endswith("x/PAL-2026-00001")]
    assert "a mitad del envío" in tried.detail


def test_two_senders_at_once_never_send_twice(any_url: str) -> None:
    """As on two machines with one ledger: only the ledger parts them."""
    with Ledger.open(any_url) as ledger, web() as x:
        close_with(ledger, *range(1, 5))
        both = [sender(any_url, x.url) for _ in range(2)]
        for process in both:
            assert process.stdout and process.stdout.readline() == "ready\n"
        for process in both:
            go(process)
        counts = [int(process.communicate(timeout=120)[0]) for process in both]
        assert sum(counts) == 4 and len(x.got) == 4 == len(set(x.messages))


def test_a_claim_is_all_or_none(ledger: Ledger) -> None:
    names = [one.publication_id for one in close_with(ledger, 1, 2) if one.channel == "email"]
    mark(ledger, names[:1], "sent", AT)
    assert list(claim(ledger, names, AT)) == names[:1]
    assert states(ledger, "email") == {"email/1": "sent", "email/2": "planned"}
    with pytest.raises(LedgerError, match="no such publications"):
        claim(ledger, ["2026-11-23/x/NO"], AT)


# ---------------------------------------------------------------- secrets


def test_a_secret_is_nowhere(
    ledger: Ledger, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Not in logs, output, reports or the ledger, whether it works or fails."""
    caplog.set_level(logging.DEBUG)
    close_with(ledger, 1)
    canary = "canary-4711"
    with web(401, "reset", otherwise=200) as x, mail("no login") as post_office:
        secret = x.url.replace("//", f"//ana:{canary}@") + f"{canary}?+X-Token={canary}"
        urls = {
            "x": [secret],
            "whatsapp": [f"{canary}://{canary}", secret],
            "email": [post_office.url(login=f"ana:{canary}@")],
        }
        told = [run(ledger, urls), run(ledger, {"x": [secret]}), run(ledger, {"x": [secret]})]
    kept = "".join(path.read_bytes().decode("latin-1") for path in (tmp_path / "home").iterdir())
    said = capfd.readouterr()
    assert states(ledger) == {"site/1": "planned", "x/1": "uncertain", "whatsapp/1": "failed", "email/1": "failed"}
    for place in (repr(told), caplog.text, said.out, said.err, kept):
        assert canary not in place
