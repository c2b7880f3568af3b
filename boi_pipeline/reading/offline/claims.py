"""What every sentence on applicants says of places: whom it admits, whom it shuts out, whom it only prefers."""

import re
from dataclasses import dataclass, replace

from boi_pipeline.reading.offline.applicants import DENIED_AFTER
from boi_pipeline.reading.offline.everybody import find_foreigners, shuts_out
from boi_pipeline.reading.offline.page import Hit, Page, PlaceHit, Span
from boi_pipeline.reading.offline.places import ANYWHERE, members
from boi_pipeline.reading.offline.placewords import ANYBODY, LINK, NUMBERS, RESIDES, SPEAKS_OF_NATIONALITY
from boi_pipeline.reading.offline.runs import is_hosted, runs_of
from boi_pipeline.reading.offline.sections import FOR, HAPPENED, PAST, hopes, people, sections
from boi_pipeline.reading.offline.sentence import Sentence
from boi_pipeline.reading.offline.tie_case import Tie
from boi_pipeline.reading.offline.ties import tie_of
from boi_pipeline.reading.values.numbers import parse_count

_ENROLLED = re.compile(
    r"enrolled|currently studying|matriculad|inscrits? (?:dans|a)|already in|residing in|list|selected|eligible countries|certain|some"
)
_UNFUNDED = re.compile(
    r"(?<![^\W_])(?:without|cannot|may not|do not|does not|will not|not|sin|no|sans|ne|sem|nao|ohne|keine?|nicht) (?:[^\W_]+ ){0,3}?"
    r"(?:fund(?:s|ed|ing)?|financed|paid|fondos|financiad[oa]s?|financiacion|financiamiento|financement|financ[ee]e?s|fonds|financiamento|verbas?|fundos|subvencionad[oa]s|gefordert|forderung|mittel|geld)(?![^\W_])"
)
_LASTING = re.compile(r"hace |ha |il y a |vor ")
# "will be selected": the verb, not "selected countries".
_AUXILIARY = re.compile(r"(?<![^\W_])(?:will be|are|be|seran?|sean|sera|serao|seront|sont|werden|wird|estan|estarao) $")
# "foreign researchers who wish to come to Chile": where they go, not whence they are.
_COMING = re.compile(
    r"(?<![^\W_])(?:come|coming|travel|move|study|studying|work|stay|venir|viajar|estudiar|trabajar|investigar|realizar [^\W_]+ [^\W_]+|cursar [^\W_]+|vir|estudar|trabalhar|etudier|sejourner|travailler|studieren|kommen) (?:[^\W_]+ ){0,3}?"
    r"(?:to|in|at|a|en|al|em|no|na|ao|au|aux|in|nach) (?:(?:the|la|el|o|a) )?$"
)
_POINT = re.compile(r"\s*[-*•–·▪►]")
# "grants to", "prizes for": the words right before whom it is given to.
_TO = re.compile(
    r"(?<![^\W_])(?:to|for|a|al|para|pour|aux?|a l[oa]s|aos?|as|an|fur|los|las|les|des|de)(?: [^\W_]+){0,2} $"
)
_DENIED = re.compile(
    r"(?<![^\W_])(?:not|no|nadie|nobody|personne|ninguem|niemand|nao|ne|n|nicht|cannot|aucun\w*|ningun\w*|kein\w*|returned|rejected|rechazad\w*|referred|refuse[ds]?|sorry|only as|solo como|apenas como|so como|seulement comme|observ\w+|nur als)(?![^\W_])"
)
_WELCOME = re.compile(
    r"(?<![^\W_])(?:welcome|may|can|also|too|accepted|eligible|open|pueden|podran|tambien|bienvenid\w+|admiten|aceptan|peuvent|aussi|egalement|bienvenu\w*|podem|tambem|bem-vind\w+|aceitam|konnen|auch|willkommen)(?![^\W_])"
)
_OBSERVES = re.compile(r"observ|audience|oyente|ouvint|seguir los|online version")
_HERE = re.compile(
    r"(?<![^\W_])(?:there|(?:these|those|the) (?:[a-z]+ )?countries|(?:one|any) of them|(?:estos|esos|dichos|los) (?:\w+ )?paises|alli|(?:ces|desdits) (?:\w+ )?pays|(?:d|n)?(?:esses|estes) (?:\w+ )?paises|dort|dieser lander|diesen landern)(?![^\W_])"
)
_WITH_PARTNERS = re.compile(
    r"(?<![^\W_])(?:with|con|avec|com|mit) (?:(?:a|an|one|their|un|una|sus?|su|des|leurs?|um|uma|seus|einem|einer|local|at least one|al menos un|au moins un|pelo menos um) ){0,2}"
    r"(?:partners?|counterparts?|socios?|contrapartes?|partenaires?|homologues|parceiros?|partnern?) (?:\w+ ){0,3}$"
)
# What some get beside the offer itself: "fee waivers for students from …" says nothing of who may apply.
_BENEFIT = re.compile(
    r"(?<![^\W_])(?:waivers?|discounts?|reduced fees?|travel (?:awards|grants|bursaries)|exonera\w+|descuentos?|isenc\w+|descontos?|reductions?|ermassigung\w*|reisezuschuss\w*)(?![^\W_])"
)
# "two of the places are kept for Korean residents": a part of what is offered.
_SHARE = re.compile(
    r"(?<![^\W_])(?:one|two|three|four|five|half|some|part|[0-9]+|un[oa]?s?|dos|tres|cuatro|cinco|la mitad|otr[oa]s|algun[oa]s|deux|trois|quatre|cinq|la moitie|certaines?|duas|dois|metade|algumas|alguns|zwei|drei|die halfte|einige) "
    r"(?:of (?:the|these|our) (?:[a-z]+ )?|de (?:l[oa]s|est[oa]s|d[oa]s|ces|[oa]s) |d(?:es|[oa]s|ell[oa]s) |der )?(?:places|grants|spots|seats|awards|scholarships|plazas|becas|cupos|puestos|places|bourses|vagas|bolsas|lugares|platze|stipendien|exigen|son|ask|require|exigent|exigem)(?![^\W_])"
    r"[^.;:\n]{0,30}(?<![^\W_])(?:kept|reserved|set aside|held|only|reservan?|reservad[oa]s|se guardan|reservees?|sont reserve|reservadas|sao para|son para|are for|go to|haber|having|solo|reserviert)(?![^\W_])"
)
# "registration costs USD 60, or 15 for anyone based in South Asia": what some pay.
_PRICED = re.compile(
    r"(?<![^\W_])(?:costs?|fees?|price|tickets?|cuesta|cuota|tarifa|precio|cout\w*|tarif|frais|custa|preco|kostet|gebuhr)(?![^\W_])[^.;\n]{0,20}(?:[0-9]|usd|eur|[$€£])"
)
# "team members may live anywhere": not whoever applies.
_MEMBERS = re.compile(
    r"(?<![^\W_])(?:team members|members of (?:the|your|a) team|co-authors|referees|mentors|miembros del equipo|integrantes del equipo|membres de l'equipe|membros da equipe|membros da equipa|teammitglieder)(?![^\W_])"
)
_MINUS = re.compile(
    r"(?<![^\W_])(?:menos|minus|hormis|fors|bar|save|sauf|salvo|excepto|exceto|except|excluding|ausser) (?:for )?"
    r"(?:(?:o|a|no|na|el|la|los|las|en|em|le|les|des|the|those|that|ceux|celles|of|from|de|du|da|do|dos|das|l[oa]s|nationals|citizens|residents|nacionales|ciudadanos|ressortissants|cidadaos|federations?|countries|paises|pays) ){0,5}$"
)
_OBSERVERS = re.compile(
    r"(?<![^\W_])(?:observ(?:ers?|ador\w*|ateurs?|atrices?|ing)|beobachter\w*|oyentes?|ouvintes?|auditeurs? libres?)(?![^\W_])"
)
_OUTSIDE = re.compile(r"fuera de|outside of|fora d|en dehors de")
# Those who only help: "may advise", "peuvent accompagner un dossier".
_HELPS = re.compile(
    r"[^.;:\n]{0,40}(?<![^\W_])(?:may|can|peuvent|pueden|podran|podem|poderao|konnen) (?:only |solo |seulement |apenas )?"
    r"(?:advise|accompany|support|help|mentor|accompagner|conseiller|appuyer|acompanar|asesorar|apoyar|acompanhar|assessorar|apoiar|beraten|begleiten|unterstutzen)(?![^\W_])"
)
# "- Increased access of …", "Strengthening the institutions of …": what is hoped for, not who may apply.
_HOPED = re.compile(
    r"[\s\-*•–·]*(?:(?!during|being|living|residing|including|applying|according|following|having|coming|working|studying)[a-z]{3,}ing|increased|improved|enhanced|wider|"
    r"more [a-z]+|better|strengthened|reduced|greater|a (?:new|well)|capacity|institutional|[a-z]+, simplified|renforc\w+|ameliorer|fortalec\w+|mejora\w*)(?![a-z])"
)

