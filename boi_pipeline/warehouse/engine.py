"""How DuckDB is opened where tables are built and checked: threads, memory, what it syncs.

Queries and files belong to the others; this says only how much of the machine they may take.
"""

from pathlib import Path

import duckdb

THREADS = 2
STORAGE: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.2.0"
}  # so that analysts' older tools can open the file
SHARE = 0.4  # of the machine's memory, for DuckDB: Python, Arrow and data frames need room beside it
LEAST, MOST = 1 << 30, 8 << 30
# what each connection is told; progress would be drawn on standard output, where --json speaks
_SESSION = "set TimeZone = 'UTC'; set enable_progress_bar = false"
_CGROUP = Path("/sys/fs/cgroup/memory.max")
_MEMORY = Path("/proc/meminfo")


def connect(path: Path, *, synced: bool = True, most: int = MOST) -> duckdb.DuckDBPyConnection:
    """Open a warehouse file to write in it, in UTC, with a limit of memory beyond which it spills beside the file.

    ``synced`` false: nothing is flushed to the disk before the file is closed, so that whoever keeps it has to
    (``os.fsync``). ``most``: bytes DuckDB may take at most, whatever the machine has.
    """
    connection = duckdb.connect(str(path), config=STORAGE)
    connection.execute(
        f"{_SESSION}; set threads to {THREADS}; set memory_limit = '{memory_limit(most) // 2**20}MiB'; "
        f"set fsync_mode = '{'STANDARD' if synced else 'NONE'}'; "
        # looking for what of each text repeats in others costs a sixth of the building, and saves a fifth of the file
        "set disabled_compression_methods = 'fsst'"
    )
    return connection


def beside(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """One more connection to the same file, for another thread."""
    own = connection.cursor()
    own.execute(_SESSION)
    return own


def memory_limit(most: int = MOST) -> int:
    """Bytes of memory DuckDB may take on this machine, ``most`` at most."""
    return min(max(int(machine_memory() * SHARE), LEAST), MOST, most)


def machine_memory() -> int:
    """Bytes of memory this process may count on: the machine's, or its container's where that has less."""
    found = []
    for line in _text(_MEMORY).splitlines():
        if line.startswith("MemTotal:"):
            found.append(int(line.split()[1]) * 1024)
    if (limit := _text(_CGROUP).strip()).isdigit():
        found.append(int(limit))
    return min(found, default=4 << 30)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""  # another system
