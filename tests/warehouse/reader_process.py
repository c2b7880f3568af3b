"""A reader of what is published, as a process of its own: looks again and again until told to stop, and tells what it saw.

Run as ``python reader_process.py PUBLISHED STOP_FILE``; writes a line once it has looked for the first time, and at the
end one JSON object: how often it looked, which sets it saw, what was not whole.
"""

import hashlib
import json
import sys
from pathlib import Path

import pyarrow.parquet as pq


def whole_set(current: Path, faults: list[str]) -> str:
    """Read every file of a resolved set; each must be what its manifest says."""
    manifest = json.loads((current / "manifest.json").read_text())
    for name, told in manifest["files"].items():
        if hashlib.sha256((current / name).read_bytes()).hexdigest() != told["sha256"]:
            faults.append(f"{current.name}: {name} is another file")
    if manifest["set_id"] != current.name:
        faults.append(f"{current.name}: manifest of {manifest['set_id']}")
    return manifest["set_id"]


def main(published: Path, stop: Path) -> None:
    looks, seen, held_over, faults = 0, [], 0, []
    while not stop.exists():
        try:
            path = published / "powerbi" / "rows.parquet"
            with pq.ParquetFile(path) as held:  # open while other sets are published
                before = (published / "current").resolve()
                seen.append(whole_set(before, faults))
                table = held.read()
                if len(table) != held.metadata.num_rows or len(set(table["set_id"].to_pylist())) != 1:
                    faults.append("a file that was held open is not whole")
                held_over += (published / "current").resolve() != before
        except (OSError, ValueError) as error:
            faults.append(repr(error))
        looks += 1
        if looks == 1:
            print("looking", flush=True)
    print(json.dumps({"looks": looks, "sets": list(dict.fromkeys(seen)), "held_over": held_over, "faults": faults}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
