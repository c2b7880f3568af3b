"""``boi source`` and quarantine on an entity with a small web: what a person is shown, and what is written."""

import json
from datetime import date
from pathlib import Path

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.stages import crawling
from boi_pipeline.summary import source_states, summarise
from boi_pipeline.trial import mark_verified
from scrapers.archive import crawl_records
from scrapers.files import write_text
from scrapers.loader import load_source
from scrapers.outcome import CrawlRecord, SourceResult
from scrapers.yamlfile import ConfigError
from tests.stages.conftest import run_boi
from tests.stages.drive import Place, in_child, tree_hash

pytestmark = pytest.mark.xdist_group("sources-cli")

TEXT = (
    "La Fundación Ensayo abre esta convocatoria para organizaciones de América Latina que trabajan con agua y ciudades. "
    "Entrega hasta 20.000 dólares por proyecto, y acompaña a los equipos durante un año con talleres y visitas. "
)
GRANT = {"@context": "https://schema.org", "@type": "MonetaryGrant", "name": "Fondo {n}", "description": TEXT}


def page(head: str, body: str) -> str:
    return f'<!doctype html><html lang="es"><head>{head}</head><body><main>{body}</main></body></html>'


def feed(host: str) -> str:
    entries = "".join(
        f"<item><guid>e{n}</guid><title>Beca {n} de agua</title><link>http://{host}/beca-{n}</link>"
        f"<pubDate>Mon, {n:02} Nov 2026 10:00:00 +0000</pubDate><description>{TEXT * 2} Cierra el {n} de enero de 2027."
        "</description></item>"
        for n in (2, 9, 16)
    )
    return f'<rss version="2.0"><channel><title>Becas de {host}</title>{entries}</channel></rss>'


def post(n: int, category: str) -> str:
    return (
        f"id: {n}\nslug: fondo-{n}\ndate: 2026-11-20T09:00:00\ntitle: Fondo {n}\ncategories: [{category}]\n"
        f"content: '<p>{TEXT} Cierra el 15 de enero de 2027.</p>'\n"
    )


API = '<link rel="https://api.w.org/" href="http://blog.ensayo.test/wp-json/">'
MEDIA = '<div class="media"><a class="lnk_art_nuevo_cred" href="/w/-/{0}">Beca {0}</a></div>'
PLACES = {
    # declared, and a feed of comments that is not it
    "canal.ensayo.test/index.html": page(
        '<title>Canal</title><meta property="og:site_name" content="Canal de becas">'
        '<link rel="alternate" type="application/rss+xml" title="Comentarios" href="/comments/feed.xml">'
        '<link rel="alternate" type="application/rss+xml" title="Becas" href="/becas.xml">',
        "<p>Hola</p>",
    ),
    "canal.ensayo.test/becas.xml": feed("canal.ensayo.test"),
    # not declared
    "callado.ensayo.test/index.html": page("<title>Callado</title>", "<p>Hola</p>"),
    "callado.ensayo.test/feed.xml": feed("callado.ensayo.test"),
    # WordPress, its home and a category
    "blog.ensayo.test/_site.yaml": "wordpress:\n  categories: {becas: 6, noticias: 9}\n",
    "blog.ensayo.test/posts/1.yaml": post(1, "becas"),
    "blog.ensayo.test/posts/2.yaml": post(2, "noticias"),
    "blog.ensayo.test/index.html": page(f"<title>Blog</title>{API}", "<p>Hola</p>"),
    "blog.ensayo.test/category/becas/index.html": page(
        f"<title>Becas</title>{API}"
        '<link rel="alternate" type="application/json" href="http://blog.ensayo.test/wp-json/wp/v2/categories/6">',
        "<p>Hola</p>",
    ),
    # a sitemap: news without, grants with structured data
    "mapa.ensayo.test/robots.txt": "User-agent: *\nAllow: /\nSitemap: http://mapa.ensayo.test/mapas.xml\n",
    "mapa.ensayo.test/mapas.xml": '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<sitemap><loc>http://mapa.ensayo.test/mapa.xml</loc></sitemap></sitemapindex>",
    "mapa.ensayo.test/mapa.xml": '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    + "".join(f"<url><loc>http://mapa.ensayo.test/noticias/{n}</loc></url>" for n in range(9))
    + "".join(f"<url><loc>http://mapa.ensayo.test/fondos-abiertos/{n}</loc></url>" for n in range(2))
    + "</urlset>",
    "mapa.ensayo.test/index.html": page("<title>Mapa</title>", "<p>Hola</p>"),
    **{f"mapa.ensayo.test/noticias/{n}.html": page("<title>Noticia</title>", f"<p>{TEXT}</p>") for n in range(9)},
    **{
        f"mapa.ensayo.test/fondos-abiertos/{n}.html": page(
            f'<script type="application/ld+json">{json.dumps(GRANT).replace("{n}", str(n))}</script>', f"<p>{TEXT}</p>"
        )
        for n in range(2)
    },
    # the shape of a portal that has a platform
    "portal.ensayo.test/index.html": page(
        "<title>Portal</title>", '<div class="portlet-body">' + MEDIA.format("a") + MEDIA.format("b") + "</div>"
    ),
    **{
        f"portal.ensayo.test/w/-/{name}.html": page(
            "", f'<div class="container"><div class="col-12 col-md-9"><h1>Beca {name}</h1><p>{TEXT}</p></div></div>'
        )
        for name in "ab"
    },
    # nothing to be read by
    "nada.ensayo.test/index.html": page(
        "<title>Nada</title>",
        "".join(f'<div class="tarjeta"><a href="/{n}">Convocatoria {n}</a><p>{TEXT}</p></div>' for n in range(5)),
    ),
    "guion.ensayo.test/index.html": page("<title>Guion</title>", '<div id="app"></div>'),
    "cerrado.ensayo.test/robots.txt": "User-agent: *\nDisallow: /\n",
    "cerrado.ensayo.test/index.html": page("", "<p>Hola</p>"),
}


