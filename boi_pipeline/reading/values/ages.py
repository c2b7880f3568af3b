"""Age ranges a text asks for: ``18-35``, ``18-`` (from), ``-35`` (up to), as schema.org's typicalAgeRange."""

import re

_AGE = r"([1-9][0-9])"
_YEARS = r"(?: ?(?:years?|yrs?|anos?|ans|jahren?|jahre)(?![a-z]))"
_OLD = r"(?:(?: of age| old|-old| de edad| de idade| d'age))?"
_BETWEEN = re.compile(
    rf"(?<![0-9])(?:(?:aged?|ages|edad(?:es)?|idade|age)[a-z: ]{{0,14}} ?(?:between |from |entre |de )?(?:los )?{_AGE}{_YEARS}? ?(?:-|to|and|y|a|e|et|bis|und)(?: los)? ?{_AGE}(?![0-9]){_YEARS}?"
    rf"|(?:between |from |entre |de |zwischen )?(?:the ages of )?(?:los |les )?{_AGE}{_YEARS}? ?(?:-|to|and|y|a|e|et|bis|und)(?: los)? ?{_AGE}{_YEARS}){_OLD}"
)
_UP_TO = re.compile(
    rf"(?:under(?: the age of)?|below(?: the age of)?|younger than|not older than|no older than|up to|maximum age(?: is| of)?|age limit(?: is| of)?|menor(?:es)? de|hasta(?: los)?|"
    rf"no mayor(?:es)? (?:de|a)|edad maxima(?: de)?|maximo|moins de|jusqu'a|age de moins de|ate(?: os)?|menos de|unter|hochstens)[: ]{{1,2}}{_AGE}(?:{_YEARS}{_OLD})(?! (?:of |de |d')?experi)"
    rf"|(?:under|below|maximum age:?|age limit:?|edad maxima:?|idade maxima:?|age maximum:?) {_AGE}(?![0-9,.%])(?! ?(?:%|percent|por|euro|usd|million|mil))"
)
_FROM = re.compile(
    rf"(?:over(?: the age of)?|at least|minimum(?: of)?|older than|mayor(?:es)? de|a partir de(?: los)?|minimo(?: de)?|al menos|plus de|au moins|maior(?:es)? de|pelo menos|mindestens)[: ]{{1,2}}{_AGE}"
    rf"(?:{_YEARS})(?: of age| old| de edad| de idade|(?<=anos)(?! de)|(?<=ans)(?! d)|(?<=years)(?= or older))"
    rf"|{_AGE}(?:\+|{_YEARS}(?: of age| old)? (?:or (?:older|over|above)|o mas|ou mais|ou plus|and (?:older|over|above)|cumplidos))"
)


def find_ages(folded: str) -> list[tuple[int, int, str]]:
    """Age ranges in folded text: (start, end, range)."""
    flat = folded.replace("\n", " ")
    found: list[tuple[int, int, str]] = []
    for match in _BETWEEN.finditer(flat):
        low, high = (int(group) for group in match.groups() if group)
        if 12 <= low < high <= 99:
            found.append((match.start(), match.end(), f"{low}-{high}"))
    for pattern, shape in ((_UP_TO, "-{}"), (_FROM, "{}-")):
        for match in pattern.finditer(flat):
            age = int(next(group for group in match.groups() if group))
            if 14 <= age <= 70 and not any(a < match.end() and match.start() < b for a, b, _ in found):
                found.append((match.start(), match.end(), shape.format(age)))
    return sorted(found)
