"""Amounts of money with their currency, in either number style, with ranges, lists and prizes. What an amount is for
belongs to the rules.

ISO 4217 codes. A bare "$" is US dollars in an English text and of no known currency elsewhere, where many countries
write their own peso so; "pesos", "francs" and "dollars" of no country likewise, but that dollars alone are the US ones.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from boi_pipeline.reading.late import late
from boi_pipeline.reading.values.numbers import (
    COUNT_WORD,
    MULTIPLIER,
    MULTIPLIERS,
    NUMBER,
    NUMBER_WORDS,
    SPELLED,
    any_of,
    parse_number,
    parse_spelled,
)

_UNKNOWN = "$"
# Codes that are no word of a language read here; those that are ("all", "top", "try") are left out.
_ISO = (
    "aed aoa ars aud bbd bdt bhd bif bob brl bwp bzd cad chf clp cny cop crc cve czk dkk dop dzd egp etb eur fjd gbp ghs gtq gyd hkd hnl "
    "gel mad bgn amd azn kgs mvr mnt htg huf idr ils inr irr isk jmd jod jpy kes khr krw kwd kzt lkr mga mmk mop mur mxn myr mzn nad ngn nio nok npr nzd omr pab pgk php pkr "
    "pln pyg qar rsd rwf sar sek sgd srd thb tnd ttd twd tzs uah ugx usd uyu uzs ves vnd xaf xcd xof xpf zar zmw"
)
_CODES = _ISO.split()
_DOLLARS = {
    "usd": "us$ usd$ u$s u$d u.s.$", "aud": "a$ au$", "cad": "c$ ca$ can$", "nzd": "nz$", "brl": "r$", "sgd": "s$", "hkd": "hk$", "mxn": "mx$", "cop": "col$ cop$",
    "twd": "nt$", "bbd": "bds$", "jmd": "j$", "ttd": "tt$", "clp": "clp$", "ars": "ar$",
}  # fmt: skip
_OWN_DOLLAR = ("usd", "ars", "aud", "cad", "clp", "cop", "dop", "hkd", "mxn", "nzd", "sgd", "uyu")  # "COP $ 900.000"
_BEFORE = (
    {code: code.upper() for code in _CODES}
    | {sign: code.upper() for code, signs in _DOLLARS.items() for sign in signs.split()}
    | {"euro": "EUR", "€": "EUR", "£": "GBP", "¥": "JPY", "rm": "MYR", "₹": "INR", "₦": "NGN", "₩": "KRW", "rmb": "CNY", "fr.": "CHF", "sfr.": "CHF",
       "s/": "PEN", "s/.": "PEN", "rs.": "INR", "₺": "TRY", "₱": "PHP", "₫": "VND", "₡": "CRC", "fcfa": "XOF", "ksh": "KES", "kshs": "KES",
       "tsh": "TZS", "ush": "UGX", "gs.": "PYG", "bs.": "BOB", "$u": "UYU", "rd$": "DOP", "gh₵": "GHS", "$": _UNKNOWN}
    | {f"{code}{gap}$": code.upper() for code in _OWN_DOLLAR for gap in (" ", "")}
)  # fmt: skip
_NAMES = {
    "USD": "dolares|dollars|us-dollars?|us dollars?|u.s. dollars?|dolares estadounidenses|dolares americanos|dolares estadunidenses|american dollars|"
    "dollars americains|dollars us|dollars des etats-unis|dolares de los estados unidos|dolares de estados unidos|$us|$ us|us$",
    "CAD": "$ canadiens?|$ canadienses|dolares canadienses|canadian dollars|dollars canadiens|dolares canadenses|kanadische dollar|$ ca|$ca|$ can",
    "AUD": "dolares australianos|australian dollars|dollars australiens|australische dollar",
    "NZD": "new zealand dollars|dolares neozelandeses|dollars neo-zelandais|dolares neozelandeses",
    "SGD": "singapore dollars|dolares de singapur", "HKD": "hong kong dollars|dolares de hong kong", "BBD": "barbados dollars|barbadian dollars",
    "EUR": "euros?|€", "GBP": "libras esterlinas|livres sterling|pounds sterling|british pounds|pounds|libras|£|pfund",
    "CHF": "francos suizos|francs suisses|swiss francs|francos suicos|schweizer franken|franken",
    "JPY": "yenes|yens?|ienes", "COP": "pesos colombianos|pesos m/cte|pesos mcte|pesos moneda corriente|pesos moneda legal|pesos moneda legal colombiana|"
    "m/cte|mcte|moneda corriente|colombian pesos|pesos colombiens", "MXN": "m.n.|m. n.|pesos mexicanos|mexican pesos|pesos mexicains",
    "CLP": "pesos chilenos|chilean pesos|pesos chiliens", "ARS": "pesos argentinos|argentine pesos|pesos argentins", "UYU": "pesos uruguayos", "DOP": "pesos dominicanos",
    "PHP": "philippine pesos", "BRL": "reais|reales brasilenos|reais brasileiros|brazilian reais", "PEN": "soles|nuevos soles|soles peruanos", "ZAR": "rand|rands",
    "INR": "indian rupees|rupias indias", "NGN": "nairas?", "KRW": "korean won|south korean won|wones|wons", "CNY": "yuan|yuanes|renminbi|rmb",
    "XOF": "francs cfa|francos cfa|fcfa|f cfa|cfa francs", "CZK": "coronas checas|czech crowns|couronnes tcheques|coroas checas", "NOK": "coronas noruegas|norwegian kroner|couronnes norvegiennes|"
    "coroas norueguesas|norwegische kronen", "SEK": "coronas suecas|swedish kronor|swedish krona|couronnes suedoises|coroas suecas|schwedische kronen",
    "DKK": "coronas danesas|danish kroner|couronnes danoises|danische kronen", "ISK": "icelandic kronur|coronas islandesas", "PLN": "zlotys?|zloties|eslotis?|zlotis?", "HUF": "forints?|florines hungaros",
    "MZN": "meticais|meticales", "AOA": "kwanzas?", "CVE": "escudos cabo-verdianos|escudos caboverdianos|cape verdean escudos",
    "AED": "dirhams des emirats|uae dirhams|emirati dirhams", "KES": "kenyan shillings|kenya shillings|chelines kenianos", "GTQ": "quetzales", "HNL": "lempiras", "CRC": "colones|colones costarricenses", "PYG": "guaranies",
    "MOP": "patacas?", "ZMW": "kwachas?", "ETB": "birrs?", "GHS": "cedis?", "BDT": "takas?", "GEL": "laris?", "TND": "dinars tunisiens|dinares tunecinos|tunisian dinars", "DZD": "dinars algeriens",
    "MAD": "dirhams marocains|moroccan dirhams|dirhams marroquies", "BOB": "pesos bolivianos", "IDR": "rupiahs?", "THB": "bahts?", "MYR": "ringgits?", "ILS": "shekels", "TRY": "turkish lira|liras turcas|livres turques", "NAD": "namibian dollars",
    "PAB": "balboas?", _UNKNOWN: "pesos|$",
}  # fmt: skip
_AFTER = {
    re.sub(r"s\?$", end, name): code
    for code, names in _NAMES.items()
    for name in names.split("|")
    for end in (("s", "") if name.endswith("s?") else ("",))
} | {code: code.upper() for code in _CODES}

_B = rf"(?<![a-z$0-9])(?:{any_of(_BEFORE)})"
_A = rf"(?:{any_of(_AFTER)})(?![a-z])"
_M = rf"(?: ?(?:{MULTIPLIER})(?![a-z]|/c|\. ?n\.))?"
_N = rf"(?<![0-9])(?<![0-9][.,])(?:{NUMBER}|(?<![a-z-])(?:{COUNT_WORD})(?= (?:{MULTIPLIER})(?![a-z])))(?:,-|\.-)?"
_TO = r"(?: ?- ?| to | a | hasta | ate | bis | and | y | et | e | und | o | ou | u | or )"
_MONEY = late(
    rf"(?P<b1>{_B}) ?(?P<n1>{_N})(?P<m1>{_M})(?:(?P<t1>{_TO})(?P<b2>{_B})? ?(?P<n2>{_N})(?P<m2>{_M})(?![0-9%]| ?%))?(?P<a1>(?: (?:de|d'|of))? ?\(?{_A})?"
    rf"|(?P<n3>{_N})(?P<m3>{_M})(?: (?:de|d'))?(?:(?P<a0> ?{_A})?(?P<t2>{_TO})(?P<n4>{_N})(?P<m4>{_M})(?: (?:de|d'))?)? ?(?P<a2>{_A}(?: \((?:{any_of(_CODES)})\))?)"
    rf"|(?P<n5>{_N})(?P<m5>{_M})(?: de| d')? ?[a-z]{{3,12}} \((?P<a3>{any_of(_CODES)})\)"
)
# Source's zone → its peso, written with a bare "$"; below these sums dollars may be meant.
_PESOS = {"America/Bogota": "COP", "America/Santiago": "CLP"}
_LEAST_PESOS = {"COP": Decimal(500_000), "CLP": Decimal(200_000)}
_SPEAKS_OF_DOLLARS = re.compile(r"dolar|dollar|(?<![^\W_])(?:usd|us ?\$|u\$s)|\$ ?(?:us|usd)(?![^\W_])")
_PESO_CODES = frozenset({"COP", "CLP", "MXN", "ARS", "UYU", "DOP"})
_LINE_OF_DIGITS = re.compile(r"(?<=[0-9])\n(?=[0-9])")  # two lines, no thousands
_OF = re.compile(r"^(?:de|d'|of) ?\(?")
_SUM_IN_WORDS = late(rf"(?P<n>{SPELLED})(?: (?:de|of)| d')? ?(?P<a>{_A})")
# Signs that are mere letters: only right before a number, where a word of the page tells whose they are.
_LETTERS = (
    ("r", "ZAR", re.compile(r"(?<![a-z])(?:rands?|south afric\w+|sudafric\w+)(?![a-z])")),
    ("q", "GTQ", re.compile(r"(?<![a-z])(?:quetzal\w*|guatemal\w+)(?![a-z])")),
    ("l", "HNL", re.compile(r"(?<![a-z])(?:lempiras?|hondur\w+)(?![a-z])")),
    ("k", "ZMW", re.compile(r"(?<![a-z])(?:kwachas?|zambia\w*)(?![a-z])")),
    ("kr", "SEK", re.compile(r"(?<![a-z])(?:swed(?:en|ish)|suec\w+|sued\w+)(?![a-z])")),
    ("kr", "NOK", re.compile(r"(?<![a-z])(?:norw\w+|norueg\w+|norveg\w+)(?![a-z])")),
    ("kr", "DKK", re.compile(r"(?<![a-z])(?:denmark|danish|dinamarc\w+|danemark|danois\w*)(?![a-z])")),
    ("rm", "MYR", re.compile(r"(?<![a-z])(?:ringgits?|malays\w+|malas\w+)(?![a-z])")),
    ("rp", "IDR", re.compile(r"(?<![a-z])(?:rupiahs?|indones\w+)(?![a-z])")),
    ("rs", "INR", re.compile(r"(?<![a-z])(?:inr|indian? rupees?|india)(?![a-z])")),
)
_LETTER = re.compile(
    rf"(?<![a-z0-9$])(?P<s>{'|'.join(dict.fromkeys(sign for sign, *_ in _LETTERS))})\.? ?(?P<n>[0-9]{{1,3}}(?:[ ,.][0-9]{{3}})+|[0-9]+(?= ?(?:{MULTIPLIER})(?![a-z])))(?P<m>{_M})(?:[.,][0-9]{{2}})?(?![0-9])"
)
_JOINT = re.compile(r" (?:y|e|et|and|und|a|to|hasta|ate|bis|o|or|ou) ")
_CUE = re.compile(
    r"(?<![a-z])(?:between|from|range|ranges|ranging|entre|de|desde|zwischen|von|comprise|comprend|oscila\w*|du|des)(?: les| los| as| os| about| unos)? $"
)
_AND = re.compile(r" (?:and|y|et|e|und|o|ou|u|or) ")  # a range only after "between" or "from"
_WEAK = re.compile(r" (?:and|y|et|e|und|a|o|ou|u|or) ")
# "5.000, 3.000 y 1.000 euros": numbers of a list before the one that names its currency, the last joined by "and".
_LIST = re.compile(
    rf"(?:(?<![0-9])(?<![0-9][.,])(?:{NUMBER})(?:, | ?/ ?| ?; )){{0,5}}(?<![0-9])(?<![0-9][.,])(?:{NUMBER})(?:,? (?:and|y|et|e|und|o|or|ou) | ?/ ?)$"
)
# "the second 2 000", "Tercero: 30.000": a further prize in the currency of the one before.
_NEXT = re.compile(
    r"(?<![a-z])(?:second|third|fourth|fifth|runners?-up|2nd|3rd|4th|5th|segund[oa]s?|tercer[oa]?s?|cuart[oa]s?|quint[oa]s?|deuxiemes?|troisiemes?|quatriemes?|cinquiemes?|"
    r"terceir[oa]s?|quart[oa]s?|zweite[rn]?|dritte[rn]?|[2-5][oae]r?\.?|[2-5](?:e|eme)|accesits?|mencion\w*|finalistas?)(?![a-z])"
    r"(?: (?:place|prize|puesto|premio|lugar|prix|clasificado|clasificada|preis|platz))?"
    rf"(?: ?[:,-] ?(?P<n>{NUMBER})(?![0-9]|[.,:/][0-9]| ?%|[a-z€$£])|(?: of| de| gets?| receives| recibe| recoit| recebe)? (?P<m>{NUMBER})(?![0-9]|[.,:/][0-9]| ?%| ?(?!(?:et|and|y|e|und) )[a-z€$£]))"
)
# "5 000 euros for the winner, 2 000 for the second": the number before the place.
_PLACED = re.compile(
    rf"[,;] (?:and |y |et |e |und )?(?P<n>{NUMBER}) (?:for|to|para|al?|pour|au|ao|fur|an) (?:the |el |la |los |las |le |les |o |a |os |as |den |die |das )?"
    r"(?:second|third|runner|2nd|3rd|segund|tercer|deuxieme|troisieme|terceir|zweite|dritte|finalist|subcampeon)"
)
_NEXT_SPAN = 90  # characters from one prize to the next


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, or a range, with its span. ``currency`` is an ISO 4217 code; None where it cannot be told.

    ``since``, ``until``: the stretch of text that shows amount and currency together, where others stand between them.
    """

    start: int
    end: int
    currency: str | None
    low: Decimal
    high: Decimal
    since: int = -1
    until: int = -1

    @property
    def core(self) -> tuple[int, int]:
        """What has to be quoted to show it."""
        return (self.start if self.since < 0 else self.since), (self.end if self.until < 0 else self.until)


