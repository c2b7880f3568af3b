"""Whether all applicants have to be of a part of a country: a province, a canton, a city."""

import re

from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.offline.placewords import ASKED, RESIDES, YOURS
from boi_pipeline.reading.offline.sections import people, sections
from boi_pipeline.reading.offline.sentence import Sentence

# Parts of a country, and where one has to be of: "residents of the province", "con sede en Valdecierzo".
_PART = (
    r"provinces?|provincias?|departamentos?|departements?|departments?|cantons?|canton(?:es)?|cantao|county|counties|comarcas?|comunidad autonoma|comunitat|prefectures?|prefeitura|distritos?|districts?|"
    r"municipios?|municipality|municipalit(?:y|ies)|communes?|comunas?|cidade|city|ciudad|ville|boroughs?|bundesland|bundeslandes|kanton|stadt|villages?|metropole|agglomeration"
)
_WITHIN = r"(?: ?,)?(?: (?:ou|or|o|y|e|et|and|oder) (?:d')?[^\W_]+)?(?: (?:in|en|em|na|no|nas|nos|de|del|da|do|of|at|within|dans|du|au|a|aus|im|the|la|el|los|las|le|l|o|our|this|nuestra|esta|este|nossa|notre|der|legally|legalmente|oficina|delegacion|delegacao|y|e|o|or))+ ?'? ?"
_PARTS = re.compile(
    rf"(?:{RESIDES.pattern}){_WITHIN}(?:(?:{_PART})(?![^\W_])|(?:region|regiao|state|estado|etat|ile|island|isla) (?:of |de |do |da |du )?(?P<name>[^\W\d_]))"
)
_AT_NAME = re.compile(
    r"(?<![^\W_])(?:moradores|moradoras|habitants?|inhabitants|vecin[oa]s|residentes?|residents?|residant\w*|domicili\w+|empadronad[oa]s?|con sede|com sede|sediad[oa]s?|establecid[oa]s?|estabelecid[oa]s?|ansassig\w*|wohnhaft)"
    rf"{_WITHIN}(?P<name>[^\W\d_])"
)
_YOURS_IN_PART = re.compile(
    rf"{YOURS.pattern.removesuffix('$')}(?: ?(?:in|en|na|no|dans|la|the|el|a|o|our|this|nuestra|esta|nossa|notre|le) )*(?:{_PART})(?![^\W_])"
)
_FOR_A_WHILE = re.compile(
    r"(?<![^\W_])(?:during|while|durante|mientras|pendant|enquanto|wahrend|relocat\w+|trasladarse|weeks?|months?|semanas?|meses|mois|semaines?|mudar-se)(?![^\W_])"
)


def local_limit(page: Page) -> Span | None:
    """Where applicants have to be of a province, a canton, a city: all of them, not for a while."""
    parts = sections(page)
    for number, segment in enumerate(page.segments):
        inside = any(start <= segment[0] < end or start <= segment[0] == start for (start, end), _ in parts)
        context = Sentence(page, segment, segment[0] if inside else None, number == 0)
        if not (context.opens or context.must) or _FOR_A_WHILE.search(page.folded, *segment):
            continue
        if page.any("eligibility.priority", segment) or page.any("eligibility.also", segment):
            continue
        for found in (_PARTS.search(page.folded, *segment), _AT_NAME.search(page.folded, *segment)):
            name = found.start("name") if found else -1
            if not found or (name >= 0 and not page.text[name].isupper()):
                continue
            near = page.places_in(found.start(), min(segment[1], found.end() + 40))
            near = [hit for hit in near if hit.place.kind == "group" and hit.place.code != "WORLD"]
            asked = ASKED.match(page.folded, *segment) is not None
            if not near and (inside or asked or context.must or people(page, (segment[0], found.start()))):
                return found.start(), found.end()
        yours = _YOURS_IN_PART.search(page.folded, *segment)
        if yours:
            return yours.start(), yours.end()
    return None