# "proposals should demonstrate how they will contribute to …": what projects are to bring about, and for whom.
_AIMS = re.compile(
    r"(?<![^\W_])(?:expected to (?:contribute|lead|result|address|deliver)|(?:should|must|will|shall) (?:demonstrate|show|explain|describe|outline) (?:how|that)|(?:should|will|must|shall|aims? to|aim at) contribut\w+ to|"
    r"(?:can|could|may|to) be (?:replicated|scaled|transferred)|se espera que (?:los proyectos|las propuestas|contribuya\w*)|(?:deberan?|debe|deben) (?:contribuir|demostrar|mostrar|explicar) |"
    r"(?:doivent|devront|doit|devra) (?:contribuer|demontrer|montrer|expliquer) |(?:devem|deverao|deve|devera) (?:contribuir|demonstrar|mostrar|explicar) )"
)
# Who is looked for, said of no applicant by name: "Twelve hospitals look for a partner in …", "Concorrem turmas de …".
_SEEKS = re.compile(
    r"(?<![^\W_])(?:seeks?|hear(?:ing)? from|recebemos|recibimos a|nous accueillons|we (?:take|host|welcome)|looking for|look(?:s|ed)? for|search(?:es)? for|invites?|apply|applying|takes? part|competes?|busca[mn]?|cherchent|cherche|recherchent?|procura[mn]?|"
    r"sucht|suchen|souhait\w+|desea|desean|desejam?|invit\w+|concorrem?|concurren?|concursan?|participa\w*|postulan?|se candidatent|candidatam-se|bewerben|prestatari[oa]s|comparten|partilham|partagent|destin\w+ (?:a|aux?|aos?)|dirig\w+ (?:a|aos?)|s'adresse\w*|aimed at|intended for|richtet sich|recruta\w*|recruit\w*|recrute\w*)(?![^\W_])"
)
# "living in any of the three countries".
_THOSE_MANY = re.compile(
    rf"{RESIDES.pattern} (?:in|en|em|dans|num|de|of|from) (?:one of|any of|either of|cualquiera de|alguno de|uno de|un de|l'un de|um d|qualquer um d|qualquer d)(?: ?(?:the|these|those|los|estos|esos|s|ces|os|estes|esses|les)) (?P<n>{NUMBERS}) (?:\w+ )?(?:countries|paises|pays)"
)
_TOOK_PART = re.compile(r"(?<![^\W_])(?:participaban|concursaban|postulaban|participaient|participavam)(?![^\W_])")
_GIVEN_TO = re.compile(
    r"(?<![^\W_])(?:becas|bolsas|bourses|scholarships|fellowships|grants|ayudas|aides|apoios|prizes|premios|prix|masters|stipendien)(?: \w+)? (?:to|a|al|a l[oa]s|aux?|aos?|as|an)(?: the)? $"
)


