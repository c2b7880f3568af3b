"""Hours of the day and time zones as people print them.

Midnight, in figures or in words, is no hour (architecture §7): a call that closes then is open until the end of that
day. Zones are IANA names; anywhere on earth is Etc/GMT+12. Zones nobody can tell (a bare "IST") are none.
"""

import functools
import re
import zoneinfo
from datetime import time
from importlib import resources
from pathlib import Path

import yaml
from babel import Locale

from boi_pipeline.reading.quotes import fold

_ABBREVIATIONS = {
    "utc": "UTC", "gmt": "UTC", "z": "UTC", "aoe": "Etc/GMT+12",
    "cet": "Europe/Berlin", "cest": "Europe/Berlin", "mez": "Europe/Berlin", "mesz": "Europe/Berlin",
    "bst": "Europe/London", "wet": "Europe/Lisbon", "west": "Europe/Lisbon", "eet": "Europe/Athens",
    "eest": "Europe/Athens",
    "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York",
    "cdt": "America/Chicago", "ct": "America/Chicago", "mst": "America/Denver", "mdt": "America/Denver",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles",
    "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong",
    "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland",
    "brt": "America/Sao_Paulo", "cot": "America/Bogota", "hne": "America/New_York", "hae": "America/New_York",
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "eat": "Africa/Nairobi", "sast": "Africa/Johannesburg",
    "art": "America/Argentina/Buenos_Aires", "ict": "Asia/Bangkok", "clt": "America/Santiago", "nzt": "Pacific/Auckland",
    "wib": "Asia/Jakarta", "pkt": "Asia/Karachi", "msk": "Europe/Moscow", "tu": "UTC", "pht": "Asia/Manila", "wat": "Africa/Lagos", "trt": "Europe/Istanbul",
    "akdt": "America/Anchorage", "akst": "America/Anchorage", "hnp": "America/Los_Angeles", "hap": "America/Los_Angeles", "acst": "Australia/Adelaide", "awst": "Australia/Perth",
}  # fmt: skip
_WORDS_TOO = (
    "z",
    "art",
    "tu",
    "ict",
    "clt",
    "est",
    "et",
    "pt",
    "ct",
    "west",
    "eat",
    "eastern",
    "central",
    "mountain",
    "pacific",
)  # read as zones only behind an hour
_PHRASES = {
    "anywhere on earth": "Etc/GMT+12", "cualquier lugar de la tierra": "Etc/GMT+12",
    "cualquier lugar del mundo": "Etc/GMT+12",
    "n'importe ou sur terre": "Etc/GMT+12", "qualquer lugar da terra": "Etc/GMT+12",
    "qualquer lugar do mundo": "Etc/GMT+12",
    "central european time": "Europe/Berlin", "central european summer time": "Europe/Berlin",
    "hora central europea": "Europe/Berlin", "hora de europa central": "Europe/Berlin",
    "heure d'europe centrale": "Europe/Berlin", "heure de l'europe centrale": "Europe/Berlin",
    "hora da europa central": "Europe/Berlin", "mitteleuropaische zeit": "Europe/Berlin",
    "eastern time": "America/New_York", "eastern standard time": "America/New_York",
    "eastern daylight time": "America/New_York", "us eastern": "America/New_York", "hora del este": "America/New_York",
    "pacific time": "America/Los_Angeles", "hora peninsular": "Europe/Madrid", "hora espanola": "Europe/Madrid",
    "east africa time": "Africa/Nairobi", "eastern africa time": "Africa/Nairobi", "west africa time": "Africa/Lagos",
    "central africa time": "Africa/Maputo", "south africa standard time": "Africa/Johannesburg",
    "india standard time": "Asia/Kolkata",
    "indian standard time": "Asia/Kolkata", "british summer time": "Europe/London",
    "eastern european time": "Europe/Athens",
    "western european time": "Europe/Lisbon", "arabia standard time": "Asia/Riyadh", "gulf standard time": "Asia/Dubai",
    "central time": "America/Chicago", "mountain time": "America/Denver",
    "greenwich mean time": "UTC", "coordinated universal time": "UTC", "hora universal": "UTC",
    "tiempo universal": "UTC",
    "temps universel": "UTC", "heure universelle": "UTC", "tempo universal": "UTC", "weltzeit": "UTC", "hora del pacifico": "America/Los_Angeles", "hora del centro de europa": "Europe/Berlin",
    "hora del centro de mexico": "America/Mexico_City", "tiempo del centro de mexico": "America/Mexico_City",
    "(he)": "America/New_York", "(hne)": "America/New_York", "(hae)": "America/New_York",
    "hora de la montana": "America/Denver", "heure des rocheuses": "America/Denver",
    "heure normale de l'est": "America/New_York", "heure de l'est": "America/New_York",
}  # fmt: skip
# Cities people name that are no zone's own city, and countries with more than one zone whose capital's hour is meant.
_PLACES = {
    "geneva": "Europe/Zurich", "ginebra": "Europe/Zurich", "geneve": "Europe/Zurich", "genebra": "Europe/Zurich",
    "genf": "Europe/Zurich",
    "bern": "Europe/Zurich", "berna": "Europe/Zurich", "bonn": "Europe/Berlin", "munich": "Europe/Berlin",
    "germany": "Europe/Berlin",
    "alemania": "Europe/Berlin", "allemagne": "Europe/Berlin", "alemanha": "Europe/Berlin",
    "deutschland": "Europe/Berlin",
    "german": "Europe/Berlin", "alemana": "Europe/Berlin", "barcelona": "Europe/Madrid", "spain": "Europe/Madrid",
    "espana": "Europe/Madrid", "espagne": "Europe/Madrid", "espanha": "Europe/Madrid", "spanish": "Europe/Madrid",
    "peninsular espanola": "Europe/Madrid", "portugal": "Europe/Lisbon", "portugal continental": "Europe/Lisbon",
    "quito": "America/Guayaquil", "ecuador": "America/Guayaquil", "brasilia": "America/Sao_Paulo",
    "rio de janeiro": "America/Sao_Paulo",
    "brazil": "America/Sao_Paulo", "washington": "America/New_York", "washington dc": "America/New_York",
    "washington d.c.": "America/New_York",
    "boston": "America/New_York", "hague": "Europe/Amsterdam", "the hague": "Europe/Amsterdam",
    "la haya": "Europe/Amsterdam",
    "beijing": "Asia/Shanghai", "pekin": "Asia/Shanghai", "china": "Asia/Shanghai", "new delhi": "Asia/Kolkata",
    "india": "Asia/Kolkata",
    "uk": "Europe/London", "united kingdom": "Europe/London", "reino unido": "Europe/London",
    "mexico": "America/Mexico_City",
    "ciudad de mexico": "America/Mexico_City", "mexico city": "America/Mexico_City", "chile": "America/Santiago",
    "argentina": "America/Argentina/Buenos_Aires", "milan": "Europe/Rome", "colombiana": "America/Bogota",
    "colombian": "America/Bogota",
    "swiss": "Europe/Zurich", "french": "Europe/Paris", "francesa": "Europe/Paris", "italian": "Europe/Rome",
    "british": "Europe/London",
    "eastern": "America/New_York", "pacific": "America/Los_Angeles", "central european": "Europe/Berlin",
    "japanese": "Asia/Tokyo", "japan standard": "Asia/Tokyo", "korean": "Asia/Seoul", "new york": "America/New_York",
    "nueva york": "America/New_York", "nova york": "America/New_York", "nova iorque": "America/New_York",
    "ouagadougou": "Africa/Ouagadougou", "yaounde": "Africa/Douala", "rabat": "Africa/Casablanca",
    "ottawa": "America/Toronto",
    "montreal": "America/Toronto", "ankara": "Europe/Istanbul", "canberra": "Australia/Sydney", "hanoi": "Asia/Bangkok",
    "washington, d.c": "America/New_York", "washington, dc": "America/New_York", "washington, d. c": "America/New_York",
    "washington d.c": "America/New_York", "washington d. c": "America/New_York",
    "bogota d.c": "America/Bogota", "bogota d. c": "America/Bogota", "bogota, d.c": "America/Bogota",
    "bogota, colombia": "America/Bogota",
    "peninsulares": "Europe/Madrid", "peninsular": "Europe/Madrid", "peruana": "America/Lima",
    "peruvian": "America/Lima", "chilena": "America/Santiago", "chilean": "America/Santiago",
    "argentine": "America/Argentina/Buenos_Aires", "mexicana": "America/Mexico_City",
    "ecuatoriana": "America/Guayaquil",
    "brusseler": "Europe/Brussels", "berliner": "Europe/Berlin", "deutsche": "Europe/Berlin",
    "deutscher": "Europe/Berlin",
    "londoner": "Europe/London", "pariser": "Europe/Paris", "wiener": "Europe/Vienna", "genfer": "Europe/Zurich",
    "zurcher": "Europe/Zurich", "schweizer": "Europe/Zurich", "suisse": "Europe/Zurich", "belga": "Europe/Brussels",
    "belge": "Europe/Brussels", "belgian": "Europe/Brussels", "italiana": "Europe/Rome", "francaise": "Europe/Paris",
    "canarias": "Atlantic/Canary", "canaria": "Atlantic/Canary", "irish": "Europe/Dublin", "irlandesa": "Europe/Dublin",
    "portuguesa": "Europe/Lisbon", "alemande": "Europe/Berlin", "allemande": "Europe/Berlin",
    "costarricense": "America/Costa_Rica",
    "uruguaya": "America/Montevideo", "panamena": "America/Panama", "boliviana": "America/La_Paz",
    "venezolana": "America/Caracas",
    "turkish": "Europe/Istanbul", "kenyan": "Africa/Nairobi", "dutch": "Europe/Amsterdam", "austrian": "Europe/Vienna",
    "danish": "Europe/Copenhagen", "swedish": "Europe/Stockholm", "norwegian": "Europe/Oslo",
    "finnish": "Europe/Helsinki",
    "czech": "Europe/Prague", "polish": "Europe/Warsaw", "greek": "Europe/Athens", "singapore": "Asia/Singapore",
    "quebec": "America/Toronto", "arizona": "America/Phoenix", "hawaii": "Pacific/Honolulu", "alaska": "America/Anchorage", "california": "America/Los_Angeles",
    "cdmx": "America/Mexico_City", "cd. de mexico": "America/Mexico_City", "d.f": "America/Mexico_City", "philippine": "Asia/Manila", "philippines": "Asia/Manila", "manila": "Asia/Manila",
    # capitals and large cities that give no zone its name
    "bridgetown": "America/Barbados", "astana": "Asia/Almaty", "nur-sultan": "Asia/Almaty", "praia": "Atlantic/Cape_Verde",
    "abuja": "Africa/Lagos", "dodoma": "Africa/Dar_es_Salaam", "pretoria": "Africa/Johannesburg",
    "cape town": "Africa/Johannesburg", "ciudad del cabo": "Africa/Johannesburg", "islamabad": "Asia/Karachi",
    "hyderabad": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "bangalore": "Asia/Kolkata", "delhi": "Asia/Kolkata",
    "suva": "Pacific/Fiji", "wellington": "Pacific/Auckland", "yerevan": "Asia/Yerevan", "tiflis": "Asia/Tbilisi",
    "medellin": "America/Bogota", "cali": "America/Bogota", "cartagena": "America/Bogota", "valparaiso": "America/Santiago",
    "cordoba": "America/Argentina/Cordoba", "rosario": "America/Argentina/Buenos_Aires", "guadalajara": "America/Mexico_City",
    "oaxaca": "America/Mexico_City", "paz": "America/La_Paz", "habana": "America/Havana", "haya": "Europe/Amsterdam", "cusco": "America/Lima", "arequipa": "America/Lima",
    "sucre": "America/La_Paz", "kingston": "America/Jamaica", "saint george's": "America/Grenada",
    "lyon": "Europe/Paris", "marseille": "Europe/Paris", "strasbourg": "Europe/Paris", "estrasburgo": "Europe/Paris",
    "frankfurt": "Europe/Berlin", "hamburg": "Europe/Berlin", "hamburgo": "Europe/Berlin", "koln": "Europe/Berlin",
    "valencia": "Europe/Madrid", "sevilla": "Europe/Madrid", "malaga": "Europe/Madrid", "porto": "Europe/Lisbon",
    "coimbra": "Europe/Lisbon", "edinburgh": "Europe/London", "glasgow": "Europe/London", "manchester": "Europe/London",
    "basel": "Europe/Zurich", "lausanne": "Europe/Zurich", "rotterdam": "Europe/Amsterdam", "gante": "Europe/Brussels",
    "turin": "Europe/Rome", "bologna": "Europe/Rome", "kyoto": "Asia/Tokyo", "osaka": "Asia/Tokyo",
    "busan": "Asia/Seoul", "shenzhen": "Asia/Shanghai", "cotonou": "Africa/Porto-Novo", "goma": "Africa/Lubumbashi",
    "thies": "Africa/Dakar", "marrakech": "Africa/Casablanca", "fez": "Africa/Casablanca",
    "san francisco": "America/Los_Angeles", "philadelphia": "America/New_York", "atlanta": "America/New_York",
    "houston": "America/Chicago", "salvador de bahia": "America/Bahia", "belo horizonte": "America/Sao_Paulo",
    "curitiba": "America/Sao_Paulo", "porto alegre": "America/Sao_Paulo", "rio": "America/Sao_Paulo",
}  # fmt: skip
_HALF_HOURS = {
    (1, 5, 30): "Asia/Kolkata", (1, 5, 45): "Asia/Kathmandu", (1, 3, 30): "Asia/Tehran", (1, 4, 30): "Asia/Kabul",
    (1, 6, 30): "Asia/Yangon", (1, 9, 30): "Australia/Darwin", (-1, 3, 30): "America/St_Johns",
}  # fmt: skip
_DEMONYMS = Path(__file__).resolve().parent.parent / "lexicons" / "demonyms.yml"
_LANGUAGES = ("es", "en", "fr", "pt", "de")

