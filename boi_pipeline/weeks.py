"""ISO 8601 weeks: how one is written (``2026-W48``) and which days it has. How people read it is in ``spanish``."""

import re
from datetime import date, timedelta

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


def week_label(day: date) -> str:
    """The week of a day: ``2026-W48``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_days(week: str) -> tuple[date, date]:
    """Monday and Sunday of a week such as ``2026-W48``. Raises ValueError for anything else."""
    written = _WEEK.fullmatch(week)
    if written is None:
        raise ValueError(f"{week!r:.40}: expected a week such as 2026-W48")
    monday = date.fromisocalendar(int(written[1]), int(written[2]), 1)
    return monday, monday + timedelta(days=6)
