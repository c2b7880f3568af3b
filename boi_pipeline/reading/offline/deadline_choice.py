"""Which of the days read are the call's own closings: extended, passed, weighed, said in one breath, or of another matter."""

import re
from dataclasses import replace

from boi_pipeline.reading.offline.deadline_next import LIST, is_range
from boi_pipeline.reading.offline.deadline_words import TWO_STAGES, DayRead, Lines, in_brackets, without_times
from boi_pipeline.reading.offline.page import Page
from boi_pipeline.reading.offline.weighing import Around, chance, features
from boi_pipeline.reading.proof import posted_day

_FIRST_WORD = re.compile(r"[\W\d_]*([^\W\d_]+)")
_CLOSED = re.compile(r"closed|cerro|vencio|cerrada|clos le|ferme depuis|cloture depuis|s'est cloture|encerrou|terminou")
_TO_BE = re.compile(r"\b(?:be|is|are|sera|seran|seront|serao|estara|quedara|ficara) $")
_PASSED = re.compile(
    r"[\s,)]*(?:\w+ ){0,2}(?:has (?:already )?passed|have passed|is over|is past|was missed|ya paso|ya vencio"
    r"|ya pasaron|ya cerro|est passee?|est close|"
    r"ja passou|ja encerrou|vencido|endete|abgelaufen|ist vorbei)"
)
_LIKELY, _SURE, _APART = 0.45, 0.8, 0.3  # from where on a weighed day counts, and how far behind the likeliest
_RIVALS = ("event", "result", "open", "publish", "other", "superseded")
# "stations licensed before", "obras estrenadas antes del": what was done by then, unless it is what applicants do.
_DONE_BEFORE = re.compile(
    r"(?<![^\W_])(?P<word>[^\W_]+(?:ed|ad[oa]s?|id[oa]s?|ees?|es|us|ues|is|ises)) (?:before|antes d[eo]l?|avant le)"
    r"(?: (?:the|el|le|dia))?[\s]*$"
)
# "nominations, signed by …, are received until": taken in all the same.
_RECEIVED = re.compile(
    r"(?<![^\W_])(?:are|is|se|sont|sera[o]?|seran|seront|will be|werden)? ?(?:received|accepted|taken in|reciben|recibiran|admiten|recibira|recues?|acceptees?|recebid[oa]s|aceit[oa]s|recebem(?:-se)?|entgegengenommen)(?![^\W_])[^.;:]{0,24}$"
)
_SENT = re.compile(
    r"recei|recib|receb|recu|submi|soumi|send|sent|envi|envoy|present|entreg|radic|remit|remi|regist|inscri|enreg|depos|lodge"
    r"|upload|mail|complet|clos|post|adress|transm|parven|cargad|carreg|llegad|chegad|postul|candidat|filed|hand|deliver"
    r"|need|interes|formul|appli|solicit|pedid|dossier|les$|des$|ses$|pas$|vous|nous|dans|plus|jours|mois|meses"
)


# "An information day is held on …; registration for it closes on", "190 € until 30 June": of the briefing, of the price.
_BRIEFING = re.compile(
    r"(?<![^\W_])(?:(?:info(?:rmation)?|briefing)[ -](?:day|session|webinar|meeting)s?|(?:sesion|jornada|reunion|charla) (?:informativa|de informacion)|(?:seance|reunion|journee) d'information|(?:sessao|reuniao) (?:informativa|de esclarecimento|de informacao))(?![^\W_])"
    r"(?=.*(?<![^\W_])(?:registration|register|sign[- ]up|inscri\w+|registr\w+))"
)
_PRICED_TILL = re.compile(
    r"\W*(?:[^\W\d_]+[ -]?){0,4}:? ?(?:(?:eur|usd|gbp|[€$£]|us\$|r\$) ?)?[0-9]{1,3}(?:[ .,]?[0-9]{3})?(?:[.,][0-9]{2})? ?(?:€|eur|euros?|usd|\$|£|dolares|dollars|reais|pesos)?,? "
    r"(?:until|till|up to|before|by|hasta|antes del?|jusqu'au|avant le|ate|ate o dia|bis|bis zum)(?: (?:the|el|le|o|dia))* "
)