_BEFORE_TIME = re.compile(r"(?: (?:local|standard|legal|official|ortsubliche[rn]?))+$")
_HOUR_BEFORE = re.compile(
    r"(?:[ap]\.? ?m\.?|[0-9]:[0-9]{2}|[0-9] ?h(?: ?[0-9]{2})?|noon|midnight|midday|mediodia|medianoche|midi|minuit|meio-dia|del dia),? ?\(?(?:us )?$"
)
_MORE = re.compile(r" (?:[0-9]|l[ea]s? |aux? |a |jusqu|d[eu] |non |pas )")
_MIDNIGHT = (
    "12 midnight|midnight|medianoche|12 de la noche|doce de la noche|minuit|meia[- ]noite|mitternacht|24:00|24h00"
    "|24h|24\\.00|(?:as|las|a) 24 horas|24 uhr"
)
# "a minute before midnight"
_ALMOST = (
    r"(?:a|one|1|un|une|um|eine) (?:minute|minuto) (?:before|antes de la|avant|antes da|vor) (?:midnight|medianoche|minuit|meia[- ]noite|mitternacht)"
    r"|(?:falt(?:e|a|ar|ando)|quede|manque) (?:un|um|une) minut[oe] (?:para (?:la |a )?)(?:medianoche|meia[- ]noite)|eine minute vor mitternacht"
)
_NOON = (
    "12(?::00)? noon|noon|midday|mediodia|12(?::00)? del (?:medio)?dia|12:00 ?m\\b\\.?|12 ?m\\.(?! ?[0-9])|midi"
    "|meio[- ]dia|mittag"
)
_HOUR_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
    "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once": 11, "doce": 12,
    "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13,
    "quatorze": 14, "quinze": 15, "seize": 16, "dix-sept": 17, "dix-huit": 18, "dix-neuf": 19, "vingt": 20,
    "vingt et une": 21, "vingt-deux": 22, "vingt-trois": 23,
    "uma": 1, "duas": 2, "quatro": 4, "sete": 7, "oito": 8, "nove": 9, "dez": 10, "doze": 12, "treze": 13, "catorze": 14,
    "dezasseis": 16, "dezesseis": 16, "dezassete": 17, "dezessete": 17, "dezoito": 18, "dezanove": 19, "dezenove": 19,
    "vinte": 20, "vinte e uma": 21, "vinte e duas": 22, "vinte e tres": 23,
    "trece": 13, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuna": 21,
    "veintidos": 22, "veintitres": 23,
}  # fmt: skip
_HOUR_WORD = "|".join(sorted(_HOUR_WORDS, key=len, reverse=True))
_PART = (
    "(?:in|de|por) (?:the |la )?(?:morning|afternoon|evening|manana|tarde|noche)|da (?:manha|tarde|noite)"
    "|du (?:matin|soir)|de l'apres-midi|at night"
)
_TIME = re.compile(
    rf"(?<![a-z-])(?P<hw>{_HOUR_WORD})(?:(?: (?:o'clock|horas?|heures?|uhr)(?P<hm>(?: et | y | e )(?:demie?|media|meia)\b)?"
    rf"(?: ?(?P<hp>{_PART}))?)|(?: (?P<hp2>{_PART})))(?![a-z])"
    rf"|(?<![a-z0-9])(?P<almost>{_ALMOST})(?![a-z])"
    rf"|(?<![0-9.,:/+-])(?:(?P<midnight>{_MIDNIGHT})(?![a-z])|(?P<noon>{_NOON})(?![a-z])"
    r"|(?P<h4>[01][0-9]|2[0-3])(?P<m4>[0-5][0-9]) ?(?:hrs?\.?|h)(?![a-z0-9])"
    r"|(?P<h>[01]?[0-9]|2[0-3])"
    r"(?:(?:[:.]| ?h ?| ?horas? (?:e"
    r"|y) )(?P<m>[0-5][0-9])(?:[:.](?P<s>[0-5][0-9])(?:\.[0-9]{1,6})?)?(?: ?min(?:utos)?(?:[0-5][0-9]s)?(?![a-z]))?)?"
    r"(?: ?(?P<ap>a\. ?m\.?|p\. ?m\.?|am|pm|de la (?:manana|tarde|noche)|da (?:manha|tarde|noite)|du (?:matin"
    r"|soir)|(?:in )?the (?:morning|afternoon|evening))(?![a-z])"
    r"| ?(?P<unit>horas?|hours?|hrs?\.?|hs\.?|h|heures?|uhr|o'clock)(?![a-z0-9]))?)"
    r"(?P<zoned>(?= ?\(?(?:(?:cet|cest|gmt|utc|bst|est|edt|pst|pdt|wet|eet|mez|mesz|aoe|eat|cat|wat)(?![a-z])|(?:[a-z]{3,} ){1,3}time(?![a-z])|(?:hora|heure|horario) )))?"
    r"(?![0-9%]|[:/][0-9]|[.,][0-9]{3})(?(s)|(?!-[0-9]))"
)


