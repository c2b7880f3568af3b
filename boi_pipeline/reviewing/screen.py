"""What an editor sees in a terminal: the queue and one sheet, in Spanish.

Everything shown may have been written by a stranger: it goes out as plain text, never as markup, without characters that
move the cursor, hide or turn what is around them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from boi_pipeline.publishing.text import one_line, plain
from boi_pipeline.reviewing.queue import Queue, Standing
from boi_pipeline.reviewing.sheet import Context, Sheet
from boi_pipeline.reviewing.words import NOTHING, Words
from boi_pipeline.spanish import short_date

NOTICE_SHOWN = 3000
"""How many characters of a notice are shown unless all of it is asked for."""
_STANDING = {
    "new": "nueva",
    "changed": "cambió desde que se aprobó",
    "watched": "publicada; su fuente cambió",
    "approved": "aprobada",
    "published": "publicada",
    "rejected": "rechazada",
    "withdrawn": "retirada",
    "coming": "anunciada; aún no abre",
    "cancelled": "cancelada, según su fuente",
    "closed": "cerrada o ya no está",
}
_JOINED_BY = {
    "alone": "sola",
    "number": "por su número",
    "text": "por su texto",
    "link": "por su enlace",
    "title_funder_date": "por título, convocante y cierre",
    "model": "lo opinó un modelo de lenguaje",
    "score": "por parecido",
    "register": "por el registro",
    "person": "lo dijo una persona",
}
"""Why an announcement belongs to its call (``Match.reason``)."""


def console() -> Console:
    """A terminal that takes nothing it prints for markup, a link or an emoji."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