def around_days(page: Page, lines: Lines, reads: list[DayRead]) -> list[Around]:
    """Every day with its sentence and what of it is its own."""
    found = []
    for i, read in enumerate(reads):
        hit, sentence = read.hit, lines.at(read.hit.start)
        previous = reads[i - 1].hit.end if i else 0
        following = reads[i + 1].hit.start if i + 1 < len(reads) else sentence[1]
        first = i + 1 < len(reads) and is_range(page, hit, reads[i + 1].hit)
        ranged = first or bool(i and is_range(page, reads[i - 1].hit, hit))
        own = (max(sentence[0], previous), max(hit.end, min(sentence[1], following)))
        found.append(Around(hit, read.role, sentence, *own, first, ranged))
    return found


def weigh(page: Page, lines: Lines, reads: list[DayRead], closes: list[DayRead]) -> list[DayRead]:
    """``closes``, or where words told none, the days of an opportunity that stand as closings do."""
    if page.values.get("is_opportunity") is False:
        return closes
    if not closes:
        days, today = around_days(page, lines, reads), posted_day(page.notice)
        weighed = [(chance(features(page, day, days, today)), read) for read, day in zip(reads, days, strict=True)]
        best = max((odds for odds, _ in weighed), default=0.0)
        likely = _LIKELY if page.values.get("is_opportunity") else _SURE
        least = max(likely, best - _APART)
        likely_days = [(odds, read) for odds, read in weighed if odds >= least and read.role != "apart"]
        free = [one for one in likely_days if one[1].role not in _RIVALS]
        closes = [replace(read, role="close", strength=1) for _, read in free or likely_days]
    return _with_kin(page, lines, reads, closes)


def _with_kin(page: Page, lines: Lines, reads: list[DayRead], closes: list[DayRead]) -> list[DayRead]:
    """``closes`` with the days said in the same breath: of the next line that begins alike, round or stage."""
    if not closes or any(read.extended for read in closes):
        return closes
    known = {read.hit.day for read in closes}
    starts = {read.hit.start for read in closes}
    found = list(closes)
    for i, read in enumerate(reads):
        if read.hit.day in known or read.role not in ("", "maybe", "period") or _ranged_with_next(page, reads, i):
            continue
        before = reads[i - 1] if i else None
        joined = (
            before is not None
            and before.hit.start in starts
            and LIST.fullmatch(without_times(page.folded[before.hit.end : read.hit.start]))
        )
        if joined or _alike(page, lines, reads, i, starts) or _of_a_round(page, lines, reads, i):
            found.append(replace(read, role="close", strength=max(1, read.strength), listed=True))
            starts.add(read.hit.start)
    kin = len(found) > len(closes)
    return [replace(read, listed=True) for read in found] if kin else closes


def _ranged_with_next(page: Page, reads: list[DayRead], i: int) -> bool:
    return i + 1 < len(reads) and is_range(page, reads[i].hit, reads[i + 1].hit)


def _alike(page: Page, lines: Lines, reads: list[DayRead], i: int, starts: set[int]) -> bool:
    """Whether a day ends a line that begins with the same word as the line above, which ends with a closing."""
    number = lines.number(reads[i].hit.start)
    last = i + 1 == len(reads) or lines.number(reads[i + 1].hit.start) != number
    above = [read.hit for read in reads[:i] if lines.number(read.hit.start) == number - 1]
    if not last or not above or above[-1].start not in starts:
        return False
    first, second = lines.spans[number - 1], lines.spans[number]
    if "\n" not in page.text[first[1] - 1 : second[0] + 1]:
        return False
    words = [_FIRST_WORD.match(page.folded, *span) for span in (first, second)]
    return all(words) and len({word[1] for word in words if word}) == 1


