"""A star of our own making in which no fact is empty, published as every set is. Same rows on every machine.

It has what trips counts up: calls in several channels and months, with three goals or none, without a closing day, metrics
that belong to no call, amounts without a rate, months with nothing in them.
"""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from boi_pipeline.warehouse import checks
from boi_pipeline.warehouse.contract import Model, Project
from boi_pipeline.warehouse.engine import STORAGE
from boi_pipeline.warehouse.publication import PublishedSet, publish
from boi_pipeline.warehouse.star import Star

AS_OF = datetime(2026, 11, 25, 21, tzinfo=UTC)
TODAY = date(2026, 11, 25)
TYPES = ["Beca", "Premio", "Fondo", "Curso"]
CHANNELS = ["site", "linkedin", "whatsapp"]
BANDS = ["0 a 7", "8 a 15", "16 a 30", "Más de 30", "Cerrada", "Sin fecha", "Sin dato"]
Row = dict[str, Any]


def publish_star(project: Project, folder: Path) -> PublishedSet:
    """Write the star into a warehouse below ``folder`` and publish it into ``folder/published``."""
    star = Star.of(project.models)
    warehouse = folder / "boi.duckdb"
    with duckdb.connect(str(warehouse), config=STORAGE) as connection:
        connection.execute("set TimeZone = 'UTC'; create schema marts")
        checks.create_tables(connection)
        rows = star_rows()
        for name, model in star.tables.items():
            given = pa.Table.from_pylist(rows[name], schema=_schema(model))
            assert {key for row in rows[name] for key in row} <= set(model.column_names), name
            connection.register("given", given)
            columns = ", ".join(f'"{column.name}"::{column.type.duckdb} as "{column.name}"' for column in model.columns)
            connection.execute(f"create table {model.table} as select {columns} from given")
        connection.execute(
            "insert into quality.results (table_name, check_name, severity, scope, is_passed, row_count, failed_count, advice) "
            "values ('marts.fct_outcome', 'amount_needs_an_award', 'warning', 'row', false, 40, 2, 'Revise esas filas.'), "
            "('marts.dim_date', 'min_rows', 'error', 'set', true, 730, 0, '')"
        )
    only = replace(project, models=tuple(star.tables.values()))
    return publish(
        warehouse=warehouse,
        project=only,
        published=folder / "published",
        entity_id="prueba",
        timezone="America/Bogota",
        as_of=AS_OF,
        ledger_seq=1,
        code_revision="prueba",
    )


def _schema(model: Model) -> pa.Schema:
    return pa.schema([(column.name, column.type.arrow) for column in model.columns])


def star_rows() -> dict[str, list[Row]]:
    """Table → rows; columns that are not given are null."""
    dice = random.Random(20261125)
    opportunities = [_opportunity(number, dice) for number in range(1, 49)]
    unknown = {"opportunity_id": "unknown", "code": "Sin dato", "title_es": "Sin dato", "days_left_band": "Sin dato"}
    for key in (
        "type_label",
        "status_label",
        "home_eligible_label",
        "review_label",
        "funding_label",
        "attendance_label",
    ):
        unknown[key] = "Sin dato"
    unknown |= {"funder_name": "Sin dato", "source_id": "unknown", "band_position": 7, "has_sdg": False}
    publications = [row for one in opportunities[:40] for row in _publications(one, dice)]
    return {
        "dim_date": [_day(date(2025, 1, 1) + timedelta(n)) for n in range(730)],
        "dim_opportunity": [*opportunities, unknown],
        "dim_funder": [
            *({"funder_id": f"convocante-{n}", "funder_name": f"Convocante {n}"} for n in range(5)),
            {"funder_id": "unknown", "funder_name": "Sin dato"},
        ],
        "dim_source": [
            *({"source_id": f"fuente_{n}", "name": f"Fuente {n}", "authority_label": "Oficial"} for n in range(4)),
            {"source_id": "unknown", "name": "Sin dato"},
        ],
        "dim_channel": _terms("channel", [*CHANNELS, "unknown"]),
        "dim_sdg": _terms("sdg_goal", [*map(str, range(1, 18)), "unknown"]),
        "dim_plan_objective": _terms("plan_objective", ["obj_1", "obj_2", "obj_3", "unknown"], english=False),
        "dim_audience": _terms("audience", ["jovenes", "empresas", "unknown"]),
        "dim_country": [
            {"country_code": code, "label": f"País {code}", "label_en": code, "is_home": code == "CO"}
            for code in ("CO", "DE", "FR", "unknown")
        ],
        "bridge_opportunity_sdg": _bridge("sdg_goal", [str(n) for n in range(1, 18)], 3, opportunities, dice),
        "bridge_opportunity_plan_objective": _bridge(
            "plan_objective", ["obj_1", "obj_2", "obj_3"], 2, opportunities, dice
        ),
        "bridge_opportunity_audience": _bridge("audience", ["jovenes", "empresas"], 2, opportunities, dice),
        "bridge_opportunity_country": _bridge("country_code", ["CO", "DE", "FR"], 3, opportunities, dice),
        "fct_publication": publications,
        "fct_metric_daily": _metrics(publications, dice),
        "fct_outcome": [_outcome(number, dice.choice(publications), dice) for number in range(40)],
        "fct_review": [_review(number, one, dice) for number, one in enumerate([*opportunities, unknown])],
        "fct_source_health": [
            {
                "source_id": f"fuente_{source}",
                "crawl_date": TODAY - timedelta(back),
                "is_good": (source + back) % 5 != 0,
                "outcome": "ok" if (source + back) % 5 else "timeout",
                "new_count": dice.randint(0, 9),
                "changed_count": dice.randint(0, 3),
            }
            for source in range(4)
            for back in range(0, 60, 3)
        ],
        "fct_reader_usage": [
            {
                "call_date": TODAY - timedelta(back),
                "purpose": "read",
                "reader_version": "read-1",
                "outcome": "ok",
                "call_count": dice.randint(1, 9),
                "prompt_tokens": 1000,
                "cached_tokens": 600,
                "completion_tokens": 100,
                "cost_usd": Decimal(dice.randint(1, 9999)) / 10000,
            }
            for back in range(20)
        ],
    }


