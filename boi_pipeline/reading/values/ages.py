"""Age ranges a text asks for: ``18-35``, ``18-`` (from), ``-35`` (up to), as schema.org's typicalAgeRange.

"Under 40" is up to 39; "over 25" is read as from 25, as people mean it.
"""

import re

_REACH = 60  # characters about a number in which all words of an age stand
_NEAR = 24  # characters between a lower and an upper age that are one range
_IN_WORDS = {
    15: "fifteen quince quinze", 16: "sixteen dieciseis seize dezesseis dezasseis sechzehn", 17: "seventeen diecisiete dix-sept dezessete dezassete siebzehn",
    18: "eighteen dieciocho dix-huit dezoito achtzehn", 20: "twenty veinte vingt vinte zwanzig", 21: "twenty-one veintiuno veintiun vinte_e_um einundzwanzig",
    25: "twenty-five veinticinco vingt-cinq vinte_e_cinco", 30: "thirty treinta trente trinta", 35: "thirty-five treinta_y_cinco trente-cinq trinta_e_cinco",
    40: "forty cuarenta quarante quarenta vierzig", 45: "forty-five cuarenta_y_cinco quarante-cinq quarenta_e_cinco", 50: "fifty cincuenta cinquante cinquenta",
}  # fmt: skip
_WORDS = {word.replace("_", " "): age for age, words in _IN_WORDS.items() for word in words.split()}
_AGE = rf"([1-9][0-9]|(?<![a-z-])(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![a-z-]))"
_NUMBER = re.compile(rf"(?<![0-9.,]){_AGE}(?![0-9]|[.,][0-9])")
_YEARS = r"(?:[ -]?(?:years?|yrs?|year-olds?|anos?|ans|jahren?|jahre)(?![a-z]))"
_OLD = r"(?:(?: of age| old|-old| de edad| de idade| d'age))?"
_TO = r" ?(?:-|to|and|y|a|aos|e|et|bis|und|hasta)(?: los| les| os)? ?"
_FROM_WORD = r"(?:between |from |entre |de |dos |von |zwischen |im alter von )?(?:the ages of )?(?:los |les |os )?"
_PEOPLE = r"(?:women|men|people|persons|girls|jovenes|mujeres|personas|jovens|mulheres|pessoas|jeunes|femmes|personnes)"
_PERSONS = (
    r"(?:be|aged?|people|persons?|personas?|pessoas?|personnes?|jovenes|jovens|jeunes|adults?|tener|ter|avoir|edad|idade|agees?|personen)"
    r"(?: de| com| con)? "
)
_BETWEEN = re.compile(
    rf"(?<![a-z0-9])(?:(?:aged?|ages|edad(?:es)?|idade|age|alter|altersgrenze)(?![a-z])[a-z: ]{{0,16}}?(?:between |from |entre |de |von |zwischen )?(?:los |os )?"
    rf"{_AGE}{_YEARS}?{_TO}{_AGE}(?![0-9]|[.,][0-9]){_YEARS}?"
    rf"|(?:you are|are you|you're|tu as|vous avez|si tienes|tienes|tenes|tem|voce tem):? (?:between |from |entre |de )?{_AGE}{_TO}{_AGE}(?![0-9]|[.,][0-9]| (?:months?|meses|mois|hours?|horas))"
    rf"|{_PEOPLE} (?:between|entre) (?:los |os )?{_AGE}{_TO}{_AGE}(?= ?[.,;:()\n]| (?:who|that|que|qui|with|con|com|living)(?![a-z]))"
    rf"|{_FROM_WORD}{_AGE}{_YEARS}?{_TO}{_AGE}{_YEARS}){_OLD}"
)
_BELOW = re.compile(
    rf"(?<![a-z])(?:under(?: the age of)?|below(?: the age of)?|younger than|menor(?:es)? (?:de|a|que)|moins de|moins age que|menos de|unter|junger als|age de moins de|ages? de moins de)[: ]{{1,3}}(?:los |os )?"
    rf"{_AGE}(?:{_YEARS}{_OLD})(?! (?:of |de |d')?experi)|(?<![a-z])(?:under|younger than|menor(?:es)? (?:de|que)) {_AGE}(?= ?[.;)\n,]|$| (?:across|from|who|worldwide|living|based)(?![a-z]))"
)
_UP_TO = re.compile(
    rf"(?<![a-z])(?:not older than|no older than|not be older than|not over|not be over|not exceed(?:ing)?|no more than|not more than|not have turned|up to(?: the age of)?|maximum age(?: is| of)?|age limit(?: is| of)?|upper age limit(?: is| of)?|hasta(?: los)?|"
    rf"no mayor(?:es)? (?:de|a)|no exceder(?: de)?(?: los)?|edad maxima(?: de)?|edad limite(?: de)?|no superior a|nao superior a|not exceeding|maximo|maximum|jusqu'a|limite d'age(?: est)?(?: fixee a)?|age maximum|age maximal|ate(?: os)?|idade maxima(?: de)?|idade limite(?: de)?|"
    rf"nao ter mais de|ne pas avoir plus de|no tener mas de|no haber cumplido(?: los)?|hochstens|bis|hochstalter(?: betragt| liegt bei)?|altersgrenze(?: betragt| liegt bei)?)[: ]{{1,3}}(?:de )?"
    rf"{_AGE}(?:{_YEARS}{_OLD})(?! (?:of |de |d')?experi)"
    rf"|(?<![0-9.,]){_AGE}{_YEARS}(?: of age| old| de edad| de idade)?,? (?:or (?:younger|under|less|below)|and (?:younger|under)|o menos|ou menos|ou moins|maximum|max|au plus|au maximum|como maximo|no maximo|at most|hochstens|oder junger|de edad maxima)"
    rf"|(?:no older than|not older than|not be older than|not have turned|aged up to|no hayan cumplido(?: los)?|no mayores? de) {_AGE}(?![0-9%]|[.,][0-9]|{_YEARS})"
    rf"|(?:aged?|be) {_AGE} (?:or|and) (?:under|younger|below|less)"
    rf"|(?:maximum age|age limit|upper age limit|edad maxima|edad limite|idade maxima|idade limite|age maximum|age maximal|limite d'age|hochstalter|altersgrenze) ?:? {_AGE}(?![0-9,.%])(?! ?(?:%|percent|por|euro|usd|million|mil))"
)
_FROM = re.compile(
    rf"(?<![a-z])(?:at least|minimum(?: of| age)?|older than|mayor(?:es)? (?:de|a)|a partir de(?: los)?|a partir dos|desde(?: los)?|minimo(?: de)?|al menos|au moins|au minimum|from(?: the age of)?|avoir|tener|ter|aged|"
    rf"des(?: l'age de)?|maior(?:es)? de|pelo menos|mindestens|ab|{_PERSONS}(?:over|mas de|mais de|plus de|uber)|over the age of|haber cumplido(?: los)?|ter feito|tenha feito|tenham feito|tenha completado|hayan? cumplido|hayas cumplido|(?:com|con) (?:mais|mas) de|tener cumplidos(?: los)?|ter completado)[: ]{{1,3}}{_AGE}"
    rf"(?:{_YEARS})(?: of age| old| de edad| de idade| cumplidos| revolus|(?<=anos)(?! de(?! edad| idade))|(?<=ans)(?! d)|(?<=years)(?= or older)|(?<=jahren)|(?<=jahre))"
    rf"|(?<![0-9.,]){_AGE}(?:\+(?![0-9])|{_YEARS}?(?: of age| old)? (?:or (?:older|over|above|more)|and (?:older|over|above|up)|(?:years )?upwards)|{_YEARS}(?: de edad)? (?:o mas|ou mais|ou plus|et plus|cumplidos|e mais|y mas|oder alter|revolus|minimum|au minimum|au moins|al menos|pelo menos|en adelante|pra cima|para cima|hacia arriba|et \+|como minimo|no minimo|completos|ya cumplidos))"
    rf"|(?<![a-z])(?:mayor(?:es)? de|maior(?:es)? de|over|have turned|having turned)(?: los)? (1[68]|2[015])(?= ?[.,;:()\n]|$| ?[·|•]| (?:y|e|and|who|que|at|on)(?![a-z]))"
    rf"|(?<![a-z])(?:over|uber) {_AGE} (?:years (?:of age|old)|jahre alt)"
    rf"|(?<![a-z])(?:les|des|aux) plus de {_AGE} ans"
    rf"|(?<![a-z])(?:a partir de los|desde los|cumplidos? los|a partir dos|desde os|older than|aged at least|no younger than|not younger than) {_AGE}(?![0-9%]|[.,][0-9]|{_YEARS})"
    rf"|(?:minimum age|edad minima|idade minima|age minimum|mindestalter)(?: is| of| de| es| e| betragt)? ?[:?]? {_AGE}(?![0-9,%]|[.][0-9])"
    rf"|(?:you (?:must|have to|need to) be|who are|aged|must be) (?:over|at least) {_AGE}(?! ?(?:%|percent|[0-9]|[a-z]* of experi))(?= ?[.,;:()\n]|$| (?:and|years|on|by|when|at|before|or|to)(?![a-z]))"
)