@pytest.fixture
def place(mini: Path, tmp_path: Path) -> Place:
    """The mini entity with more places in its web."""
    for name, text in PLACES.items():
        path = mini / "mini" / "web" / "day1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Place(tmp_path / "home", mini)


def sources(place: Place) -> Path:
    return place.entities / "mini" / "sources"


# ---------------------------------------------------------------- add


@pytest.mark.parametrize(
    ("url", "name", "platform", "read", "options"),
    [
        ("canal.ensayo.test/", "canal_ensayo", "feed", "canal.ensayo.test/becas.xml", {}),
        ("canal.ensayo.test/becas.xml", "canal_ensayo", "feed", "canal.ensayo.test/becas.xml", {}),
        ("callado.ensayo.test/", "callado_ensayo", "feed", "callado.ensayo.test/feed.xml", {}),
        ("blog.ensayo.test/", "blog_ensayo", "wordpress", "blog.ensayo.test", {}),
        ("blog.ensayo.test/category/becas/", "blog_ensayo", "wordpress", "blog.ensayo.test", {"categories": [6]}),
        (
            "mapa.ensayo.test/",
            "mapa_ensayo",
            "sitemap",
            "mapa.ensayo.test/mapa.xml",
            {"match": "/fondos-abiertos/", "needs_structured": True},
        ),
        ("portal.ensayo.test/", "portal_ensayo", "liferay", "portal.ensayo.test/", {}),
    ],
)
def test_a_place_is_proposed_by_what_it_offers(
    place: Place, url: str, name: str, platform: str, read: str, options: dict[str, object]
) -> None:
    told = run_boi(place.home, "source", "add", f"http://{url}", "--yes", "--json", entities=place.entities)
    assert told.code == 0, told.err + told.out
    written = sources(place) / f"{name}.yaml"
    assert told.json["written"] == str(written)
    assert written.read_text(encoding="utf-8") == told.json["file"]
    source = load_source(written)
    assert (source.platform, source.url, source.options) == (platform, f"http://{read}", options)
    assert source.verified is None
    assert "términos" in source.unknown[0]
    assert len(written.read_text().splitlines()) <= 12
    assert source.language == "es"
    assert told.json["trial"]["outcome"] == "ok"
    assert told.json["trial"]["notices"]
    assert told.json["trial"]["source"] == name
    kept = Path(told.json["kept_in"])
    assert kept == place.home / "mini" / "proposals" / name
    assert len(list(kept.rglob("*.warc.gz"))) == 2  # of the look, and of the trial
    assert crawl_records(place.home / "mini") == []


