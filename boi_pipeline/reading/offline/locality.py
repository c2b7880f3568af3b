"""Whether all applicants have to be of a part of a country: a province, a canton, a city."""

import re

from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.offline.places import city_index
from boi_pipeline.reading.offline.placewords import ASKED, RESIDES, YOURS
from boi_pipeline.reading.offline.sections import people, sections
from boi_pipeline.reading.offline.sentence import Sentence

# Parts of a country, and where one has to be of: "residents of the province", "con sede en Valdecierzo".
_PART = (
    r"provinces?|provincias?|departamentos?|departements?|departments?|cantons?|canton(?:es)?|cantao|county|counties|comarcas?|comunidad autonoma|comunitat|prefectures?|prefeitura|distritos?|districts?|"
    r"municipios?|municipality|municipalit(?:y|ies)|communes?|comunas?|cidade|city|ciudad|ville|boroughs?|bundesland|bundeslandes|kanton|stadt|villages?|metropole|agglomeration|isla|ilha|ile|island"
)
_WITHIN = r"(?: ?,)?(?: (?:ou|or|o|y|e|et|and|oder) (?:d')?[^\W_]+)?(?: (?:in|en|em|na|no|nas|nos|de|del|da|do|of|at|within|dans|du|au|a|aus|im|the|la|el|los|las|le|l|o|our|this|nuestra|esta|este|nossa|notre|der|legally|legalmente|oficina|delegacion|delegacao|social|fiscal|principal|legal|y|e|o|or)(?![^\W_]))+ ?'? ?"
_PARTS = re.compile(
    rf"(?:{RESIDES.pattern}|(?<![^\W_])(?:offices?|siege(?: social)?|sitz|sede|domicilio(?: social| fiscal)?)(?![^\W_])){_WITHIN}(?:(?:{_PART})(?![^\W_])|(?:region|regiao|state|estado|etat|ile|island|isla) (?:of |de |do |da |du )?(?P<name>[^\W\d_]))"
)
_AT_NAME = re.compile(
    r"(?<![^\W_])(?:moradores|moradoras|habitants?|inhabitants|vecin[oa]s|residentes?|residents?|residant\w*|domicili\w+|empadronad[oa]s?|con sede|com sede|sediad[oa]s?|establecid[oa]s?|estabelecid[oa]s?|ansassig\w*|wohnhaft|domicilio|siege(?: social)?|sede social|mit sitz|wohnsitz|registered office|(?:an?|its|their|your|one) (?:registered |local )?offices?)"
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
    regions = [
        (start, end) for start, end, _ in city_index().find(page.folded, page.words) if page.text[start].isupper()
    ]
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
            if name >= 0 and any(hit.start <= name < hit.end and hit.place.kind == "country" for hit in page.places):
                continue
            near = page.places_in(found.start(), min(segment[1], found.end() + 40))
            near = [hit for hit in near if hit.place.kind == "group" and hit.place.code != "WORLD"]
            asked = ASKED.match(page.folded, *segment) is not None
            if not near and (inside or asked or context.must or people(page, (segment[0], found.end()))):
                return found.start(), found.end()
        lives = _lives_at(page, segment, regions)
        if lives and (inside or context.must or people(page, (segment[0], lives[0]))):
            return lives
        only = _only_of(page, segment, regions) if context.must else None
        if only:
            return only
        yours = _YOURS_IN_PART.search(page.folded, *segment)
        if yours:
            return yours.start(), yours.end()
    return None


_OF = re.compile(
    r" (?:[^\W_]+ )?(?:of|from|in|de|del|de l[oa]s?|du|des|da|do|dos|das|en|em|no|na|aus|von|in) (?:(?:the|la|el|los|las|le|l'|o|a) ?)?"
)
_NOT_OF_PEOPLE = re.compile(r"(?<![^\W_])(?:universi\w*|school|escuela|college|museum|museo|hochschule)(?![^\W_])")


def _only_of(page: Page, segment: Span, regions: list[Span]) -> Span | None:
    """ "Seules les communes du Québec", "solo entidades de Andalucía": kinds of applicants, and of which region or city."""
    for start, end in regions:
        if not segment[0] <= start < segment[1]:
            continue
        near = people(page, (max(segment[0], start - 50), start))
        told = [hit for hit in near if _OF.fullmatch(page.folded, hit.end, start)]
        if told and not _NOT_OF_PEOPLE.search(page.folded, told[-1].start, start):
            return told[-1].start, end
    return None


_LIVES_AT = re.compile(
    r"(?<![^\W_])(?:scolaris\w+|escolarizad\w+|living|lives?|reside\w*|residing|residents?|residentes?|residan|viv[ae]\w*|habit[ae]\w*|mora\w*|wohn\w*|lebend\w*|domicili\w+|empadronad\w+)"
    rf"{_WITHIN}$"
)


def _lives_at(page: Page, segment: Span, regions: list[Span]) -> Span | None:
    """ "amateurs living in Penang": where applicants live, by the name of a region or city."""
    for start, end in regions:
        if segment[0] <= start < segment[1]:
            found = _LIVES_AT.search(page.folded[max(segment[0], start - 60) : start])
            if found:
                return start - len(found.group()), end
    return None
