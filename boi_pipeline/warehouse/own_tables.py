"""The tables that publication writes itself, in the form of models so that profiles and contracts treat them alike.

``control`` says what must be in each Power BI table; ``check_results`` and ``quarantine`` show what the checks found.
"""

from pathlib import Path

from boi_pipeline.warehouse.contract import Column, Model
from boi_pipeline.warehouse.types import TYPES


def own_column(name: str, kind: str, label: str, description: str) -> Column:
    """A column of a table that no SQL file declares."""
    return Column(name, TYPES[kind], label, description)


_CONTROL = (
    own_column("table_name", "text", "Tabla", "Tabla publicada."),
    own_column("row_count", "bigint", "Filas", "Filas que debe tener."),
    own_column("contract_version", "bigint", "Versión del contrato", "Versión del contrato de la tabla."),
    own_column("as_of", "timestamptz", "Fecha de corte", "Instante para el que se construyó."),
    own_column("quarantined_count", "bigint", "Filas en cuarentena", "Filas que no se publican por fallar una comprobación."),
    own_column("failed_check_count", "bigint", "Comprobaciones falladas", "Comprobaciones que fallaron, avisos incluidos."),
)  # fmt: skip
_CHECKS = (
    own_column("table_name", "text", "Tabla", "Tabla comprobada."),
    own_column("check_name", "text", "Comprobación", "Nombre de la comprobación."),
    own_column("severity", "text", "Código de gravedad", "error o warning."),
    own_column("severity_label", "text", "Gravedad", "Error: las filas se apartan, o no se publica. Aviso: se publican, y el equipo las revisa."),
    own_column("scope", "text", "Alcance", "row o set."),
    own_column("is_passed", "boolean", "Pasó", "Si pasó."),
    own_column("row_count", "bigint", "Filas", "Filas miradas."),
    own_column("failed_count", "bigint", "Filas que fallan", "Filas que fallan."),
    own_column("sample", "text", "Muestra", "Algunas filas que fallan, en JSON: código y título de la convocatoria, donde se saben, y su clave."),
    own_column("advice", "text", "Qué hacer", "Qué debe hacer la persona."),
)  # fmt: skip
_QUARANTINE = (
    own_column("table_name", "text", "Tabla", "Tabla de la fila."),
    own_column("check_name", "text", "Comprobación", "Comprobación que falló."),
    own_column("row_key", "text", "Clave", "Clave de la fila, en JSON."),
    own_column("opportunity_id", "text", "Id de la oportunidad", "Oportunidad afectada."),
    own_column("advice", "text", "Qué hacer", "Qué debe hacer la persona."),
)


def _own_model(layer: str, name: str, grain: tuple[str, ...], columns: tuple[Column, ...], description: str) -> Model:
    return Model(layer, name, Path(__file__), "", 0, description, grain, columns, (), {}, 1, ())


CHECK_RESULTS = _own_model(
    "temp", "check_results", ("table_name", "check_name"), _CHECKS, "Resultado de cada comprobación."
)
QUARANTINE = _own_model(
    "quality", "quarantine", ("table_name", "check_name", "row_key"), _QUARANTINE, "Filas que no se publican."
)
CONTROL = _own_model("temp", "control", ("table_name",), _CONTROL, "Qué debe haber en cada tabla; se copia la última.")
OWN_TABLES = {"check_results": CHECK_RESULTS, "quarantine": QUARANTINE, "control": CONTROL}  # Power BI file → table