class Screen:
    """Prints for an editor."""

    def __init__(self, words: Words, out: Console | None = None) -> None:
        self.words = words
        self.out = out or console()

    def say(self, words: str = "", style: str = "") -> None:
        """One harmless line, with the spaces it begins with."""
        indent = words[: len(words) - len(words.lstrip(" "))]
        self.out.print(Text(indent + one_line(words), style=style))

    def heading(self, words: str) -> None:
        """A heading after an empty line."""
        self.out.print()
        self.say(words, "bold")

    def pairs(self, rows: Iterable[tuple[str, str]]) -> None:
        """Names and values, one a line."""
        for name, value in rows:
            self.out.print(Text.assemble((f"  {one_line(name)}: ", "cyan"), one_line(value)))

    # ------------------------------------------------------------ the queue

    def queue(self, queue: Queue, limit: int) -> None:
        """Every part of what waits, its first ones."""
        parts = [
            ("Cambiaron desde que se aprobaron", queue.changed),
            ("Publicadas cuya fuente cambió", queue.watched),
            ("Esperan decisión", queue.waiting),
            ("Aprobadas, por salir", queue.approved),
            ("Anunciadas, aún no abren", queue.coming),
            ("Canceladas, según su fuente", queue.cancelled),
            ("Retenidas por una verificación", queue.held),
        ]
        for name, entries in parts:
            if entries:
                self.heading(f"{name}: {len(entries)}")
                for one in entries[:limit]:
                    self.standing(one)
                if len(entries) > limit:
                    self.say(f"  … y {len(entries) - limit} más (--limit 0 las muestra todas).")
        if queue.questions:
            self.heading(f"¿Son la misma convocatoria? {len(queue.questions)}")
            for row in queue.questions[:limit]:
                self.question(row)
        if queue.oddities:
            self.heading(f"Lo que la comparación no decidió: {len(queue.oddities)}")
            for row in queue.oddities[:limit]:
                self.say(f"  {row['code'] or row['item_id']}: {row['detail']}")
        if not queue.to_decide and not queue.questions:
            self.say("Nada espera decisión.")

    def standing(self, one: Standing) -> None:
        """One opportunity of the queue, with its score in words."""
        place = f"{one.position:>3}. " if one.position else "     "
        self.out.print(Text.assemble(place, (one.code, "bold"), f" {one_line(one.title)} ({one_line(one.type_label)})"))
        if one.explanation:
            self.say(f"     {one.explanation}", "dim")
        for reason in one.reasons:
            self.out.print(Text(f"     {one_line(reason)}", style="yellow"))

    def question(self, row: dict[str, Any]) -> None:
        """Two announcements that may be one call, with what speaks for and against."""
        self.say(f"  {row['code']} / {row['other_code']} · probabilidad {row['chance']:.0%}", "bold")
        for code, title, source, url in (
            (row["code"], row["title"], row["source_name"], row["url"]),
            (row["other_code"], row["other_title"], row["other_source_name"], row["other_url"]),
        ):
            self.say(f"    {code}: {title} ({source}) {url}")
        for name, told in (("A favor", row["speaks_for"]), ("En contra", row["speaks_against"])):
            if told:
                self.say(f"    {name}: {'; '.join(told)}")

    # ------------------------------------------------------------ one sheet

    def sheet(self, sheet: Sheet, *, whole: bool = False) -> None:
        """One opportunity: what it says, what proves it, what was decided, how it will read."""
        self.heading(f"{sheet.code} · {sheet.title}")
        self.say(f"  {_STANDING[sheet.standing.kind]} · {sheet.standing.explanation}", "dim")
        for reason in sheet.standing.reasons:
            self.say(f"  {reason}", "yellow")
        self._notice(sheet, whole)
        self.heading("Lo que se leyó")
        for one in sheet.fields:
            if one.value == NOTHING and not (one.is_missing or one.is_unclear):
                continue
            marks = [
                words
                for words, holds in (
                    ("FALTA", one.is_missing),
                    ("el lector dudó", one.is_unclear),
                    ("lo escribió una persona", one.is_carried),
                )
                if holds
            ]
            self.pairs([(one.label, f"{one.value}{' [' + ', '.join(marks) + ']' if marks else ''}")])
            for proof in one.evidence:
                self._proof(proof)
        self._doubts(sheet)
        self.heading("A dónde lleva")
        self.pairs((one["for"], f"{one['url']} → {one['domain']}") for one in sheet.links)
        self._others(sheet)
        self._history(sheet)
        self.heading("Así se leerá")
        self.pairs(sheet.draft)
        self.out.print()
        self.say(f"Marca de lo que ve: {sheet.mark}", "bold")

    def _notice(self, sheet: Sheet, whole: bool) -> None:
        self.heading(f"El aviso ({sheet.notice_id.partition('@')[0]})")
        text = plain(sheet.notice).replace("\t", " ")
        shown = text if whole else text[:NOTICE_SHOWN]
        for line in shown.splitlines():
            self.out.print(Text(f"  │ {line}"))
        if len(shown) < len(text):
            self.say(f"  │ … {len(text) - len(shown)} caracteres más (--whole los muestra).", "dim")

    def _proof(self, proof: Context) -> None:
        self.out.print(
            Text.assemble(
                "      …",
                (one_line(proof.before)[-80:] + " " * proof.before[-1:].isspace(), "dim"),
                ("«" + one_line(proof.quote) + "»", "bold green"),
                (" " * proof.after[:1].isspace() + one_line(proof.after)[:80], "dim"),
                "…",
            )
        )

    def _doubts(self, sheet: Sheet) -> None:
        if sheet.flags:
            self.heading("Alertas")
            for one in sheet.flags:
                self.say(f"  {one['flag']}: {one['label']} {'(despejada)' if one['is_cleared'] else '(por despejar)'}")
                for proof in one["evidence"]:
                    self._proof(proof)
        if sheet.changes:
            self.heading("Cambió desde que se aprobó")
            for one in sheet.changes:
                self.say(f"  {one.label}: «{one.old}» → «{one.new}»", "yellow")
                self.pairs((name, f"«{quote}»") for name, quote in _quotes(one.old_quote, one.new_quote))
        if sheet.states:
            self.heading("Qué pasó en su fuente")
            for row in sheet.states:
                moved = f": {self.words.moved(row)}" if row["new_value"] else ""
                quote = f" «{row['quote']}»" if row["quote"] else ""
                self.say(f"  {self.words.term('opportunity_states', row['state'])}{moved}{quote}")
        if sheet.conflicts:
            self.heading("Las fuentes no dicen lo mismo")
            for row in sheet.conflicts:
                clash = "se contradicen" if row["is_conflict"] else "una es más precisa"
                self.say(f"  {self.words.label(row['field'])} ({clash})")
                self.pairs(
                    [
                        (f"{row['source_name']} (se muestra)", f"{row['value_es']} «{row['quote'] or ''}»"),
                        (row["other_source_name"], f"{row['other_value_es']} «{row['other_quote'] or ''}»"),
                    ]
                )
        if sheet.held_back:
            self.heading("La retiene una verificación")
            for advice in sheet.held_back:
                self.say(f"  {advice}", "yellow")

    def _others(self, sheet: Sheet) -> None:
        self.heading(f"Anuncios de esta convocatoria: {len(sheet.items)}")
        for row in sheet.items:
            gone = " · ya no está" if row["is_vanished"] else ""
            authority = self.words.term("authorities", row["authority"])
            why = _JOINED_BY.get(row["reason"], row["reason"])
            self.say(f"  {row['item_id']} ({authority}, {why}{gone}) {row['url']}")
        for row in sheet.opinions:
            self.say(
                f"  Un modelo opina que son la misma: {row['item_id']} «{row['quote']}» y {row['other_item_id']} «{row['other_quote']}»"
            )
        for row in sheet.relations:
            words = "es la edición anterior de" if row["relation"] == "previous_edition_of" else "vea también"
            self.say(f"  {row['code']} {words} {row['related_code']}: {row['related_title']}")
        for row in sheet.questions:
            self.question(row)

    def _history(self, sheet: Sheet) -> None:
        if sheet.versions:
            self.heading("Qué cambió en su fuente")
            for row in sheet.versions:
                when = short_date(row["changed_at"].date())
                moved = f"«{row['old_value_es'] or NOTHING}» → «{row['new_value_es'] or NOTHING}»"
                self.say(f"  {when} {self.words.label(row['field'])}: {moved}")
        if sheet.decisions:
            self.heading("Qué se decidió")
            for row in sheet.decisions:
                action = self.words.term("decision_actions", row["action"])
                self.say(f"  {_day(row['at'])} {action} ({row['role']}). {row['reason']}")
                for change in row["changed"]:
                    self.say(f"    {change}")
        if sheet.publications:
            editions = dict.fromkeys(row["edition"] for row in sheet.publications)
            self.say(f"  Publicada en: {', '.join(editions)}")


def _quotes(old: str, new: str) -> list[tuple[str, str]]:
    return [(name, quote) for name, quote in (("  decía", old), ("  dice", new)) if quote]


def _day(at: datetime) -> str:
    return short_date(at.date())
