"""Words that name everybody, wherever from: "any nationality", "no condition of citizenship", "wherever you live".

Built from how it is said (any, no condition of, wherever) and of what (country, nationality, where one lives), in the
languages read, so that a wording is not missed because no list has it. Texts are folded. Whether the words are said of
applicants belongs to the rules; whether they prove a yes, to the gate.
"""

import re
from collections.abc import Iterable

from boi_pipeline.reading.late import late

_WORLD = r"(?:world|globe|planet|earth|mundo|planeta|globo|orbe|monde|planete|welt|erde)"
# What is said to be any: a country, a nationality, a place of the world.
_OF = (
    r"(?:countr(?:y|ies)(?: or territor(?:y|ies))?|nations?(?! ?[\w-]*-wide)|nationalit(?:y|ies)|citizenships?|passports?|continents?|"
    r"paises|pais|naciones|nacion|nacionalidades|nacionalidad|ciudadanias?|procedencias?(?: geograficas?)?|latitud(?:es)?|continentes?|pasaportes?|rincon(?:es)?|"
    r"pays|nationalites?|provenances?|horizons? geographiques?|passeports?|"
    r"nacoes|nacao|nacionalidades?|cidadanias?|passaportes?|"
    r"landern?|landes|land|nationen|nation|nationalitat(?:en)?|staatsangehorigkeit(?:en)?|staaten|staates?|herren lander|kontinenten?|"
    rf"(?:parts?|corners?|regions?|areas?|places?|cities|partes?|lugar(?:es)?|regiones|region|puntos?|cantos?|coins?|ecken|teilen?|regionen|orten?) (?:of the|of|del|de la|de|du|do|der|da) ?{_WORLD})"
)
_ANY = (
    r"(?:any|all|every|whatever|whichever|cualquier|cualquiera de l[oa]s|tod[oa]s?(?: l[oa]s)?|tous(?: les)?|toutes(?: les)?|tout|toute|n'importe quel(?:le)?s?|"
    r"qualquer|quaisquer|tod[oa]s? [oa]s|jede[rnsm]?|alle[rn]?|beliebige[rn]?|aller)"
)
_ABOUT = (
    r"(?:nationalit(?:y|ies)|citizenship|countr(?:y|ies)|residence|residency|geograph\w+|location|place of \w+|country of \w+|where (?:you|they|applicants|people|candidates)|passport|"
    r"nacionalidad(?:es)?|ciudadania|pais(?:es)?|residencia|procedencia|geografic\w+|lugar de \w+|local de \w+|pasaporte|passeport|passaporte|nationalite|citoyennete|pays|geographique\w*|lieu de \w+|provenance|"
    r"nacionalidades?|cidadania|procedencia|nationalitat|staatsangehorigkeit|staatsburgerschaft|herkunft\w*|origine(?! sociale)|procedencia|wohnort|wohnsitz)"
)
_CONDITION = (
    r"(?:restrict\w+|requirements?|conditions?|criteri\w+|limits?|limitations?|bars?|barriers?|quotas?|exclusions?|distinctions?|"
    r"restriccion(?:es)?|requisitos?|condicion(?:es)?|limite?s?|limitacion(?:es)?|distincion(?:es)?|exigencias?|barreras?|exclusion(?:es)?|"
    r"restrictions?|exigences?|criteres?|clauses?|restric(?:ao|oes)|condic(?:ao|oes)|limitac(?:ao|oes)|distinc(?:ao|oes)|criterios?|barreiras?|"
    r"einschrankung(?:en)?|beschrankung(?:en)?|bedingung(?:en)?|vorgaben?|auflagen?)"
)
_NO = r"(?:no|without(?: any)?|nor any|not? impose any|ningun[oa]?s?|sin|sans|aucune?|pas de|pas d'|sem|nenhum[a]?|nao ha|nao existe[m]?|nao se exige|keine?[rn]?|ohne|ningun tipo de|sin ningun[a]?|sem qualquer)"
_BETWEEN = r"(?: (?:on|of|as to|by|to|regarding|concerning|about|based on|in terms of|related to|linked to|relating to|for|de|del|en cuanto a|por|respecto a|respecto de|quanto a[os]s?|quanto as|sobre|relativ[oa]s? a|a la|la|en|quant a|liee?s? a|sur|da|do|quanto a|relativamente a|hinsichtlich|bezuglich|der|des|beim|zur|zum|an die|an|the|their|your|applicants'?|candidates'?|l'|particular|alguna?|alguna|su|sua))*"
_WHEREVER = (
    r"(?:wherever|no matter where|regardless of where|irrespective of where|it does not matter where|donde ?quiera que|sin importar (?:de |desde |en )?(?:donde|que)|da igual (?:de |desde )?donde|"
    r"(?:d'|par)?ou qu(?:e |')|peu importe (?:d')?ou|quel que soit l'endroit|de onde quer que|onde quer que|nao importa (?:de )?onde|independentemente de onde|"
    r"egal (?:wo|woher|von wo)|ganz gleich (?:wo|woher)|wo auch immer|woher auch immer|unabhangig davon,? (?:wo|woher))"
)
_MATTERLESS = (
    r"(?:no matter(?: which| what)?|regardless of|irrespective of|without regard to|independently of|whatever|whichever|sin importar|independientemente de|con independencia de|sin distincion de|cualquiera que sea|sea cual (?:sea|fuere)|"
    r"peu importent?|quel(?:le)?s? que soi(?:t|ent)|sans distinction d[e']|independamment d[eu']|independentemente d[aeo]s?|sem distincao de|qualquer que seja|seja qual for|unabhangig von|ungeachtet|gleich welcher|egal welcher)"
)
_LIVES = (
    r"(?:(?:you|they|he|she|people|applicants?|candidates?|ils?|elles?|vous|tu|on|voce|ela|ele|sie|du|ihr|se|te|s'|l'on) ?)?(?:\w+ ){0,3}?"
    r"(?:live|are|be|is|reside|come|based|work|write|vivan?|vivas|residan?|residas|resides|esten?|estes|este|vengan?|vengas|encuentren?|encuentres|provengan|habiten?|"
    r"viviez|vivent|vive|soyez|soient|soit|sois|habitiez|habitent|habite|veniez|viennent|viennes|vienne|viens|vives|habites|trouvent|trouviez|residiez|resident|"
    r"viva[m]?|more[m]?|mora|vive|esteja[m]?|estiver|venha[m]?|resida[m]?|wohnen|leben|kommen|lebst|wohnst|kommst|sind|bist)"
)
_ANYWHERE_FROM = r"(?:based|located|live|living|reside|residing|come|coming|from|apply|join|participate|work|connect|be) (?:from )?anywhere(?! (?:in|within|on|across|between|else|near|inside|outside|from|you|along) (?!the world|the globe|earth|the planet|this world|the whole world))"
_IS_NO_MATTER = (
    r"(?:nationality|citizenship|nacionalidad|nacionalidade|nationalite|staatsangehorigkeit|nationalitat|country of origin|pais de origen|pays d'origine|pais de origem) (?:\w+ ){0,3}?(?:is|are|does|will|es|n'est|ne|nao|no|ist|spielt|wird)(?: ?\w+){0,3} ?"
    r"(?:not|never|pas|nao|no|nicht|keine|irrelevant|indiferente|indifferente|libre|livre|open|abierta|aberta|any)(?: \w+){0,2} ?(?:matter|considered|restricted|limited|relevant|factor|condition|criterion|required|asked|compte|prise en compte|critere|requise|exigee|condicion|requisito|relevante|exige|exigida|importa|criterio|rolle|voraussetzung)?"
)
_ASKED_FOR = r"(?:no|nao|non) (?:se |es |e |sera |son |sao )?(?:exig\w+|requier\w+|requer\w*|pid\w+|pede\w*|necesari\w+|necessari\w+|solicit\w+|establec\w+|estabelec\w+|impon\w+|impoe\w*|aplic\w+|contempl\w+|preve\w*|fija\w*)(?: \w+){0,4}? (?:de )?(?:nacionalidad|nacionalidade|ciudadania|cidadania)(?: (?:determinada|especifica|particular|concreta|alguma|alguna))?"
_LABELLED = (
    r"(?:nationality|nationalities|citizenship|eligible (?:countries|nationalities|nationality)|countries|nacionalidad(?:es)?|paises(?: elegibles)?|nationalite|pays(?: eligibles| concernes)?|nacionalidades?|paises elegiveis|staatsangehorigkeit|lander) ?: ?"
    r"(?:any|all|open|unrestricted|no restrictions?|cualquiera|todas|todos|abierta?|libre|sin restriccion(?:es)?|indistinta|toutes|tous|indifferente|sans restriction|ouverte?|qualquer|todas|aberta|sem restric\w+|livre|alle|beliebig|offen)(?![^\W_])"
)
_SPREAD = r"(?:open|abiert[oa]s?|abert[oa]s?|ouverte?s?|offen) (?:internationally|worldwide|globally|to the (?:whole )?world|al mundo(?: entero)?|ao mundo(?: inteiro)?|au monde(?: entier)?|internacionalmente|a l'international)"
_NOT_TIED = r"(?:not|no|nao|pas|nicht) (?:\w+ )?(?:limited|restricted|confined|tied|bound|limitad[oa]s?|restringid[oa]s?|limite[es]*|restreint\w*|restrit[oa]s?|beschrankt)(?: \w+){0,1}? (?:to|by|a|por|aux?|auf)(?: (?:any|a|one|un|una|uma|une|un seul|particular|specific|single|certain|ciert[oa]s?|determinad[oa]s?|certains?))* (?:countr\w+|nationalit\w+|paises|pais|nacionalidad\w*|pays|nationalite\w*|bestimmte lander|citizenship|geograph\w+)"