def test_a_proposal_is_only_shown_where_nobody_can_say_yes(place: Place) -> None:
    before = tree_hash(place.entities)
    told = run_boi(
        place.home, "source", "add", "http://canal.ensayo.test/", "--id", "mi_canal", entities=place.entities
    )
    assert told.code == 0, told.err
    assert "platform: feed" in told.out
    assert "cadence: weekly" in told.out
    assert "name: Canal de becas" in told.out
    assert "Beca 16 de agua" in told.out
    assert "16 de enero de 2027" in told.out
    assert "nothing was written; add --yes to write it" in told.out
    assert tree_hash(place.entities) == before
    assert (place.home / "mini" / "proposals" / "mi_canal" / "trial" / "captures").is_dir()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://nada.ensayo.test/", ["options.item", "div.tarjeta (5)", "5 enlaces"]),
        ("http://guion.ensayo.test/", ["JavaScript"]),
        ("http://cerrado.ensayo.test/", ["robots.txt prohíbe", "pida permiso"]),
        ("http://ausente.ensayo.test/", ["respondió 404"]),
        ("http://becas.ensayo.test/feed.xml", ["Ya la mira la fuente becas"]),
        ("http://10.0.0.5/", ["dirección privada"]),
    ],
)
def test_what_cannot_be_read_is_not_proposed(place: Place, url: str, said: list[str]) -> None:
    before = tree_hash(place.entities)
    told = run_boi(place.home, "source", "add", url, "--yes", "--json", entities=place.entities)
    assert told.code == 1, told.out
    missing = " ".join(told.json["missing"])
    assert all(piece in missing for piece in said), missing
    assert (told.json["file"], told.json["written"]) == (None, None)
    assert tree_hash(place.entities) == before
    if "robots" in said[0]:
        assert told.json["outcome"] == "robots"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("http://canal.ensayo.test/", "--id", "becas"), "there is such a source"),
        (("http://canal.ensayo.test/", "--id", "Mi Canal"), "id: "),
        (("ftp://canal.ensayo.test/",), "url: "),
        (("canal",), "expected an address such as"),
    ],
)
def test_what_was_typed_wrong_is_said(place: Place, arguments: tuple[str, ...], said: str) -> None:
    told = run_boi(place.home, "source", "add", *arguments, "--yes", entities=place.entities)
    assert told.code == 1
    assert said in told.err
    assert "Traceback" not in told.err


# ---------------------------------------------------------------- check


UNVERIFIED = """# Un lugar de ensayo.
id: nueva   # su nombre
name: "Nueva"
platform: feed
url: http://canal.ensayo.test/becas.xml
language: es
authority: official
unknown:
  - los términos
  # y esto también
  - el contacto

# lo que sigue se queda
options: {include: [Beca],
  exclude: [nada]}   # tal cual
"""
VERIFIED = """# Un lugar de ensayo.
id: nueva   # su nombre
name: "Nueva"
platform: feed
url: http://canal.ensayo.test/becas.xml
language: es
authority: official
verified: {by: run, on: 2026-11-23}

# lo que sigue se queda
options: {include: [Beca],
  exclude: [nada]}   # tal cual
"""