def find_ages(folded: str) -> list[tuple[int, int, str]]:
    """Age ranges in folded text: (start, end, range)."""
    flat = folded.replace("\n", " ")
    found: list[tuple[int, int, str]] = []
    for low, high in _around_numbers(flat):
        found += _ages_in(flat, low, high) or _ages_in(folded, low, high)  # a line's end may close an age: "Over 18"
    return _joined(sorted(found))


def _around_numbers(flat: str) -> list[tuple[int, int]]:
    """The stretches an age can stand in: looking there only is what makes it quick."""
    stretches: list[tuple[int, int]] = []
    for number in _NUMBER.finditer(flat):
        low, high = max(0, number.start() - _REACH), min(len(flat), number.end() + _REACH)
        if stretches and low <= stretches[-1][1]:
            low = stretches.pop()[0]
        stretches.append((low, high))
    return stretches


def _ages_in(flat: str, start: int, end: int) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for match in _BETWEEN.finditer(flat, start, end):
        low, high = (_number(group) for group in match.groups() if group)
        if 12 <= low < high <= 99:
            found.append((match.start(), match.end(), f"{low}-{high}"))
    for pattern, shape, less in ((_UP_TO, "-{}", 0), (_BELOW, "-{}", 1), (_FROM, "{}-", 0)):
        for match in pattern.finditer(flat, start, end):
            age = _number(next(group for group in match.groups() if group))
            if 14 <= age <= 70 and not any(a < match.end() and match.start() < b for a, b, _ in found):
                found.append((match.start(), match.end(), shape.format(age - less)))
    return found


def _number(text: str) -> int:
    return _WORDS.get(text) or int(text)


def _joined(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """ "Over 18 and under 35" is one range."""
    joined: list[tuple[int, int, str]] = []
    for start, end, ages in found:
        before = joined[-1] if joined else None
        if before and start - before[1] <= _NEAR:
            low, high = sorted((before[2], ages), key=lambda one: one.startswith("-"))
            if low.endswith("-") and high.startswith("-") and int(low[:-1]) < int(high[1:]):
                joined[-1] = (before[0], end, low + high[1:])
                continue
        joined.append((start, end, ages))
    return joined
