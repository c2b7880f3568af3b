"""``boi review``: what awaits an editor, one call with its evidence, and the decision, in Spanish.

Thin over ``boi_pipeline.reviewing``; on a terminal, without a command, it walks through what waits.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boi_pipeline.cli.shared import EditorsEntity, EditorsJson, open_run, print_json

if TYPE_CHECKING:
    from boi_pipeline.editorial.ledger import Ledger
    from boi_pipeline.records import Decision
    from boi_pipeline.reviewing.deciding import Act
    from boi_pipeline.stages.run import Run
    from boi_pipeline.stages.taking_down import TakenDown

review_app = typer.Typer(help="Revisar y decidir: aprobar, corregir, rechazar, retirar.", invoke_without_command=True)

Code = Annotated[str, typer.Argument(metavar="CÓDIGO", help="Código público, por ejemplo PAL-2026-00012.")]
Seen = Annotated[str, typer.Option("--seen", help="La marca que mostró `boi review show`: lo que usted vio.")]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="campo=valor. Listas separadas por comas; estructuras en JSON; un cierre: 2027-01-15 23:59 Europe/Berlin.",
    ),
]
Reason = Annotated[str, typer.Option("--reason", help="Por qué; queda en el libro para siempre, sin datos personales.")]
Role = Annotated[
    str, typer.Option("--role", envvar="BOI_ROLE", help="Papel de quien decide (editor, coordinator); nunca un nombre.")
]
Seconds = Annotated[int | None, typer.Option("--seconds", min=0, help="Segundos dedicados a decidir.")]


@review_app.callback()
def review(
    context: typer.Context, entity: EditorsEntity = None, role: Role = "editor", as_json: EditorsJson = False
) -> None:
    """En una terminal, recorre lo que espera; si no, lo enumera."""
    if context.invoked_subcommand is not None:
        return
    if not as_json and sys.stdin.isatty() and sys.stdout.isatty():
        walk(entity, role)
    else:
        list_waiting(entity, 20, as_json)


@review_app.command("list")
def list_waiting(
    entity: EditorsEntity = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="Cuántas de cada parte; 0: todas.")] = 20,
    as_json: EditorsJson = False,
) -> None:
    """Lo que espera a una persona, en el orden publicado, con el puntaje explicado."""
    from dataclasses import asdict

    from boi_pipeline.reviewing.queue import queue_of
    from boi_pipeline.reviewing.screen import Screen
    from boi_pipeline.reviewing.words import Words

    with opened(entity) as (run, ledger):
        queue = queue_of(run, ledger)
    if as_json:
        print_json({name: entries[: limit or None] for name, entries in asdict(queue).items()})
    else:
        Screen(Words(run.entity)).queue(queue, limit or sys.maxsize)


@review_app.command("show")
def show(
    code: Code,
    entity: EditorsEntity = None,
    whole: Annotated[bool, typer.Option("--whole", help="Muestra el aviso entero.")] = False,
    as_json: EditorsJson = False,
) -> None:
    """Una convocatoria: aviso, lectura con sus citas, historia, y cómo se leerá."""
    from dataclasses import asdict

    from boi_pipeline.reviewing.screen import Screen
    from boi_pipeline.reviewing.sheet import sheet_of
    from boi_pipeline.reviewing.words import Words

    with opened(entity) as (run, ledger):
        shown, sheet = sheet_of(run, ledger, code)
    if as_json:
        print_json(asdict(sheet) | {"record": shown.record.model_dump(mode="json")})
    else:
        Screen(Words(run.entity)).sheet(sheet, whole=whole)


@review_app.command("next")
def walk(entity: EditorsEntity = None, role: Role = "editor") -> None:
    """Recorre lo que espera, pregunta qué hacer y mide el tiempo. Se puede dejar en cualquier punto."""
    from boi_pipeline.reviewing.screen import Screen
    from boi_pipeline.reviewing.session import Session
    from boi_pipeline.reviewing.words import Words
    from boi_pipeline.settings import settings
    from boi_pipeline.stages.run import Run, instant_of

    run = open_run(entity, None)
    screen = Screen(Words(run.entity))

    def now() -> datetime:
        return instant_of(settings(), run.entity, now=datetime.now(UTC))

    def take_down(at: Run, opportunity_id: str) -> None:
        _tell_taken_down(at, opportunity_id, _remade(at, 600))

    with run.ledger():  # so that it is there, and up to date, before anybody reads
        pass
    Session(run, role, now, screen, take_down).walk()


@review_app.command("approve")
def approve(
    code: Code,
    seen: Seen,
    change: Sets = None,
    reason: Reason = "",
    role: Role = "editor",
    seconds: Seconds = None,
    entity: EditorsEntity = None,
    as_json: EditorsJson = False,
) -> None:
    """Aprobar lo que se vio, con sus cambios: lo público sale de aquí."""
    _decide("approve", code, seen, change, (), reason, role, seconds, entity, as_json)


@review_app.command("amend")
def amend(
    code: Code,
    seen: Seen,
    change: Sets = None,
    reason: Reason = "",
    role: Role = "editor",
    seconds: Seconds = None,
    entity: EditorsEntity = None,
    as_json: EditorsJson = False,
) -> None:
    """Corregir campos sin aprobar."""
    _decide("amend", code, seen, change, (), reason, role, seconds, entity, as_json)


@review_app.command("reject")
def reject(
    code: Code,
    seen: Seen,
    reason: Reason,
    role: Role = "editor",
    seconds: Seconds = None,
    entity: EditorsEntity = None,
    as_json: EditorsJson = False,
) -> None:
    """Decidir que no se publica."""
    _decide("reject", code, seen, None, (), reason, role, seconds, entity, as_json)


@review_app.command("feature")
def feature(
    code: Code,
    seen: Seen,
    reason: Reason = "",
    role: Role = "editor",
    seconds: Seconds = None,
    entity: EditorsEntity = None,
    as_json: EditorsJson = False,
) -> None:
    """Ponerla antes que las demás de su edición; la aprobación va aparte."""
    _decide("feature", code, seen, None, (), reason, role, seconds, entity, as_json)


@review_app.command("clear-flag")
def clear_flag(
    code: Code,
    flag: Annotated[list[str], typer.Argument(metavar="ALERTA…", help="Nombre de la alerta, como lo dice show.")],
    seen: Seen,
    reason: Reason,
    role: Role = "editor",
    seconds: Seconds = None,
    entity: EditorsEntity = None,
    as_json: EditorsJson = False,
) -> None:
    """Decir que una alerta se revisó y no aplica."""
    _decide("clear-flag", code, seen, None, flag, reason, role, seconds, entity, as_json)


@review_app.command("same")
def same(
    names: Annotated[list[str], typer.Argument(metavar="CÓDIGO CÓDIGO…", help="Códigos, o anuncios (fuente/clave).")],
    reason: Reason = "",
    role: Role = "editor",
    seconds: Seconds = None,
    entity: EditorsEntity = None,
    as_json: EditorsJson = False,
) -> None:
    """Decir que son la misma convocatoria; se unen en la próxima ejecución."""
    _answer(names, reason, role, seconds, entity, as_json, same=True)


@review_app.command("not-same")
def not_same(
    names: Annotated[list[str], typer.Argument(metavar="CÓDIGO CÓDIGO…", help="Códigos, o anuncios (fuente/clave).")],
    reason: Reason = "",
    role: Role = "editor",
    seconds: Seconds = None,
    entity: EditorsEntity = None,
    as_json: EditorsJson = False,
) -> None:
    """Decir que no son la misma convocatoria; quedan separadas."""
    _answer(names, reason, role, seconds, entity, as_json, same=False)


@review_app.command("withdraw")
def withdraw(
    code: Code,
    reason: Reason,
    role: Role = "editor",
    seconds: Seconds = None,
    wait: Annotated[int, typer.Option("--wait", min=0, help="Segundos que se espera a una ejecución en curso.")] = 600,
    entity: EditorsEntity = None,
    as_json: EditorsJson = False,
) -> None:
    """Retirar ya una publicación: sitio, feeds, tablas y datos abiertos. Queda su lápida. Código 1 si algo quedó público."""
    from boi_pipeline.editorial.review import Said
    from boi_pipeline.reviewing.deciding import withdraw as keep

    with opened(entity) as (run, ledger):
        decision = keep(ledger, code, Said(role, run.as_of, reason, seconds))
    opportunity_id = decision.opportunity_id or ""
    done = _remade(run, wait)
    if as_json:
        from boi_pipeline.stages.taking_down import sent_elsewhere

        print_json({**_told(decision, code), **vars(done), "sent_on": sent_elsewhere(run, opportunity_id)})
    else:
        typer.echo(f"{code.upper()}: retirada; la decisión está guardada.")
        _tell_taken_down(run, opportunity_id, done)
    raise typer.Exit(1 if done.problems else 0)


@review_app.command("correct")
def correct(
    wait: Annotated[int, typer.Option("--wait", min=0, help="Segundos que se espera a una ejecución en curso.")] = 600,
    entity: EditorsEntity = None,
    as_json: EditorsJson = False,
) -> None:
    """Publicar ya las correcciones aprobadas, en otra edición de hoy; sin esto salen con la próxima del día."""
    from boi_pipeline.stages.editing import close_corrections
    from boi_pipeline.stages.taking_down import TakenDown

    run = open_run(entity, None)
    result = close_corrections(run)
    done = _remade(run, wait) if result.edition else TakenDown()
    edition = result.edition.edition_id if result.edition else None
    if as_json:
        print_json({"edition": edition, "corrections": result.corrections, "reason": result.reason, **vars(done)})
    else:
        typer.echo(f"Edición {edition}: {', '.join(result.corrections)}." if edition else result.reason)
        _tell_taken_down(run, "", done)
        if edition:
            typer.echo("Para enviarlas a los canales: boi publish send.")
    raise typer.Exit(1 if done.problems else 0)


@review_app.command("remake")
def remake(
    wait: Annotated[int, typer.Option("--wait", min=0, help="Segundos que se espera a una ejecución en curso.")] = 600,
    entity: EditorsEntity = None,
    as_json: EditorsJson = False,
) -> None:
    """Rehacer lo público con lo decidido: tras un retiro que no se pudo mostrar. Ni cierra edición ni envía nada."""
    run = open_run(entity, None)
    done = _remade(run, wait)
    if as_json:
        print_json(vars(done))
    else:
        _tell_taken_down(run, "", done)
    raise typer.Exit(1 if done.problems else 0)


# ---------------------------------------------------------------- shared by the commands


@contextmanager
def opened(entity: str | None) -> "Iterator[tuple[Run, Ledger]]":
    """The run and its open ledger. Raises LedgerError where there is none yet: looking makes none."""
    from boi_pipeline.ledger_care import existing_ledger

    run = open_run(entity, None)
    with existing_ledger(run) as ledger:
        yield run, ledger


def _decide(
    act: "Act",
    code: str,
    seen: str,
    change: list[str] | None,
    flags: "list[str] | tuple[()]",
    reason: str,
    role: str,
    seconds: int | None,
    entity: str | None,
    as_json: bool,
) -> None:
    from boi_pipeline.editorial.review import Said
    from boi_pipeline.reviewing.deciding import Deed, decide
    from boi_pipeline.reviewing.typed import from_pairs

    with opened(entity) as (run, ledger):
        changed = from_pairs(change or [], run.entity.zone)
        deed = Deed(act, Said(role, run.as_of, reason, seconds), changed, flags)
        decision = decide(run, ledger, code, seen, deed)
    _tell(decision, code, as_json)


def _answer(
    names: list[str],
    reason: str,
    role: str,
    seconds: int | None,
    entity: str | None,
    as_json: bool,
    *,
    same: bool,
) -> None:
    from boi_pipeline.editorial.review import Said
    from boi_pipeline.reviewing.deciding import answer

    with opened(entity) as (run, ledger):
        decision = answer(run, ledger, names, Said(role, run.as_of, reason, seconds), same=same)
    _tell(decision, " / ".join(names), as_json)


def _tell(decision: "Decision", about: str, as_json: bool) -> None:
    if as_json:
        print_json(_told(decision, about))
        return
    share = f" Cambió {decision.edit_share:.0%} del texto." if decision.edit_share else ""
    done = {
        "approve": "aprobada; sale en la próxima edición, o como corrección si ya estaba publicada.",
        "amend": "corregida; espera aprobación.",
        "reject": "rechazada; no se publica.",
        "feature": "destacada; va antes que las demás cuando se apruebe.",
        "clear_flag": "alerta despejada.",
        "same": "misma convocatoria; se unen en la próxima ejecución.",
        "not_same": "convocatorias distintas; quedan separadas.",
    }
    typer.echo(f"{_named(about)}: {done[decision.action]}{share}")


def _told(decision: "Decision", about: str) -> dict[str, Any]:
    return {"code": _named(about), **decision.model_dump(mode="json")}


def _named(about: str) -> str:
    """Codes in capitals, announcements as they are written."""
    return " / ".join(name if "/" in name else name.upper() for name in about.split(" / "))


def _remade(run: "Run", wait: float) -> "TakenDown":
    from boi_pipeline.stages.taking_down import remake_public

    return remake_public(run, wait, lambda words: typer.echo(words, err=True))


def _tell_taken_down(run: "Run", opportunity_id: str, done: "TakenDown") -> None:
    from boi_pipeline.stages.taking_down import sent_elsewhere

    if done.site:
        typer.echo("Sitio, feeds y archivos: rehechos.")
    if done.tables:
        typer.echo("Tablas y datos abiertos: rehechos.")
    for problem in done.problems:
        typer.echo(f"OJO: {problem}", err=True)
    if channels := sent_elsewhere(run, opportunity_id):
        typer.echo(f"Ya había salido por {', '.join(channels)}: bórrela allí a mano.")