@functools.cache
def zone_names() -> dict[str, str]:
    """Folded name of a city or of a country with one zone (five languages) → IANA zone."""
    known = set(_iana().values())
    names: dict[str, str] = {}
    zones_of: dict[str, list[str]] = {}
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones_of.setdefault(country, []).append(zone)
            names.setdefault(fold(zone.rsplit("/", 1)[1].replace("_", " ")), zone)
    for language in _LANGUAGES:
        locale = Locale(language)
        for zone, told in locale.time_zones.items():
            if "city" in told and zone in known:
                names.setdefault(fold(str(told["city"])), zone)
        for country, zones in zones_of.items():
            if len(zones) == 1 and country in locale.territories:
                names.setdefault(fold(locale.territories[country]), zones[0])
    return names | _PLACES


@functools.cache
def _zone_pattern() -> re.Pattern[str]:
    word = r"[^\W\d_]+(?:[ .,'-]{1,2}[^\W\d_]+){0,3}"
    abbreviations = "|".join(sorted((a for a in _ABBREVIATIONS if a not in _WORDS_TOO), key=len, reverse=True))
    return re.compile(
        rf"(?P<phrase>{'|'.join(map(re.escape, sorted(_PHRASES, key=len, reverse=True)))})(?![a-z])"
        r"|(?P<iana>(?:africa|america|asia|atlantic|australia|europe|indian|pacific|etc)/[a-z_+0-9-]+(?:/[a-z_]+)?)"
        rf"|(?:utc|gmt) ?(?P<sign>[+-]) ?(?P<oh>[01]?[0-9])(?::?(?P<om>[0-5][0-9]))?(?![0-9])"
        rf"|(?<=[0-9])(?P<sign2>[+-])(?P<oh2>[01][0-9]):?(?P<om2>[0-5][0-9])(?![0-9])"
        r"|(?P<z>(?<=[0-9])z)(?![a-z])"
        rf"|(?P<abbr>{abbreviations})(?![a-z])"
        rf"|(?P<word>{'|'.join(w for w in _WORDS_TOO if w != 'z')})(?![a-z])"
        rf"|(?<=[0-9hm.n]) ?\((?P<alone>{word})\)"
        r"|(?:hora|heure|horario|ortszeit|mediodia|medianoche|midi|minuit|meio-dia|meia-noite|(?<=[0-9])h"
        r"|(?<=[0-9] )h)s? (?:local |oficial |legal "
        r"|locale )?(?:de la ciudad de |de l'|de los |dos |das |de la |del |de |en |em |do |da |d'|a )?"
        rf"(?P<after>{word})"
        rf"|(?:(?<=:[0-9]{{2}})|(?<=[0-9]h)|(?<=h[0-9]{{2}})|(?<=[0-9] h)|(?<=[ap]m)|(?<=m\.)|(?<=noon)|(?<=midday)|(?<=night)"
        r"|(?<=o'clock)|(?<=mediodia)|(?<=midi)|(?<=mittag))"
        rf"(?: (?:in|en|em|a|de la|de|da|do)|,) (?P<there>{word})"
        rf"|(?:local time|hora local|heure locale|tempo local)[ ,]*\(?(?:in |en |de |em |a |at )?(?P<local>{word})"
        rf"|(?P<before>{word})\.? (?:time|zeit)(?![a-z])"
    )