def _of_a_round(page: Page, lines: Lines, reads: list[DayRead], i: int) -> bool:
    """ "Round three will end on …", "the full proposal … on the platform on …"."""
    hit = reads[i].hit
    own = max(lines.at(hit.start)[0], reads[i - 1].hit.end if i else 0, hit.start - 110)
    if any(page.any(f"close.{role}", (own, hit.start)) for role in ("result", "event", "other")):
        return False
    if page.any("stage.full_proposal", (own, hit.start)):
        return True
    return page.any("stage.cut_off", (own, hit.start)) and page.any("close.ending", (own, hit.start))


def _of_the_call(page: Page, lines: Lines, closes: list[DayRead]) -> list[DayRead]:
    """Of several closings those whose clause is not about something else: "the grant must be spent by"."""
    if len({read.hit.day for read in closes}) < 2:
        return closes
    beside = [not read.listed and is_beside(page, lines, read) for read in closes]
    told = [(lines.number(r.hit.start), page.folded[r.cue.start : r.cue.end] if r.cue else "") for r in closes]
    own = {key for key, other in zip(told, beside, strict=True) if not other and key[1]}
    beside = [other and key not in own for key, other in zip(told, beside, strict=True)]  # "until … and until …"
    return [read for read, other in zip(closes, beside, strict=True) if not other] if not all(beside) else closes


def is_beside(page: Page, lines: Lines, read: DayRead) -> bool:
    """Whether the words before a date, since the last stop or semicolon, tell of a matter other than applying."""
    hit, start = read.hit, lines.at(read.hit.start)[0]
    start = max(start, page.text.rfind(";", start, hit.start) + 1, page.text.rfind("\n", start, hit.start) + 1)
    before = lines.at(max(0, start - 2))
    if before[0] < start and start - before[0] <= 60 and page.text[start - 2 : start].strip().endswith("?"):
        start = before[0]  # "When do I travel? Between …"
    line = page.text.rfind("\n", 0, hit.start) + 1
    if _BRIEFING.search(page.folded, line, hit.start) or _PRICED_TILL.fullmatch(page.folded, line, hit.start):
        return True
    matter = [cue for cue in page.hits("close.matter", start, hit.start) if not in_brackets(page, cue, hit.start)]
    keys = ("close.applying", *(f"stage.{stage}" for stage in (*TWO_STAGES, "nomination")))
    applying = max((cue.end for key in keys for cue in page.hits(key, start, hit.start)), default=start)
    if matter and applying <= matter[-1].start and not _RECEIVED.search(page.folded, matter[-1].end, hit.start):
        return True
    done = _DONE_BEFORE.search(page.folded, start, hit.start)
    return done is not None and not _SENT.match(done["word"])


def choose(page: Page, lines: Lines, closes: list[DayRead]) -> list[DayRead]:
    """Of the dates read as closings: an extension replaces what it extends; the strongest words count."""
    extended = [read for read in closes if read.extended]
    if extended:
        last = max(read.hit.day for read in extended)
        return [read for read in closes if read.hit.day >= last or (read.listed and read.strength >= 3)][:6]
    closes = [read for read in closes if not _passed(page, read)] or closes
    today = posted_day(page.notice)
    past = max((read.strength for read in closes if today and read.hit.day < today), default=0)
    if any(read.hit.day >= today and read.strength >= min(past, 3) for read in closes if today):
        # an earlier edition's, unless it is one of a list
        closes = [r for r in closes if not today or r.hit.day >= today or r.listed or r.staged or r.rounds]
    closes = _of_the_call(page, lines, closes)
    top = max((read.strength for read in closes), default=0)
    listed = any(read.listed for read in closes)
    return [read for read in closes if read.strength >= min(top, 2) or listed or read.staged]


def _passed(page: Page, read: DayRead) -> bool:
    """ "The first round closed on 2 March", "… and has passed": told beside a call that is open."""
    told = read.cue is not None and _CLOSED.match(page.folded, read.cue.start, read.cue.end)
    if told and read.cue and _TO_BE.search(page.folded, max(0, read.cue.start - 12), read.cue.start):
        told = None  # "will be closed on"
    return bool(told or _PASSED.match(page.folded, read.hit.end))
