"""``boi week``: candidates for the weekly article, what a person picked and why, and closing the week. In Spanish.

Thin over ``stages.week``; after a week is closed the bulletin is made again at once, through ``taking_down``.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boi_pipeline.cli.shared import EditorsDate, EditorsEntity, EditorsJson, UsageError, open_run, print_json

if TYPE_CHECKING:
    from boi_pipeline.stages.run import Run
    from boi_pipeline.stages.week import Week

week_app = typer.Typer(
    help="El artículo semanal: elegir las cinco, decir por qué y cerrar la semana.", no_args_is_help=True
)

WeekOption = Annotated[
    str | None, typer.Option("--week", metavar="SEMANA", help="Semana ISO, por ejemplo 2026-W48; si no, la de hoy.")
]
Role = Annotated[
    str, typer.Option("--role", envvar="BOI_ROLE", help="Papel de quien decide (editor, coordinator); nunca un nombre.")
]


@week_app.command("candidates")
def list_candidates(
    week: WeekOption = None, entity: EditorsEntity = None, date: EditorsDate = None, as_json: EditorsJson = False
) -> None:
    """Lo que se puede elegir: lo publicado esa semana y lo que sigue abierto, con su puntaje explicado."""
    from boi_pipeline.publishing.text import one_line
    from boi_pipeline.stages.week import candidates

    run, chosen = _opened(entity, date, week)
    found = candidates(run, chosen)
    if as_json:
        rows = [
            {
                "position": one.ranked.position,
                "code": one.ranked.candidate.code,
                "title": one.snapshot.title_es,
                "published_on": one.published_on,
                "is_this_week": one.is_this_week,
                "is_open": one.is_open,
                "score": one.ranked.score,
                "explanation": one.ranked.explanation,
                "picked": one.picked.position if one.picked else None,
            }
            for one in found
        ]
        print_json({"week": chosen, "candidates": rows})
        return
    if not found:
        typer.echo(f"No hay nada que elegir para la semana {chosen}: nada se publicó en ella ni sigue abierto.")
        return
    for one in found:
        picked = f" · elegida en el puesto {one.picked.position}" if one.picked else ""
        closed = "" if one.is_open else " · ya no está abierta"
        typer.echo(f"{one.ranked.position}. {one.ranked.candidate.code} · {one_line(one.snapshot.title_es)}")
        typer.echo(f"   Publicada el {one.published_on}{picked}{closed}. {one.ranked.explanation}")
    typer.echo('Elija con: boi week pick CÓDIGO --why "Una frase que diga por qué."')


@week_app.command("pick")
def pick(
    code: Annotated[str, typer.Argument(metavar="CÓDIGO", help="Código público, por ejemplo PAL-2026-00012.")],
    why: Annotated[str | None, typer.Option("--why", help="Por qué, en una frase completa: el público la lee.")] = None,
    position: Annotated[int | None, typer.Option("--position", help="Puesto, de 1 a 5; si no, el último.")] = None,
    out: Annotated[bool, typer.Option("--out", help="Sacarla de la lista en vez de ponerla.")] = False,
    week: WeekOption = None,
    role: Role = "editor",
    entity: EditorsEntity = None,
    date: EditorsDate = None,
    as_json: EditorsJson = False,
) -> None:
    """Elegir una convocatoria para el artículo, moverla, cambiar su motivo, o sacarla con --out."""
    from boi_pipeline.stages.week import choose, leave_out

    if out == bool(why):
        raise UsageError("diga --why con el motivo, o --out para sacarla de la lista")
    run, chosen = _opened(entity, date, week)
    if out:
        leave_out(run, chosen, code, role)
    else:
        choose(run, chosen, code, why or "", role, position)
    _tell(run, chosen, as_json)


@week_app.command("show")
def show(
    week: WeekOption = None, entity: EditorsEntity = None, date: EditorsDate = None, as_json: EditorsJson = False
) -> None:
    """Las elegidas de una semana, con sus motivos, y cuántas palabras tiene el artículo."""
    run, chosen = _opened(entity, date, week)
    _tell(run, chosen, as_json)


@week_app.command("close")
def close(
    week: WeekOption = None,
    wait: Annotated[int, typer.Option("--wait", min=0, help="Segundos que se espera a una ejecución en curso.")] = 600,
    entity: EditorsEntity = None,
    date: EditorsDate = None,
    as_json: EditorsJson = False,
) -> None:
    """Cerrar la semana para siempre con lo elegido, y hacer el artículo. Repetirlo no cambia nada."""
    from boi_pipeline.stages.taking_down import TakenDown, remake_public
    from boi_pipeline.stages.week import close_week

    run, chosen = _opened(entity, date, week)
    result = close_week(run, chosen)
    tell = (lambda words: None) if as_json else typer.echo
    done = remake_public(run, wait, tell) if result.edition else TakenDown()
    codes = [one.code for one in result.publications if one.channel == "article"]
    if as_json:
        print_json(
            {
                "week": chosen,
                "closed": result.edition is not None,
                "already_closed": result.already_closed,
                "reason": result.reason,
                "codes": codes,
                "warnings": result.warnings,
                "problems": done.problems,
            }
        )
    else:
        typer.echo(result.reason or f"Semana {chosen} cerrada con {len(codes)}: {', '.join(codes)}.")
        for words in [*result.warnings, *done.problems]:
            typer.echo(f"  {words}")
        if done.site:
            typer.echo(f"El artículo está en {run.home.site / 'articulos' / chosen / 'index.html'}")
    raise typer.Exit(1 if done.problems or result.edition is None else 0)


def _opened(entity: str | None, date: str | None, week: str | None) -> "tuple[Run, str]":
    """The run and the week that is meant. Raises LedgerError where there is no ledger yet."""
    from boi_pipeline.ledger_care import existing_ledger
    from boi_pipeline.stages.week import week_now

    run = open_run(entity, date)
    existing_ledger(run).close()
    return run, week or week_now(run)


def _tell(run: "Run", week: str, as_json: bool) -> None:
    from boi_pipeline.publishing.text import one_line  # what was scraped cannot move the terminal's cursor
    from boi_pipeline.stages.week import shown_week

    shown = shown_week(run, week)
    if as_json:
        print_json(_as_json(shown))
        return
    when = f"cierra el {shown.closes_on}" if shown.closes_on else "no tiene día hábil en que cerrar"
    state = "cerrada: ya no cambia" if shown.is_closed else when
    typer.echo(f"Semana {week} ({state}). Elegidas: {len(shown.picks)} de 5.")
    for code, title, one in shown.picks:
        typer.echo(f"{one.position}. {code} · {one_line(title)}\n   {one_line(one.why)}")
    if shown.word_count:
        typer.echo(f"El artículo {'tiene' if shown.is_closed else 'tendría'} {shown.word_count} palabras.")
    for words in shown.warnings:
        typer.echo(f"  {words}")


def _as_json(shown: "Week") -> dict[str, Any]:
    picks = [{"code": code, "title": title, **asdict(one)} for code, title, one in shown.picks]
    return {**asdict(shown), "picks": picks}