def find_zone(text: str, at: int = 0, end: int | None = None, *, anchored: bool = False) -> tuple[int, int, str] | None:
    """The first zone named in folded ``text`` from ``at``: (start, end, IANA zone). ``anchored``: there or none."""
    pattern, stop = _zone_pattern(), len(text) if end is None else end
    while at < stop:
        match = pattern.match(text, at, stop) if anchored else pattern.search(text, at, stop)
        if match is None:
            return None
        found = _zone_of(match)
        if found is not None:
            return found
        if anchored:
            return None
        at = match.start() + 1
    return None


# "by 11:59 p.m. on the closing date": an hour told apart from its day.
THAT_DAY = re.compile(
    r"(?<![a-z])(?:on (?:the (?:days?|dates?) (?:shown|above|below|listed|given|stated)|(?:each|those|these) (?:days?|dates?))|en (?:las fechas indicadas|cada fecha|esas fechas)|aux dates (?:indiquees|ci-dessus)|nas datas (?:indicadas|acima)|(?:on|of) (?:the|that) (?:closing (?:date|day)|(?:final|last|closing|deadline) day|deadline|day of the deadline|due date|same day|date of closing|day)|(?:el|en|del) (?:dia|fecha) (?:de cierre|limite|de la fecha limite)|(?:de|en) la fecha (?:de cierre|limite)|"
    r"(?:del|el) ultimo dia|(?:de|a) (?:ese|dicho) dia|le jour de (?:la )?cloture|(?:a|de) la date (?:de cloture|limite)|(?:le|du) dernier jour|(?:na|da) data (?:de encerramento|limite|de fecho|final)|(?:no|do) (?:ultimo dia|dia do encerramento|dia de fecho|prazo final)|am (?:letzten tag|tag des fristendes|stichtag))(?![a-z])"
)
SAME_HOUR = re.compile(
    r"(?<![a-z])(?:misma hora|mismo horario|same (?:hour|time)|meme heure|mesma hora|mesmo horario|gleichen? (?:uhrzeit|zeit|stunde)|selben zeit)(?![a-z])"
)
_AT_PLACE = re.compile(r",? ?\(?(?:en|in|em|a|at|von) (?P<place>[^\W\d_]+(?:[ .,'-]{1,2}[^\W\d_]+){0,3})")


