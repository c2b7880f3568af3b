"""A process with Microsoft's parser of TMDL: ``python -m tests.powerbi.microsoft RUNTIME LIBRARY``, a request a line, an answer a line.

A request is ``{"folder": …, "write": …, "rules": …}``: read the model of a folder, and where asked write it to another, or
judge it by the best-practice rules of the package in the folder ``rules``. .NET stays out of the process of the tests: its
classes become Python's abstract ones, and an ``isinstance`` elsewhere then crashed.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.powerbi.best_practice import judge


def main(home: Path, library: Path) -> None:
    from clr_loader import get_coreclr
    from pythonnet import set_runtime

    set_runtime(get_coreclr(runtime_config=str(home / "runtimeconfig.json"), dotnet_root=str(home / ".net")))
    import clr

    for name in ("Core", "Tabular.Json", "Tabular"):
        clr.AddReference(str(library / f"Microsoft.AnalysisServices.{name}.dll"))
    from Microsoft.AnalysisServices.Tabular import TmdlSerializer  # type: ignore[import-not-found]

    for line in sys.stdin:
        request = json.loads(line)
        try:
            database = TmdlSerializer.DeserializeDatabaseFromFolder(request["folder"])
            if request["write"]:
                TmdlSerializer.SerializeDatabaseToFolder(database, request["write"])
            rules = request["rules"]
            answer = judge(database.Model, Path(rules)) if rules else told(database.Model)
        except Exception as error:  # noqa: BLE001 what it refuses is the answer
            answer = {"refused": str(error), "by": f"{type(error).__module__}.{type(error).__name__}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def told(model: Any) -> dict[str, Any]:
    """What the tests look at."""
    return {
        "tables": {
            table.Name: {
                "columns": [column.Name for column in table.Columns],
                "keys": [column.Name for column in table.Columns if column.IsKey],
                "measures": {measure.Name: measure.Expression for measure in table.Measures},
                "category": str(table.DataCategory),
            }
            for table in model.Tables
        },
        "relationships": model.Relationships.Count,
        "culture": model.Culture,
        "implicit_measures": not model.DiscourageImplicitMeasures,
        "captions": {
            culture.Name: [one.Value for one in culture.ObjectTranslations if str(one.Property) == "Caption"]
            for culture in model.Cultures
        },
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
