"""Numbers as people write them: thousands and decimals in either style, multipliers, counts in words, sums in words
("doscientos cincuenta mil", "sete mil e quinhentos", "half a million")."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from boi_pipeline.reading.late import late

NUMBER = r"[0-9]{1,3}(?:(?:[.,' \u00a0\u202f][0-9]{3})+(?![0-9]))(?:[.,][0-9]{1,2}(?![0-9]))?|[0-9]+(?:[.,][0-9]{1,2}(?![0-9]))?|[0-9]+"
MULTIPLIERS = {
    "billion": 10**9, "bn": 10**9, "milliard": 10**9, "milliards": 10**9, "milliarden": 10**9, "mil millones": 10**9, "bilhoes": 10**9,
    "bilhao": 10**9, "million": 10**6, "millions": 10**6, "mio": 10**6, "mn": 10**6, "m": 10**6, "mm": 10**6, "millon": 10**6,
    "millones": 10**6, "milhao": 10**6, "milhoes": 10**6, "millionen": 10**6, "thousand": 10**3, "mil": 10**3, "mille": 10**3, "k": 10**3,
    "tausend": 10**3, "tsd": 10**3, "mio.": 10**6, "mill": 10**6, "mill.": 10**6, "mln": 10**6, "mrd": 10**9, "mrd.": 10**9, "tsd.": 10**3,
    "lakh": 10**5, "lakhs": 10**5, "crore": 10**7, "crores": 10**7,
}  # fmt: skip
MULTIPLIER = "|".join(map(re.escape, sorted(MULTIPLIERS, key=len, reverse=True)))

# One to nineteen, then the tens, as each language counts; forms of one number between slashes.
_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "un/uno/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
    "un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "um/uma dois/duas tres quatro cinco seis sete oito nove dez onze doze treze catorze/quatorze quinze dezesseis/dezasseis "
    "dezessete/dezassete dezoito dezenove/dezanove",
    "ein/eine/einen/einer/einem zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn "
    "achtzehn neunzehn",
)
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "vingt trente quarante cinquante soixante soixante-dix quatre-vingts/quatre-vingt quatre-vingt-dix",
    "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "zwanzig dreissig/dreizig vierzig funfzig sechzig siebzig achtzig neunzig",
)
_HUNDREDS = {
    100: ("hundred", "one hundred", "a hundred", "cien", "ciento", "cent", "cem", "cento", "hundert", "einhundert"),
    200: ("two hundred", "doscientos", "doscientas", "deux cents", "duzentos", "duzentas", "zweihundert"),
    300: ("three hundred", "trescientos", "trescientas", "trois cents", "trezentos", "trezentas", "dreihundert"),
    400: (
        "four hundred",
        "cuatrocientos",
        "cuatrocientas",
        "quatre cents",
        "quatrocentos",
        "quatrocentas",
        "vierhundert",
    ),
    500: ("five hundred", "quinientos", "quinientas", "cinq cents", "quinhentos", "quinhentas", "funfhundert"),
}
_ARTICLES = frozenset(["a", "an", "un", "una", "une", "um", "uma", "ein", "eine", "einen", "einer", "einem", "uno"])
# "a position", "un cargo": an article counts one only before what there is one of.
_ONE_OF = (
    r"an?|un|una|une|um|uma|eine?n?",
    r"(?:phd |doctoral |postdoctoral |single |sola |seule |unica |unico |einzige )?(?:positions?|post|vacancy|place|person|puesto|cargo|vacante|plaza|contrato|"
    r"persona|poste|personne|contrat|pessoa|vaga|posto|stelle|platz|person|photographer|writer|artist|researcher|profesional|consultor|consultora|consultant|team|equipo|equipe|"
    r"intern|trainee|pasante|becario|becaria|stagiaire|estagiari[oa]|ganador|ganadora|winner|laureat|laureate|vencedor|doctorado|doctorate|doutorado|doctorant|prize|premio|prix)",
)  # fmt: skip


def _counted() -> dict[str, int]:
    found = {form: number for number, forms in _HUNDREDS.items() for form in forms}
    for language, (small, tens) in enumerate(zip(_SMALL, _TENS, strict=True)):
        ones = [forms.split("/") for forms in small.split()]
        for number, forms in enumerate(ones, 1):
            found.update(dict.fromkeys(forms, number))
        for number, forms in enumerate(tens.split(), 2):
            for form in forms.split("/"):
                found[form] = number * 10
                last = 19 if form in ("soixante", "quatre-vingt") else 9  # "soixante-quinze"
                found.update({told: number * 10 + one for one, names in enumerate(ones[:last], 1)
                              for name in names for told in _joined(language, form, name)})  # fmt: skip
    for hundred, tens in (("cent ", _TENS[2]), ("ciento ", _TENS[1]), ("cento e ", _TENS[3])):
        for number, forms in enumerate(tens.split(), 2):
            found.update({hundred + form: 100 + number * 10 for form in forms.split("/")})
    return found


def _joined(language: int, ten: str, one: str) -> Iterable[str]:
    """How a ten and a one are said together: "twenty-five", "treinta y dos", "vingt et un", "vinte e cinco"."""
    if language == 0:
        return (f"{ten}-{one}", f"{ten} {one}")
    if language == 1:
        return (f"{ten} y {one}", f"veinti{one}") if ten == "veinte" else (f"{ten} y {one}",)
    if language == 2:
        return (f"{ten}-{one}", f"{ten} et {one}")
    if language == 3:
        return (f"{ten} e {one}",)
    return (f"{'ein' if one.startswith('ein') else one}und{ten}",)


NUMBER_WORDS: dict[str, int] = _counted()


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of these words, by their letters as a tree: a long list stays quick."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branch(tree)


def _branch(tree: dict[str, Any]) -> str:
    ways = [re.escape(letter) + _branch(tree[letter]) for letter in sorted(tree) if letter]
    if not ways:
        return ""
    return f"(?:{'|'.join(ways)}){'?' if '' in tree else ''}" if len(ways) > 1 or "" in tree else ways[0]


COUNT_WORD = any_of(word for word in NUMBER_WORDS if word not in _ARTICLES) + rf"|(?:{_ONE_OF[0]}) {_ONE_OF[1]}"


def parse_number(text: str) -> Decimal | None:
    """``1.400,50``, ``1,400.50``, ``350.000.000``, ``1 400``, ``12,5`` → a number; None when it is none.

    The last separator is the decimal one when one or two digits follow it; groups of three are thousands.
    """
    digits = re.sub(r"[ '\u00a0\u202f]", "", text)
    if not re.fullmatch(r"[0-9][0-9.,]*", digits):
        return None
    tail = re.search(r"[.,]([0-9]{1,2})$", digits)
    whole = digits[: tail.start()] if tail else digits
    whole = re.sub(r"[.,]", "", whole)
    if not whole or len(whole) > 16:
        return None
    return Decimal(f"{whole}.{tail[1]}" if tail else whole)


def parse_count(text: str) -> int | None:
    """A count in digits or in words, or one of something ("un cargo"); None when it is none."""
    if text in NUMBER_WORDS:
        return NUMBER_WORDS[text]
    number = parse_number(text)
    if number is None:
        return 1 if text.split()[:1] and text.split()[0] in _ARTICLES else None
    return int(number) if number == int(number) else None


# Hundreds beyond those places are counted by; sums of money are told with them.
_MORE_HUNDREDS = {
    600: "seiscientos seiscientas seiscentos seiscentas sechshundert",
    700: "setecientos setecientas setecentos setecentas siebenhundert",
    800: "ochocientos ochocientas oitocentos oitocentas achthundert",
    900: "novecientos novecientas novecentos novecentas neunhundert",
}
_BIG = {
    "hundred": 100, "cents": 100, "cent": 100, "thousand": 1000, "mil": 1000, "mille": 1000, "tausend": 1000,
    **dict.fromkeys(("million", "millions", "millon", "millones", "milhao", "milhoes", "millionen"), 10**6),
}  # fmt: skip
_HALVES = ("half a", "half", "medio", "un demi", "demi", "meio", "eine halbe", "halbe")


def _spelled() -> dict[str, Decimal]:
    """Every word a sum may be told with, but for the big ones that multiply."""
    found = {word: Decimal(number) for word, number in NUMBER_WORDS.items()}
    found |= {word: Decimal(number) for number, words in _MORE_HUNDREDS.items() for word in words.split()}
    found |= {word: Decimal(1) for word in ("a", "an")} | dict.fromkeys(_HALVES, Decimal("0.5"))
    compounds = {f"{word}tausend": value * 1000 for word, value in found.items() if value >= 1 and word.isalpha()}
    return found | {word: value for word, value in compounds.items() if len(word) > 8}  # German: "zehntausend"


_SPELLED = _spelled()
_WORD = any_of({*_SPELLED, *_BIG})
_HALF_MORE = r"(?: (?:y medi[oa]|et demie?|e mei[oa]|and a half))?"
SPELLED = rf"(?<![^\W_])(?<![0-9][ -])(?:{_WORD})(?:(?: (?:y|e|et|and|und) |[ -])(?:{_WORD}))*(?![^\W_]){_HALF_MORE}"
_PARTS = late(rf"(?<![^\W_])(?:(?P<half>{_HALF_MORE[4:-2]})|(?P<word>{_WORD}))(?![^\W_])")


def parse_spelled(text: str) -> Decimal | None:
    """A sum told in words alone; None where the words make none, or less than a hundred."""
    total, group, current, unit = Decimal(0), Decimal(0), Decimal(0), Decimal(0)
    big = False
    for match in _PARTS.finditer(text):
        if match["half"]:
            total += unit / 2
        elif (word := match["word"]) in _BIG and (word not in _SPELLED or 0 < current < 10):
            big, unit = True, Decimal(_BIG[word])
            if unit == 100:
                current *= 100
                if current == 0:
                    return None
            elif unit == 1000:
                if group:
                    return None
                group, current = (current or 1) * 1000, Decimal(0)
            else:
                if total or not group + current:
                    return None
                total, group, current = (group + current) * unit, Decimal(0), Decimal(0)
        else:
            value = _SPELLED[word]
            if value >= 1000:  # a German compound
                if group:
                    return None
                group, big = value, True
            elif current and (value >= 100 or current % 100 or value < 1):  # "two three": no one number
                return None
            else:
                current += value
                big |= value >= 100
    found = total + group + current
    return found if big and found >= 100 else None


# Places of a contest, each in the languages read.
_PLACES = (
    r"(?:first|1st|primer[oa]?|premiere?|1er|1re|1[o.]|primeir[oa]|1\. ?|erste[rn]?)",
    r"(?:second|2nd|segund[oa]|deuxieme|2e|2eme|2[o.]|2da|2do|zweite[rn]?|2\. ?)",
    r"(?:third|3rd|tercer[oa]?|troisieme|3e|3eme|3[o.]|3er|3ra|terceir[oa]|dritte[rn]?|3\. ?)",
    r"(?:fourth|4th|cuart[oa]|quatrieme|4e|4eme|4[o.]|4to|quart[oa]|vierte[rn]?|4\. ?)",
    r"(?:fifth|5th|quint[oa]|cinquieme|5e|5eme|5[o.]|funfte[rn]?|5\. ?)",
)
# Prizes told beside the places, one each.
_BESIDE = (
    r"accesit|prix du public|prix special|premio (?:del|do) publico|premio especial|menciona?o? (?:especial|para|honrosa)|mencion (?:especial|para|de honor)|mention speciale|"
    r"(?:audience|public|people's choice|special) (?:award|prize|mention)|publikumspreis|sonderpreis"
)
_PLACE = re.compile(
    "|".join(rf"(?<![^\W_])(?P<p{number}>{forms})(?![^\W_])" for number, forms in enumerate((*_PLACES, _BESIDE), 1))
)
_RANK_SPAN = 130  # characters from one place to the next


def find_ranks(folded: str) -> list[list[tuple[int, int]]]:
    """Rows of places told one after another from the first on ("first …, second …, third …"), each with its spans."""
    rows: list[list[tuple[int, int]]] = []
    for match in _PLACE.finditer(folded):
        number = next(n for n in range(1, len(_PLACES) + 2) if match[f"p{n}"])
        if number == 1:
            rows.append([match.span()])
        elif rows and number in (len(rows[-1]) + 1, len(_PLACES) + 1) and match.start() - rows[-1][-1][1] <= _RANK_SPAN:
            rows[-1].append(match.span())
    return [row for row in rows if len(row) > 1]


# One prize and no more: "the winner receives", "premio único".
SOLE = re.compile(
    r"(?<![^\W_])(?:(?:the|one|a single|each year one|to one|el|la|al|un|una|le|la|un|une|au|o|a|ao|um|uma|der|die|dem|einen?) "
    r"(?:(?:winning|obra|texto|oeuvre|best) )?(?:winner|laureate|recipient|winning (?:[^\W_]+)|ganador|ganadora|laureat|laureate|gagnante?|vencedora?|premiado|premiada|obra ganadora|obra premiada|oeuvre primee|texto vencedor|gewinner|gewinnerin|preistrager|preistragerin)"
    r"(?: (?:o|ou|or|oder) (?:the |la |le |o |a |die )?[^\W_]+)?"
    r" (?:will |takes?|gets?|wins?|receives?|is|recibe|recibira|se lleva|obtiene|obtendra|gana|recoit|recevra|touche|remporte|recebe|recebera|leva|ganha|erhalt|bekommt)"
    r"|(?:single|sole|premio unico|unico premio|prix unique|premio,? unico|seule personne|single prize|one prize|un solo premio|un unico|um unico|unico e indivisible|indivisib\w+|ein preis|a una persona|to one person|eine person))(?![^\W_])"
)


def shown_counts(folded: str) -> set[int]:
    """What words show without a number: as many prizes as places are told, one where one winner is."""
    return {len(row) for row in find_ranks(folded)} | ({1} if SOLE.search(folded) else set())