def zone_of_place(text: str, at: int, end: int) -> tuple[int, int, str] | None:
    """The zone of a place named right at ``at`` of folded ``text``: "…, en Oaxaca"; said of a day that has its hour."""
    match = _AT_PLACE.match(text, at, end)
    found = _longest(match["place"], from_start=True) if match else None
    return (match.start("place"), match.start("place") + found[0], found[1]) if match and found else None


def _zone_of(match: re.Match[str]) -> tuple[int, int, str] | None:
    start, end = match.span()
    if match["phrase"]:
        return start, end, _PHRASES[match["phrase"]]
    if match["iana"]:
        zone = _iana().get(match["iana"])
        return (start, end, zone) if zone else None
    if match["word"]:
        behind_hour = _HOUR_BEFORE.search(match.string, max(0, start - 12), start)
        return (
            (start, end, _ABBREVIATIONS[match["word"]]) if behind_hour and not _MORE.match(match.string, end) else None
        )
    if match["abbr"] or match["z"]:
        before = match.string[start - 1] if start else " "
        return None if match["abbr"] and before.isalpha() else (start, end, _ABBREVIATIONS[match["abbr"] or "z"])
    sign = match["sign"] or match["sign2"]
    if sign:
        minutes = int(match["om"] or match["om2"] or 0)
        zone = _fixed(1 if sign == "+" else -1, int(match["oh"] or match["oh2"]), minutes)
        return (start, end, zone) if zone else None
    if match["alone"]:  # "17:00 (Brussels)"
        hour = find_clock(match.string, max(0, start - 14), start)
        zone = zone_names().get(match["alone"].strip(" .,'-"))
        return (start, end, zone) if zone and hour and hour[-1][1] == start else None
    place = "after" if match["after"] else "local" if match["local"] else "there" if match["there"] else ""
    if place:
        found = _longest(match[place], from_start=True) or (_of_people(match[place]) if place == "after" else None)
        return (start, match.start(place) + found[0], found[1]) if found else None
    words = _BEFORE_TIME.sub("", match["before"])
    found = _longest(words, from_start=False)
    return (match.start("before") + len(words) - found[0], end, found[1]) if found else None


