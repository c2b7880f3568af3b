"""What waits for a person: new calls in the published order, what changed since approval, what is asked, what is held back.

The tables say what the sources say, as of the last run; the ledger says what people decided, as of now: what was decided
a moment ago waits no longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

from boi_pipeline.editorial.amendments import REQUIRED_FIELDS
from boi_pipeline.editorial.edition import SITE
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.ranking import Candidate, rank
from boi_pipeline.editorial.review import ReviewState, review_state
from boi_pipeline.records import Decision, Publication, Snapshot
from boi_pipeline.reviewing.shown import Shown, changes_of, shown_of
from boi_pipeline.reviewing.words import Words
from boi_pipeline.spanish import short_date
from boi_pipeline.stages.editing import held_back, status_for_people
from boi_pipeline.stages.run import Run
from boi_pipeline.stages.tables import warehouse_rows

Kind = Literal[
    "new", "changed", "watched", "approved", "published", "rejected", "withdrawn", "coming", "cancelled", "closed"
]


@dataclass(frozen=True)
class Standing:
    """Where one opportunity stands, and why a person should look at it."""

    opportunity_id: str
    code: str
    kind: Kind
    title: str
    type_label: str
    days_left: int | None
    reasons: list[str]  # in words, the most urgent first
    position: int | None = None  # among those that wait
    score: int | None = None
    explanation: str = ""


@dataclass(frozen=True)
class Queue:
    """Everything that waits, each part in the order to look at it."""

    changed: list[Standing] = field(default_factory=list)  # approved, and the source says something else since
    watched: list[Standing] = field(default_factory=list)  # published, and something happened at the source
    waiting: list[Standing] = field(default_factory=list)  # new, by the entity's published rules
    approved: list[Standing] = field(default_factory=list)  # for the next edition, or as a correction
    coming: list[Standing] = field(default_factory=list)  # announced by their sources, and not open yet
    cancelled: list[Standing] = field(default_factory=list)  # by their sources, and nobody approved them since
    questions: list[dict[str, Any]] = field(default_factory=list)  # may be one call?
    oddities: list[dict[str, Any]] = field(default_factory=list)  # what matching would not decide
    held: list[Standing] = field(default_factory=list)  # in quarantine, with the check's advice

    @property
    def to_decide(self) -> list[Standing]:
        """What a session walks through, each once."""
        return list({one.code: one for one in [*self.changed, *self.watched, *self.waiting]}.values())


@dataclass(frozen=True)
class _People:
    """What the ledger says."""

    states: dict[str, ReviewState]
    snapshots: list[Snapshot]
    out: dict[str, str]  # opportunity → snapshot that is on the site
    answered: set[frozenset[str]]  # pairs of announcements


def queue_of(run: Run, ledger: Ledger) -> Queue:
    """What waits in a home now. Raises FileNotFoundError where nothing was collected yet."""
    people = _people(ledger)
    rows = {row["opportunity_id"]: row for row in warehouse_rows(run, _ROWS)}
    watched = _watched(run)
    advice = held_back(run)
    approved = {name for name, state in people.states.items() if state.status == "approved"}
    cleared = {name for name, state in people.states.items() if state.cleared_flags}
    shown = shown_of(run, ledger, (approved | cleared) & rows.keys())
    words = Words(run.entity)
    questions = [row for row in warehouse_rows(run, _QUESTIONS) if frozenset(_pair(row)) not in people.answered]
    told = _Told(words, people, watched, advice, questions)
    found = [told.standing(row, shown.get(name)) for name, row in rows.items()]
    ranked = _ranked((one, rows[one.opportunity_id]) for one in found if one.kind in ("new", "changed"))
    placed = [ranked.get(one.opportunity_id, one) for one in found]
    by_place = sorted(placed, key=lambda one: (one.position or len(rows) + 1, one.code))

    def of(*kinds: Kind) -> list[Standing]:
        return [one for one in by_place if one.kind in kinds]

    return Queue(
        changed=of("changed"),
        watched=of("watched"),
        waiting=of("new"),
        approved=of("approved"),
        coming=of("coming"),
        cancelled=of("cancelled"),
        questions=questions,
        oddities=warehouse_rows(run, "from marts.match_conflicts order by all"),
        held=[one for one in by_place if one.opportunity_id in advice and one.kind not in ("rejected", "withdrawn")],
    )


def standing_of(run: Run, ledger: Ledger, shown: Shown) -> Standing:
    """Where one opportunity stands; its score counts it alone, without the others of its type before it."""
    people, identifier = _people(ledger), shown.record.opportunity_id
    (row,) = warehouse_rows(run, f"from ({_ROWS}) where opportunity_id = ?", identifier)
    questions = [row for row in warehouse_rows(run, _QUESTIONS) if frozenset(_pair(row)) not in people.answered]
    told = _Told(Words(run.entity), people, _watched(run), held_back(run), questions)
    found = told.standing(row, shown)
    return _ranked([(found, row)])[identifier]


_ROWS = (
    "select o.opportunity_id, o.code, o.title, o.title_es, o.summary_es, o.eligibility_es, o.opportunity_type, "
    "o.home_eligible, o.funding_level, o.status, o.days_left, o.authority, o.is_vanished, o.red_flags, "
    "o.unclear_fields, o.conflict_fields, o.has_unapproved_changes, o.reviewed_at, i.is_opportunity, s.opening_date, "
    "s.otherwise_status, c.since_at as cancelled_at, c.quote as cancelled_quote "
    "from marts.opportunities o join intermediate.int_opportunities i using (opportunity_id) "
    "join intermediate.int_status s using (opportunity_id) "
    "left join intermediate.int_cancellations c using (opportunity_id) order by o.code"
)
_QUESTIONS = "from marts.match_questions order by chance desc, item_id, other_item_id"


def _people(ledger: Ledger) -> _People:
    decisions, snapshots = ledger.rows(Decision), ledger.rows(Snapshot)
    answered = {
        frozenset(pair)
        for one in decisions
        if one.action in ("same", "not_same")
        for pair in combinations(sorted(one.item_ids), 2)
    }
    out = {row.opportunity_id: row.snapshot_sha256 for row in ledger.rows(Publication, channel=SITE)}
    return _People(review_state(decisions, snapshots), snapshots, out, answered)


def _watched(run: Run) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in warehouse_rows(run, "from marts.opportunity_states order by opportunity_id, state, field"):
        found.setdefault(row["opportunity_id"], []).append(row)
    return found


def _pair(row: dict[str, Any]) -> tuple[str, str]:
    return row["item_id"], row["other_item_id"]


def _ranked(waiting: Iterable[tuple[Standing, dict[str, Any]]]) -> dict[str, Standing]:
    """Those that wait with their place, score and its explanation, by the same rules that order an edition."""
    entries = {one.opportunity_id: (one, row) for one, row in waiting}
    candidates = [
        Candidate(
            opportunity_id=name,
            code=one.code,
            opportunity_type=row["opportunity_type"] or "",
            days_left=row["days_left"],
            home_eligible=row["home_eligible"],
            funding_level=row["funding_level"],
            authority=row["authority"],
            featured=row.get("featured", False),
        )
        for name, (one, row) in entries.items()
    ]
    return {
        placed.candidate.opportunity_id: Standing(
            **{
                **vars(entries[placed.candidate.opportunity_id][0]),
                "position": placed.position,
                "score": placed.score,
                "explanation": placed.explanation,
            }
        )
        for placed in rank(candidates)
    }


@dataclass(frozen=True)
class _Told:
    """Tells of each opportunity what it is and why a person should look."""

    words: Words
    people: _People
    watched: dict[str, list[dict[str, Any]]]
    advice: dict[str, list[str]]
    questions: list[dict[str, Any]]

    def standing(self, row: dict[str, Any], shown: Shown | None) -> Standing:
        state = self.people.states.get(row["opportunity_id"]) or ReviewState(row["opportunity_id"])
        row["featured"], row["status"] = state.featured, status_for_people(row, state)
        changes = changes_of(shown, self.people.snapshots) if shown and state.status == "approved" else []
        # the tables know of an edited page, if they were built since the approval
        page = row["has_unapproved_changes"] and row["reviewed_at"] == state.decided_at
        kind = self._kind(row, state, bool(changes or page))
        reasons = self._flags(row, state, shown)
        if state.status == "approved":
            happened = [self._state(one) for one in self.watched.get(row["opportunity_id"], [])]
            if changes:
                reasons.append(f"Cambió: {', '.join(dict.fromkeys(self.words.label(one.field) for one in changes))}.")
            elif page and not happened and row["status"] != "cancelled":
                reasons.append("Su página cambió; ningún dato leído cambió.")
            reasons += happened
        reasons += self._cancellation(row, state)
        if row["status"] == "forecasted" and row["opening_date"]:
            reasons.append(f"Su fuente dice que abre el {short_date(row['opening_date'])}.")
        if kind == "approved":
            is_out = row["opportunity_id"] in self.people.out
            reasons.append("Saldrá como corrección." if is_out else "Espera la próxima edición.")
        return Standing(
            opportunity_id=row["opportunity_id"],
            code=row["code"],
            kind=kind,
            title=row["title_es"] or row["title"],
            type_label=self.words.of("opportunity_type", row["opportunity_type"]),
            days_left=row["days_left"],
            reasons=reasons + self._doubts(row),
        )

    def _kind(self, row: dict[str, Any], state: ReviewState, is_changed: bool) -> Kind:
        if state.status in ("rejected", "withdrawn"):
            return state.status
        is_open = row["status"] == "open" and not row["is_vanished"]
        shut: Kind = "coming" if row["status"] == "forecasted" else "closed"
        if row["status"] == "cancelled" and row["otherwise_status"] != "closed":
            shut = "cancelled"
        if state.status == "approved":
            if is_changed:
                return "changed"
            if row["opportunity_id"] in self.watched:
                return "watched"
            is_out = self.people.out.get(row["opportunity_id"]) == state.snapshot_sha256
            # what opens on a known day goes out before it, and says so
            goes_out = is_open or (shut == "coming" and row["opening_date"])
            return "published" if is_out else "approved" if goes_out else shut
        return "new" if is_open and row["is_opportunity"] else shut

    def _flags(self, row: dict[str, Any], state: ReviewState, shown: Shown | None) -> list[str]:
        standing = shown.standing_flags if shown else sorted(row["red_flags"])
        if not standing or state.status == "approved":
            return []
        return [f"Alertas por despejar: {', '.join(self.words.of('red_flags', one) for one in standing)}."]

    def _cancellation(self, row: dict[str, Any], state: ReviewState) -> list[str]:
        """Why a call that its source gives for cancelled does not go out, or that a person said it may."""
        decided = state.status in ("rejected", "withdrawn")
        if not row["cancelled_quote"] or row["otherwise_status"] == "closed" or decided:
            return []
        said = f"Su fuente la da por cancelada: «{row['cancelled_quote']}»."
        if row["status"] != "cancelled":
            return [f"{said} Quien la aprobó lo descartó."]
        if row["opportunity_id"] in self.people.out and state.status == "approved":
            return []  # what happened to a published one is told as such
        return [
            f"{said} Por eso no sale. Si no es cierto, apruébela: saldrá como las demás, mientras su página no lo diga con "
            "otras palabras."
        ]

    def _state(self, row: dict[str, Any]) -> str:
        label = self.words.term("opportunity_states", row["state"])
        if not (row["old_value"] and row["new_value"]):
            return f"{label}."
        return f"{label}: {self.words.label(row['field'])} {self.words.moved(row)}."

    def _doubts(self, row: dict[str, Any]) -> list[str]:
        missing = [name for name in REQUIRED_FIELDS if not row[name]]
        told = [
            (missing, "Falta"),
            (row["conflict_fields"], "Las fuentes se contradicen en"),
            (row["unclear_fields"], "El lector dudó de"),
        ]
        found = [f"{words}: {', '.join(map(self.words.label, names))}." for names, words in told if names]
        for asked in self.questions:
            codes = (asked["code"], asked["other_code"])
            if row["code"] in codes:
                other = codes[1] if codes[0] == row["code"] else codes[0]
                found.append(f"¿Es la misma que {other}? Probabilidad {asked['chance']:.0%}.")
        return found + self.advice.get(row["opportunity_id"], [])