def _day(day: date) -> Row:
    months = [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ]
    days = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]
    year, week, weekday = day.isocalendar()
    return {
        "calendar_date": day,
        "calendar_year": day.year,
        "quarter_label": f"{day.year}-T{(day.month + 2) // 3}",
        "month_number": day.month,
        "month_name": months[day.month - 1],
        "month_label": f"{day:%Y-%m}",
        "week_label": f"{year}-W{week:02d}",
        "weekday_number": weekday,
        "weekday_name": days[weekday - 1],
        "is_working_day": weekday < 6,
    }


def _opportunity(number: int, dice: random.Random) -> Row:
    left = None if number % 9 == 0 else dice.randint(-40, 90)
    band = (
        5
        if left is None
        else 4
        if left < 0
        else next(place for place, most in enumerate((7, 15, 30, 10**6)) if left <= most)
    )
    return {
        "opportunity_id": f"op-{number:03d}",
        "code": f"PRU-2026-{number:05d}",
        "title_es": f"Convocatoria número {number}",
        "type_label": TYPES[number % len(TYPES)],
        "status_label": "Cerrada" if band == 4 else "Abierta",
        "home_eligible_label": ["Sí", "No", "Por confirmar"][number % 3],
        "review_label": "Aprobada" if number <= 40 else "Sin revisar",
        "funding_label": "Total",
        "attendance_label": "Virtual",
        "days_left": left,
        "days_left_band": BANDS[band],
        "band_position": band + 1,
        "close_date": None if left is None else TODAY + timedelta(left),
        "funder_name": f"Convocante {number % 5}",
        "source_id": f"fuente_{number % 4}",
        "currency": "EUR",
        "max_award_amount": Decimal(number * 1000),
        "first_seen_at": AS_OF - timedelta(days=number * 6 % 300 + 3),
        "apply_url": f"https://convocante.example/{number}",
        "source_url": f"https://fuente.example/{number}",
        "has_sdg": number % 6 != 0,
    }


def _publications(one: Row, dice: random.Random) -> list[Row]:
    edition = (one["first_seen_at"] + timedelta(days=dice.randint(0, 4))).date()
    found = []
    for place, channel in enumerate(dice.sample(CHANNELS, dice.randint(1, 3)), 1):
        hours = None if dice.random() < 0.1 else Decimal(dice.randint(10, 2400)) / 10
        found.append(
            {
                "publication_id": f"{edition}/{channel}/{one['opportunity_id']}",
                "opportunity_id": one["opportunity_id"],
                "code": one["code"],
                "channel": channel,
                "source_id": one["source_id"],
                "funder_id": f"convocante-{int(one['opportunity_id'][3:]) % 5}",
                "edition_id": edition.isoformat(),
                "edition_date": edition,
                "close_date": one["close_date"],
                "position": place,
                "state": "sent",
                "published_at": datetime.combine(edition, AS_OF.timetz()),
                "first_seen_at": one["first_seen_at"],
                "hours_to_publication": hours,
                "days_left_at_publication": (one["close_date"] - edition).days if one["close_date"] else None,
                "is_within_target": None if hours is None else hours <= 72,
            }
        )
    return found


