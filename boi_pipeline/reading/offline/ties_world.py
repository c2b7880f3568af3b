"""Whether "any nationality", "around the world", "all countries" is said of applicants.

The first speaks of them by itself, the others only right after them; "all countries of …" is less than the world.
"""

import re
from collections.abc import Callable
from functools import cached_property

from boi_pipeline.reading.offline.page import Hit, Span
from boi_pipeline.reading.offline.placewords import ANYBODY, SPEAKS_OF_NATIONALITY
from boi_pipeline.reading.offline.sections import HAPPENED, says_whom
from boi_pipeline.reading.offline.tie_case import UNTIED, Named, Tie
from boi_pipeline.reading.rules import first_answer

# Statements on equal treatment name nationality too, and tell nothing of where one may apply from.
_EQUALITY = re.compile(
    r"(?<![^\W_])(?:race|raza|raca|ethnic\w*|etni\w+|ethni\w+|religion|religiao|gender identity|sexual|sexuelle|orientacion sexual|disabilit\w+|discapacidad|handicap|behinderung)(?![^\W_])"
)
# Names of the whole world that also stand in names and boasts: only right after applicants, never by themselves.
_BARE_WORLD = re.compile(
    r"(?:in the world|on the planet|del mundo|en el mundo|du monde|au monde|dans le monde|do mundo|no mundo|der welt|del planeta|mundial|globally|worldwide|weltweit)$"
)
# "entries are accepted from all over the world": whose.
_TAKEN_FROM = re.compile(
    r"(?<![^\W_])(?:entries|applications|submissions|nominations|proposals|films|works|candidaturas|postulaciones|obras|propuestas|candidatures|inscricoes|propostas)(?: (?!(?:not|no|ne|nao|pas) )[^\W_]+){0,2} (?:accepted|welcomed?|invited|received|aceptan|reciben|admiten|acceptees|recues|aceites|aceitas|recebidas) (?:from|de|desde|d'|des|do)(?: [^\W_]+)? ?$"
)
_AT_ANY = re.compile(r"(?<![^\W_])(?:at|in|with|to|en|em|a|ao|na|no|con|com|dans|avec|aux?|an|mit)[ ]$")
_EVERY = re.compile(
    r"(?<![^\W_])(?:any|all|every|anywhere|cualquier|cualquiera|todos?|todas?|tous|toutes|tout|toute|qualquer|quaisquer|alle[rn]?|jede[rsmn]?)(?![^\W_])"
)
_SOME_COUNTRIES = re.compile(
    r"\)? (?!(?:of|in|de|del|du|do|da) (?:the )?(?:world|mundo|monde))(?:(?:of|in|on|de|del|d'|des|du|da|do)(?! ?[0-9])|listed|where|member|miembros?|membres?|membros?|participa\w*|socios|elegibles?|eligible|partner|covered|inscrits?)(?![^\W_])"
)
_LIVE_AT = re.compile(
    r"(?<![^\W_])(?:live|work|be|be based|be located|reside|vivir|residir|trabajar|vivre|habiter|resider|travailler|viver|morar|residir|trabalhar|leben|wohnen|arbeiten) ?$"
)

_WHOLE = re.compile(r" (?:entier|entero|inteiro|whole)")


class World(Named):
    """The whole world, named in a sentence."""

    @cached_property
    def every(self) -> bool:
        """Whether it is named by "any", "every"."""
        return _EVERY.match(self.page.folded, self.hit.start, self.hit.end) is not None

    @cached_property
    def nation(self) -> bool:
        """Whether its name speaks of nationality."""
        return SPEAKS_OF_NATIONALITY.search(self.page.folded, self.hit.start, self.hit.end) is not None

    @cached_property
    def bare(self) -> bool:
        """Whether its name also stands in names and boasts."""
        return _BARE_WORLD.search(self.page.folded[self.hit.start : self.hit.end]) is not None

    @cached_property
    def near(self) -> Span:
        """The words before it that may name applicants."""
        return max(self.segment[0], self.head_end - 64), self.head_end

    @cached_property
    def told(self) -> list[Hit]:
        """Those applicants."""
        return self.context.people(self.near, 4)


Rule = Callable[[World], Tie | None]


def tie_of_world(named: Named) -> Tie:
    """How the world is tied to applicants; UNTIED where it is not."""
    return first_answer(_RULES, World(named.context, named.run)) or UNTIED


def part_of_it(case: World) -> Tie | None:
    """ "Desde cualquier país latinoamericano": another place right behind it."""
    if case.nation and not case.every:
        return None
    places = case.page.places_in(case.hit.end, case.segment[1])
    beside = any(other.start - case.hit.end == 1 and other.place.code != "WORLD" for other in places)
    return UNTIED if beside else None