@dataclass(frozen=True)
class Claim:
    """Words that admit or shut out places as applicants."""

    places: tuple[PlaceHit, ...]
    core: Span
    within: Span
    admits: bool
    strong: bool  # says that applicants are of these places, not only that some are
    vague: bool  # "selected countries", "preference", unfunded partners
    rule: str
    bound: bool = False  # "must", "only", a list of the eligible: nobody else
    adds: bool = False  # "also": beside those already named
    lives: bool = False  # says where applicants live, work or study, not what they are


def claims_of(page: Page, loose: bool = False) -> tuple[list[Claim], Span | None]:
    """What every sentence on applicants says of places, and where all others are shut out.

    ``loose``: also sentences that do not say that they speak of applicants, where the words for people are plain.
    """
    claims: list[Claim] = []
    others: Span | None = None
    parts, hoped = sections(page), hopes(page)
    for number, segment in enumerate(page.segments):
        if _tells_news(page, segment) or page.is_apart(segment[0]):
            continue
        inside = next(
            (value for (start, end), value in parts if start <= segment[0] < end or start <= segment[0] == start), None
        )
        context = Sentence(page, segment, inside, number == 0, loose)
        past = _past(context)
        if inside is None and (
            _HOPED.match(page.folded, *segment)
            or _AIMS.search(page.folded, *segment)
            or any(start <= segment[0] < end for start, end in hoped)
        ):
            continue
        if loose and _POINT.match(page.text, *segment):  # points of long calls tell what is hoped for
            continue
        said = _sentence(context)
        if loose:  # "this month we read Colombian authors": a people named beside others is no applicant by that alone
            said = [c for c in said if c.rule == "eligibility.origin" and people(page, c.core)]
            said = [c for c in said if any(hit.place.kind != "people" for hit in c.places)]
            said = [c for c in said if _sought(page, segment, c)]
        if past and number:
            before = [claim for claim in said if claim.core[0] < past.start()]
            said = [c for c in before if inside is not None or SPEAKS_OF_NATIONALITY.search(page.folded, *c.core)]
        shut = _others(page, segment)
        if shut:
            said = [claim for claim in said if claim.rule != "eligibility.elsewhere" and not claim.adds]
            others = others or (None if any(c.admits for c in said) else shut)
        claims += said
    claims += _of_so_many(page)
    if others is not None and not any(c.admits and not c.vague for c in claims):
        claims += _before(page, others)
    return claims, others


