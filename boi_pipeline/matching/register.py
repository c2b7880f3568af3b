"""Giving clusters their ids and codes: once minted, for ever, whatever joins, leaves, merges or is cut (design §7).

Pure: it reads the register as it is and says which rows to append; who keeps them is the caller's ledger. The whole
register must be handed in, never one cut at an ``as_of``: an id minted later is taken all the same.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import BaseModel

from boi_pipeline.matching.match import Cluster, ItemMatch, MatchResult, Seen
from boi_pipeline.records import (
    OPPORTUNITY_NAMESPACE,
    Identity,
    IdentityItem,
    Match,
    MatchConflict,
    MatchQuestion,
    Redirect,
    Relation,
    opportunity_id,
)


@dataclass
class RegisterChange:
    """Rows to append (``seq`` 0: the ledger numbers them), and where every item of today belongs."""

    identities: list[Identity] = field(default_factory=list)
    identity_items: list[IdentityItem] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)
    opportunity_of: dict[str, str] = field(default_factory=dict)  # item_id → opportunity_id

    @property
    def records(self) -> list[BaseModel]:
        """All rows in the order a ledger can take them, for one ``ledger.append``."""
        return [*self.identities, *self.identity_items, *self.redirects]


def assign(
    clusters: Sequence[Cluster],
    identities: Iterable[Identity],
    identity_items: Iterable[IdentityItem],
    redirects: Iterable[Redirect],
    at: datetime,
    code_prefix: str,
) -> RegisterChange:
    """Place today's clusters in the register.

    A cluster keeps the opportunity whose anchor it holds (where the anchor is not here today: the earliest of its
    items that is). Of several the oldest survives and the others redirect to it. A part cut from an opportunity that
    lives on elsewhere is minted anew, with a redirect of kind ``split`` from it to where it was; a code that had merged, and
    whose anchor is in that part, redirects to it from then on (the newest of its merges counts). Ids are
    ``uuid5(anchor)``, codes ``<PREFIX>-<UTC year of at>-<00001…>`` in the order of (first_seen_at, item_id).
    """
    register = _Register(identities, identity_items, redirects)
    change = RegisterChange()
    ordered = sorted(clusters, key=lambda cluster: _age(cluster.items[0]))
    owners = _owners(ordered, register)
    minted: list[tuple[int, list[str]]] = []
    final: dict[int, str] = {}
    for place, cluster in enumerate(ordered):
        known = {register.place(item_id) for item_id in cluster.item_ids} - {None}
        owned = sorted((one for one in known if one and owners[one] == place), key=register.age)
        if owned:
            final[place] = owned[0]
            for merged in owned[1:]:
                change.redirects.append(
                    Redirect(seq=0, from_opportunity_id=merged, to_opportunity_id=owned[0], kind="merged", at=_utc(at))
                )
        else:
            minted.append((place, sorted(one for one in known if one)))
    for place, cut_from in minted:
        identity = register.mint(ordered[place], at, code_prefix)
        change.identities.append(identity)
        final[place] = identity.opportunity_id
        for old in cut_from:
            change.redirects.append(
                Redirect(
                    seq=0,
                    from_opportunity_id=identity.opportunity_id,
                    to_opportunity_id=old,
                    kind="split",
                    at=_utc(at),
                )
            )
    for place, cluster in enumerate(ordered):
        for item in cluster.items:
            change.opportunity_of[item.item_id] = final[place]
            if register.row_of(item.item_id) != final[place]:
                reason = _why_placed(register.place(item.item_id), final[place])
                change.identity_items.append(
                    IdentityItem(
                        seq=0,
                        item_id=item.item_id,
                        opportunity_id=final[place],
                        reason=reason,
                        linked_at=_utc(at),
                    )
                )
    change.redirects += _turned(register, change, at)
    return change


def _turned(register: "_Register", change: RegisterChange, at: datetime) -> list[Redirect]:
    """Of what had merged and was cut off again: its code leads from now on to where its anchor lives."""
    merged = register.merged | {
        one.from_opportunity_id: one.to_opportunity_id for one in change.redirects if one.kind == "merged"
    }
    cut = register.cut | {one.from_opportunity_id for one in change.redirects if one.kind == "split"}
    return [
        Redirect(seq=0, from_opportunity_id=old, to_opportunity_id=now, kind="merged", at=_utc(at))
        for old in sorted(register.merged)
        if (now := change.opportunity_of.get(register.anchor[old], "")) in cut and now != _survivor(old, merged)
    ]


def describe(result: MatchResult, opportunity_of: dict[str, str], identities: Iterable[Identity]) -> list[Match]:
    """Today's matches with their ids; an item alone in an opportunity anchored by another is there by the register."""
    anchors = {identity.opportunity_id: identity.anchor_item_id for identity in identities}

    def one(match: ItemMatch) -> Match:
        found = opportunity_of[match.item_id]
        if match.reason == "alone" and (anchor := anchors.get(found, match.item_id)) != match.item_id:
            return Match(item_id=match.item_id, opportunity_id=found, reason="register", matched_item_id=anchor)
        return Match(
            item_id=match.item_id, opportunity_id=found, reason=match.reason, matched_item_id=match.matched_item_id
        )

    return sorted((one(match) for match in result.matches), key=lambda match: match.item_id)


def ask(result: MatchResult, opportunity_of: dict[str, str]) -> list[MatchQuestion]:
    """Today's questions, with the opportunities that the answer would join; the surest first."""
    return [
        MatchQuestion(
            item_id=one.item_id,
            other_item_id=one.other_item_id,
            opportunity_id=opportunity_of[one.item_id],
            other_opportunity_id=opportunity_of[one.other_item_id],
            chance=one.chance,
        )
        for one in result.questions
    ]


