"""The report as PBIR files: its settings, its pages and what ties it to the model. What a page shows is in ``pages``."""

import hashlib
import json
from pathlib import Path
from typing import Any

from boi_pipeline.warehouse.powerbi.identity import PROJECT, name, tag
from boi_pipeline.warehouse.powerbi.model import SemanticModel
from boi_pipeline.warehouse.powerbi.pages import Page, pages
from boi_pipeline.warehouse.powerbi.visuals import HEIGHT, PAGE_SCHEMA, WIDTH, visual_json

Json = dict[str, Any]
_FABRIC = "https://developer.microsoft.com/json-schemas/fabric"
_DEFINITION = f"{_FABRIC}/item/report/definition"
# Of January 2026: a newer Power BI Desktop reads them, an older one would not read newer ones.
_VERSIONS = {"visual": "2.5.0", "report": "3.1.0", "page": "2.0.0"}
# Microsoft's, from the scaffold of its report authoring CLI 0.4.0 (MIT): what the brand's theme does not say. Every report
# that Desktop saves has one.
_BASE_THEME = Path(__file__).parent / "base_theme" / "CY26SU10.json"
_BASE_THEME_PATH = f"BaseThemes/{_BASE_THEME.name}"


def report_files(model: SemanticModel, theme: Json, theme_name: str) -> dict[str, Json]:
    """Path below the report's folder → JSON. ``theme_name`` is told apart by its content: Desktop caches themes by name."""
    digest = hashlib.sha256(json.dumps(theme, sort_keys=True).encode()).hexdigest()[:8]
    theme_file = f"{theme_name}-{digest}.json"
    files: dict[str, Json] = {
        ".platform": platform("Report"),
        "definition.pbir": {
            "$schema": f"{_FABRIC}/item/report/definitionProperties/2.0.0/schema.json",
            "version": "4.0",
            "datasetReference": {"byPath": {"path": f"../{PROJECT}.SemanticModel"}},
        },
        "definition/version.json": {
            "$schema": f"{_DEFINITION}/versionMetadata/1.0.0/schema.json",
            "version": "2.0.0",
        },
        "definition/report.json": _report(theme_file),
        f"StaticResources/RegisteredResources/{theme_file}": {"name": theme_file, **theme},
        f"StaticResources/SharedResources/{_BASE_THEME_PATH}": json.loads(_BASE_THEME.read_text(encoding="utf-8")),
    }
    shown = pages()
    for page in shown:
        folder = f"definition/pages/{name('page', page.key)}"
        files[f"{folder}/page.json"] = _page(page, model)
        for order, visual in enumerate(page.visuals):
            found = visual_json(visual, page.key, order, model)
            files[f"{folder}/visuals/{found['name']}/visual.json"] = found
    order = [name("page", page.key) for page in shown]
    files["definition/pages/pages.json"] = {
        "$schema": f"{_DEFINITION}/pagesMetadata/1.0.0/schema.json",
        "pageOrder": order,
        "activePageName": order[0],
    }
    return files


def platform(kind: str) -> Json:
    """``.platform`` of an item."""
    return {
        "$schema": f"{_FABRIC}/gitIntegration/platformProperties/2.0.0/schema.json",
        "metadata": {"type": kind, "displayName": PROJECT},
        "config": {"version": "2.0", "logicalId": tag("item", kind)},
    }


def project_file() -> Json:
    """The ``.pbip`` that a person opens."""
    return {
        "$schema": f"{_FABRIC}/pbip/pbipProperties/1.0.0/schema.json",
        "version": "1.0",
        "artifacts": [{"report": {"path": f"{PROJECT}.Report"}}],
        "settings": {"enableAutoRecovery": True},
    }


def model_settings() -> Json:
    """``definition.pbism`` of the semantic model."""
    return {
        "$schema": f"{_FABRIC}/item/semanticModel/definitionProperties/1.0.0/schema.json",
        "version": "4.2",
        "settings": {"qnaEnabled": False},
    }


def _report(theme_file: str) -> Json:
    return {
        "$schema": f"{_DEFINITION}/report/3.1.0/schema.json",
        "themeCollection": {
            "baseTheme": {
                "name": _BASE_THEME.stem,
                "reportVersionAtImport": _VERSIONS,
                "type": "SharedResources",
            },
            "customTheme": {
                "name": theme_file,
                "reportVersionAtImport": _VERSIONS,
                "type": "RegisteredResources",
            },
        },
        "resourcePackages": [
            {
                "name": "SharedResources",
                "type": "SharedResources",
                "items": [{"name": _BASE_THEME.stem, "path": _BASE_THEME_PATH, "type": "BaseTheme"}],
            },
            {
                "name": "RegisteredResources",
                "type": "RegisteredResources",
                "items": [{"name": theme_file, "path": theme_file, "type": "CustomTheme"}],
            },
        ],
        "settings": {
            "useStylableVisualContainerHeader": True,
            "exportDataMode": "AllowSummarized",
            "defaultDrillFilterOtherVisuals": True,
            "allowChangeFilterTypes": True,
            "useEnhancedTooltips": True,
        },
    }


def _page(page: Page, model: SemanticModel) -> Json:
    found: Json = {
        "$schema": PAGE_SCHEMA,
        "name": name("page", page.key),
        "displayName": page.title,
        "displayOption": "FitToPage",
        "height": HEIGHT,
        "width": WIDTH,
    }
    if page.drill:
        bound = name("filter", page.key, "drill")
        expression = page.drill.expression(model)
        found["filterConfig"] = {
            "filters": [{"name": bound, "field": expression, "type": "Categorical", "howCreated": "Drillthrough"}]
        }
        found["pageBinding"] = {
            "name": name("binding", page.key),
            "type": "Drillthrough",
            "parameters": [{"name": f"Param_{bound}", "boundFilter": bound, "fieldExpr": expression}],
        }
        found["type"] = "Drillthrough"
        found["visibility"] = "HiddenInViewMode"
    return found