def _sought(page: Page, segment: Span, claim: Claim) -> bool:
    """Whether a sentence that does not say who may apply speaks of who is looked for, or to whom it is given: not of
    those whom a convener helps, nor of how many there are."""
    if HAPPENED.search(page.folded, *segment) and not _TOOK_PART.search(page.folded, *segment):
        return False
    first = next((hit for hit in people(page, claim.core)), None)
    if first is None or ANYBODY.fullmatch(page.folded, first.start, first.end):
        return _SEEKS.search(page.folded, *segment) is not None
    given = FOR.search(page.folded, max(segment[0], first.start - 18), first.start) or _GIVEN_TO.search(
        page.folded, max(segment[0], first.start - 60), first.start
    )
    return given is not None or _SEEKS.search(page.folded, *segment) is not None


def _past(context: Sentence) -> re.Match[str] | None:
    """Words of what was; "for three years" in a sentence on who may apply is a condition, not the past."""
    page, segment = context.page, context.segment
    past = PAST.search(page.folded, *segment)
    if past and _LASTING.match(past.group()) and context.opens | context.must | context.told:
        return HAPPENED.search(page.folded, *segment) and past
    return past


def is_unfunded(page: Page, segment: Span) -> bool:
    """Whether a sentence speaks of taking part without money: "at their own cost", "sin recibir fondos"."""
    return page.any("eligibility.unfunded", segment) or _UNFUNDED.search(page.folded, *segment) is not None


def _tells_news(page: Page, segment: Span) -> bool:
    """Sentences of results and reports say nothing of who may apply now."""
    weights = [hit.weight for key in ("opportunity.result", "opportunity.news") for hit in page.hits(key, *segment)]
    sure = 3 if HAPPENED.search(page.folded, *segment) else 4
    return max(weights, default=0) >= sure