def test_a_source_is_tried_then_accepted(place: Place) -> None:
    path = sources(place) / "nueva.yaml"
    path.write_text(UNVERIFIED, encoding="utf-8")
    shown = run_boi(place.home, "source", "check", "nueva", "--keep", entities=place.entities)
    assert shown.code == 0, shown.err
    for piece in (
        "los términos",
        "ok",
        "requests",
        "No hay robots.txt (respondió 404)",
        "Beca 2 de agua",
        "dates 100%",
    ):
        assert piece in shown.out
    assert len(list((place.home / "mini" / "checks" / "nueva").rglob("*.warc.gz"))) == 1
    asked = run_boi(place.home, "source", "check", "nueva", "--accept", entities=place.entities)
    assert asked.code == 1
    assert "--yes" in asked.err
    assert path.read_text(encoding="utf-8") == UNVERIFIED
    told = run_boi(place.home, "source", "check", "nueva", "--accept", "--yes", "--json", entities=place.entities)
    assert told.code == 0, told.err
    assert told.json["accepted"]
    assert path.read_text(encoding="utf-8") == VERIFIED
    assert [one["title"] for one in told.json["notices"]] == [f"Beca {n} de agua" for n in (16, 2, 9)]
    assert told.json["notices"][1]["dates"] == ["2 de enero de 2027"]
    assert crawl_records(place.home / "mini") == []


