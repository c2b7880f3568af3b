"""``boi publish``: sending to the channels, the state of what was sent, and what a person found out. Thin over ``delivery``.

Without a command it runs the publish job, as ``boi run --only publish`` does.
"""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from boi_pipeline.cli.shared import DateOption, EntityOption, JsonOption, UsageError, open_run, print_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boi_pipeline.delivery.steps import Delivery, Preview
    from boi_pipeline.settings import DeliverySettings
    from boi_pipeline.stages.run import Run

publish_app = typer.Typer(help="Run the publish job; send posts to their channels and record what happened to them.")

ChannelOption = Annotated[list[str] | None, typer.Option("--channel", "-c", help="Only this channel; may be repeated.")]
EditionOption = Annotated[str | None, typer.Option("--edition", help="Only this edition, e.g. 2026-11-23 or 2026-W48.")]


@publish_app.callback(invoke_without_command=True)
def publish(
    context: typer.Context, entity: EntityOption = None, date: DateOption = None, as_json: JsonOption = False
) -> None:
    """Run the publish job: close the day's edition, make the bulletin, send it. What waits in the inbox stays there."""
    if context.invoked_subcommand is None:
        from boi_pipeline.cli.app import run

        run(entity=entity, only="publish", date=date, as_json=as_json)


@publish_app.command()
def send(
    channel: ChannelOption = None,
    edition: EditionOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be sent; send and write nothing.")
    ] = False,
    entity: EntityOption = None,
    date: DateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send what is due on the channels with credentials (BOI_DELIVER_<CHANNEL>); exits with 1 if a person must look."""
    from boi_pipeline.delivery.steps import deliver, preview, refresh_outbox

    run, settings = _opened(entity, date, channel)
    _check_edition(run, edition)
    if dry_run:
        _print_preview(preview(run, settings, channels=channel, edition=edition), as_json)
        return
    delivery = deliver(run, settings, channels=channel, edition=edition)
    if delivery.channels or delivery.interrupted:
        refresh_outbox(run)
    _print_delivery(delivery, as_json)
    raise typer.Exit(0 if delivery.is_well else 1)


@publish_app.command()
def status(
    edition: EditionOption = None,
    channel: ChannelOption = None,
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the state of each edition on each channel, with attempts and the last error."""
    from boi_pipeline.cli.terminal import print_table
    from boi_pipeline.delivery.steps import ADVICE, standing

    run, settings = _opened(entity, None, channel)
    _check_edition(run, edition)
    rows = [
        one for one in standing(run) if edition in (None, one.edition_id) and (not channel or one.channel in channel)
    ]
    if as_json:
        print_json(
            {
                "with_credentials": settings.channels,
                "channels": [
                    {
                        "edition": one.edition_id,
                        "channel": one.channel,
                        "states": dict(one.states),
                        "attempts": one.attempts,
                        "is_recent": one.is_recent,
                        "troubled": [
                            {"publication": name, "state": state, "detail": why} for name, state, why in one.troubled
                        ],
                    }
                    for one in rows
                ],
            }
        )
        return
    told = [
        [
            one.edition_id,
            one.channel,
            _counted(one.states)
            + ("" if one.is_recent or not one.states.get("planned") else " (fuera de plazo: ya no se envían)"),
            one.attempts,
        ]
        for one in rows
    ]
    print_table(["edición", "canal", "publicaciones", "intentos"], told)
    for one in rows:
        for name, state, why in one.troubled:
            typer.echo(f"{name}: {_STATES[state][0]}. {why}")
    typer.echo(f"\nCon credenciales: {', '.join(settings.channels) or 'ningún canal'}.")
    if any(state == "uncertain" for one in rows for _, state, _ in one.troubled):
        typer.echo(ADVICE)


