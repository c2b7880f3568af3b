"""What each channel exports, in Spanish and English, becomes the metrics that it tells; what is not understood is told."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from boi_pipeline.achieved import metric_files, store
from boi_pipeline.achieved.layouts import layouts, recognise
from boi_pipeline.achieved.refusals import SheetRefused
from boi_pipeline.achieved.sheets import open_sheets
from boi_pipeline.achieved.taking import Context, Handed, Taken
from boi_pipeline.entity import load_entity
from boi_pipeline.records import Metric
from boi_pipeline.settings import ROOT, Home
from scrapers.files import file_sha256
from scrapers.tabular import read_records
from tests.achieved.books import EXPORTS, write_book

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
GRANT, FUND = "PAL-2026-00001", "PAL-2026-00004"
Take = Callable[..., tuple[Taken, list[Metric]]]


@pytest.fixture
def context(tmp_path: Path) -> Context:
    entity = load_entity(ROOT / "entities" / "sample")
    return Context(entity, Home(tmp_path / "home", "sample"), datetime(2026, 11, 26, 21, tzinfo=UTC))


@pytest.fixture
def take(context: Context, tmp_path: Path) -> Take:
    """Take a file in: one of the exports by its name, or a text written into one."""

    def taking(given: Path | str, name: str = "export.csv", encoding: str = "utf-8") -> tuple[Taken, list[Metric]]:
        if isinstance(given, str):
            (tmp_path / name).write_text(given, encoding=encoding)
            given = tmp_path / name
        taken = metric_files.take(Handed(given, file_sha256(given), given.name), context)
        store.keep(context.home, taken.record)
        return taken, read_records([store.rows_path(context.home, taken.record.import_id)], Metric)

    return taking


def counts(metrics: list[Metric]) -> list[tuple[date, int | None, int | None, int | None]]:
    return [(one.metric_date, one.impressions, one.clicks, one.interactions) for one in metrics]


@pytest.mark.parametrize("path", sorted(EXPORTS.iterdir()), ids=lambda path: path.name)
def test_every_export_is_known_by_its_header_alone(path: Path) -> None:
    with open_sheets(path) as sheets:
        found = recognise(sheets)
    assert found and path.name.startswith(found[0])


def test_every_layout_has_an_export_that_shows_it() -> None:
    shown = Counter(name for name in layouts() for path in EXPORTS.iterdir() if path.name.startswith(name))
    assert set(shown) == set(layouts())


def test_linkedin_tells_days_of_all_the_page_and_what_each_post_gathered(take: Take) -> None:
    taken, metrics = take(EXPORTS / "linkedin_content_en.xls")
    days, posts = metrics[:2], metrics[2:]
    assert counts(days) == [(MONDAY, 1500, 61, 51), (TUESDAY, 800, 20, 15)]
    assert {one.reference for one in days} == {None} and {one.scope for one in days} == {"day"}
    assert counts(posts) == [(MONDAY, 1100, 50, 39), (TUESDAY, 600, 15, 12)]
    assert {(one.scope, one.reference_kind) for one in posts} == {("post", "url")}
    assert [one.title for one in posts] == ["Becas de maestría en Faro del Norte para 2027", FUND]
    assert taken.record.unknown_columns == [], "its own columns are no news"
    assert "Marta" not in str(metrics)


def test_linkedin_in_spanish_is_the_same_page(take: Take) -> None:
    taken, metrics = take(EXPORTS / "linkedin_content_es.xlsx")
    assert counts(metrics)[:2] == [(MONDAY, 1500, 61, 51), (TUESDAY, 800, 20, 15)]
    assert (taken.record.layout, taken.record.last_day) == ("linkedin_content", date(2026, 11, 25))


def test_x_tells_posts_and_a_number_in_short_is_set_aside(take: Take) -> None:
    taken, metrics = take(EXPORTS / "x_posts_en.csv")
    assert counts(metrics)[:2] == [(MONDAY, 1240, 44, 46), (TUESDAY, 980, 19, 18)]
    assert metrics[1].title == FUND
    assert metrics[2].title is None  # an answer to somebody
    (fault,) = taken.faults
    assert fault.number == 5 and "columna «Impressions»: «1.2K»" in fault.reason
    assert taken.record.refused_count == 1


def test_x_tells_its_days_in_spanish_and_no_clicks(take: Take) -> None:
    _, metrics = take(EXPORTS / "x_overview_es.csv")
    assert counts(metrics)[1:] == [(TUESDAY, 1310, None, 22), (MONDAY, 2004, None, 52)]
    assert metrics[0].impressions is None  # the newest day is not counted yet


def test_the_older_export_of_x_tells_instants_which_become_our_days(take: Take) -> None:
    _, metrics = take(
        "Tweet id,Tweet permalink,Tweet text,time,impressions,engagements,retweets,replies,likes,url clicks\n"
        "1,https://twitter.com/PuertoAlba/status/1,Becas,2026-11-24 02:05 +0000,100.0,9.0,1.0,2.0,3.0,4.0\n"
    )
    assert counts(metrics) == [(MONDAY, 100, 4, 6)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_instagram_tells_posts_and_no_clicks_by_our_day(take: Take, language: str) -> None:
    _, metrics = take(EXPORTS / f"instagram_posts_{language}.csv")
    assert counts(metrics) == [(MONDAY, 2310, None, 184), (TUESDAY, 640, None, 41)]  # 23:40 there is the next day here
    assert [one.title for one in metrics] == [GRANT, "Premio de historieta para autoras jóvenes"]


def test_web_analytics_tell_pages_added_up_by_the_call_they_are_of(take: Take) -> None:
    _, metrics = take(EXPORTS / "ga4_pages_en.csv")
    assert [(one.metric_date, one.reference, one.impressions) for one in metrics] == [
        (MONDAY, "/", 1520),
        (MONDAY, GRANT, 500),
        (MONDAY, FUND, 187),
    ]
    assert "utm_source" not in str(metrics)


def test_a_report_of_a_whole_period_says_so_and_its_last_day_holds_it(take: Take) -> None:
    taken, _ = take(EXPORTS / "ga4_pages_en.csv")
    assert (taken.record.first_day, taken.record.last_day) == (date(2026, 11, 1), MONDAY)
    taken, _ = take(EXPORTS / "matomo_pages_es_2026-11-23_2026-11-24.csv")
    assert (taken.record.first_day, taken.record.last_day) == (MONDAY, TUESDAY)


def test_a_period_that_was_told_at_once_is_not_torn(take: Take, context: Context) -> None:
    take(EXPORTS / "ga4_pages_en.csv")
    with pytest.raises(SheetRefused, match="no se puede partir"):
        take(EXPORTS / "ga4_pages_es.csv")
    assert len(list(context.home.imports.glob("*.parquet"))) == 1
    longer = (EXPORTS / "ga4_pages_en.csv").read_text().replace("End date: 20261123", "End date: 20261125")
    assert take(longer)[0].record.last_day == date(2026, 11, 25)


def test_a_report_that_does_not_say_its_days_is_refused(take: Take) -> None:
    with pytest.raises(SheetRefused, match="No dice de qué días es"):
        take("Page path,Views\n/,10\n")
    with pytest.raises(SheetRefused, match="aún no ha llegado"):
        take("Page path,Views\n/,10\n", name="pages_2026-11-01_2026-12-31.csv")


def test_web_analytics_tell_the_clicks_of_channels_that_tell_none(take: Take) -> None:
    taken, metrics = take(EXPORTS / "ga4_content_en.csv")
    assert [(one.channel, one.reference, one.clicks) for one in metrics] == [
        ("whatsapp", GRANT, 40),
        ("instagram", FUND, 7),
    ]
    assert taken.record.told_clicks == 47  # of the 67 told, those of our channels
    assert any("«linkedin»" in note for note in taken.notes)


@pytest.mark.parametrize(
    "name", ["matomo_pages_en.csv", "matomo_content_en.csv", "matomo_content_es.csv", "ga4_content_es.csv"]
)
def test_the_call_is_found_in_an_address_or_in_utm_content(take: Take, name: str) -> None:
    _, metrics = take(EXPORTS / name)
    assert GRANT in {one.reference for one in metrics if one.reference_kind == "code"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_views_of_power_bi_are_a_channel_s(take: Take, language: str) -> None:
    _, metrics = take(EXPORTS / f"powerbi_usage_{language}.csv")
    assert [(one.channel, one.metric_date, one.impressions) for one in metrics] == [
        ("powerbi", MONDAY, 34),
        ("powerbi", TUESDAY, 41 if language == "en" else 1041),
    ]


def test_the_plain_template_is_typed_by_hand_in_spanish(take: Take) -> None:
    _, metrics = take(EXPORTS / "plain_es.csv")
    assert [(one.channel, one.reference, one.impressions, one.clicks) for one in metrics] == [
        ("whatsapp", GRANT, 1200, None),
        ("whatsapp", None, 800, None),
    ]


def test_a_total_that_the_rows_do_not_add_up_to_refuses_the_file(take: Take, context: Context) -> None:
    text = "Fecha;Vistas de informe\n2026-11-23;34\nTotal;35\n"
    with pytest.raises(SheetRefused, match="el total del archivo dice 35 impresiones y sus filas suman 34"):
        take(text)
    assert not list(context.home.imports.iterdir())
    taken, _ = take(text.replace("34\n", "34\n2026-11-24;uno\n"))
    assert any("No cuadra, porque hubo filas apartadas" in note for note in taken.notes)


PLAIN = "fecha,canal,código,impresiones,clics,interacciones\n"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2026-11-23,facebook,,1,1,1", "columna «canal»: «facebook»; se esperaba uno de"),
        ("2026-11-23,x,PAL-1,1,1,1", "código «PAL-1»; se esperaba uno como PAL-2026-00012"),
        ("ayer,x,,1,1,1", "columna «fecha»: «ayer»; se esperaba un día"),
        ("2026-12-24,x,,1,1,1", "2026-12-24 aún no ha llegado"),
        ("2026-11-23,x,,-1,1,1", "columna «impresiones»: «-1»; se esperaba un número"),
        ("2026-11-23,x,,,,", "no trae ninguna cifra"),
        ("2026-11-22,x,,7,7,7", "repite el día y la referencia de una fila anterior"),
        ("2026-11-23,x,,yo@example.org,1,1", "columna «impresiones»: «██"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason(take: Take, row: str, told: str) -> None:
    taken, metrics = take(PLAIN + "2026-11-21,x,,5,5,5\n2026-11-22,x,,5,5,5\n" + row + "\n")
    assert len(metrics) == 2
    (fault,) = taken.faults
    assert fault.number == 4 and told in fault.reason


def test_a_file_with_more_bad_rows_than_good_is_refused(take: Take, context: Context) -> None:
    with pytest.raises(SheetRefused, match="filas buenas 1, malas 2") as caught:
        take(PLAIN + "2026-11-22,x,,5,5,5\nayer,x,,5,5,5\nhoy,x,,5,5,5\n")
    assert "fila 3" in str(caught.value)
    assert not list(context.home.imports.iterdir())


def test_days_that_may_be_read_either_way_are_refused_with_what_to_do(take: Take) -> None:
    with pytest.raises(SheetRefused, match=r"no se sabe si .* es día/mes o mes/día"):
        take(PLAIN + "1/2/2026,x,,5,5,5\n")


def test_numbers_in_both_locales_in_one_file_are_refused(take: Take) -> None:
    with pytest.raises(SheetRefused, match="números en dos formas"):
        take(PLAIN + '2026-11-21,x,,"1,234.0",5,5\n2026-11-22,x,,"1.234,0",5,5\n')


def test_a_workbook_of_the_plain_template_tells_real_days_and_numbers(take: Take, tmp_path: Path) -> None:
    rows = [PLAIN.strip().split(","), [datetime(2026, 11, 23), "WhatsApp", GRANT, 1200, None, 3.0]]
    _, metrics = take(write_book(tmp_path / "plain.xlsx", *rows))
    assert counts(metrics) == [(MONDAY, 1200, None, 3)]


def test_a_column_that_is_new_in_an_export_is_named(take: Take, tmp_path: Path) -> None:
    text = (EXPORTS / "instagram_posts_es.csv").read_text(encoding="utf-8-sig").splitlines()
    path = tmp_path / "instagram.csv"
    path.write_text(
        "\n".join([f"{text[0]},Reproducciones nuevas", *(f"{line},7" for line in text[1:])]), encoding="utf-8"
    )
    taken, _ = take(path)
    assert taken.record.unknown_columns == ["Reproducciones nuevas"]


def test_a_heading_may_not_name_anybody_either(take: Take) -> None:
    taken, _ = take(PLAIN.strip() + ",ana@example.org\n2026-11-23,x,,5,5,5,\n")
    (column,) = taken.record.unknown_columns
    assert "ana" not in column
