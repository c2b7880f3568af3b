"""A bulletin that was handed what the pipeline hands it: its machine's facts, a small set of open data, a dashboard, results."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.handed import (
    Accuracy,
    Achieved,
    Attached,
    AttachedFile,
    Figure,
    JudgeUse,
    Measured,
    ReaderUse,
    Results,
    System,
)
from tests.publishing.sample_bulletin import AS_OF

SYSTEM = System(
    version="0.1.0",
    revision="0123456789abcdef",
    readers=[ReaderUse("offline", "rules-3", 85), ReaderUse("llm", "read-1-ab/modelo-gaviota-2", 12)],
    judges=[JudgeUse("match-1-cd/modelo-gaviota-2", 8)],
    ordering=["Financiación: completa, 20; ninguna, 0.", "Variedad: −15 por cada convocatoria del mismo tipo."],
    accuracy=[Accuracy("rules-3", date(2026, 11, 25), 320, [Measured("Tipo de oportunidad", 200, 224)])],
)
DATA = {
    "oportunidades.csv": b"codigo,titulo\r\nPAL-2026-00001,Beca\r\n",
    "oportunidades.jsonl": b'{"codigo": "PAL-2026-00001"}\n',
    "oportunidades.parquet": b"PAR1",
    "deadlines.csv": b"code\r\n",
    "convocatorias.xlsx": b"PK",
    "dcat.jsonld": b"{}",
    "LEAME.txt": b"datos abiertos\n",
    "otra cosa & <b>.txt": b"x",
}
DASHBOARD = {
    "index.html": b"<!doctype html><html lang=es><title>Tablero</title><h1>Tablero</h1></html>",
    "datos/a.json": b"{}",
}
COUNTS = ("referred_count", "answered_count", "applied_count", "awarded_count", "people_count")
RESULTS = Results(
    as_of=AS_OF,
    funnel=[
        Figure("Convocatorias publicadas", "Convocatorias distintas publicadas.", "18"),
        Figure("Impresiones", "Veces que los canales mostraron el boletín.", "12.345"),
        Figure("Clics", "Veces que alguien abrió un enlace.", "678"),
        Figure("Remitidas", "Personas o entidades llevadas a una convocatoria.", "104"),
        Figure("Respondidas", "De las remitidas, cuántas contaron qué pasó.", "77"),
        Figure("Postuladas", "Personas o entidades que se postularon.", "47"),
        Figure("Adjudicadas", "Personas o entidades que obtuvieron lo que pedían.", None),
        Figure("Personas beneficiadas", "Personas que se benefician de lo obtenido.", "127"),
        Figure("Monto adjudicado", "Suma de lo obtenido, en moneda local.", "3.550,50"),
    ],
    shares=[Figure("Tasa de respuesta", "Respondidas sobre remitidas.", "74,0 %"), Figure("Tasa de clics", "—", None)],
    known=[Figure("Cifras reservadas", "Cuentas que se saben y no se dicen.", "3")],
    currency="USD",
    rows=[
        Achieved(
            "PAL-2026-00001",
            "Entidad pública",
            date(2026, 11, 24),
            dict(zip(COUNTS, (12, 12, 8, None, None), strict=True)),
            ["awarded_count"],
        ),
        Achieved("PAL-2026-00009", "Quien convoca", date(2026, 11, 24), dict.fromkeys(COUNTS, 7), []),
        Achieved(None, "Quien se postuló", date(2026, 11, 23), dict.fromkeys(COUNTS, None) | {"applied_count": 9}, []),
    ],
    rate_sources=["Banco <Alba>"],
)


def attached(folder: Path, files: dict[str, bytes]) -> Attached:
    """The files, written into a folder and described."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    told = [
        AttachedFile(
            name,
            len(content),
            sha256(content).hexdigest(),
            "Las oportunidades aprobadas en español." if name.startswith("oportunidades") else None,
            1 if name.endswith(".parquet") else None,
        )
        for name, content in files.items()
    ]
    return Attached(AS_OF, told, folder)


def informed(bulletin: Bulletin, folder: Path) -> Bulletin:
    """The bulletin with all that it may be handed; its files are written below ``folder``."""
    return replace(
        bulletin,
        system=SYSTEM,
        open_data=attached(folder / "open-data", DATA),
        dashboard=attached(folder / "dashboard", DASHBOARD),
        results=RESULTS,
    )