@publish_app.command()
def resolve(
    publications: Annotated[
        list[str],
        typer.Argument(
            help="Publications (2026-11-23/x/BOI-2026-00001), or a channel of an edition (2026-11-23/email)."
        ),
    ],
    role: Annotated[str, typer.Option("--role", help="Role of who says so: editor, coordinator; never a name.")],
    sent: Annotated[bool, typer.Option("--sent", help="It is out: delivered, or posted by hand.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="It is not out, and may be sent again.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="What was found, in a few words.")] = "",
    address: Annotated[
        str | None,
        typer.Option("--address", help="The post's address on its platform: it links the post's figures to the call."),
    ] = None,
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record what happened to posts that are uncertain, or were posted by hand."""
    from boi_pipeline.delivery.steps import refresh_outbox, settle
    from scrapers.urls import post_address

    if sent == failed:
        raise UsageError("expected one of --sent and --failed")
    if address is not None:
        if failed:
            raise UsageError("--address is of a post that is out: expected --sent")
        try:
            address = post_address(address)
        except ValueError as error:
            raise UsageError(f"--address {address}: {error}") from None
    state: Literal["sent", "failed"] = "sent" if sent else "failed"
    run = open_run(entity, None)
    names, changed = settle(run, publications, state, role, reason, address)
    is_shown = not changed or refresh_outbox(run)
    if as_json:
        print_json({"state": state, "publications": names, "changed": changed})
    else:
        typer.echo(f"{_counted({state: len(names)})}; {changed} de ellas lo son desde ahora.")
        if not is_shown:
            typer.echo("Hay una ejecución en curso: la página de outbox/ lo mostrará cuando termine.")


_STATES = {
    "planned": ("por enviar", "por enviar"),
    "sending": ("en envío", "en envío"),
    "sent": ("enviada", "enviadas"),
    "failed": ("fallida", "fallidas"),
    "uncertain": ("incierta", "inciertas"),
    "held": ("que ya no se envía", "que ya no se envían"),
}  # of one publication, of several


def _counted(states: "Mapping[str, int]") -> str:
    return ", ".join(f"{count} {_STATES[state][count != 1]}" for state, count in states.items())


def _opened(entity: str | None, date: str | None, channels: list[str] | None) -> "tuple[Run, DeliverySettings]":
    from boi_pipeline.settings import DELIVERED_CHANNELS, settings

    run = open_run(entity, date)
    for one in channels or []:
        if one not in DELIVERED_CHANNELS:
            raise UsageError(f"--channel {one}: expected one of {', '.join(DELIVERED_CHANNELS)}")
    return run, settings().delivery


def _check_edition(run: "Run", edition: str | None) -> None:
    from boi_pipeline.ledger_care import existing_ledger
    from boi_pipeline.records import Edition

    if edition is None:
        return
    with existing_ledger(run) as ledger:
        known = [one.edition_id for one in ledger.rows(Edition)]
    if edition not in known:
        raise UsageError(f"--edition {edition}: no such edition; the newest are {', '.join(known[-5:]) or 'none yet'}")


def _print_preview(found: "Preview", as_json: bool) -> None:
    if as_json:
        messages = [
            {
                "channel": one.channel,
                "edition": one.edition_id,
                "publications": list(one.publication_ids),
                "to": found.targets[one.channel],
                "title": one.title,
                "body": one.body,
                "html": one.html,
                "pictures": [{"name": picture.name, "bytes": len(picture.content)} for picture in one.pictures],
                "link": one.link,
                "length": one.length,
                "limit": one.limit,
            }
            for one in found.messages
        ]
        print_json({"messages": messages, "held": found.held})
        return
    for one in found.messages:
        where = ", ".join(found.targets[one.channel]) or "a mano, sin credenciales"
        limit = f" de {one.limit}" if one.limit else ""
        typer.echo(f"── {one.channel} · {one.edition_id} · {where} · {one.length}{limit} caracteres")
        typer.echo(f"   {', '.join(one.publication_ids)}")
        for picture in one.pictures:
            typer.echo(f"   imagen: {picture.name}, {len(picture.content):,} bytes")
        if one.title:
            typer.echo(f"   asunto: {_shown(one.title)}")
        typer.echo(f"\n{_shown(one.body)}\n")
    for name, why in found.held.items():
        typer.echo(f"no se enviaría {name}: {why}")
    typer.echo(f"{len(found.messages)} mensajes. No se envió ni se anotó nada.")


def _print_delivery(delivery: "Delivery", as_json: bool) -> None:
    from boi_pipeline.delivery.steps import ADVICE

    if as_json:
        print_json(
            {
                "success": delivery.is_well,
                "reason": delivery.reason,
                "interrupted": delivery.interrupted,
                "channels": {
                    one.channel: {"states": dict(one.states), "held": one.held, "problems": one.problems}
                    for one in delivery.channels
                },
            }
        )
        return
    for name in delivery.interrupted:
        typer.echo(f"{name}: quedó a mitad de un envío anterior y ahora es incierta.")
    for one in delivery.channels:
        typer.echo(f"{one.channel}: {_counted(one.states) or 'nada enviado'}")
        for told in [*one.problems, *(f"{name}: {why}" for name, why in one.held.items())]:
            typer.echo(f"  {told}")
    if delivery.reason:
        typer.echo(delivery.reason)
    if delivery.interrupted or any(one.states["uncertain"] for one in delivery.channels):
        typer.echo(ADVICE)


def _shown(text: str) -> str:
    """A text that is harmless in a terminal."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
