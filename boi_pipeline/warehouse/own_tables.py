"""The tables that publication writes itself, in the form of models so that profiles and contracts treat them alike.

``control`` says what must be in each Power BI table; ``check_results`` and ``quarantine`` show what the checks found.
"""

from pathlib import Path

from boi_pipeline.warehouse.contract import Column, Model
from boi_pipeline.warehouse.types import TYPES


def _column(name: str, kind: str, label: str, description: str) -> Column:
    return Column(name, TYPES[kind], label, description)


_CONTROL = (
    _column("table_name", "text", "Tabla", "Tabla publicada."),
    _column("row_count", "bigint", "Filas", "Filas que debe tener."),
    _column("contract_version", "bigint", "Versión del contrato", "Versión del contrato de la tabla."),
    _column("as_of", "timestamptz", "Fecha de corte", "Instante para el que se construyó."),
    _column("quarantined_count", "bigint", "Filas en cuarentena", "Filas que no se publican por fallar una comprobación."),
    _column("failed_check_count", "bigint", "Comprobaciones falladas", "Comprobaciones que fallaron, avisos incluidos."),
)  # fmt: skip
_CHECKS = (
    _column("table_name", "text", "Tabla", "Tabla comprobada."),
    _column("check_name", "text", "Comprobación", "Nombre de la comprobación."),
    _column("severity", "text", "Gravedad", "error o warning."),
    _column("scope", "text", "Alcance", "row o set."),
    _column("is_passed", "boolean", "Pasó", "Si pasó."),
    _column("row_count", "bigint", "Filas", "Filas miradas."),
    _column("failed_count", "bigint", "Filas que fallan", "Filas que fallan."),
    _column("sample", "text", "Muestra", "Claves de algunas filas que fallan, en JSON."),
    _column("advice", "text", "Qué hacer", "Qué debe hacer la persona."),
)
_QUARANTINE = (
    _column("table_name", "text", "Tabla", "Tabla de la fila."),
    _column("check_name", "text", "Comprobación", "Comprobación que falló."),
    _column("row_key", "text", "Clave", "Clave de la fila, en JSON."),
    _column("opportunity_id", "text", "Id de la oportunidad", "Oportunidad afectada."),
    _column("advice", "text", "Qué hacer", "Qué debe hacer la persona."),
)


def _own_model(layer: str, name: str, grain: tuple[str, ...], columns: tuple[Column, ...], description: str) -> Model:
    return Model(layer, name, Path(__file__), "", 0, description, grain, columns, (), {}, 1, ())


CHECK_RESULTS = _own_model(
    "quality", "results", ("table_name", "check_name"), _CHECKS, "Resultado de cada comprobación."
)
QUARANTINE = _own_model(
    "quality", "quarantine", ("table_name", "check_name", "row_key"), _QUARANTINE, "Filas que no se publican."
)
CONTROL = _own_model("temp", "control", ("table_name",), _CONTROL, "Qué debe haber en cada tabla; se copia la última.")
OWN_TABLES = {"check_results": CHECK_RESULTS, "quarantine": QUARANTINE, "control": CONTROL}  # Power BI file → table