def _longest(words: str, *, from_start: bool) -> tuple[int, str] | None:
    """The longest known place at one end of ``words``: (its length, zone)."""
    names = zone_names()
    parts = re.split(r"(?<=[ .,'-])", words)
    for count in range(len(parts), 0, -1):
        part = "".join(parts[:count] if from_start else parts[-count:])
        name = part.strip(" .,'-")
        if name in names:
            return (len(part.rstrip(" .,'-")) if from_start else len(part)), names[name]
    return None


def _of_people(words: str) -> tuple[int, str] | None:
    """ "heure tunisienne": the zone of a people whose country has one, or one of its own in ``_PLACES``."""
    word = re.match(r"[^\W\d_]+", words)
    found = next((zone for stem, zone in _peoples() if word and stem.fullmatch(word.group())), None)
    return (word.end(), found) if word and found else None


@functools.cache
def _peoples() -> list[tuple[re.Pattern[str], str]]:
    table = yaml.load(_DEMONYMS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    names, territories = zone_names(), Locale("en").territories
    found = []
    for country, told in table.items():
        zone = names.get(fold(territories.get(country, "")))
        stems = [re.escape(word.strip()).replace(r"\*", "[a-z]*") for word in told.split(",")]
        if zone and stems:
            found.append((re.compile("|".join(stems)), zone))
    return found


@functools.cache
def _iana() -> dict[str, str]:
    return {name.lower(): name for name in zoneinfo.available_timezones()}


def _fixed(sign: int, hours: int, minutes: int) -> str | None:
    if minutes:
        return _HALF_HOURS.get((sign, hours, minutes))
    if hours == 0:
        return "UTC"
    return f"Etc/GMT{'-' if sign > 0 else '+'}{hours}" if hours <= 14 else None


def find_times(text: str, at: int = 0, end: int | None = None) -> list[tuple[int, int, time]]:
    """The hours printed in folded ``text``: (start, end, hour). A bare number is no hour, midnight neither."""
    return [(start, stop, hour) for start, stop, hour in find_clock(text, at, end) if hour is not None]


def find_clock(text: str, at: int = 0, end: int | None = None) -> list[tuple[int, int, time | None]]:
    """As ``find_times``, with the midnights too: their hour is None."""
    found = []
    for match in _TIME.finditer(text, at, len(text) if end is None else end):
        printed, hour = _time_of(match)
        if printed:
            found.append((match.start(), match.end(), hour))
    return found


_AT = re.compile(r"(?<![a-z])(?:at|las|as|um) $")  # "hasta las 23.59"
_LATE = re.compile(r"afternoon|evening|night|tarde|noche|noite|soir|apres-midi")


def _worded(match: re.Match[str]) -> tuple[bool, time | None]:
    """ "four o'clock in the afternoon", "dix-huit heures", "onze da noite"; bare "tres horas" may be a duration."""
    hour, part = _HOUR_WORDS[match["hw"]], match["hp"] or match["hp2"] or ""
    if not part and hour < 13 and "o'clock" not in match.group():
        led = re.search(
            r"(?:\b(?:a las?|as|pelas?|um|hasta las?|antes de las?|ate as|at|by)|\b[aà]) $",
            match.string[: match.start()][-14:],
        )
        if not led:
            return False, None
    if hour <= 12 and _LATE.search(part):
        hour = hour % 12 + 12
    return True, time(hour % 24, 30 if match["hm"] else 0) if hour % 24 or match["hm"] else None


def _time_of(match: re.Match[str]) -> tuple[bool, time | None]:
    """Whether a match is an hour at all, and which."""
    if match["almost"]:
        return True, time(23, 59)
    if match["midnight"]:
        return True, None
    if match["noon"]:
        return True, time(12)
    if match["hw"]:
        return _worded(match)
    if match["h4"]:
        return True, time(int(match["h4"]), int(match["m4"])) if int(match["h4"] + match["m4"]) else None
    hour, minute = int(match["h"]), int(match["m"] or 0)
    half = (match["ap"] or "").replace(" ", "").replace(".", "")
    if not half and match["m"] is None and not match["unit"]:
        return False, None
    dotted = match["unit"] is None and match["zoned"] is None and ":" not in match.group() and "h" not in match.group()
    if not half and dotted and not _AT.search(match.string, max(0, match.start() - 5), match.start()):
        return False, None  # "17.30" alone may be a price, a section or a date
    if half:
        if hour > 12:
            half = ""
        elif half in ("pm", "delatarde", "delanoche", "datarde", "danoite", "dusoir"):
            hour = hour % 12 + 12
        else:
            hour %= 12
    if hour == 0 and minute == 0:
        return True, None
    return True, time(hour, minute, int(match["s"] or 0))
