"""Closing dates as people write them: the golden set, and what the reader promises of any deadline."""

from datetime import date

import pytest

from boi_pipeline.reading.evaluation.golden import Case, golden, told
from boi_pipeline.reading.evaluation.passages_deadlines import passages, score_passages
from boi_pipeline.reading.offline.reader import RulesReader
from boi_pipeline.reading.reader import read_proved
from tests.reading.pages import CONTEXT, notice, read

ENOUGH = 0.97


def test_of_the_golden_set_nearly_all_deadlines_are_exactly_right() -> None:
    reader, cases = RulesReader(), list(golden())
    got = [told(read_proved(reader, case.notice(), CONTEXT)) for case in cases]
    wrong = [(case, words) for case, words in zip(cases, got, strict=True) if words != case.expected]
    lines = [f"{c.group} [{c.language}] {c.words!r}: {words}, not {c.expected}" for c, words in wrong]
    assert len(cases) - len(wrong) >= ENOUGH * len(cases), "\n".join(lines)


def test_the_golden_set_says_no_string_twice() -> None:
    keys = [(case.language, case.words, str(case.options)) for case in golden()]
    assert len(keys) >= 300
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "words",
    ["Deadline: March 2027", "Deadline: 31 February 2027", "Deadline: varies"],
)
def test_what_is_no_day_is_no_deadline(words: str) -> None:
    assert read(notice(words)).deadlines == []


def test_two_stages_are_named() -> None:
    reading = read(notice("Concept notes are due on 10 January 2027; full proposals by 10 April 2027."))
    assert [d.stage for d in reading.deadlines] == ["concept_note", "full_proposal"]
    assert reading.close_model == "two_stage"


def test_the_sources_zone_is_assumed_where_none_is_said() -> None:
    reading = read(notice("Deadline: 15 January 2027, 17:00", timezone="Europe/Berlin"))
    assert (reading.deadlines[0].timezone, reading.deadlines[0].basis) == ("Europe/Berlin", "assumed")


def test_a_year_not_printed_follows_the_day_of_the_post_and_is_not_guessed_without_it() -> None:
    words = "Apply by 15 January."
    assert read(notice(words)).deadlines[0].close_date == date(2027, 1, 15)
    assert read(notice(words, posted=None)).deadlines == []
    words = "The festival opens on 12 November 2027 in the old harbour.\nApply by Friday the 19th."
    assert read(notice(words, posted=None)).deadlines[0].close_date == date(2027, 11, 19)


def _days_of(body: str, **options: object) -> list[str]:
    return [str(deadline.close_date) for deadline in read(notice(body, **options)).deadlines]  # type: ignore[arg-type]


def test_a_closing_in_words_nobody_listed_is_weighed_by_what_stands_around_it() -> None:
    body = (
        "The Northern Foundation invites artists to apply for ten grants of EUR 5,000. The jury meets on 2 March 2027. "
        "The form for applications goes dark on 12 February 2027 at 18:00 CET. Winners perform on 20 May 2027."
    )
    assert _days_of(body) == ["2027-02-12"]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Applications are accepted until the last day of March 2027.", "2027-03-31"),
        ("Postulaciones: a más tardar el 27.III.2027.", "2027-03-27"),
        ("The workshop is on Thursday 14 January 2027. Register by Tuesday 12.", "2027-01-12"),
        ("Mandá tu solicitud antes del 22/3.", "2027-03-22"),
        ("Application period: February 1 (Mon) to February 26 (Fri), 2027", "2027-02-26"),
        ("Resumos: de 31/01 para 24/02/2027", "2027-02-24"),
    ],
)
def test_a_day_is_read_though_its_month_or_year_stands_apart(words: str, day: str) -> None:
    assert _days_of(words) == [day]


def test_the_next_line_that_begins_alike_closes_too() -> None:
    body = "For the spring shift: apply by 30 January 2027.\nFor the autumn shift: 28 May 2027."
    assert _days_of(body) == ["2027-01-30", "2027-05-28"]