def _metrics(publications: list[Row], dice: random.Random) -> list[Row]:
    found: dict[tuple[date, str, str], Row] = {}
    days = [(row, row["edition_date"] + timedelta(after)) for row in publications for after in range(3)]
    for row, day in days:
        for target in (row, {**row, "opportunity_id": "unknown", "source_id": "unknown", "funder_id": "unknown"}):
            impressions = dice.randint(20, 900)
            found[day, row["channel"], target["opportunity_id"]] = {
                "metric_date": day,
                "channel": row["channel"],
                **{key: target[key] for key in ("opportunity_id", "source_id", "funder_id")},
                "impressions": impressions,
                "clicks": impressions // dice.randint(5, 40),
                "interactions": dice.randint(0, 30),
            }
    return list(found.values())


def _outcome(number: int, row: Row, dice: random.Random) -> Row:
    """One call as one reporter tells it, or, the tenth, what is withheld of others; nothing under five people is in it."""
    applied, is_fold = 5 * dice.randint(2, 9), number % 10 == 9
    awarded = None if number % 4 == 1 else 5 * dice.randint(0, applied // 5 - 1)
    amount = Decimal(dice.randint(1000, 900000)) if awarded else None
    lacks_rate = amount is not None and number % 3 == 0
    return {
        "outcome_id": f"resultado-{number}",
        "outcome_date": row["edition_date"] + timedelta(days=dice.randint(1, 30)),
        **{key: "unknown" if is_fold else row[key] for key in ("opportunity_id", "source_id", "funder_id")},
        "reported_by": "convener",
        "reported_by_label": ["Entidad convocante", "Aliado", "Persona"][number % 3],
        "referred_count": None if number % 7 == 0 else applied + 5 * dice.randint(0, 12),
        "answered_count": None if number % 5 == 0 else applied,
        "applied_count": applied,
        "awarded_count": awarded,
        "people_count": None if awarded is None else awarded * 3,
        "withheld_count": 0 if awarded is not None else 2,
        "withheld_fields": None if awarded is not None else "Obtuvieron, Personas beneficiadas",
        "award_amount": amount,
        "currency": None if amount is None else "EUR" if number % 3 == 0 else "COP",
        "home_award_amount": None if lacks_rate else amount,
        "has_amount_without_rate": lacks_rate,
    }


def _review(number: int, one: Row, dice: random.Random) -> Row:
    return {
        "decision_id": f"decision-{number:03d}",
        "decided_date": TODAY - timedelta(days=dice.randint(0, 200)),
        "opportunity_id": one["opportunity_id"],
        "source_id": one["source_id"],
        "funder_id": f"convocante-{number % 5}",
        "action": "approve",
        "action_label": ["Aprobar", "Rechazar"][number % 2],
        "role": "editor",
        "seconds_spent": None if number % 5 == 0 else dice.randint(20, 900),
        "edit_share": None if number % 3 == 0 else Decimal(dice.randint(0, 100)) / 100,
        "hours_since_seen": Decimal(dice.randint(5, 3000)) / 10,
    }


def _terms(key: str, codes: list[str], *, english: bool = True) -> list[Row]:
    return [
        {
            key: code,
            "label": "Sin dato" if code == "unknown" else f"Nombre de {code}",
            **({"label_en": f"Name of {code}"} if english else {}),
            "position": position,
        }
        for position, code in enumerate(codes, 1)
    ]


def _bridge(key: str, codes: list[str], most: int, opportunities: list[Row], dice: random.Random) -> list[Row]:
    found = []
    for one in [*opportunities, {"opportunity_id": "unknown"}]:
        has_none = one["opportunity_id"] == "unknown" or (key == "sdg_goal" and not one["has_sdg"])
        chosen = ["unknown"] if has_none else dice.sample(codes, dice.randint(1, most))
        share = (Decimal(1) / len(chosen)).quantize(Decimal("0.0001"))
        weights = [1 - share * (len(chosen) - 1), *[share] * (len(chosen) - 1)]
        for position, (code, weight) in enumerate(zip(chosen, weights, strict=True), 1):
            found.append({"opportunity_id": one["opportunity_id"], key: code, "position": position, "weight": weight})
    return found