def some_countries(case: World) -> Tie | None:
    """ "All countries of the alliance", "any eligible country listed below"."""
    if case.nation and not case.every:
        return None
    some = _SOME_COUNTRIES.match(case.page.folded, case.hit.end, min(case.segment[1], case.hit.end + 40))
    return UNTIED if some else None


def any_nationality(case: World) -> Tie | None:
    """ "Artists of any nationality"; not "regardless of race, religion or nationality"."""
    if not case.nation:
        return None
    return UNTIED if _EQUALITY.search(case.page.folded, *case.segment) else Tie(case.hit.start, False)


def entries_from_it(case: World) -> Tie | None:
    """ "Entries are accepted from all over the world"."""
    taken = _TAKEN_FROM.search(case.page.folded, case.back(70), case.hit.start)
    return Tie(taken.start(), False) if taken else None


def not_of_applicants(case: World) -> Tie | None:
    """ "The institute works around the world": the sentence speaks of no applicants."""
    return None if case.context.told else UNTIED


def any_in_the_world(case: World) -> Tie | None:
    """ "Any library in the world can be nominated"; "you may study at any university in the world" says where."""
    if not (case.every and case.bare):
        return None
    spoken = case.context.opens or case.context.inside or case.context.begins(case.hit.start)
    where = _AT_ANY.search(case.page.folded[case.back(8) : case.hit.start])
    return Tie(case.hit.start, False) if spoken and not where else UNTIED


def anywhere(case: World) -> Tie | None:
    """ "You may apply from anywhere"."""
    return Tie(case.hit.start, False) if case.page.folded.endswith("anywhere", case.hit.start, case.hit.end) else None


def whom_it_is_for(case: World) -> Tie | None:
    """ "Who is eligible? Nonprofits in any country"; not what happened to some."""
    whom = case.every and says_whom(case.page, case.segment)
    return Tie(case.hit.start, False) if whom and not HAPPENED.search(case.page.folded, *case.segment) else None


def said_of_a_thing(case: World) -> Tie | None:
    """ "Applicants may take part in training around the world": right after what no applicant is."""
    return UNTIED if case.ends_on("eligibility.notpeople", case.near) else None


def open_to_it(case: World) -> Tie | None:
    """ "Open worldwide": the words that open reach into its name."""
    opening = case.page.hits("eligibility.open", case.back(24), case.hit.end)
    return Tie(case.hit.start, False) if any(cue.end > case.hit.start for cue in opening) else None


def living_anywhere(case: World) -> Tie | None:
    """ "You may live in any country"."""
    lives = _LIVE_AT.search(case.page.folded, max(case.segment[0], case.head_end - 16), case.head_end)
    return Tie(lives.start(), False) if lives and case.context.opens and not case.bare else None


def people_helped(case: World) -> Tie | None:
    """ "Medicine for people around the world"."""
    context = case.context
    helped = case.told and not case.every and not (context.opens or context.inside or context.title)
    return UNTIED if helped and all(ANYBODY.fullmatch(case.page.folded, p.start, p.end) for p in case.told) else None


def applicants_around_it(case: World) -> Tie | None:
    """ "Open to all poets in the world", where applicants stand right before it; "the best poets in the world" is a boast."""
    if not case.bare or _WHOLE.match(case.page.folded[case.hit.end : case.hit.end + 8]):
        return None
    every = _EVERY.search(case.page.folded, case.back(60), case.hit.start) is not None
    said = case.told and (every or case.context.opens or case.context.inside)
    return Tie(case.told[-1].start, False) if said else UNTIED


def applicants_or_opening_before(case: World) -> Tie | None:
    """ "Students from all countries", "open to all countries"."""
    folded, end = case.page.folded, case.head_end
    cues = [cue for cue in case.page.hits("eligibility.open", *case.near) if len(folded[cue.end : end].split()) <= 1]
    return Tie(min(hit.start for hit in [*case.told, *cues]), False) if case.told or cues else None


def opened_or_under_who_may_apply(case: World) -> Tie | None:
    """ "Who may apply: all countries"; "we accept proposals from all countries"."""
    tied = case.context.opens and case.led_to
    return Tie(case.hit.start, False) if tied or case.context.inside else None


_RULES: tuple[Rule, ...] = (
    part_of_it,
    some_countries,
    any_nationality,
    entries_from_it,
    not_of_applicants,
    any_in_the_world,
    anywhere,
    whom_it_is_for,
    said_of_a_thing,
    open_to_it,
    living_anywhere,
    people_helped,
    applicants_around_it,
    applicants_or_opening_before,
    opened_or_under_who_may_apply,
)
