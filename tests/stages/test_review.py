"""``boi review`` on a real home: what an editor sees, decides and takes down, and what a source cannot change behind it."""

import json
import re
import shutil
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from boi_pipeline.editorial import review
from boi_pipeline.editorial.verify import verify
from boi_pipeline.lock import hold, release
from boi_pipeline.records import Decision, Edition, Identity, Publication, Snapshot
from boi_pipeline.reviewing.queue import queue_of
from boi_pipeline.reviewing.shown import find
from boi_pipeline.stages import crawling, editing
from boi_pipeline.stages.run import Run, iter_notices
from tests.stages.conftest import Told, run_boi
from tests.stages.drive import Place, in_child, run_stages, run_to_the_end
from tests.stages.mini import BODY, ENTITY, _page, write_entity
from tests.stages.terminal import terminal

pytestmark = pytest.mark.xdist_group("review")  # one worker: the two days are run once
TUESDAY = date(2026, 11, 24)
PHISHING = "https://fondos-ensayo.phishing.example/entrar"
NO_TYPE = (
    "Convocatoria abierta. Convoca la Fundación Ensayo. Las postulaciones se reciben hasta el 9 de enero de 2027 a las "
    "17:00 (hora de Quito). Pueden participar personas y organizaciones de todos los países de América Latina."
)
# like the fund for water, at another source, so that a person is asked
TOLD_AGAIN = (
    "<item><guid>otra-vez</guid><title>Fondo de agua potable para organizaciones</title>"
    "<link>http://becas.ensayo.test/otra-vez</link><pubDate>Mon, 23 Nov 2026 10:00:00 +0000</pubDate>"
    "<description>La Fundación Ensayo entrega hasta 20.000 dólares a organizaciones sin ánimo de lucro. Hasta el 10 de enero "
    "de 2027. Países de América Latina.</description></item>"
)
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def write_web(folder: Path) -> None:
    """The mini entity with a call of no type, a hostile one, one told twice, one called off, and a second day on which a page is swapped."""
    root = write_entity(folder)
    (root / "entity.yaml").write_text(
        ENTITY.lstrip("\n").replace("2026-11-23: day1", "2026-11-23: day1, 2026-11-24: day2")
    )
    index = root / "web/day1/fondos.ensayo.test/index.html"
    pages = {
        "llamado": ("Llamado de la Fundación Ensayo para el agua en las ciudades", NO_TYPE),
        "raro": (
            "Fondo &#27;[31mrojo&#27;[0m de pozos &#x202e;sozop",
            "Vea &#27;]8;;http://malo.example&#27;\\este enlace&#27;]8;;&#27;\\ y &#x9b;31m. "
            + BODY.format(what="El fondo entrega hasta 9.000 dólares a organizaciones", day=14),
        ),
        "mapas": (  # that of the year before was
            "Beca de cartografía de ríos",
            BODY.format(what="La beca entrega 3.000 dólares a estudiantes de cartografía", day=20),
        ),
    }
    for slug, (title, text) in pages.items():
        index.write_text(index.read_text().replace("</ul>", f'<li><a href="/{slug}">{title}</a></li></ul>'))
        note = "<p>Estado: Cancelada</p>" if slug == "mapas" else ""
        body = f'<h1>{title}</h1>{note}<p>{text}</p><p><a href="/{slug}/postular">Postular</a></p>'
        (index.parent / f"{slug}.html").write_text(_page(title, body))
    feed = root / "web/day1/becas.ensayo.test/feed.xml"
    feed.write_text(feed.read_text().replace("</channel>", f"{TOLD_AGAIN}</channel>"))
    page = (index.parent / "fondo-agua.html").read_text()
    swapped = root / "web/day2/fondos.ensayo.test/fondo-agua.html"
    swapped.parent.mkdir(parents=True)
    swapped.write_text(
        page.replace("/fondo-agua/postular", PHISHING).replace("20.000", "90.000").replace("10 de", "28 de")
    )


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home after its first day: two calls published, one rejected, five wait."""
    root = tmp_path_factory.mktemp("review")
    write_web(root / "entities")
    place = Place(root / "home", root / "entities")
    assert in_child(lambda: run_to_the_end(place.new_run())) == 0
    return place


@pytest.fixture(scope="module")
def tuesday(monday: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The same home a day later: the page of a published call was swapped in the night."""
    place = Place(tmp_path_factory.mktemp("tuesday") / "home", monday.entities)
    shutil.copytree(monday.home, place.home, symlinks=True)

    def work() -> None:
        run = place.new_run(TUESDAY)
        run_stages(run, last="crawl")
        list(crawling.recheck(run, crawling.recheck_targets(run)))  # what is published and open is visited each day
        run_stages(run, first="read")

    assert in_child(work) == 0
    return place


