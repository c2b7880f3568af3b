"""Passages about money, and how many a reader reads right: amounts, places, coverage, level of funding, fee.

How an entry is written stands at the head of ``evaluation/passages/money.yml``.
``python -m boi_pipeline.reading.evaluation.passages_money`` prints the scores of the rules, with ``--errors`` what was not
right in the part one may look at.
"""

import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import yaml

from boi_pipeline.entity import load_entity
from boi_pipeline.reading.context import ReadingContext, context_of
from boi_pipeline.reading.evaluation.labelled import LabelledNotice, Truth
from boi_pipeline.reading.evaluation.score import Share
from boi_pipeline.reading.reader import Reader, read_proved
from boi_pipeline.records import Reading
from boi_pipeline.settings import ROOT
from scrapers.notice import Notice

FILE = ROOT / "evaluation" / "passages" / "money.yml"
AMOUNTS = ("currency", "min_award_amount", "max_award_amount", "total_amount_available")
OTHERS = ("estimated_award_count", "coverage", "funding_level", "application_fee")


class Passage(NamedTuple):
    """A few sentences and what they say of money."""

    id: str
    lot: int
    part: str  # tune: rules may be mended with it; held: only scored
    language: str
    title: str
    text: str
    says: dict[str, Any]

    def notice(self) -> Notice:
        """A notice with these sentences as its body."""
        return LabelledNotice(
            id=self.id,
            family="passages-money",
            language=self.language,  # type: ignore[arg-type]
            posted=dt.date(2026, 11, 20),
            url="https://calls.example.org/page",
            title=self.title,
            body=self.text,
            truth=Truth.model_validate({"is_opportunity": False}),
        ).notice()


def passages(part: str | None = None, lot: int | None = None) -> Iterator[Passage]:
    """The entries of a part and a lot (None: all), in the file's order."""
    for entry in yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        one = Passage(**entry)
        if part in (None, one.part) and lot in (None, one.lot):
            yield one


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(map(str, value))
    return float(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else value


def score_passages(reader: Reader, context: ReadingContext, chosen: Iterator[Passage]) -> dict[str, Share]:
    """A share for the four amounts together ("amounts") and one for each of the other facts."""
    shares = {name: Share() for name in ("amounts", *OTHERS)}
    for one in chosen:
        _count(shares, one, read_proved(reader, one.notice(), context))
    return shares


def _count(shares: dict[str, Share], one: Passage, reading: Reading) -> None:
    told = [_plain(one.says.get(name)) for name in AMOUNTS]
    read = [_plain(getattr(reading, name)) for name in AMOUNTS]
    key = f"{one.id} {one.title}\n    {one.text}"
    shares["amounts"].count(key, told if any(told) else None, read if any(read) else None, told == read)
    for name in OTHERS:
        left = _plain(one.says.get(name, [] if name == "coverage" else None))
        right = _plain(getattr(reading, name))
        shares[name].count(key, left, right, left == right)


def main() -> None:
    """Print the scores of the rules; of the held part never more than the figures."""
    from boi_pipeline.reading.offline.reader import RulesReader

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--part", choices=("tune", "held"))
    parser.add_argument("--lot", type=int)
    parser.add_argument("--errors", nargs="*", metavar="FACT", help="show what was not right in the part tune")
    args = parser.parse_args()
    context = context_of(load_entity(ROOT / "entities" / "sample"))
    for part in (args.part,) if args.part else ("tune", "held"):
        shares = score_passages(RulesReader(), context, passages(part, args.lot))
        sys.stdout.write(f"{part}\n")
        for name, share in shares.items():
            sys.stdout.write(
                f"  {name:22} {share.right}/{share.of} {share.share:6.1%}"
                f"  missed {share.missed} wrong {share.wrong} invented {share.invented}\n"
            )
            if args.errors is not None and part == "tune" and (not args.errors or name in args.errors):
                for key, error in share.errors.items():
                    sys.stdout.write(f"    {error}\n      {key}\n")


if __name__ == "__main__":
    main()