def test_the_first_look_at_a_rolling_call_is_no_closing() -> None:
    assert _days_of("Deadline: rolling, looked at from 12 January 2027.") == []


def test_hours_in_words_are_hours() -> None:
    reading = read(notice("Les dossiers sont reçus jusqu'au 30 avril 2027, à dix-huit heures, heure de Paris."))
    assert [(str(d.close_time), d.timezone) for d in reading.deadlines] == [("18:00:00", "Europe/Paris")]


@pytest.mark.parametrize("part", ["tune", "held"])
def test_of_the_passages_most_are_exactly_right(part: str) -> None:
    share = score_passages(RulesReader(), CONTEXT, part)
    least = {"tune": 0.9, "held": 0.78}[part]
    assert share.share >= least, "\n".join(share.errors) if part == "tune" else share.share


def test_no_passage_is_said_twice() -> None:
    words = [passage.case.words for passage in passages()]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        # what surrounds a call has days of its own
        ("en", "Applications close on 15 January 2027. The grant must be spent by 31 March 2028.", "2027-01-15"),
        ("es", "Postule hasta el 15 de enero de 2027. Se confirmará por correo antes del 5 de marzo.", "2027-01-15"),
        ("es", "Cierra el 4 de enero de 2027. El rodaje no puede empezar antes del 1 de agosto de 2027.", "2027-01-04"),
        ("es", "No olvide postularse antes del 3 de marzo de 2027.", "2027-03-03"),
        ("pt", "Quando viajo? Entre 01/08/2027 e 31/07/2028. Inscreva-se até 26/02/2027.", "2027-02-26"),
        ("fr", "Échéance : 1er juin 2027 (dossiers), 15 octobre 2027 (cérémonie).", "2027-06-01"),
        ("en", "Applications open today and none is accepted after 5 March 2027.", "2027-03-05"),
        ("es", "Turnos:\n- para julio, escribir antes del 12 de junio de 2027;\n- para septiembre, antes del 7 de agosto de 2027.",
         "2027-06-12#cut_off 2027-08-07#cut_off"),
        # forms of days
        ("es", "Fecha límite: el 27 de este mes.", "2026-11-27"),
        ("es", "El taller es el 12 de diciembre de 2026; hay que inscribirse antes del 10.", "2026-12-10"),
        ("de", "Es gelten der 15. April und der 15. Oktober 2027 als Stichtage.", "2027-04-15#cut_off 2027-10-15#cut_off"),
        ("pt", "Candidaturas: de 25/11 a 16/12/2026.", "2026-12-16"),
        ("pt", "Datas-limite: 31 de março, 31 de julho e 30 de novembro.", "2027-03-31#cut_off 2027-07-31#cut_off 2027-11-30#cut_off"),
        ("es", "Del 3 al 21 de marzo de 2027 puedes inscribirte como voluntario.", "2027-03-21"),
        ("fr", "Notez que le 16 février 2027, le guichet ferme.", "2027-02-16"),
        ("de", "Die Bewerbungsfrist ändert sich: Statt am 19. Februar endet sie am 12. März 2027.", "2027-03-12"),
        ("en", "The vacancy opened on 26 November 2026 and will be closed on 4 January 2027.", "2027-01-04"),
        # hours and zones
        ("en", "Deadlines: 24 February 2027 17:00 (Brussels)", "2027-02-24T17:00@Europe/Brussels"),
        ("fr", "Date limite : 24 février 2027, 17h00 heure tunisienne", "2027-02-24T17:00@Africa/Tunis"),
        ("pt", "As candidaturas decorrem até 31 de janeiro de 2027, terminando às 23h59.", "2027-01-31T23:59"),
        ("en", "The portal will not take anything after 6 p.m. (Lagos time) on 15 April 2027.", "2027-04-15T18:00@Africa/Lagos"),
    ],
)  # fmt: skip
def test_days_hours_and_zones_among_others(language: str, words: str, expected: str) -> None:
    got = told(read_proved(RulesReader(), Case("", language, words, expected, {}).notice(), CONTEXT))
    assert got.replace("#registration", "") == expected