def dollar_of(text: str, language: str, timezone: str | None) -> str | None:
    """What a bare "$" means in a text: US dollars in English; in Spanish the peso of the source's own country, where no
    word of the text speaks of dollars, and else nobody can tell. ISO 4217; None where it cannot be told.
    """
    if language == "en":
        return "USD"
    peso = _PESOS.get(timezone or "") if language.startswith("es") else None
    return peso if peso and not _SPEAKS_OF_DOLLARS.search(text) else None


def find_money(folded: str, language: str, dollar: str | None = None) -> list[Money]:
    """Every amount of money in folded text, in order. A bare "$" is US dollars in English (``language``); else
    ``dollar``, for sums too large to be meant in US dollars.
    """
    text = _LINE_OF_DIGITS.sub("\v", folded).replace("\n", " ")
    found: list[Money] = []
    for match in _MONEY.finditer(text):
        for money in _money(match, language, dollar):
            found += _listed(text, money, found[-1].end if found else 0)
            found.append(money)
    found = _with_told(found, [*_in_words(text), *_by_letter(text)])
    named = next((money for money in found if money.currency == "XAF"), None)
    if named:  # the CFA franc of Central Africa goes by the same name; what is quoted shows its code
        found = [_as(money, named) if money.currency == "XOF" else money for money in found]
    peso = {money.currency for money in found} & _PESO_CODES
    if len(peso) == 1 and language != "en" and not _SPEAKS_OF_DOLLARS.search(text):
        told = next(money for money in found if money.currency in peso)  # "1,5 millones de pesos chilenos … $900.000"
        found = [
            _as(m, told) if m.currency is None and text[m.start] == "$" and m.high * 100 >= told.low else m
            for m in found
        ]
    return _with_next(text, found) if found else found


