"""A strict reader of schema.org JSON-LD: every type exists, every property belongs to it, every value is of its range.

The vocabulary (schema.org, CC BY-SA 3.0) is kept in ``schema_org.json``: names only, of the types below, what they
inherit from and what their properties take. It is made from the type declarations of the npm package schema-dts (2.1.0):

    npm pack schema-dts && tar xzf schema-dts-*.tgz
    python -m tests.publishing.schema_org package/dist/schema.d.ts
"""

import json
import re
import sys
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("schema_org.json")
TYPES = [
    "AboutPage",
    "BreadcrumbList",
    "CollectionPage",
    "ContactPoint",
    "Country",
    "Course",
    "DataCatalog",
    "DataDownload",
    "Dataset",
    "EducationalOccupationalProgram",
    "EntryPoint",
    "Event",
    "GovernmentOrganization",
    "Grant",
    "ItemList",
    "JobPosting",
    "ListItem",
    "MonetaryAmount",
    "MonetaryGrant",
    "NewsArticle",
    "Organization",
    "Place",
    "PostalAddress",
    "PropertyValue",
    "Report",
    "SearchAction",
    "SoftwareApplication",
    "Thing",
    "VirtualLocation",
    "WebPage",
    "WebSite",
]
LITERALS = {"Text", "URL", "Date", "DateTime", "Time", "Number", "Integer", "Boolean", "CssSelectorType", "XPathType"}
_LITERAL_PARENTS = {"URL": "Text", "CssSelectorType": "Text", "XPathType": "Text", "Integer": "Number"}
ROOT = "https://schema.org/"


@cache
def vocabulary() -> dict[str, Any]:
    """``types``: name → parents; ``properties``: type → its own properties → ranges; ``members``: enumeration → terms."""
    return json.loads(KEPT.read_text(encoding="utf-8"))


def lineage(name: str) -> list[str]:
    """A type and everything it inherits from. Raises KeyError for a type that the vocabulary has not."""
    found = [name]
    for one in found:
        found += [parent for parent in vocabulary()["types"][one] if parent not in found]
    return found


def faults(data: Any) -> list[str]:
    """What of a JSON-LD document schema.org would not know, each with its place; none where all of it is valid."""
    if not isinstance(data, dict) or data.get("@context") != "https://schema.org":
        return ["expected one object with the context https://schema.org"]
    return list(_of_node(data, "$"))


def _of_node(node: dict[str, Any], place: str) -> Any:
    kinds = _kinds(node)
    if not kinds:
        yield f"{place}: no @type"
        return
    known = [kind for kind in kinds if kind in vocabulary()["types"]]
    for kind in kinds:
        if kind not in known:
            yield f"{place}: no type {kind}"
    allowed: dict[str, list[str]] = {}
    for kind in known:
        for parent in lineage(kind):
            allowed |= vocabulary()["properties"].get(parent, {})
    for name, value in node.items():
        if name in ("@context", "@type"):
            continue
        if name == "@id":
            if not (isinstance(value, str) and re.match(r"https?://", value)):
                yield f"{place}.@id: expected an address"
        elif name not in allowed:
            yield f"{place}: {'/'.join(kinds)} has no property {name}"
        else:
            for number, one in enumerate(value if isinstance(value, list) else [value]):
                yield from _of_value(one, allowed[name], f"{place}.{name}[{number}]")


def _of_value(value: Any, ranges: list[str], place: str) -> Any:
    if isinstance(value, dict):
        for kind in _kinds(value):
            if kind in vocabulary()["types"] and not set(lineage(kind)) & set(ranges):
                yield f"{place}: {kind} is none of {', '.join(ranges)}"
        yield from _of_node(value, place)
    elif not any(_fits(value, one) for one in ranges):
        yield f"{place}: {value!r} is none of {', '.join(ranges)}"


def _kinds(node: dict[str, Any]) -> list[str]:
    kind = node.get("@type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def _fits(value: Any, kind: str) -> bool:
    """Whether a plain value is of a literal type or a term of an enumeration."""
    if kind in vocabulary()["members"]:
        return isinstance(value, str) and value.removeprefix(ROOT) in vocabulary()["members"][kind]
    if kind not in LITERALS:
        return False
    if kind == "Boolean":
        return isinstance(value, bool)
    if kind in ("Number", "Integer") and isinstance(value, int | float) and not isinstance(value, bool):
        return kind == "Number" or isinstance(value, int)
    if not isinstance(value, str) or not value.strip():
        return False
    try:
        match kind:
            case "Number" | "Integer":
                return bool(re.fullmatch(r"-?\d+" + (r"(\.\d+)?" if kind == "Number" else ""), value))
            case "Date":
                return date.fromisoformat(value).isoformat() == value
            case "DateTime":
                return datetime.fromisoformat(value).tzinfo is not None
            case "URL":
                return bool(re.match(r"https?://[^\s/]+", value))
            case _:
                return True
    except ValueError:
        return False


# ---------------------------------------------------------------- the making of schema_org.json


def _trimmed(declarations: str) -> dict[str, Any]:
    """What TYPES need of the declarations of schema-dts."""
    own: dict[str, dict[str, list[str]]] = {}
    for name, body in re.findall(r"interface (\w+)Base(?: extends [^{]+)? \{\n(.*?)\n\}", declarations, re.S):
        kept = re.findall(r'^    "(\w+)"\?: SchemaValue<(.+), "\1">;$', body, re.M)
        own[name] = {
            prop: sorted({part.strip() for part in kinds.split("|")} - {"IdReference"}) for prop, kinds in kept
        }
    parents: dict[str, list[str]] = {name: [] for name in re.findall(r"interface (\w+)Leaf extends", declarations)}
    for name, union in re.findall(r"^export type (\w+) = (.+);$", declarations, re.M):
        for child in union.split(" | "):
            if name in parents and child in parents:
                parents[child].append(name)
    members = {
        name: sorted(set(re.findall(r'"https://schema\.org/(\w+)"', terms)))
        for name, terms in re.findall(r'export type (\w+) = ((?:"[^"]+" \| )+\w+);', declarations)
        if name not in LITERALS
    }
    wanted = list(TYPES)
    for name in wanted:
        if name not in parents:
            raise SystemExit(f"schema.org has no type {name}")
        wanted += [parent for parent in parents[name] if parent not in wanted]
    ranges = {kind for name in wanted for kinds in own.get(name, {}).values() for kind in kinds}
    return {
        "source": "schema.org vocabulary (CC BY-SA 3.0), from the declarations of the npm package schema-dts 2.1.0",
        "types": {name: parents[name] for name in sorted(set(wanted))},
        "properties": {name: own[name] for name in sorted(set(wanted)) if own.get(name)},
        "members": {name: terms for name, terms in sorted(members.items()) if name in ranges and terms},
    }


if __name__ == "__main__":
    made = _trimmed(Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines = [f' "{part}": {json.dumps(made[part], sort_keys=True)}' for part in ("source",)]
    for part in ("types", "properties", "members"):
        rows = ",\n".join(f'  "{name}": {json.dumps(value, sort_keys=True)}' for name, value in made[part].items())
        lines.append(f' "{part}": {{\n{rows}\n }}')
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
