"""Errors that a person can act on: which they are, and the sentence that says what was wrong, where, and what to do.

Commands print that sentence alone, and a failed step in the Dagster UI begins with it. All other errors keep their trace.
"""

import errno

_TOLD = {
    "WarehouseOutdated",
    "ConfigError",
    "HomeLocked",
    "LedgerError",
    "CrawlFailed",
    "ArchiveError",
    "UsageError",
    "ReviewError",
    "BatchError",
    "SheetRefused",
}
"""By name, so that nothing is imported only to be compared with."""


def sentence_of(error: BaseException) -> str | None:
    """What an error tells a person; None where it is one of ours to look into."""
    if told := _of_the_disk(error):
        return told
    return str(error) if type(error).__name__ in _TOLD or isinstance(error, FileNotFoundError) else None


def _of_the_disk(error: BaseException | None) -> str | None:
    """What an error, or one it came from, tells of the disk of the home; None where it tells of something else."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        number = getattr(error, "errno", None)
        if number in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in str(error):
            return "the disk is full; make room and run again, which goes on from where it was"
        if "disk I/O error" in str(error):  # what SQLite says of a full disk, too
            return (
                "SQLite cannot read or write its files (disk I/O error): the disk of BOI_HOME is full or failing; "
                "make room and run again, which goes on from where it was"
            )
        if isinstance(error, OSError) and error.filename and number in (errno.EACCES, errno.EPERM, errno.EROFS):
            return (
                f"{error.filename}: {error.strerror}; expected a place that this user may read and write: "
                "check its owner and whether the disk is mounted read-only"
            )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return None