def _as(money: Money, named: Money) -> Money:
    """An amount in the currency another one names more exactly."""
    return replace(money, currency=named.currency, since=min(money.start, named.start), until=max(money.end, named.end))


def _in_words(text: str) -> list[Money]:
    """The sums told in words alone: "doscientos cincuenta mil dólares"; of "five to ten thousand" joined by a word, both."""
    told = []
    for match in _SUM_IN_WORDS.finditer(text):
        sign = _AFTER[match["a"]]
        currency = None if sign == _UNKNOWN else sign
        start, end = match.span()
        value = parse_spelled(match["n"])
        if value is not None:
            told += _sound(Money(start, end, currency, value, value))
            continue
        for joint in _JOINT.finditer(match["n"]):
            low, high = parse_spelled(match["n"][: joint.start()]), parse_spelled(match["n"][joint.end() :])
            if low and high and low < high:
                told += _sound(Money(start, end, currency, low, high))
                break
    return told


def _by_letter(text: str) -> list[Money]:
    """Sums by a letter for their currency, where one country alone is named that writes so."""
    told = []
    for match in _LETTER.finditer(text):
        named = [(code, word) for sign, code, words in _LETTERS if sign == match["s"] and (word := words.search(text))]
        value = _amount(match["n"], match["m"])
        if value and len(named) == 1:
            (code, word), (start, end) = named[0], match.span()
            # What is quoted has to show the word, too.
            told += _sound(Money(start, end, code, value, value, min(start, word.start()), max(end, word.end())))
    return told


