"""Time zones by name."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def iana_zone(name: str) -> ZoneInfo:
    """The zone of a name such as ``America/Bogota``. Raises ValueError for any other.

    ``localtime`` is the machine's own and no zone: Python takes it, DuckDB does not.
    """
    try:
        if name != "localtime":
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise ValueError("expected an IANA time zone such as America/Bogota")