@pytest.fixture
def own(monday: Place, tmp_path: Path) -> Iterator[Place]:
    """A copy of the first day's home, to decide in."""
    place = Place(tmp_path / "home", monday.entities)
    shutil.copytree(monday.home, place.home, symlinks=True)
    yield place
    release(place.new_run().home.lock)


def boi(place: Place, *arguments: str, code: int = 0) -> Told:
    told = run_boi(place.home, "review", *arguments, entities=place.entities)
    assert told.code == code, told.out + told.err
    assert "Traceback" not in told.err
    return told


def codes(place: Place) -> dict[str, str]:
    """The last part of an item's key → the code of its opportunity."""
    with place.new_run().ledger() as ledger:
        return {one.anchor_item_id.rpartition("/")[2]: one.code for one in ledger.rows(Identity)}


def mark(place: Place, code: str, run: Run | None = None) -> str:
    run = run or place.new_run()
    with run.ledger() as ledger:
        return find(run, ledger, code).mark


def waiting(place: Place) -> list[str]:
    run = place.new_run()
    with run.ledger() as ledger:
        return [one.code for one in queue_of(run, ledger).waiting]


def decisions(place: Place, code: str) -> list[Decision]:
    with place.new_run().ledger() as ledger:
        return list(find(place.new_run(), ledger, code).history)


def public_text(place: Place) -> str:
    """Everything that anybody can read: the site, and what is published for all and for publishing jobs."""
    home = place.new_run().home
    site = [path.read_bytes().decode("utf-8", "replace") for path in sorted(home.site.rglob("*")) if path.is_file()]
    tables = [
        str(pq.read_table(path).to_pylist())
        for folder in ("curated", "open-data")
        for path in sorted((home.published / "current" / folder).glob("*.parquet"))
    ]
    others = [
        path.read_bytes().decode("utf-8", "replace")
        for path in sorted((home.published / "current" / "open-data").rglob("*"))
        if path.is_file()
    ]
    return "\n".join([*site, *tables, *others])


# ---------------------------------------------------------------- what is shown


def test_what_waits_is_in_the_published_order_with_its_score_in_words(monday: Place) -> None:
    code = codes(monday)
    queue = boi(monday, "list", "--json").json
    waiting = queue["waiting"]
    waits = ("beca-2", "premio-rios", "llamado", "raro", "otra-vez")
    assert {one["code"] for one in waiting} == {code[name] for name in waits}
    assert [one["position"] for one in waiting] == [1, 2, 3, 4, 5]
    assert [one["score"] for one in waiting] == sorted((one["score"] for one in waiting), reverse=True)
    from_here = {one["code"] for one in waiting if "puede aplicar desde aquí (+30)" in one["explanation"]}
    assert from_here == {code[name] for name in waits if name != "otra-vez"}
    (untyped,) = [one for one in waiting if one["code"] == code["llamado"]]
    assert "Falta: Tipo." in untyped["reasons"]
    assert [one["code"] for one in queue["held"]] == [code["llamado"]], "its check holds it back, and says what to do"
    assert queue["changed"] == queue["watched"] == queue["approved"] == []
    words = boi(monday).out
    assert "Esperan decisión: 5" in words and "55 puntos: cierra en" in words, "without a terminal it lists"