def _with_told(found: list[Money], told: list[Money]) -> list[Money]:
    """The amounts with those told in words, which stand for what was read of a part of them."""
    for money in told:
        crossed = [one for one in found if one.start < money.end and money.start < one.end]
        if all(money.start <= one.start and one.end <= money.end for one in crossed):
            found = [one for one in found if one not in crossed] + [money]
    return sorted(found, key=lambda one: one.start) if told else found


def _listed(text: str, money: Money, after: int) -> list[Money]:
    """The amounts of a list whose last one names the currency."""
    low = max(after, money.start - 60)
    match = _LIST.search(text[low : money.start]) if money.low == money.high and text[money.start].isdigit() else None
    if match is None:
        return []
    told = []
    for number in re.finditer(rf"(?<![0-9])(?:{NUMBER})", match.group()):
        value = parse_number(number.group())
        if value is None or value < 50:
            return []
        start = low + match.start() + number.start()
        told.append(Money(start, start + len(number.group()), money.currency, value, value, start, money.end))
    return told


def _with_next(text: str, found: list[Money]) -> list[Money]:
    """The amounts with the further prizes that name no currency of their own."""
    told: list[Money] = []
    for i, money in enumerate(found):
        told.append(money)
        stop = found[i + 1].start if i + 1 < len(found) else len(text)
        at = money.end
        while match := (
            _PLACED.search(text, at, min(stop, at + _NEXT_SPAN)) or _NEXT.search(text, at, min(stop, at + _NEXT_SPAN))
        ):
            group = "n" if match["n"] else "m"
            value = parse_number(match[group])
            if value is None or not 50 <= value <= money.high or (1990 <= value <= 2100 and match[group].isdigit()):
                break
            told.append(Money(match.start(group), match.end(group), money.currency, value, value, money.core[0]))
            at = match.end()
    return told