def _others(page: Page, segment: Span) -> Span | None:
    """ "Bodies from other countries are not admitted": whoever is not named is shut out."""
    for hit in page.hits("eligibility.elsewhere", *segment):
        unfunded = is_unfunded(page, segment) and not _OBSERVES.search(page.folded, *segment)
        if not unfunded and _DENIED.search(page.folded, *segment):
            return hit[:2]
    return None


def _before(page: Page, others: Span) -> list[Claim]:
    """Where others are shut out and nobody was tied to applicants: the places of the sentence before are those meant."""
    at = page.view.segment_at(others[0])
    for segment in reversed(page.segments[max(0, at - 2) : at + 1]):
        same = segment[0] <= others[0] < segment[1]
        places = [hit for hit in page.places_in(*segment) if same or not is_hosted(page, hit, segment)]
        if places:
            core = (places[0].start, places[-1].end)
            return [Claim(tuple(places), core, segment, True, False, False, "eligibility.others", bound=True)]
    return []


def _sentence(context: Sentence) -> list[Claim]:
    """The claims of one sentence: runs of places its words tie to applicants, or shut out."""
    page, segment = context.page, context.segment
    claims: list[Claim] = []
    tied = False
    for run in runs_of(page, segment):
        out = _excepts(page, run, segment)
        link = tie_of(context, run)
        rest = _but_those(context, run)
        if rest is not None:
            claims.append(rest)
        elif out is not None:
            claims.append(
                Claim(
                    tuple(run),
                    (out, run[-1].end),
                    segment,
                    False,
                    True,
                    is_unfunded(page, segment),
                    "eligibility.except",
                )
            )
        elif link is not None and (both := _with_foreigners(context, run)):
            claims.append(both)
            tied = True
        elif link is not None:
            claims.append(_claim(context, run, link))
            tied = True
        elif tied and claims and claims[-1].admits and len(run) == 1 and _near(page, claims[-1], run):
            last = claims[-1]
            claims[-1] = replace(last, places=(*last.places, *run), core=(last.core[0], run[-1].end))
    if claims:
        return claims
    if context.told and is_unfunded(page, segment) and not context.title:
        runs = [run for run in runs_of(page, segment) if run[0].place.kind == "group" and run[0].place.code != "WORLD"]
        if runs:
            return [
                Claim(tuple(run), (run[0].start, run[-1].end), segment, True, False, True, "eligibility.unfunded")
                for run in runs
            ]
    return _there(context) or _elsewhere(context) or _international(context)


def _of_so_many(page: Page) -> list[Claim]:
    """ "who live in any of the three countries", where the page names three countries and no more."""
    hits = {hit.place.code: hit for hit in reversed(page.places) if hit.place.kind == "country"}
    found = _THOSE_MANY.search(page.folded) if len(hits) > 1 else None
    if found is None or parse_count(found["n"]) != len(hits) or any(page.is_apart(hit.start) for hit in hits.values()):
        return []
    home = hits.get(page.context.home_country)
    core = (home.start, home.end) if home else found.span()
    places = tuple(sorted(hits.values()))
    return [Claim(places, core, page.segment(core[0]), True, True, False, "eligibility.those", lives=True)]


def _near(page: Page, claim: Claim, run: list[PlaceHit]) -> bool:
    return "WORLD" not in (claim.places[-1].place.code, run[0].place.code) and bool(
        LINK.fullmatch(page.folded, claim.core[1], run[0].start)
    )


def _claim(context: Sentence, run: list[PlaceHit], tie: Tie) -> Claim:
    page, segment = context.page, context.segment
    run = [*run[:1], *(hit for hit in run[1:] if hit.place.code != "NON_EU")]  # "of the Francophonie, outside the EU"
    core = (min(tie.start, run[0].start), run[-1].end)
    denied = DENIED_AFTER.search(page.folded, run[-1].end, min(segment[1], run[-1].end + 64))
    if (
        denied
        and not re.search(r"[;:()]|, (?:who|que|qui)", page.folded[run[-1].end : denied.start()])
        and not page.any("eligibility.open", (run[-1].end, denied.start()))
    ):
        return Claim(tuple(run), (core[0], denied.end()), segment, False, True, False, "eligibility.except")
    apart = is_unfunded(page, segment) or _OBSERVERS.search(page.folded, run[-1].end, segment[1]) is not None
    apart = apart or _HELPS.match(page.folded, run[-1].end, segment[1]) is not None
    vague = apart or _vague(page, run, segment)
    adds = page.any("eligibility.also", segment) and not context.title and run[0].place.code != "WORLD"
    return Claim(
        tuple(run),
        core,
        segment,
        True,
        tie.strong,
        vague,
        "eligibility.origin",
        bound=tie.strong and (context.must or context.inside),
        adds=adds,
        lives=tie.lives,
    )


