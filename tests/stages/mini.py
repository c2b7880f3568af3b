"""A two-source entity of a handful of pages, written into a folder: the smallest on which every stage has work."""

from pathlib import Path

ENTITY = """
id: mini
name: Oficina de Ensayo
short_name: Ensayo
bulletin: Boletín de ensayo
city: Ensayo
country: EC
timezone: America/Guayaquil
languages: [es]
code_prefix: MIN
site_url: https://boletin.ensayo.example
contact_email: nadie@ensayo.example
user_agent: EnsayoBot/1.0 (+https://boletin.ensayo.example)
edition: {minimum: 1, maximum: 7}
brand: {primary: "#0b4f6c", accent: "#f2a541"}
label_template: "Texto revisado por el equipo de {entity} el {date}."
label_generative: "Texto con {tool}, revisado por el equipo de {entity} el {date}."
reader: {name: offline, rules_only: true}
web: {root: web, suffix: ensayo.test, days: {2026-11-23: day1}}
decisions: decisions.yml
"""
FEED_SOURCE = """
id: becas
name: Becas de Ensayo
platform: feed
url: http://becas.ensayo.test/feed.xml
language: es
authority: official
verified: {by: run, on: 2026-11-23}
"""
LISTING_SOURCE = """
id: fondos
name: Fondos de Ensayo
platform: listing
url: http://fondos.ensayo.test/
language: es
authority: official
complete_listing: true
verified: {by: run, on: 2026-11-23}
options: {item: li, detail: {title: h1, content: main}}
"""
CALLS = {
    "fondo-agua": (
        "Fondo para proyectos de agua potable",
        "El fondo entrega hasta 20.000 dólares a organizaciones sin ánimo de lucro",
    ),
    "premio-rios": ("Premio de periodismo sobre ríos", "El premio entrega 5.000 dólares a periodistas"),
    "curso-mapas": ("Curso en línea de mapas comunitarios", "El curso gratuito en línea es para servidores públicos"),
}
BODY = (
    "{what} de América Latina. Convoca la Fundación Ensayo. La convocatoria busca mejorar la gestión del agua en las "
    "ciudades. Las postulaciones se reciben hasta el {day} de enero de 2027 a las 17:00 (hora de Quito). "
    "Pueden participar personas y organizaciones de todos los países de América Latina."
)
DECISIONS = """
- {date: 2026-11-23, action: approve, item: becas/beca-1, role: editor, reason: Revisada.}
- {date: 2026-11-23, action: approve, item: "fondos/http://fondos.ensayo.test/fondo-agua", role: editor, reason: Revisada.}
- {date: 2026-11-23, action: reject, item: "fondos/http://fondos.ensayo.test/curso-mapas", role: editor, reason: No aplica.}
"""


def write_entity(folder: Path) -> Path:
    """Write the entity below ``folder`` (an ``entities/`` folder) and return its own folder."""
    root = folder / "mini"
    files = {
        "entity.yaml": ENTITY,
        "sources/becas.yaml": FEED_SOURCE,
        "sources/fondos.yaml": LISTING_SOURCE,
        "decisions.yml": DECISIONS,
        "vocabularies/plan_objectives.yml": "description: Plan de ensayo.\nterms: {'P:1': {label: Agua, sdg: [6]}}\n",
        "web/day1/becas.ensayo.test/feed.xml": _feed(),
        "web/day1/fondos.ensayo.test/index.html": _page(
            "Fondos",
            "<ul>" + "".join(f'<li><a href="/{slug}">{title}</a></li>' for slug, (title, _) in CALLS.items()) + "</ul>",
        ),
    }
    for number, (slug, (title, what)) in enumerate(CALLS.items(), start=10):
        link = f'<a href="/{slug}/postular">Postular</a>'
        body = f"<h1>{title}</h1><p>{BODY.format(what=what, day=number)}</p><p>{link}</p>"
        files[f"web/day1/fondos.ensayo.test/{slug}.html"] = _page(title, body)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    return root


def _page(title: str, body: str) -> str:
    return f'<!doctype html><html lang="es"><title>{title}</title><body><main>{body}</main></body></html>'


def _feed() -> str:
    items = "".join(
        f"<item><guid>beca-{number}</guid><title>Beca {number} de maestría en gestión del agua</title>"
        f"<link>http://becas.ensayo.test/beca-{number}</link><pubDate>Mon, 23 Nov 2026 10:00:00 +0000</pubDate>"
        f"<description>{BODY.format(what='La beca cubre matrícula y manutención para profesionales', day=20 + number)}"
        "</description></item>"
        for number in (1, 2)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Becas</title>'
        f"<link>http://becas.ensayo.test/</link><description>Becas</description>{items}</channel></rss>"
    )