def _money(match: re.Match[str], language: str, dollar: str | None) -> list[Money]:
    """What one match says: an amount, a range, or two amounts ("2.000 € y 500 €")."""
    if match["b1"]:
        sign, named = _BEFORE[match["b1"]], _AFTER[_OF.sub("", match["a1"].strip(" ("))] if match["a1"] else _UNKNOWN
        sign = named if sign == _UNKNOWN else sign
        names = ("n1", "m1", "n2", "m2")
        joiner, joined = match["t1"] or "", bool(match["b2"] or match["a1"])
    elif match["a3"]:
        sign, names, joiner, joined = match["a3"].upper(), ("n5", "m5", None, None), "", True
    else:
        told, _, code = match["a2"].partition(" (")
        sign, names = code.rstrip(")").upper() or _AFTER[told], ("n3", "m3", "n4", "m4")
        joiner, joined = match["t2"] or "", True
    currency = ("USD" if language == "en" else None) if sign == _UNKNOWN else sign
    low = _amount(match[names[0]], match[names[1]])
    high = _amount(match[names[2]], match[names[3]]) if names[2] and names[3] and match[names[2]] else None
    if low is None:
        return []
    if sign == _UNKNOWN and language != "en" and dollar and low >= _LEAST_PESOS.get(dollar, Decimal("Infinity")):
        currency = dollar
    start, end = match.span()
    if high is None or names[2] is None or names[3] is None:
        return _sound(Money(start, end, currency, low, low))
    if low < high and match[names[3]] and not match[names[1]] and low * 1000 <= high:
        low = low * (high / (_amount(match[names[2]], None) or Decimal(1)))
    weak = _AND.fullmatch(joiner) if joined else _WEAK.fullmatch(joiner)
    if low < high and (not weak or _cued(match, start)):
        return _sound(Money(start, end, currency, low, high))
    first = Money(start, match.end(names[1]), currency, low, low)
    second = Money(match.start("b2") if match["b2"] else match.start(names[2]), end, currency, high, high)
    if match["b1"]:  # "US$ 5,000 and 3 nights": the second is money only with a sign of its own
        return _sound(first) + (_sound(second) if match["b2"] else [])
    return (_sound(first) if match["a0"] else []) + _sound(second)


def _sound(money: Money) -> list[Money]:
    return [money] if 0 < money.high < 10**15 else []


def _cued(match: re.Match[str], start: int) -> bool:
    return _CUE.search(match.string, max(0, start - 16), start) is not None


def _amount(number: str | None, multiplier: str | None) -> Decimal | None:
    told = (number or "").rstrip(",.-")
    value = Decimal(NUMBER_WORDS[told]) if told in NUMBER_WORDS else parse_number(told)
    if value is None:
        return None
    return value * MULTIPLIERS[multiplier.strip()] if multiplier and multiplier.strip() else value