def test_each_field_stands_beside_the_words_that_prove_it_in_their_place(monday: Place) -> None:
    sheet = boi(monday, "show", codes(monday)["premio-rios"], "--json").json
    (amount,) = [one for one in sheet["fields"] if one["name"] == "max_award_amount"]
    proof = amount["evidence"][0]
    assert amount["value"] == "5 000" and "5.000 dólares" in proof["quote"]
    assert proof["before"] + proof["quote"] + proof["after"] in sheet["notice"]
    assert {
        "for": "Aplicar",
        "url": "http://fondos.ensayo.test/premio-rios/postular",
        "domain": "fondos.ensayo.test",
    } in (sheet["links"])
    assert [one["item_id"] for one in sheet["items"]] == ["fondos/http://fondos.ensayo.test/premio-rios"]
    draft = dict(sheet["draft"])
    assert "11 ene 2027" in draft["Cierre"] and "Etiqueta" in draft and draft["Resumen"]
    words = boi(monday, "show", codes(monday)["premio-rios"]).out
    assert "«El premio entrega 5.000 dólares" in words and f"Marca de lo que ve: {sheet['mark']}" in words


@pytest.mark.parametrize("arguments", [("list",), ("list", "--json"), ("show", "raro"), ("show", "raro", "--json")])
def test_nothing_a_stranger_wrote_moves_the_terminal(monday: Place, arguments: tuple[str, ...]) -> None:
    named = [codes(monday).get(one, one) for one in arguments]
    told = boi(monday, *named)
    assert codes(monday)["raro"] in told.out
    assert not RAW.search(told.out)


def test_what_nobody_approved_is_in_nothing_public(monday: Place) -> None:
    code, text = codes(monday), public_text(monday)
    for slug in ("beca-2", "premio-rios", "llamado", "raro", "curso-mapas"):
        assert code[slug] not in text and code[slug].lower() not in text, f"{slug} waits, or was rejected"
    for words in (
        "Beca 2 de maestría",
        "periodismo sobre ríos",
        "Llamado de la Fundación",
        "pozos",
        "mapas comunitarios",
    ):
        assert words not in text
    assert code["beca-1"] in text and "Beca 1 de maestría" in text


# ---------------------------------------------------------------- deciding