_NOT_ASKED = (
    r"(?:no|nao|never|not|don't|ne|nicht) (?:se |nos |lhe |le |we |vous |te )*(?:pregunt\w+|pergunt\w+|ask(?:s|ed)?|demand\w+|mira\w*|regard\w+|fragen|fragt) (?:(?!unless|salvo|solo)\w+ ){0,3}?"
    r"(?:nationalit\w+|citizenship|passports?|pasaportes?|nacionalidad(?:es|e)?|ciudadania|cidadania|passaportes?|passeports?|staatsangehorigkeit)"
)

_ANYWHERE = late(
    r"(?<![^\W_])(?:"
    + "|".join(
        [
            rf"{_ANY} (?:[^\W\d_]+,? (?:and|or|y|e|o|et|ou|und|oder) )?(?:(?:the|other(?! than)|los|las|les|os|as|der|de|und|and|y|et|e|nations? (?:and|or)|countries (?:and|or)|paises (?:y|e)|pays (?:et|ou)) )*{_OF}",
            rf"{_NO} (?:(?!(?:nacionalid|nationalit|citizenship))[\w-]+ ){{0,2}}?{_CONDITION}{_BETWEEN} ?{_ABOUT}",
            r"(?:no|without(?: any)?) (?:[\w-]+ (?:or|and|nor) )?(?:nationality|citizenship|residen\w+|geographic(?:al)?|country|passport|visa or nationality)(?: (?:or|and|nor) [\w-]+)? (?:restrictions?|requirements?|limit\w*|conditions?|criteri\w+|bar|quotas?)",
            rf"{_ANY} (?:[^\W\d_]+ ){{0,3}}[^\W\d_]{{3,}} (?:in the|of the|in|of|del|de la|de|en el|du|au|do|no|da|dans le|der|in der) ?{_WORLD}",
            r"(?:everyone|everybody|anyone|all),? everywhere",
            r"(?:don't|do not|doesn't|does not) (?:mind|care) (?:where (?:you|they|applicants|people)|(?:what|which) (?:passport|country|nationality))",
            r"(?:nationality|citizenship|residency|nationality or residency) (?:requirements?|restrictions?|conditions?) ?: ?(?:none|no|any)",
            r"(?:requisitos?|restriccion(?:es)?|condicion(?:es)?) de (?:nacionalidad|residencia) ?: ?(?:ningun[oa]s?|no (?:hay|aplica))",
            r"conditions? de nationalite ?: ?aucune|(?:restric(?:ao|oes)|requisitos?) de nacionalidade ?: ?nenhum[a]?",
            rf"{_WHEREVER}(?: in the world)? ?{_LIVES}",
            rf"{_MATTERLESS} ?(?:[\w'-]+,? ){{0,4}}?{_ABOUT}",
            _ANYWHERE_FROM,
            _IS_NO_MATTER,
            _ASKED_FOR,
            _LABELLED,
            _SPREAD,
            _NOT_TIED,
            rf"(?:nobody|no one|no-one|nadie|personne|ninguem|niemand) (?:\w+ ){{0,3}}?(?:excluded|left out|turned away|rejected|excluid[oa]|rechazad[oa]|exclue?|ecartee?|ausgeschlossen|excluye|descarta) (?:\w+ ){{0,4}}?{_ABOUT}",
            _NOT_ASKED,
            r"(?:doesn't|does not|no|nao) (?:matter|importa) (?:where|donde|onde)(?=[:;.,])",
            r"peu importe (?:d')?ou(?=[:;.,])",
        ]
    )
    + r")(?![^\W_])"
)
# "nationals and foreigners", "franceses o extranjeros", "national and international companies".
_FOREIGN = r"(?:extranjer[oa]s?|estrangeir[oa]s?|etrang[eè]r(?:e?s)?|foreign(?:ers?)?|auslandische?[rnm]?|auslander\w*|overseas)"
_ABROAD = rf"(?:{_FOREIGN}|international(?:e?s|en?|er)?|internationa(?:ux|les?)|internacional(?:es)?|internacionais)"
_HOME = r"(?:nationals?|nacional(?:es)?|nacionais|nationa(?:ux|les?)|nationale[rn]?|domestic|local|locales|locaux|locais|home|inlandische[rn]?|dominicales)"
_AND = r"(?:and|or|y|o|u|e|ou|et|und|oder|as well as|comme|como|wie|sowie|e/ou|y/o|and/or|,)"
_BOTH_LANDS = (
    r"(?:in- und ausland|(?:home|here|the country|inside|within \w+) and (?:from )?abroad|(?:del |el )?pais (?:y|o|u) (?:del |el )?(?:exterior|extranjero)|(?:do |o )?pais (?:e|ou) (?:do |o )?(?:exterior|estrangeiro)|"
    r"(?:de )?france (?:et|ou|comme) (?:de |a )?l'etranger|du pays (?:et|ou) de l'etranger|[^\W\d_]{4,} (?:and|or) (?:from )?abroad|(?:y|o|e|ou) (?:del|do) (?:exterior|extranjero|estrangeiro))"
)
_THIRD = r"(?:third[- ]countr\w+|terceros (?:paises|estados)|(?:paises|estados) terceros|(?:pays|etats) tiers|(?:estados|paises) terceiros|terceiros (?:paises|estados)|drittstaat\w*|apatridas?|apatrides?|stateless|staatenlose\w*)"
_BOTH = re.compile(
    rf"(?<![^\W_])(?:{_BOTH_LANDS}|{_HOME}[^.;:\n]{{0,60}}(?: (?:{_AND})|,) (?:(?:of|de|from|aus|d') ?)?{_THIRD}|{_HOME} ?(?:{_AND}|/) ?{_ABROAD}|[^\W\d_]{{4,}} (?:{_AND}) {_FOREIGN}|{_ABROAD} {_AND} (?:{_HOME}|[^\W\d_]{{5,}}(?:s|es|is|aises?|che|ch)))(?![^\W_])"
)
# Not everybody: those who already live here, bodies of many states, a jury.
_SETTLED = re.compile(
    r"[^.;\n]{0,50}(?<![^\W_])(?:resident\w*|residen\w*|permanen\w*|radicad\w*|visto|visa|titre de sejour|domicili\w*|legalmente|based in|living in|aufenthalt\w*|wohnhaft\w*|ansassig\w*|already)"
)
_FOREIGN_WORD = re.compile(rf"(?<![^\W_]){_ABROAD}(?![^\W_])")
_MULTILATERAL = re.compile(
    r"(?:organi[sz]|institu|bod(?:y|ies)|agenc|ent[ei]|expert|jur|partner|network|redes|reseau|soci|parcei|partenair|community|comunidad|comunidade|publics?|organism|team|member|miembro|membro|membre|law|media|countr|pa[iy]s)"
)
_ONE_BODY = re.compile(r"(?:ong|ngo|association|asociacion|associacao|fundacion|fondation|fundacao)$")
# "non-nationals of", "who do not hold … nationality", "outside …": everybody but those of the places that follow.
_BUT_THOSE = (
    r"(?:(?<=[( ])non-(?=$)|non[- ](?:nationals?|ressortissant\w*|nacionales|nacionais|citizens?|residents?|residentes|citoyen\w*)|"
    r"(?:who|that|and) (?:do|does|are|is|have) (?:not|no) (?:hold |have |possess |currently |be )?(?:\w+ ){0,3}?|"
    r"(?:que|quienes|y|o) no (?:tengan?|poseean?|posean?|sean?|ostenten?|residan?|vivan?|cuenten con) (?:\w+ ){0,3}?|no (?:ser|tener|poseer|residir|haber residido) (?:\w+ ){0,3}?|"
    r"(?:que|quem|e) nao (?:tenham?|tem|possuam?|possuem|possui|sejam?|residam?|resida|detenham?) (?:\w+ ){0,3}?|nao (?:ter|possuir|ser|residir) (?:\w+ ){0,3}?|"
    r"(?:ne|n'|n)[' ]?(?:\w+ )?pas (?:\w+ ){0,3}?(?=(?:la |de )?nationalit|(?:des? )?(?:ressortissant|citoyen|resident))(?:\w+ ){0,4}?|"
    r"die (?:keine|nicht) (?:\w+ ){0,3}?|"
    r"(?:all|every(?:one|body)|anyone|anybody|todos|todas|cualquiera|todo el mundo|tous|toutes|qualquer pessoa|toda a gente|alle)(?: (?:applicants|nationalities|comers|people|persons|personas|nacionalidades|personnes|nationalites|pessoas|personen))?,? "
    r"(?:except(?: for)?|but|excluding|salvo|excepto|menos|sauf|hormis|exceto|ausser) (?:(?:those|l[oa]s que|quienes|ceux qui|quem|residents?|residentes?|citizens?|nationals?|living|viven|residan|residen|mora\w*|from|in|en|em|no|na) ?)*|"
    r"(?:so|solo|apenas|unicamente|solamente) (?:no|nao) (?:podem|pueden|podran|poderao) (?:\w+ ){1,3}?(?:(?:residentes?|residan|residen|nacionales|nacionais|cidadaos|ciudadanos|quem|quienes) )(?:\w+ )?)"
)
_OUTSIDE = r"(?:outside(?: of)?|fuera de|fuera del|hors de|hors du|hors d'|en dehors de|en dehors du|en dehors des|fora de|fora do|fora da|fora dos|ausserhalb|ausserhalb von)"
_WHO = r"(?:students?|applicants?|candidates?|scholars?|artists?|researchers?|residents?|people|persons?|those|nationals?|citizens?|companies|organi[sz]ations?|teams|graduates|personas|estudiantes|candidat\w+|postulantes|residentes|quienes|artistas|investigador\w+|etudiant\w*|chercheurs|personnes|residant\w*|estudantes|pessoas|pesquisador\w+|bewerber\w*|studierende\w*|personen)"
_FROM = r"(?:from|based|live|living|lives|reside|resides|residing|located|domiciled|que (?:vivan|residan|provengan)|con residencia|domiciliad[oa]s|vivant|residant|etablis?|qui (?:vivent|resident)|que (?:vivam|residam|morem)|residentes|vivem|wohnen|mit wohnsitz|leben)"
_COMPLEMENT = re.compile(
    rf"(?<![^\W_])(?:{_BUT_THOSE}|(?:{_WHO}|{_FROM})(?: (?:normally|currently|usually|habitualmente|actualmente|habituellement|normalmente|from|based|living|residing|resident|who live|establecidos|residentes))* {_OUTSIDE}) ?"
    r"(?:(?:the|of|a|an|any|la|las|los|el|de|del|l'|le|les|du|des|da|do|dos|das|der|des|von|in|en|em|nacionales de|nationals of|citizens? of|residents? of|ciudadanos de|ressortissants? de|citoyens? de|cidadaos de|nationality of|nacionalidad|nacionalidade|nationalite|nacionalidad de|nationality) ?)*$"
)