def _excepts(page: Page, run: list[PlaceHit], segment: Span) -> int | None:
    """Where the words begin that shut these places out: "except citizens of …", "not open to …"; None where none do."""
    hit = run[0]
    if hit.place.code == "WORLD":
        return None
    minus = _MINUS.search(page.folded[max(segment[0], hit.start - 48) : hit.start])
    if minus:
        return hit.start - len(minus.group())
    near = page.hits("eligibility.except", max(segment[0], hit.start - 60), hit.start)
    if not near:
        return None
    gap = (near[-1].end, hit.start)
    if _OUTSIDE.match(page.folded, near[-1].start):
        before = (max(segment[0], near[-1].start - 40), near[-1].start)
        if not (RESIDES.search(page.folded, *before) or people(page, before)):
            return None
    beside = (
        bool(LINK.fullmatch(page.folded, *gap))
        or not page.folded[gap[0] : gap[1]].strip(" :")
        or bool(people(page, gap))
        or bool(RESIDES.search(page.folded, *gap))
    )
    return near[-1].start if beside and not re.search(r"[;.]", page.folded[gap[0] : gap[1]]) else None


def _there(context: Sentence) -> list[Claim]:
    """ "Firms with a seat there can join": the countries the sentence before has named."""
    page, segment = context.page, context.segment
    here = _HERE.search(page.folded, *segment)
    at = page.view.segment_at(segment[0])
    if not here or not context.opens or not at or _DENIED.search(page.folded, *segment):
        return []
    before = page.segments[at - 1]
    runs = [run for run in runs_of(page, before) if len(run) >= 2]
    if len(runs) != 1 or page.any("eligibility.except", before):
        return []
    run = runs[0]
    return [Claim(tuple(run), (run[0].start, run[-1].end), before, True, True, False, "eligibility.there")]


def _elsewhere(context: Sentence) -> list[Claim]:
    """ "Groups elsewhere are welcome"; as partners without funding it is said of nobody."""
    page, segment = context.page, context.segment
    for hit in page.hits("eligibility.elsewhere", *segment):
        unfunded = is_unfunded(page, segment) and not _OBSERVES.search(page.folded, *segment)
        if any(0 < hit.start - place.end <= 24 and place.place.kind == "people" for place in page.places_in(*segment)):
            continue  # "Senegalese abroad": those of one country
        if not unfunded and (_DENIED.search(page.folded, *segment) or not _WELCOME.search(page.folded, *segment)):
            return []
        if unfunded or context.told:
            vague = unfunded or page.any("eligibility.priority", segment)
            place = PlaceHit(hit.start, hit.end, ANYWHERE)
            return [Claim((place,), hit[:2], segment, True, False, vague, "eligibility.elsewhere")]
    return []


def _international(context: Sentence) -> list[Claim]:
    """ "Open to international students": everybody from elsewhere, unless the sentence names who it means."""
    page, segment = context.page, context.segment
    if _ENROLLED.search(page.folded, *segment) or _DENIED.search(page.folded, *segment):
        return []
    told = people(page, segment)
    spans = [
        (a + segment[0], b + segment[0])
        for a, b in find_foreigners(page.folded[slice(*segment)], _shifted(told, segment[0]))
    ]
    spans += [hit[:2] for hit in page.hits("eligibility.international", *segment)]
    for span in sorted(spans):
        named = [hit for run in runs_of(page, segment) for hit in run if not span[0] <= hit.start < span[1]]
        named = [hit for hit in named if not _COMING.search(page.folded, max(span[1], hit.start - 48), hit.start)]
        if named or not ((context.opens and not context.title) or _given_to(context, span)):
            continue
        vague = is_unfunded(page, segment) or page.any("eligibility.priority", segment)
        return [Claim((PlaceHit(*span, ANYWHERE),), span, segment, True, False, vague, "eligibility.international")]
    return []