def test_a_decision_is_bound_to_what_the_person_saw(own: Place) -> None:
    code = codes(own)["premio-rios"]
    seen = mark(own, code)
    assert "qué vio" in boi(own, "approve", code, "--seen", "nada", code=1).err
    assert "cambió desde que la vio" in boi(own, "approve", code, "--seen", f"{'0' * 12}-0", code=1).err
    assert decisions(own, code) == []
    told = boi(
        own, "approve", code, "--seen", seen, "--set", "title_es=Premio de periodismo para contar los ríos",
        "--set", "audiences=citizens, academia", "--reason", "Más claro", "--seconds", "95", "--role", "coordinator", "--json",
    ).json  # fmt: skip
    assert (told["role"], told["seconds_spent"], told["reason"]) == ("coordinator", 95, "Más claro")
    assert json.loads(told["changed"])["audiences"] == ["citizens", "academia"]
    assert json.loads(told["proposed"])["title_es"] == "Premio en agua — Fundación Ensayo"
    assert 0 < told["edit_share"] < 1
    again = boi(own, "reject", code, "--seen", seen, "--reason", "No aplica", code=1).err
    assert "alguien decidió sobre ella: approve (coordinator)" in again
    assert [one.action for one in decisions(own, code)] == ["approve"]
    assert code in {one["code"] for one in boi(own, "list", "--json").json["approved"]}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--set", "opportunity_type=regalo"], "scholarship (Beca)"),
        (["--set", "deadlines=mañana"], "2027-01-15 23:59 Europe/Berlin"),
        (["--set", "deadlines=2026-01-15"], "ya pasó"),
        (["--set", "max_award_amount=1.200"], "puede ser 1200"),
        (["--set", "codigo=1"], "uno de estos campos"),
        (["--set", "apply_url=javascript:alert(1)"], "http"),
        (["--role", "Ana Pérez"], "nunca el nombre"),
        (["--role", "ana@ensayo.example"], "nunca el nombre"),
        (["--reason", "Lo dijo ana.perez@correo.example, tel. 300 555 0101"], "nunca se borra"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(monday: Place, given: list[str], told: str) -> None:
    code = codes(monday)["beca-2"]
    found = boi(monday, "approve", code, "--seen", mark(monday, code), *given, code=1)
    assert told in found.err
    assert decisions(monday, code) == []


def test_a_call_of_unknown_type_is_approved_once_a_person_gives_it_and_goes_out(own: Place) -> None:
    code = codes(own)["llamado"]
    assert "falta opportunity_type" in boi(own, "approve", code, "--seen", mark(own, code), code=1).err
    boi(own, "approve", code, "--seen", mark(own, code), "--set", "opportunity_type=fund")
    assert in_child(lambda: run_stages(own.new_run(TUESDAY), first="decide")) == 0
    with own.new_run().ledger() as ledger:
        assert code in {one.code for one in ledger.rows(Publication, edition_id="2026-11-24")}
    assert (own.new_run().home.site / f"oportunidades/{code.lower()}/index.html").is_file()
    curated = pq.read_table(own.new_run().home.published / "current/curated/opportunities.parquet").to_pylist()
    assert {row["code"]: row["opportunity_type"] for row in curated}[code] == "fund"


def test_a_call_wrongly_taken_for_cancelled_goes_out_once_a_person_approves_it(own: Place) -> None:
    code = codes(own)["mapas"]
    assert code not in waiting(own), "nobody has to decide about what its source called off"
    (told,) = boi(own, "list", "--json").json["cancelled"]
    assert told["code"] == code and "«Estado: Cancelada»" in told["reasons"][0]
    shown = boi(own, "show", code).out
    assert "cancelada, según su fuente" in shown and "Por eso no sale. Si no es cierto, apruébela" in shown
    boi(own, "approve", code, "--seen", mark(own, code), "--reason", "Se canceló la del año pasado.")
    queue = boi(own, "list", "--json").json
    assert queue["cancelled"] == []
    (waits,) = [one for one in queue["approved"] if one["code"] == code]
    assert waits["reasons"][0].endswith("Quien la aprobó lo descartó.") and "próxima edición" in waits["reasons"][1]
    assert in_child(lambda: run_stages(own.new_run(TUESDAY), first="decide")) == 0
    page = (own.new_run().home.site / f"oportunidades/{code.lower()}/index.html").read_text(encoding="utf-8")
    assert "cartografía" in page and "fue cancelada" not in page


def test_answers_about_two_announcements_are_kept_by_their_codes(own: Place) -> None:
    code = codes(own)
    boi(own, "not-same", code["beca-1"], code["beca-2"], "--reason", "Son dos becas")
    told = boi(own, "same", "becas/beca-1", code["fondo-agua"].lower())
    assert told.out.startswith(f"becas/beca-1 / {code['fondo-agua']}: misma convocatoria")
    with own.new_run().ledger() as ledger:
        found = [(one.action, one.item_ids) for one in ledger.rows(Decision) if one.item_ids]
    assert found == [
        ("not_same", ["becas/beca-1", "becas/beca-2"]),
        ("same", ["becas/beca-1", "fondos/http://fondos.ensayo.test/fondo-agua"]),
    ]
    assert "no hay ninguna oportunidad" in boi(own, "same", code["beca-1"], "MIN-2026-99999", code=1).err


# ---------------------------------------------------------------- taking down at once


def test_a_withdrawal_takes_a_call_out_of_everything_public_at_once(own: Place) -> None:
    code = codes(own)["fondo-agua"]
    with own.new_run().ledger() as ledger:
        before = (ledger.rows(Edition), ledger.rows(Publication))
        title = find(own.new_run(), ledger, code).record.title_es
    told = boi(own, "withdraw", code, "--reason", "Era una estafa", "--json").json
    assert (told["site"], told["tables"], told["problems"]) == (True, True, [])
    text = public_text(own)
    assert title not in text and "fondo-agua" not in text and "20.000" not in text
    stone = (own.new_run().home.site / f"oportunidades/{code.lower()}/index.html").read_text()
    assert "retir" in stone.lower(), "its tombstone stays"
    with own.new_run().ledger() as ledger:
        assert (ledger.rows(Edition), ledger.rows(Publication)) == before, "no edition is closed and none is changed"
        assert [
            one.check for one in verify(ledger, {n.item_id for n in iter_notices(own.new_run())}) if not one.passed
        ] == []


def test_while_a_run_holds_the_home_the_site_is_put_right_and_the_rest_is_said(own: Place) -> None:
    code, home = codes(own)["fondo-agua"], own.new_run().home
    hold(home.lock, "boi run")
    found = boi(own, "withdraw", code, "--reason", "Era una estafa", "--wait", "0", code=1)
    assert "la decisión está guardada" in found.out and "boi review remake" in found.err and "boi run" in found.err
    page = (home.site / f"oportunidades/{code.lower()}/index.html").read_text()
    assert "20.000" not in page
    curated = home.published / "current/curated/opportunities.parquet"
    assert code in pq.read_table(curated)["code"].to_pylist()
    release(home.lock)
    assert "Tablas y datos abiertos: rehechos" in boi(own, "remake").out
    assert code not in pq.read_table(curated)["code"].to_pylist()


# ---------------------------------------------------------------- the session


def editor(folder: Path, before: str, after: str) -> str:
    """A program that edits the file it is given, as a person would."""
    path = folder / "editor"
    path.write_text(f'#!/bin/sh\nsed -i "s/{before}/{after}/" "$1"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_session_walks_the_queue_edits_decides_and_measures_the_time(own: Place, tmp_path: Path) -> None:
    more = {"EDITOR": editor(tmp_path, "^title_es: .*", "title_es: Un título que escribió una persona"), "VISUAL": ""}
    order, asked = waiting(own), boi(own, "list", "--json").json["questions"]
    typed = codes(own)["llamado"]
    with terminal(own.home, own.entities, "review", "--role", "coordinator", more=more) as screen:
        for code in order:
            shown = screen.until("[f]in: ")
            assert f"{code} ·" in shown and "Marca de lo que ve" in shown
            if code == typed:
                screen.type("a")
                screen.until("Razón (Intro si no hace falta): ")
                screen.type("")
                assert "falta opportunity_type" in screen.until("[f]in: ")
                screen.type("s")
            elif code == order[-1]:
                screen.type("r")
                screen.until("Razón (queda en el libro): ")
                screen.type("")
                assert "diga por qué" in screen.until("[f]in: ")
                screen.type("r")
                screen.until("Razón (queda en el libro): ")
                screen.type("No aplica")
            else:
                screen.type("e")
                assert "Un título que escribió una persona" in screen.until("[f]in: ")
                screen.type("a")
                screen.until("Razón (Intro si no hace falta): ")
                screen.type("Más claro")
        for _ in asked:
            assert "¿Son la misma convocatoria?" in screen.until("[f]in: ")
            screen.type("n")
            screen.until("Razón (Intro si no hace falta): ")
            screen.type("Son dos")
        screen.until(f"Decidió {4 + len(asked)}, saltó 1")
        assert screen.end() == 0
    for code in order:
        kept = decisions(own, code)
        if code == typed:
            assert kept == []
            continue
        (one,) = kept
        assert one.role == "coordinator" and one.seconds_spent is not None
        assert (one.action, one.reason) == (("reject", "No aplica") if code == order[-1] else ("approve", "Más claro"))
        if one.action == "approve":
            with own.new_run().ledger() as ledger:
                (snapshot,) = ledger.rows(Snapshot, snapshot_sha256=one.snapshot_sha256 or "")
            assert review.snapshot_content(snapshot).title_es == "Un título que escribió una persona"
            assert one.edit_share and one.edit_share > 0
    with own.new_run().ledger() as ledger:
        answers = [one.reason for one in ledger.rows(Decision) if one.action == "not_same"]
    assert asked and answers == ["Son dos"] * len(asked)
    assert boi(own, "list", "--json").json["questions"] == [], "what was answered is asked no more"


def test_two_editors_at_once_do_not_undo_each_other_and_leaving_loses_nothing(own: Place) -> None:
    order = waiting(own)
    with terminal(own.home, own.entities, "review", "next") as screen:
        screen.until("[f]in: ")
        for code in order[:2]:
            boi(own, "reject", code, "--seen", mark(own, code), "--reason", "No aplica", "--role", "coordinator")
        screen.type("a")
        screen.until("Razón (Intro si no hace falta): ")
        screen.type("")
        told = screen.until("[f]in: ")
        assert "alguien decidió sobre ella: reject (coordinator)" in told
        assert told.count("ya la decidió otra persona") == 2, (
            "neither the one on the screen nor the next is decided again"
        )
        assert f"{order[2]} ·" in told
        screen.type("d")
        screen.until("Razón (Intro si no hace falta): ")
        screen.type("Urge")
        screen.until("[f]in: ")
        screen.interrupt()
        assert "Decidió 1" in screen.until("está guardado")
        assert screen.end() == 0
    assert [[one.action for one in decisions(own, code)] for code in order[:3]] == [["reject"], ["reject"], ["feature"]]


# ---------------------------------------------------------------- what a source does after approval


def test_a_page_swapped_after_approval_changes_nothing_public_but_what_it_says_of_its_date(
    monday: Place, tuesday: Place
) -> None:
    code = codes(tuesday)["fondo-agua"]
    text = public_text(tuesday)
    assert "phishing.example" not in text and "90.000" not in text
    page = (tuesday.new_run().home.site / f"oportunidades/{code.lower()}/index.html").read_text()
    assert "http://fondos.ensayo.test/fondo-agua/postular" in page and "20.000" in page
    assert "La fuente indica ahora" in page and "28 ene 2027" in page
    feed = json.loads((tuesday.new_run().home.site / "feed.json").read_text())
    assert [one for one in feed["items"] if code.lower() in one["url"] and "20.000" in json.dumps(one)]


def test_an_editor_sees_the_swap_with_both_quotes_and_cannot_approve_it_unseen(monday: Place, tuesday: Place) -> None:
    code = codes(tuesday)["fondo-agua"]
    before = boi(monday, "show", code, "--json").json["mark"]
    shutil.copytree(
        monday.new_run().home.folder / "review", tuesday.new_run().home.folder / "review", dirs_exist_ok=True
    )
    (entry,) = [one for one in boi(tuesday, "list", "--json").json["changed"] if one["code"] == code]
    assert any("Enlace para aplicar" in reason and "Monto máximo" in reason for reason in entry["reasons"])
    sheet = boi(tuesday, "show", code, "--json").json
    told: dict[str, dict[str, Any]] = {one["label"]: one for one in sheet["changes"]}
    assert told["Enlace para aplicar"]["new"] == PHISHING
    assert (
        "20.000 dólares" in told["Monto máximo"]["old_quote"] and "90.000 dólares" in told["Monto máximo"]["new_quote"]
    )
    assert {"Cambió el enlace", "Amplió el cierre"} <= {word.rstrip(".").partition(":")[0] for word in entry["reasons"]}
    refused = boi(tuesday, "approve", code, "--seen", before, code=1).err
    assert "cambió desde que la vio" in refused and PHISHING in refused
    assert len(decisions(tuesday, code)) == 1


def test_what_is_approved_anew_goes_out_as_a_correction_that_says_so(tuesday: Place, tmp_path: Path) -> None:
    place = Place(tmp_path / "home", tuesday.entities)
    shutil.copytree(tuesday.home, place.home, symlinks=True)
    code = codes(place)["fondo-agua"]
    right = "--set", "apply_url=http://fondos.ensayo.test/fondo-agua/postular"
    run = place.new_run(TUESDAY)
    with run.ledger() as ledger:
        flags = find(run, ledger, code).standing_flags
    for flag in flags:
        boi(place, "clear-flag", code, flag, "--seen", mark(place, code, run), "--reason", "Se llamó a la fundación")
    boi(place, "approve", code, "--seen", mark(place, code, run), *right)
    with run.ledger() as ledger:
        before = ledger.rows(Publication)
    told = boi(place, "correct", "--json").json
    assert (told["edition"], told["corrections"], told["problems"]) == ("2026-11-24-2", [code], [])
    with run.ledger() as ledger:
        assert ledger.rows(Publication)[: len(before)] == before, "what was published stays as it was"
    page = (run.home.site / f"oportunidades/{code.lower()}/index.html").read_text()
    assert "Corrige la nota publicada el 23 de noviembre de 2026" in page
    assert "90.000" in page and "phishing.example" not in page
    assert "No hay correcciones" in boi(place, "correct").out, "asked again, it changes nothing"
    assert [one.publication_id for one in editing.close_edition(run).publications] == [
        one.publication_id for one in before if one.edition_id == "2026-11-24"
    ]