def find_anywhere(folded: str) -> list[tuple[int, int]]:
    """Where a folded text names all countries or says that none matters: (start, end)."""
    return [match.span() for match in _ANYWHERE.finditer(folded)]


def find_foreigners(folded: str, people: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where applicants from abroad are named in general: beside those of the land, or a word for people (``people``)."""
    found = [m.span() for m in _BOTH.finditer(folded) if not _SETTLED.match(folded, m.end())]
    for start, end in people:
        before = re.search(r"[^\W_]+(?:[ -])$", folded[max(0, start - 20) : start])
        after = re.match(r"[ ]([^\W_]+)", folded[end : end + 20])
        kind = folded[start:end]
        for at, word in (
            (start - len(before.group()) if before else start, before.group().rstrip(" -") if before else ""),
            (start, after.group(1) if after else ""),
        ):
            if not word or not _FOREIGN_WORD.fullmatch(word):
                continue
            vague = not re.fullmatch(_FOREIGN, word) and (
                _MULTILATERAL.match(kind) or (word in ("internationale", "internacional") and _ONE_BODY.match(kind))
            )
            stop = max(end, end + 1 + len(word) if at == start else end)
            if not vague and not _SETTLED.match(folded, stop):
                found.append((at, stop))
    return sorted(set(found))


def shuts_out(folded: str, at: int, low: int = 0) -> int | None:
    """Where the words begin that mean everybody but those of the place at ``at``; None where none do."""
    found = _COMPLEMENT.search(folded[max(low, at - 80) : at])
    return max(low, at - 80) + found.start() if found else None
