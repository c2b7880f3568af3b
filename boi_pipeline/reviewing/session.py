"""The walk through the queue: shows one call after another, asks what to do, measures the time, keeps each decision at once.

It may be left anywhere, by its key, Ctrl-C or a closed terminal: what was decided is kept, what was not waits. Others may
decide at the same time: what they decided is passed over, and a decision about something else than was shown is refused.
"""

import os
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from boi_pipeline.editorial.amendments import EDITABLE_FIELDS, ReviewError, apply_changes, check_terms
from boi_pipeline.editorial.review import Said
from boi_pipeline.reviewing.deciding import Act, Deed, answer, decide, withdraw
from boi_pipeline.reviewing.queue import Standing, queue_of
from boi_pipeline.reviewing.screen import Screen
from boi_pipeline.reviewing.sheet import Sheet, sheet_of
from boi_pipeline.reviewing.shown import Shown
from boi_pipeline.reviewing.typed import as_yaml, from_yaml
from boi_pipeline.stages.run import Run

KEYS = "[a]probar [e]ditar [g]uardar sin aprobar [r]echazar [d]estacar [q]uitar alerta [x] retirar [v]er todo [s]altar [f]in"
PAIR_KEYS = "[m] es la misma [n]o es la misma [s]altar [f]in"
EDITOR = "nano"
_WAITS = ("new", "changed", "watched")


class Left(Exception):
    """The person left the session."""


@dataclass
class Tally:
    """What a session came to."""

    decided: list[str] = field(default_factory=list)  # "CODE action"
    skipped: int = 0
    passed: int = 0  # others had decided