def report(result: MatchResult) -> list[MatchConflict]:
    """Today's conflicts, by kind."""
    return [MatchConflict(kind=one.kind, item_ids=list(one.item_ids), detail=one.detail) for one in result.conflicts]


def relate(result: MatchResult, opportunity_of: dict[str, str], redirects: Iterable[Redirect]) -> list[Relation]:
    """Today's relations: ``opportunity_id`` is the previous edition of ``related_opportunity_id``; and «véase también»
    between the parts of what was cut. ``redirects`` is the whole register, today's rows included."""
    rows = list(redirects)
    merged = {row.from_opportunity_id: row.to_opportunity_id for row in rows if row.kind == "merged"}
    here = set(opportunity_of.values())
    found: dict[tuple[str, str, str], Relation] = {}

    def add(relation: Relation) -> None:
        if relation.opportunity_id != relation.related_opportunity_id:
            key = (relation.opportunity_id, relation.related_opportunity_id, relation.relation)
            found.setdefault(key, relation)

    for edition in result.relations:
        add(
            Relation(
                opportunity_id=opportunity_of[edition.older],
                related_opportunity_id=opportunity_of[edition.newer],
                relation="previous_edition_of",
                reason=edition.reason,
            )
        )
    for row in rows:
        if row.kind == "split":
            ends = sorted({_survivor(row.from_opportunity_id, merged), _survivor(row.to_opportunity_id, merged)})
            if len(ends) == 2 and here.issuperset(ends):
                for a, b in (ends, reversed(ends)):
                    add(Relation(opportunity_id=a, related_opportunity_id=b, relation="see_also", reason="split"))
    return [found[key] for key in sorted(found)]


class _Register:
    """The register as rows of the ledger tell it; the newest row of an item counts, merges are followed."""

    def __init__(
        self, identities: Iterable[Identity], items: Iterable[IdentityItem], redirects: Iterable[Redirect]
    ) -> None:
        minted, redirects = sorted(identities, key=lambda row: row.seq), list(redirects)
        self.anchor = {row.opportunity_id: row.anchor_item_id for row in minted}
        self._minted = {row.opportunity_id: row.seq for row in minted}
        self._codes = {row.code for row in minted}
        self._row = {row.item_id: row.opportunity_id for row in sorted(items, key=lambda row: row.seq)}
        self.merged = {
            row.from_opportunity_id: row.to_opportunity_id
            for row in sorted(redirects, key=lambda row: row.seq)
            if row.kind == "merged"
        }
        self.cut = {row.from_opportunity_id for row in redirects if row.kind == "split"}
        self._last = 0
        self._series = ""

    def row_of(self, item_id: str) -> str | None:
        """The opportunity of an item's newest row, as written."""
        return self._row.get(item_id)

    def place(self, item_id: str) -> str | None:
        """The living opportunity an item belongs to."""
        found = self._row.get(item_id)
        return None if found is None else _survivor(found, self.merged)

    def age(self, opportunity: str) -> int:
        """The order of minting: the oldest code is the lowest."""
        return self._minted[opportunity]

    def mint(self, cluster: Cluster, at: datetime, prefix: str) -> Identity:
        """A new identity for a cluster that has none to keep."""
        anchor = self._anchor_for(cluster)
        minted = opportunity_id(anchor)
        generation = 1
        while minted in self._minted:
            # every item here anchors an id that lives, or redirects, elsewhere; ids are not used twice
            generation += 1
            minted = str(uuid.uuid5(OPPORTUNITY_NAMESPACE, f"{anchor}\x1f{generation}"))
        identity = Identity(
            seq=0, opportunity_id=minted, code=self._next_code(at, prefix), anchor_item_id=anchor, minted_at=_utc(at)
        )
        self._minted[minted] = 0
        return identity

    def _anchor_for(self, cluster: Cluster) -> str:
        fresh = (item_id for item_id in cluster.item_ids if opportunity_id(item_id) not in self._minted)
        return next(fresh, cluster.item_ids[0])

    def _next_code(self, at: datetime, prefix: str) -> str:
        series = f"{prefix}-{_utc(at).year}-"
        if self._series != series:
            taken = (code.removeprefix(series) for code in self._codes if code.startswith(series))
            self._last = max((int(number) for number in taken if number.isdecimal()), default=0)
            self._series = series
        self._last += 1
        return f"{series}{self._last:05d}"


def _owners(clusters: Sequence[Cluster], register: _Register) -> dict[str, int]:
    """Which cluster goes on as each living opportunity: the one with its anchor, else with its earliest item here."""
    claims: dict[str, list[tuple[bool, tuple[datetime, str], int]]] = defaultdict(list)
    for place, cluster in enumerate(clusters):
        for item in cluster.items:
            if living := register.place(item.item_id):
                claims[living].append((register.anchor[living] != item.item_id, _age(item), place))
    return {living: min(found)[2] for living, found in claims.items()}


def _survivor(opportunity: str, merged: dict[str, str]) -> str:
    while opportunity in merged:
        opportunity = merged[opportunity]
    return opportunity


def _why_placed(before: str | None, now: str) -> str:
    if before is None:
        return "new"
    return "merged" if before == now else "moved"


def _age(item: Seen) -> tuple[datetime, str]:
    return item.first_seen_at, item.item_id


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