def test_what_gives_nothing_is_not_accepted(place: Place) -> None:
    path = sources(place) / "nueva.yaml"
    path.write_text(UNVERIFIED.replace("include: [Beca]", "include: [Premio]"), encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    told = run_boi(place.home, "source", "check", "nueva", "--accept", "--yes", "--json", entities=place.entities)
    assert told.code == 1
    assert not told.json["accepted"]
    assert "not accepted" in told.err
    assert path.read_text(encoding="utf-8") == before


HEAD = "id: uno\nname: Uno\nplatform: feed\nurl: http://uno.test/\nlanguage: es\nauthority: official\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, HEAD + "verified: {by: run, on: 2026-11-24}\n"),
        (HEAD.rstrip("\n"), HEAD + "verified: {by: run, on: 2026-11-24}\n"),
        ("unknown: [todo]\n" + HEAD, "verified: {by: run, on: 2026-11-24}\n" + HEAD),
        (HEAD + "verified:\n  by: recorded\n  on: 2026-01-01\n# fin\n", HEAD + "verified: {by: run, on: 2026-11-24}\n# fin\n"),
        (HEAD + "unknown:\n- a\n- b\n\nterms: |\n  uno\n  dos\n", HEAD + "verified: {by: run, on: 2026-11-24}\n\nterms: |\n  uno\n  dos\n"),
    ],
)  # fmt: skip
def test_a_file_is_marked_and_else_left_as_it_is(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "uno.yaml"
    path.write_text(before, encoding="utf-8")
    mark_verified(path, date(2026, 11, 24))
    assert path.read_text(encoding="utf-8") == after
    source = load_source(path)
    assert source.verified is not None
    assert source.verified.on == date(2026, 11, 24)
    assert source.unknown == []


def test_a_file_that_leaves_no_place_is_left_to_a_person(tmp_path: Path) -> None:
    path = tmp_path / "uno.yaml"
    one_line = "{id: uno, name: Uno, platform: feed, url: 'http://uno.test/', language: es, authority: official}\n"
    path.write_text(one_line, encoding="utf-8")
    with pytest.raises(ConfigError, match="by hand"):
        mark_verified(path, date(2026, 11, 24))
    assert path.read_text(encoding="utf-8") == one_line


# ---------------------------------------------------------------- list and quarantine


def fail(place: Place, days: range, source: str = "becas") -> None:
    """Records of crawls at which one source failed, and the other did not."""
    for day in days:
        run = place.new_run(date(2026, 11, day))
        results = [
            SourceResult(source_id=source, outcome="gone", detail="respondió 404"),
            SourceResult(source_id="fondos", outcome="ok", listed_count=3, new_count=3),
        ]
        name = f"{day:026}"
        record = CrawlRecord(crawl_id=name, as_of=run.as_of, finished_at=run.as_of, results=results)
        write_text(run.home.crawls / f"{name}.json", record.model_dump_json(), "crawl")


def test_a_failing_source_rests_and_is_tried_again_after_a_week(place: Place) -> None:
    fail(place, range(16, 20))
    assert crawling.quarantined(place.new_run(date(2026, 11, 20))) == {}
    fail(place, range(16, 21))
    resting = crawling.quarantined(place.new_run(date(2026, 11, 23)))
    assert list(resting) == ["becas"]
    state = {one.source: one for one in source_states(place.new_run())}["becas"]
    assert state.quarantine is not None
    assert "se reintenta el 2026-11-27" in state.quarantine
    assert [one.quarantine for one in summarise(place.new_run()).sources if one.source_id == "becas"] == [
        state.quarantine
    ]
    visited = [result.source_id for result in crawling.crawl(place.new_run(), None)]
    assert visited == ["fondos"]
    visited = {result.source_id: result.outcome for result in crawling.crawl(place.new_run(date(2026, 11, 27)), None)}
    assert visited == {"becas": "ok", "fondos": "unchanged"}
    assert crawling.quarantined(place.new_run(date(2026, 11, 28))) == {}


def test_quarantine_shows_in_dagster_and_one_source_alone_is_tried(place: Place) -> None:
    fail(place, range(16, 21))

    def work() -> None:
        import dagster as dg

        from boi_pipeline.definitions import defs
        from boi_pipeline.defs.shared import location

        location.cache_clear()
        job = defs().get_repository_def().get_job("collect")
        keys = [dg.AssetKey(["sources", name]) for name in ("becas", "fondos")]
        both = job.execute_in_process(asset_selection=keys)
        (resting,) = [one for one in both.get_asset_check_evaluations() if one.asset_key == keys[0]]
        assert not resting.passed
        assert resting.check_name == "answered"
        assert resting.description and resting.description.startswith("En cuarentena desde 2026-11-16")
        assert [one.asset_key for one in both.asset_materializations_for_node("crawl")] == keys[1:]
        alone = job.execute_in_process(asset_selection=keys[:1])
        checks = {one.check_name: one.passed for one in alone.get_asset_check_evaluations()}
        assert checks == {"answered": True, "volume": True, "news": True, "coverage": True}

    settings = {"BOI_HOME": str(place.home), "BOI_ENTITIES": str(place.entities), "BOI_ENTITY": "mini"}
    assert in_child(work, settings) == 0
    assert crawling.quarantined(place.new_run()) == {}


def test_sources_and_candidates_are_counted_apart(place: Place) -> None:
    fail(place, range(16, 21))
    (sources(place) / "nueva.yaml").write_text(UNVERIFIED, encoding="utf-8")
    listed = (
        "- {name: Lugar, url: 'https://lugar.example', kind: eu, why: promete, unknown: [selectores, robots.txt]}\n"
    )
    (place.entities / "mini" / "candidates.yaml").write_text(listed, encoding="utf-8")
    told = run_boi(place.home, "source", "list", "--json", entities=place.entities)
    counts = {name: told.json[name] for name in ("verified", "unverified", "quarantined")}
    assert counts == {"verified": 2, "unverified": 1, "quarantined": 1}
    states = {one["source"]: one for one in told.json["sources"]}
    assert (states["fondos"]["last_good"], states["fondos"]["last_news"]) == ("2026-11-20", "2026-11-20")
    assert states["becas"]["last_good"] is None
    assert [one["name"] for one in told.json["candidates"]] == ["Lugar"]
    shown = run_boi(place.home, "source", "list", entities=place.entities)
    assert "1 unverified" in shown.out
    assert "En cuarentena desde 2026-11-16: 5 visitas fallidas" in shown.out
    shown = run_boi(place.home, "source", "list", "--candidates", entities=place.entities)
    assert "falta saber: selectores, robots.txt" in shown.out
    status = run_boi(place.home, "status", entities=place.entities)
    assert "En cuarentena desde 2026-11-16" in status.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: Lugar\n", "expected a list of places"),
        ("- {name: Uno, url: u}\n- {nombre: Dos, url: u}\n", "candidates.yaml:2: "),
    ],
)
def test_a_broken_list_of_candidates_is_told_with_its_line(place: Place, text: str, said: str) -> None:
    (place.entities / "mini" / "candidates.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        _ = load_entity(place.entities / "mini").candidates