def _with_foreigners(context: Sentence, run: list[PlaceHit]) -> Claim | None:
    """ "Portuguese and foreign photographers": the people named beside foreigners stand for everybody."""
    page, segment = context.page, context.segment
    if any(hit.place.kind == "country" for hit in run) or _DENIED.search(page.folded, *segment):
        return None
    for start, end in find_foreigners(page.folded[slice(*segment)], []):
        span = (start + segment[0], end + segment[0])
        if span[0] <= run[0].start and run[-1].end <= span[1]:
            vague = is_unfunded(page, segment) or page.any("eligibility.priority", segment)
            place = PlaceHit(*span, ANYWHERE)
            return Claim((place,), span, segment, True, False, vague, "eligibility.international")
    return None


def _shifted(hits: list[Hit], by: int) -> list[Span]:
    return [(hit.start - by, hit.end - by) for hit in hits]


def _given_to(context: Sentence, span: Span) -> bool:
    """ "twenty grants to foreign students", "it hosts foreign researchers": what is given, and right after it to whom."""
    page, low = context.page, context.segment[0]
    given = page.hits("eligibility.gives", low, span[0])
    if not given and not context.title:
        return False
    beside = [hit.start for hit in people(page, (low, span[0])) if span[0] - hit.end <= 3]
    start = min([span[0], *beside])
    return _TO.search(page.folded[max(low, start - 24) : start]) is not None or (
        bool(given) and start - given[-1].end <= 24
    )


def _but_those(context: Sentence, run: list[PlaceHit]) -> Claim | None:
    """ "students who do not hold Japanese nationality", "applicants from outside the UK": everybody else may."""
    page, segment = context.page, context.segment
    start = shuts_out(page.folded, run[0].start, segment[0])
    if start is not None and any(0 <= start - place.end <= 4 for place in page.places_in(segment[0], start)):
        return None  # "members of the Francophonie, outside the EU": less than those, not everybody
    if start is None or not (context.told or context.inside) or run[0].place.code == "WORLD":
        return None
    home = page.context.home_country
    groups = members(page.context)
    if any(hit.place.code == home or home in groups.get(hit.place.code, ()) for hit in run):
        return Claim(tuple(run), (start, run[-1].end), segment, False, True, False, "eligibility.except")
    outside = ((segment[0], start), (run[-1].end, segment[1]))
    if any(DENIED_AFTER.search(page.folded, *span) for span in outside) or page.any(
        "eligibility.except", (segment[0], start)
    ):
        return None
    core = (start, run[-1].end)
    place = PlaceHit(*core, ANYWHERE)
    return Claim((place,), core, segment, True, False, False, "eligibility.complement")


def _vague(page: Page, run: list[PlaceHit], segment: Span) -> bool:
    """ "selected countries in …", "priority to applicants from …": neither admits nor shuts out."""
    first = run[0]
    near = (max(segment[0], first.start - 40), first.start)
    wide = (max(segment[0], first.start - 90), min(segment[1], run[-1].end + 40))
    some = first.place.kind == "group" and any(
        not _AUXILIARY.search(page.folded[max(segment[0], hit.start - 12) : hit.start])
        for hit in page.hits("eligibility.somewhat", *near)
    )
    some = some or _SHARE.search(page.folded, segment[0], first.start) is not None
    some = some or _BENEFIT.search(page.folded, max(segment[0], first.start - 90), first.start) is not None
    partners = _WITH_PARTNERS.search(page.folded[max(segment[0], first.start - 60) : first.start]) is not None
    some = some or (first.place.code == "WORLD" and _MEMBERS.search(page.folded, segment[0], first.start) is not None)
    some = some or _PRICED.search(page.folded, segment[0], first.start) is not None
    return some or partners or page.any("eligibility.priority", wide)