@dataclass
class Session:
    """One person before one terminal."""

    run: Run
    role: str
    now: Callable[[], datetime]
    screen: Screen
    take_down: Callable[[Run, str], None]  # what is public is made again without a code
    tally: Tally = field(default_factory=Tally)

    def walk(self) -> Tally:
        """Go through what waits, until it is done or the person leaves."""
        with self.run.ledger() as ledger:
            queue = queue_of(self._today(), ledger)
        entries = queue.to_decide
        self.screen.say(f"Esperan {len(entries)} decisiones y {len(queue.questions)} preguntas. Papel: {self.role}.")
        try:
            for number, one in enumerate(entries, 1):
                self._one(one, f"{number} de {len(entries)}")
            for row in queue.questions:
                self._question(row)
        except (Left, KeyboardInterrupt, EOFError):
            self.screen.say()
        self.screen.say(
            f"Decidió {len(self.tally.decided)}, saltó {self.tally.skipped}; {self.tally.passed} ya las decidió otra "
            "persona. Todo lo decidido está guardado."
        )
        return self.tally

    def _today(self) -> Run:
        return replace(self.run, as_of=self.now())

    def _one(self, one: Standing, place: str) -> None:
        changed: dict[str, Any] = {}
        found = self._show(one.code, place)
        if found is None:
            return
        shown, sheet = found
        began = time.monotonic()
        while True:
            key = self._ask(KEYS)
            try:
                if key == "s":
                    self.tally.skipped += 1
                    return
                if key == "v":
                    self.screen.sheet(sheet, whole=True)
                elif key == "e":
                    changed = self._edit(shown, changed)
                elif key == "q":
                    self._clear(shown, began)
                elif key == "x":
                    self._withdraw(shown, began)
                    return
                elif self._keep(key, shown, changed, began):
                    return
                if key != "q":
                    continue
            except ReviewError as error:
                self.screen.say(str(error), "red")
            # somebody decided, the source changed, or a flag is gone: look at it as it is now
            found = self._show(one.code, place, again=shown)
            if found is None:
                return
            shown, sheet = found

    def _show(self, code: str, place: str, again: Shown | None = None) -> tuple[Shown, Sheet] | None:
        """Show a call, unless it waits no longer; shown before and still the same, it is not shown again."""
        run = self._today()
        with run.ledger() as ledger:
            try:
                shown, sheet = sheet_of(run, ledger, code)
            except ReviewError as error:
                self.screen.say(str(error), "red")
                return None
        if sheet.standing.kind not in _WAITS:
            self.tally.passed += 1
            self.screen.say(f"{code}: ya la decidió otra persona.", "dim")
            return None
        if again is None or again.mark != shown.mark:
            self.screen.heading(f"──── {place} ────")
            self.screen.sheet(sheet)
        return shown, sheet

    def _keep(self, key: str, shown: Shown, changed: Mapping[str, Any], began: float) -> bool:
        """Take the decision a key stands for; whether the call is done with."""
        acts: dict[str, Act] = {"a": "approve", "g": "amend", "r": "reject", "d": "feature"}
        act = acts.get(key)
        if act is None:
            self.screen.say(f"«{key}» no es una de las opciones.", "red")
            return False
        reason = self._line("Razón (queda en el libro): " if act == "reject" else "Razón (Intro si no hace falta): ")
        deed = Deed(act, self._said(reason, began), changed if act in ("approve", "amend") else {})
        run = self._today()
        with run.ledger() as ledger:
            decision = decide(run, ledger, shown.code, shown.mark, deed)
        self.tally.decided.append(f"{shown.code} {act}")
        share = f"; cambió {decision.edit_share:.0%} del texto" if decision.edit_share else ""
        self.screen.say(f"{shown.code}: guardado ({act}, {decision.seconds_spent} s{share}).", "green")
        return act in ("approve", "reject")

    def _edit(self, shown: Shown, changed: Mapping[str, Any]) -> dict[str, Any]:
        """Open the person's editor on the fields; what changed, checked but not kept."""
        words = self.screen.words
        labels = {name: words.label(name) for name in EDITABLE_FIELDS}
        start, _, _ = apply_changes(shown.record, changed)
        with tempfile.TemporaryDirectory(prefix="boi-review-") as folder:
            path = Path(folder) / f"{shown.code}.yaml"
            path.write_text(as_yaml(start, labels), encoding="utf-8")
            command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or EDITOR)
            try:
                subprocess.run([*command, str(path)], check=True)
            except (OSError, subprocess.CalledProcessError) as error:
                raise ReviewError(f"El editor no se pudo abrir o falló ({error}). Revise EDITOR.") from None
            found = from_yaml(path.read_text(encoding="utf-8"), start, self.run.entity.zone)
        check_terms(shown.code, found, self.run.entity.vocabularies)
        whole = {**changed, **found}
        _, proposed, written = apply_changes(shown.record, whole)
        for name in written.keys() - {"digital_source_type"}:
            self.screen.say(
                f"  {labels[name]}: «{words.of(name, proposed[name])}» → «{words.of(name, written[name])}»", "yellow"
            )
        self.screen.say("Nada se guarda hasta que apruebe o guarde." if written else "Sin cambios.")
        return whole

    def _clear(self, shown: Shown, began: float) -> None:
        standing = shown.standing_flags
        if not standing:
            raise ReviewError(f"{shown.code}: no tiene alertas por despejar.")
        words = self.screen.words
        for number, flag in enumerate(standing, 1):
            self.screen.say(f"  {number}. {words.of('red_flags', flag)} ({flag})")
        chosen = self._line("¿Cuál despeja? (número): ")
        if not chosen.isdigit() or not 1 <= int(chosen) <= len(standing):
            raise ReviewError("No se despejó ninguna.")
        reason = self._line("¿Por qué no aplica? (queda en el libro): ")
        deed = Deed("clear-flag", self._said(reason, began), flags=[standing[int(chosen) - 1]])
        run = self._today()
        with run.ledger() as ledger:
            decide(run, ledger, shown.code, shown.mark, deed)
        self.tally.decided.append(f"{shown.code} clear-flag")

    def _withdraw(self, shown: Shown, began: float) -> None:
        reason = self._line("¿Por qué se retira? (queda en el libro): ")
        run = self._today()
        with run.ledger() as ledger:
            withdraw(ledger, shown.code, self._said(reason, began))
        self.tally.decided.append(f"{shown.code} withdraw")
        self.take_down(run, shown.record.opportunity_id)

    def _question(self, row: dict[str, Any]) -> None:
        self.screen.heading("¿Son la misma convocatoria?")
        self.screen.question(row)
        began = time.monotonic()
        while (key := self._ask(PAIR_KEYS)) not in ("m", "n", "s"):
            self.screen.say(f"«{key}» no es una de las opciones.", "red")
        if key == "s":
            self.tally.skipped += 1
            return
        said = self._said(self._line("Razón (Intro si no hace falta): "), began)
        run = self._today()
        with run.ledger() as ledger:
            answer(run, ledger, [row["item_id"], row["other_item_id"]], said, same=key == "m")
        self.tally.decided.append(f"{row['code']} {row['other_code']} {'same' if key == 'm' else 'not_same'}")

    def _said(self, reason: str, began: float) -> Said:
        return Said(self.role, self.now(), reason, round(time.monotonic() - began))

    def _ask(self, keys: str) -> str:
        key = self._line(f"{keys}: ")[:1].lower()
        if key == "f":
            raise Left
        return key

    def _line(self, prompt: str) -> str:
        self.screen.out.print(prompt, end="")
        return input().strip()
