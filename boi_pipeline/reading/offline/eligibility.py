"""Where one may apply from: regions, and whether the home country may. A wrong yes is the worst error.

A country counts only where the words tie it to applicants ("citizens of", "ecuadorian students", "Eligible countries:"),
never because it is named. Nothing said, or said both ways: unclear. Which countries a group has is in the vocabulary.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from babel.languages import get_official_languages

from boi_pipeline.reading.offline.applicants import DENIED_AFTER, read_applicants
from boi_pipeline.reading.offline.page import Hit, Page, PlaceHit, Span
from boi_pipeline.reading.offline.places import ANYWHERE, city_index, members
from boi_pipeline.reading.offline.sections import FOR, HAPPENED, PAST, people, says_whom, sections

__all__ = ["read_applicants", "read_home"]

_NUMBERS = (
    r"[0-9]+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|"
    r"deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|vingt|dois|duas|quatro|sete|oito|nove|dez|doze|vinte|zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|zwolf"
)
_COUNTRIES = (
    r"countries|country|paises|pais|pays|states?|estados?|etats?|staats?|staaten|landern?|land|landes|nations?|naciones|nacoes|regions?|regiones|regioes|regiao|territor\w+|"
    r"continents?|continentes?|parties|partes|economies|economias|mitgliedstaaten|mitgliedsstaaten|mitgliedslandern?|partnerlandern?"
)
# Words that may stand between what ties a place to applicants and the place: articles, "any country of", other places.
_FILLER = (
    r"and|or|y|o|e|u|et|ou|und|oder|the|los|las|el|la|le|les|os|as|a|an|any|all|every|each|both|other|otros|autres|outros|outras|otras|demas|restantes|de|del|des|d|l|du|da|do|das|dos|of|"
    r"in|en|em|across|throughout|within|among|from|au|aux|dans|na|no|nas|nos|al|un|une|uno|una|um|uma|one|cualquier|cualquiera|qualquer|todo|toda|todos|todas|tout|toute|tous|toutes|whole|entire|"
    rf"{_NUMBERS}|{_COUNTRIES}|member|members|miembros?|miembro|membres?|membros?|partes?|either|republic|republica|republique|republik|los siguientes|following|siguientes?|suivants?|seguintes?|folgenden|"
    r"as well|como|to|anywhere|current|list|lista|liste|oecd|ocde|on|ses|sus|its|their|seus|suas|mas|plus|mais|sowie|including|incluid[oa]s?|these|those|estos|esos|dichos|ces|estes|diesen|dieser|"
    r"nationality|nacionalidad|nationalite|nacionalidade|eligible|elegibles|eligibles|elegiveis|islands?|islas|insular(?:es)?|an?other|parts?|parties|partes contratantes|contracting|contractantes|contratantes|legal|officially|"
    r"que integran|que conforman|que forman parte|que componen|que pertenecen|pertenecientes|que integram|que fazem parte|figurant sur|inscrits? sur|faisant partie|incluidos? en|incluid\w+ na|listed in|"
    r"included in|designated as|classified as|considered|der|die|das|den|dem|des|aus|im|in|einem|einer|eines|deren|zu|zur|zum|von|vom|south|north|latin|"
    r"participating|(?:pays|paises) participa\w+|amazonia|amazonie|andes|patagonia|socios|partner|partenaires?|parceiros?|belonging|legally"
)
_LINK = re.compile(rf"(?:[\s,/&\"'-]|\([^()\n]{{0,24}}\)|(?<![^\W_])(?:{_FILLER})(?![^\W_]))*")
_LEAD = re.compile(rf"(?:[\s,/&\"'-]|(?<![^\W_])(?:{_FILLER})(?![^\W_]))*$")
_TIES = re.compile(
    r"(?<![^\W_])(?:from|of|in|across|throughout|within|anywhere|on|de|del|des|d|du|da|do|das|dos|en|em|na|no|nas|nos|dans|aux?|al|to|any|every|aus|von|der|des|im|among)(?![^\W_])"
)
_RESIDES = re.compile(
    r"(?<![^\W_])(?:citizens?|nationals?|ciudadan[oa]s?|nacional(?:es)?|ressortissant\w*|citoyen\w*|cidadaos?|cidadao|cidadas?|nacionais|residents?|residentes?|residen|residan|residir|resida|reside|"
    r"resides|residing|residant\w*|resident|residam|residem|domicili\w+|passports?|pasaporte|passeport|passaporte|originari\w+|originaires?|oriund\w+|procedentes?|provenientes?|provenant\w*|established|"
    r"establecid[oa]s?|etabli(?:e|s|es)?|estabelecid[oa]s?|sediad[oa]s?|based|con sede|com sede|siege|mit sitz|burger\w*|staatsangehorig\w*|staatsburger\w*|registered|registrad[oa]s?|inscritas|inscritos|"
    r"constituid[oa]s?|immatricul\w+|incorporated|headquartered|living|lives?|vivan?|viven|vive|vivir|vivant|vivent|vivam|vivem|habitan|habita|habiten|habitar|habite\w*|moram|mora|morem|come|coming|comes|vengan?|"
    r"venha\w*|viennent|venant|issus|issues|nationality|nacionalidad|nationalite|nacionalidade|nacid[oa]s?|nascid[oa]s?|nes|nees|ansassig\w*|wohnsitz|wohnhaft|lebend\w*|leben|lebt|wohnt|wohnen|located|situees?|situes?|situad[oa]s?|"
    r"ubicad[oa]s?|citizenship|ciudadania|cidadania|radicad[oa]s?|empadronad[oa]s?|belong(?:ing|s)?|pertenece\w*|pertenecer|appartenant|pertencentes|domiciled|operating|professionally active|active in|"
    r"mit wohnsitz|stammen|kommen|employed|seat|sede|whose country)(?![^\W_])"
)
_CITIZENS = re.compile(
    r"citizen|resident|national|ciudadan|nacional|ressortissant|citoyen|cidada|burger|staats|passport|pasaporte|passeport|passaporte"
)
_SPEAKS_OF_NATIONALITY = re.compile(
    r"national|nacional|citizen|citoyen|ciudadan|cidadan|staats|restric|horizons|anyone|everyone|wherever|regardless|donde|ou qu|quel que|quelle que|da(?:n)? igual|no interest|(?:never|not|don.t) ask|not limit|no limit|(?<![a-z])onde|matter|irrespective|"
    r"independ|indiffer|importa|importe|whatever|whichever|unabhangig|ungeachtet|rolle|egal|seja qual|sea cual|passport|pasaporte|passeport|passaporte|"
    r"plays no|residen|condition|condicion|condicao"
)
# Statements on equal treatment name nationality too, and tell nothing of where one may apply from.
_EQUALITY = re.compile(
    r"(?<![^\W_])(?:race|raza|raca|ethnic\w*|etni\w+|ethni\w+|religion|religiao|gender identity|sexual|sexuelle|orientacion sexual|disabilit\w+|discapacidad|handicap|behinderung)(?![^\W_])"
)
# Names of the whole world that also stand in names and boasts: only right after applicants, never by themselves.
_BARE_WORLD = re.compile(
    r"(?:in the world|on the planet|del mundo|en el mundo|du monde|au monde|dans le monde|do mundo|no mundo|der welt|del planeta|mundial|globally|worldwide|weltweit)$"
)
_EVERY = re.compile(
    r"(?<![^\W_])(?:any|all|every|anywhere|cualquier|cualquiera|todos?|todas?|tous|toutes|tout|toute|qualquer|quaisquer|alle[rn]?|jede[rsmn]?)(?![^\W_])"
)
_SOME_COUNTRIES = re.compile(
    r"\)? (?!(?:of|in|de|del|du|do|da) (?:the )?(?:world|mundo|monde))(?:(?:of|in|on|de|del|d'|des|du|da|do)(?! ?[0-9])|listed|where|member|miembros?|membres?|membros?|participa\w*|socios|elegibles?|eligible|partner|covered|inscrits?)(?![^\W_])"
)
_ENROLLED = re.compile(
    r"enrolled|currently studying|matriculad|inscrits? (?:dans|a)|already in|residing in|list|selected|eligible countries|certain|some"
)
_ARTICLE = re.compile(r"[ ,]*(?:the|el|la|los|las|le|les|l'|o|a|os|as|der|die|das)?[ ,]*")
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
_LISTED = re.compile(
    rf"(?<![^\W_])(?:{_COUNTRIES}|nationalities|nacionalidades|nationalites)(?![^\W_])[^:(.\n]{{0,90}}(?:[:(]| -) ?$"
)
_LIST_CUE = re.compile(
    r"(?<![^\W_])(?:eligib\w+|elegib\w+|elegive\w+|particip\w+|partner|socios?|partenaires?|parceiros?|members?|miembros?|membres?|membros?|these|those|following|siguientes|suivants|seguintes|folgende\w*|"
    r"target\w*|admit\w+|admis\w*|convocad\w+|invit\w+|listed|concernes|concerned|beneficiar\w+|citizens?|nationals?|applicants?|origin|origen|origine|origem|teilnehm\w+|allowed|covered|open to|"
    rf"{_NUMBERS})(?![^\W_])"
)
_HOSTED_LIST = re.compile(
    r"(?<![^\W_])(?:host\w*|anfitrion\w*|acogida|accueil|destinos?|destinations?|acolhimento|where|donde|execut\w+|implement\w+|gastland\w*|projects? in|proyectos? en|projets? (?:en|dans))(?![^\W_])"
)
_PROPER = re.compile(
    r"(?:[A-ZÁÉÍÓÚÄÖÜÇÑ][\w'’.-]*[ ,]+(?:(?:de|del|la|las|los|du|des|of|the|and|da|do|das|dos|y|e|et|für|von|und|le|les|d'|l')[ ]+){0,3}){1,10}\($"
)
_SEAT = re.compile(
    r"con sede|com sede|siege|seat|sede|located|based|situees?|situes?|situad[oa]s?|ubicad[oa]s?|mit sitz|headquartered|registered|incorporated"
)
# Where applicants study or may live, and with whom they may apply: "partners in" are not applicants.
_ENROLLED_AT = re.compile(
    r"(?<![^\W_])(?:enrolled|registered|matriculad[oa]s?|inscrit[oae]*s?|estudian|etudi\w+|eingeschrieben\w*|immatrikuliert\w*)(?![^\W_]) [^.;:]{0,24}$"
)
_LIVE_AT = re.compile(
    r"(?<![^\W_])(?:live|work|be based|reside|vivir|residir|trabajar|vivre|habiter|resider|travailler|viver|morar|residir|trabalhar|leben|wohnen|arbeiten) ?$"
)
_WITH_PARTNERS = re.compile(
    r"(?<![^\W_])(?:with|con|avec|com|mit) (?:(?:a|an|one|their|un|una|sus?|su|des|leurs?|um|uma|seus|einem|einer|local|at least one|al menos un|au moins un|pelo menos um) ){0,2}"
    r"(?:partners?|counterparts?|socios?|contrapartes?|partenaires?|homologues|parceiros?|partnern?) (?:\w+ ){0,3}$"
)
# A sentence that begins with who may; "nous ne pouvons recevoir que des …".
_MAY = re.compile(
    r"[\W_]*(?:pueden|podran|puede|podra|peuvent|pourront|podem|poderao|pode|podera|konnen|participan|postulan|concursan|concorrem|participam|participent|teilnehmen|bewerben)(?![^\W_])"
)
_NOTHING_BUT = re.compile(
    r"(?<![^\W_])n(?:e |')[\w' ]{1,30}(?<![^\W_])qu(?:e (?:les?|des?|du|aux?)|'(?:aux?|a|en|un|une))(?![^\W_])"
)
_PLURAL = re.compile(r"[^\W\d_]{4,}(?:s|en|er|innen)(?: [a-z]{3,}(?:s|ales|aires|iques|en))?$")
_BELONGS = re.compile(r"(?<![^\W_])(?:pertene\w+ a|belong\w* to|apparten\w+ aux?|pertenc\w+ aos?)(?![^\W_])")
# What some get beside the offer itself: "fee waivers for students from …" says nothing of who may apply.
_BENEFIT = re.compile(
    r"(?<![^\W_])(?:waivers?|discounts?|reduced fees?|travel (?:awards|grants|bursaries)|exonera\w+|descuentos?|isenc\w+|descontos?|reductions?|ermassigung\w*|reisezuschuss\w*)(?![^\W_])"
)
_MINUS = re.compile(
    r"(?<![^\W_])(?:menos|minus|hormis|fors|bar|save) (?:(?:o|a|no|na|el|la|los|en|em|le|les|the|de|du) ){0,2}$"
)
_OBSERVERS = re.compile(
    r"(?<![^\W_])(?:observ(?:ers?|ador\w*|ateurs?|atrices?|ing)|beobachter\w*|oyentes?|ouvintes?|auditeurs? libres?)(?![^\W_])"
)
_OUTSIDE = re.compile(r"fuera de|outside of|fora d|en dehors de")
_LIVE = re.compile(
    r"viven|vivan|viva|residen|residan|live|reside|vivent|resident|vivem|vivam|residem|moram|leben|wohnen|habitan"
)
_MUST_NOT = re.compile(
    r"(?<![^\W_])(?:must not|need not|no deben?|no debera\w*|ne doi(?:t|vent) pas|nao devem?|mussen nicht)(?![^\W_])"
)
_TOWARDS = re.compile(r"(?:^|[ ,])(?:a|to|hacia|vers|nach|rumbo a|ir a|ao|para o) $")
_BINDS = re.compile(
    r"(?<![^\W_])(?:must|should|need to|have to|has to|deben?|deberan?|devem?|deverao?|doit|doivent|muss|mussen|estar|be|etre|esten|estejam|sean|sejam|those|whose)(?![^\W_])"
)
_NATIONALITY = re.compile(
    r"(?:nationality|nacionalidad|nationalite|nacionalidade|ciudadania|cidadania|citizenship|staatsangehorigkeit)(?: (?:is|es|est|e))? ?:? ?$"
)
_FOR_THOSE = re.compile(
    r"(?<![^\W_])(?:para|pour|for|fur|dirigid[oa]s? a|open to|ouverte?s? aux?|abert[oa]s? a?os|ser|be|etre|sejam|sean|solo|only|seuls|(?:inscrever|candidatar)-se|inscribirse|presentarse|postular|concursar|concorrer|participar) (?:o |el )?(?:los |las |les |os |as |un |una |a |an )?$"
)
# "da Amazônia brasileira, colombiana e peruana": the region's parts are places.
_REGION_OF = re.compile(r"(?<![^\W_])(?:amazonia|amazonie|amazon|andes|patagonia|chaco|orinoquia|caribe|caraibe)[ ,]$")
# "if your library is in …", "se a sua fica na …": whose place decides.
_YOURS = re.compile(
    r"(?<![^\W_])(?:if (?:your|yours)|si (?:tu|tus|su|sus|la (?:tuya|suya)|el (?:tuyo|suyo)|votre|ton|ta|le votre|la votre)|"
    r"se (?:(?:a|o) )?(?:sua|seu|tua|teu)|wenn (?:ihre?|deine?|eure?))(?![^\W_]) (?:[^\W_]+ ){0,3}"
    r"(?:is|are|lies|sits|stands|esta|queda|se (?:encuentra|ubica|trouve|situe)|est|fica|situa-se|ist|liegt|steht)"
    r"(?: (?:located|based|ubicad[oa]|situad[oa]|localizad[oa]|situee?))?[ ]*(?:in|en|na|no|nas|nos|em|au|aux|dans)?[ ]*$"
)
# Questions to the reader: "Vous animez une radio au Mali ?"
_ASKED = re.compile(
    r"[\W_]*(?:vous [^\W_]+ez|tu (?:as|es|[^\W_]+es)|do you|are you|you (?:run|work|live|teach|lead)|voce|sos|(?:tu )?(?:diriges|trabajas|vives|eres|ensenas))(?![^\W_])[^?\n]*\?"
)
_NOWHERE = re.compile(
    r"(?<![^\W_])(?:nulle part ailleurs|nowhere else|en ningun otro (?:lugar|pais)|em nenhum outro (?:lugar|pais))(?![^\W_])"
)
# "Chile, Peru and Kenya all qualify": places that may themselves.
_QUALIFIES = re.compile(
    r",? ?(?:all|both|todos|todas|ambos|tous|toutes)? ?(?:qualify|qualifies|are (?:all )?eligible|is eligible|are admitted|may apply|can apply|son elegibles|es elegible|califican|"
    r"pueden (?:postular|participar|presentarse)|sont (?:tous |toutes )?eligibles|est eligible|sao elegiveis|podem (?:concorrer|participar|candidatar-se))(?![^\W_])"
)
# "each team must include a partner in … and one in …": who has to be of a team.
_TEAM = re.compile(
    r"(?<![^\W_])(?:each|every|cada|todo|chaque|tout|jedes|jeder) (?:team|consortium|partnership|project|proposal|application|equipo|consorcio|proyecto|propuesta|candidatura|alianza|equipe|"
    r"projet|dossier|candidature|binome|projeto|proposta|consortium|team|projekt|antrag)(?![^\W_])[^.;:\n]{0,40}(?<![^\W_])(?:include|includes|has|have|bring|unite|join|pair|incluir|incluye|tener|tendra|reunir|"
    r"reune|unir|contar|sumar|reunit|comprend|comporte|associe|reunir|comporter|comprendre|associer|tera|ter|tenha|reune|incluira|enthalt|verbindet)s?(?![^\W_])"
)
# "any town in South America".
_ANY_ONE = re.compile(r"(?<![^\W_])(?:any|every|cualquier|qualquer|toda?|tout|toute)(?: [^\W\d_]+){1,2} ?$")
# "seven places, shared out so: Bolivia one, Peru two".
_SHARED = re.compile(
    r"(?<![^\W_])(?:plazas|cupos|becas|vagas|bolsas|bourses|places|seats|awards|scholarships|grants|fellowships|stipendien|platze)(?![^\W_]) [^.:;\n]{0,60}"
    r"(?:repart\w+|distribu\w+|reparti\w*|shared|divided|split|allocated|verteilt|por pais|by country|par pays)[^.:;\n]{0,24}: ?$"
)
# How many of them: "four potters from …", "cuatro guionistas de …".
_SO_MANY = re.compile(
    rf"(?<![^\W_])(?:{_NUMBERS}) (?:[^\W\d_]+ )?[^\W\d_]{{2,}}(?:istas|dores|doras|tores|toras|eiros|eiras|eros|eras|ers|ists|ians|eurs|euses|iens|iennes|innen) ?$"
)
# Those who only help: "may advise", "peuvent accompagner un dossier".
_HELPS = re.compile(
    r"[^.;:\n]{0,40}(?<![^\W_])(?:may|can|peuvent|pueden|podran|podem|poderao|konnen) (?:only |solo |seulement |apenas )?"
    r"(?:advise|accompany|support|help|mentor|accompagner|conseiller|appuyer|acompanar|asesorar|apoyar|acompanhar|assessorar|apoiar|beraten|begleiten|unterstutzen)(?![^\W_])"
)
_OURS = re.compile(r"(?<![^\W_])(?:votre|vos|your|tus?|sus?|seus|suas|ihre[rn]?) (?:[^\W_]+ )?$")
# A noun before "nacional" makes it an adjective: "sistema nacional de Uruguay" has no nationals.
_NATIONAL = re.compile(
    r"(?<![^\W_])(?:ser|es|sea|sean|sejam|seja|be|being|a|an|un|una|um|uma|the|o|any|every|each|cualquier|qualquer|todo|toda|y|e|ou|or|and|or a|como) $"
)
# Parts of a country, and where one has to be of: "residents of the province", "con sede en Valdecierzo".
_PART = (
    r"provinces?|provincias?|departamentos?|departements?|departments?|cantons?|canton(?:es)?|cantao|county|counties|comarcas?|comunidad autonoma|comunitat|prefectures?|prefeitura|distritos?|districts?|"
    r"municipios?|municipality|municipalit(?:y|ies)|communes?|comunas?|cidade|city|ciudad|ville|boroughs?|bundesland|bundeslandes|kanton|stadt|villages?|metropole|agglomeration"
)
_WITHIN = r"(?: ?,)?(?: (?:ou|or|o|y|e|et|and|oder) (?:d')?[^\W_]+)?(?: (?:in|en|em|na|no|nas|nos|de|del|da|do|of|at|within|dans|du|au|a|aus|im|the|la|el|los|las|le|l|o|our|this|nuestra|esta|este|nossa|notre|der|legally|legalmente|oficina|delegacion|delegacao|y|e|o|or))+ ?'? ?"
_PARTS = re.compile(
    rf"(?:{_RESIDES.pattern}){_WITHIN}(?:(?:{_PART})(?![^\W_])|(?:region|regiao|state|estado|etat|ile|island|isla) (?:of |de |do |da |du )?(?P<name>[^\W\d_]))"
)
_AT_NAME = re.compile(
    r"(?<![^\W_])(?:moradores|moradoras|habitants?|inhabitants|vecin[oa]s|residentes?|residents?|residant\w*|domicili\w+|empadronad[oa]s?|con sede|com sede|sediad[oa]s?|establecid[oa]s?|estabelecid[oa]s?|ansassig\w*|wohnhaft)"
    rf"{_WITHIN}(?P<name>[^\W\d_])"
)
_YOURS_IN_PART = re.compile(
    rf"{_YOURS.pattern.removesuffix('$')}(?: ?(?:in|en|na|no|dans|la|the|el|a|o|our|this|nuestra|esta|nossa|notre|le) )*(?:{_PART})(?![^\W_])"
)
_FOR_A_WHILE = re.compile(
    r"(?<![^\W_])(?:during|while|durante|mientras|pendant|enquanto|wahrend|relocat\w+|trasladarse|weeks?|months?|semanas?|meses|mois|semaines?|mudar-se)(?![^\W_])"
)


# "- Increased access of …", "Strengthening the institutions of …": what is hoped for, not who may apply.
_HOPED = re.compile(
    r"[\s\-*•–·]*(?:(?!during|being|living|residing|including|applying|according|following|having|coming|working|studying)[a-z]{3,}ing|increased|improved|enhanced|wider|"
    r"more [a-z]+|better|strengthened|reduced|greater|a (?:new|well)|capacity|institutional|[a-z]+, simplified|renforc\w+|ameliorer|fortalec\w+|mejora\w*)(?![a-z])"
)


class _Tie(NamedTuple):
    """How places are tied to applicants: where its words begin; whether all applicants are of them; by where they live."""

    start: int
    strong: bool
    lives: bool = False


@dataclass(frozen=True)
class _Claim:
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


def read_home(page: Page) -> None:
    """Write eligible_regions and home_eligible on the page's sheet."""
    home, groups = page.context.home_country, members(page.context)

    def holds(claim: _Claim) -> bool:
        return any(hit.place.code == home or home in groups.get(hit.place.code, frozenset()) for hit in claim.places)

    claims, others = _claims(page)
    claims = _refined(page, claims)
    if local := _local(page):  # "living in the province, wherever born"
        world = [c for c in claims if all(hit.place.code == "WORLD" for hit in c.places)]
        claims = [c for c in claims if c not in world or not c.within[0] <= local[0] < c.within[1]]
    told = [c for c in claims if c.admits and not c.vague]
    shut = [c for c in claims if not c.admits and not c.vague and holds(c)]
    yes = [c for c in told if holds(c)]
    no = [c for c in told if not holds(c) and not c.adds]
    vague = any(c.admits and c.vague and holds(c) for c in claims)
    named = [c for c in yes if any(hit.place.code == home for hit in c.places)]
    left_out: list[_Claim] = []
    if shut:
        if not named:
            _answer(page, "no", shut[0], 0.9)
    elif named and (any(c.strong for c in named) or not any(c.bound for c in no)):
        _answer(page, "yes", named[0], 0.9)
    elif yes:
        bound = [c for c in no if c.bound and not _one_list([c], yes)]
        if not bound or (others is None and all(c.strong for c in yes) and not any(c.strong for c in bound)):
            best = next((c for c in yes if c.strong), yes[0])
            _answer(page, "yes", best, 0.9 if best.strong else 0.75)
        elif all(_within_one(c, yes, groups) for c in bound):
            left_out = yes
            _answer(page, "no", bound[0], 0.85)
    elif no and (others or not vague):
        best = next((c for c in no if c.strong), no[0])
        _answer(page, "no", best, 0.85 if best.strong or others else 0.7)
    elif not told and not vague:
        _answer_local(page, local or others)
    _regions(page, [c for c in told if c not in left_out])


def _answer_local(page: Page, span: Span | None) -> None:
    """A no where all must be of a part of another country, or whoever is from elsewhere is shut out."""
    if span is None:
        return
    home = page.context.home_country
    cities = {country for _, _, country in city_index().find(page.folded, page.words)}
    codes = {hit.place.code for hit in page.places if hit.place.kind != "group"} | cities
    groups = members(page.context)
    if any(home in groups.get(hit.place.code, ()) for hit in page.places if hit.place.code != "WORLD"):
        return
    foreign = codes or page.language not in get_official_languages(home)
    if home not in codes and foreign and page.prove("home_eligible", "eligibility.local", 0.7, span):
        page.put("home_eligible", "no")


def _local(page: Page) -> Span | None:
    """Where applicants have to be of a province, a canton, a city: all of them, not for a while."""
    parts = sections(page)
    for number, segment in enumerate(page.segments):
        inside = any(start <= segment[0] < end or start <= segment[0] == start for (start, end), _ in parts)
        context = _Context(page, segment, segment[0] if inside else None, number == 0)
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
            asked = _ASKED.match(page.folded, *segment) is not None
            if not near and (inside or asked or context.must or people(page, (segment[0], found.start()))):
                return found.start(), found.end()
        yours = _YOURS_IN_PART.search(page.folded, *segment)
        if yours:
            return yours.start(), yours.end()
    return None


def _within_one(claim: _Claim, wider: list[_Claim], groups: dict[str, frozenset[str]]) -> bool:
    """Whether a list of places only says which places of a group named elsewhere are meant."""
    codes = {hit.place.code for hit in claim.places}
    return len(codes) >= 2 and any(codes <= groups.get(hit.place.code, frozenset()) for c in wider for hit in c.places)


def _one_list(one: list[_Claim], two: list[_Claim]) -> bool:
    """Whether the claims without the home country stand beside one with it: lines of one list."""
    short = [claim for claim in two if claim.within[1] - claim.within[0] <= 90]
    return all(b.within[1] - b.within[0] <= 90 and any(abs(a.core[0] - b.core[0]) <= 160 for a in short) for b in one)


def _refined(page: Page, claims: list[_Claim]) -> list[_Claim]:
    """Claims as they stand beside each other: "any nationality" yields to where one must live."""
    kept = []
    for claim in claims:
        world = all(hit.place.code == "WORLD" for hit in claim.places)
        others = [c for c in claims if c is not claim and c.admits and not c.vague and c.strong and not c.adds]
        beside = any(c.within == claim.within for c in others)
        nation = _SPEAKS_OF_NATIONALITY.search(page.folded, *claim.core)
        if world and claim.admits and (beside or (nation and any(c.bound and c.lives for c in others))):
            continue
        kept.append(claim)
    return kept


def _regions(page: Page, claims: list[_Claim]) -> None:
    groups = members(page.context)
    regions: dict[str, _Claim] = {}
    for claim in claims:
        for hit in claim.places:
            if not claim.adds:
                regions.setdefault(hit.place.code, claim)
    countries = {code for code in regions if code not in groups}
    for code in [c for c in regions if c in groups and c != "WORLD"]:
        first = regions[code].within == page.title or not regions[code].strong
        listed = countries & groups[code]
        apart = [c for c in listed if regions[c].within != regions[code].within]
        if first and len(apart) >= 2 and len(listed) == len(countries):
            del regions[code]
    for code in [c for c in regions if c in groups and c != "WORLD"]:
        listed = [c for c in countries & groups[code] if regions[c] is regions[code]]
        if len(listed) >= 3 and len(listed) == len(countries):
            del regions[code]
    titled = [code for code in regions if regions[code].within[0] == page.title[0]]
    if any(regions[code].strong and code not in titled for code in regions):
        for code in titled:
            if not regions[code].strong and code in groups and code != "WORLD":
                del regions[code]
    kept = [code for code, claim in regions.items() if _prove(page, "eligible_regions", claim)]
    if kept:
        page.put("eligible_regions", kept)


def _answer(page: Page, value: str, claim: _Claim, confidence: float) -> None:
    if _prove(page, "home_eligible", claim, confidence):
        page.put("home_eligible", value)


def _prove(page: Page, field: str, claim: _Claim, confidence: float = 0.85) -> bool:
    return page.prove(field, claim.rule, confidence, claim.core, claim.within)


def _claims(page: Page) -> tuple[list[_Claim], Span | None]:
    """What every sentence on applicants says of places, and where all others are shut out."""
    claims: list[_Claim] = []
    others: Span | None = None
    parts = sections(page)
    for number, segment in enumerate(page.segments):
        if _tells_news(page, segment):
            continue
        inside = next(
            (value for (start, end), value in parts if start <= segment[0] < end or start <= segment[0] == start), None
        )
        past = PAST.search(page.folded, *segment)
        context = _Context(page, segment, inside, number == 0)
        if inside is None and _HOPED.match(page.folded, *segment):
            continue
        said = _sentence(context)
        if past and number:
            before = [claim for claim in said if claim.core[0] < past.start()]
            said = [c for c in before if inside is not None or _SPEAKS_OF_NATIONALITY.search(page.folded, *c.core)]
        shut = _others(page, segment)
        if shut:
            said = [claim for claim in said if claim.rule != "eligibility.elsewhere" and not claim.adds]
            others = others or (None if any(c.admits for c in said) else shut)
        claims += said
    if others is not None and not any(c.admits and not c.vague for c in claims):
        claims += _before(page, others)
    return claims, others


def _tells_news(page: Page, segment: Span) -> bool:
    """Sentences of results and reports say nothing of who may apply now."""
    weights = [hit.weight for key in ("opportunity.result", "opportunity.news") for hit in page.hits(key, *segment)]
    sure = 3 if HAPPENED.search(page.folded, *segment) else 4
    return max(weights, default=0) >= sure


class _Context:
    """One sentence, and how far it speaks of applicants."""

    def __init__(self, page: Page, segment: Span, inside: int | None, title: bool) -> None:
        self.page, self.segment, self.title = page, segment, title
        self.value = segment[0] if inside is None else max(inside, segment[0])
        self.inside = inside is not None
        self.opens = (
            self.inside
            or page.any("eligibility.open", segment)
            or _MAY.match(page.folded, *segment) is not None
            or _ASKED.match(page.folded, *segment) is not None
        )
        self.told = (
            self.opens
            or title
            or page.any("eligibility.gives", segment)
            or page.any("eligibility.cue", segment)
            or says_whom(page, segment)
        )
        self.must = page.any("eligibility.must", segment) or page.any("eligibility.only", segment)
        self.must = self.must and not _MUST_NOT.search(page.folded, *segment)
        self.must = self.must or _NOTHING_BUT.search(page.folded, *segment) is not None
        self.must = self.must or _NOWHERE.search(page.folded, *segment) is not None

    def begins(self, at: int) -> bool:
        """Whether nothing of the sentence, or of the section's first value, stands before ``at``."""
        return not self.page.folded[self.value : at].strip(" -*•–·▪►✓✅→.:")

    def proper(self, at: int) -> bool:
        """Whether a word is part of a name: a capital within a sentence (German nouns and titles tell nothing)."""
        page = self.page
        if page.language == "de" or not page.text[at].isupper() or self.begins(at) or page.text[at : at + 3].isupper():
            return False
        return not (self.title and page.language == "en") and page.text[at - 2 : at] not in ("¿", ": ", "• ")

    def people(self, span: Span, most: int, exact: bool = False) -> list[Hit]:
        """Words for applicants in a span, not of names, at most ``most`` words (in the same clause) before its end."""
        folded = self.page.folded
        found = [hit for hit in people(self.page, span) if not self.proper(hit.start)]
        if exact:
            return found
        found = [hit for hit in found if len(folded[hit.end : span[1]].split()) <= most]
        return [hit for hit in found if not re.search(r"[;:(]|\.(?![0-9])", folded[hit.end : span[1]])]


def _others(page: Page, segment: Span) -> Span | None:
    """ "Bodies from other countries are not admitted": whoever is not named is shut out."""
    for hit in page.hits("eligibility.elsewhere", *segment):
        unfunded = page.any("eligibility.unfunded", segment) and not _OBSERVES.search(page.folded, *segment)
        if not unfunded and _DENIED.search(page.folded, *segment):
            return hit[:2]
    return None


def _before(page: Page, others: Span) -> list[_Claim]:
    """Where others are shut out and nobody was tied to applicants: the places of the sentence before are those meant."""
    at = page.view.segment_at(others[0])
    for segment in reversed(page.segments[max(0, at - 2) : at + 1]):
        same = segment[0] <= others[0] < segment[1]
        places = [hit for hit in page.places_in(*segment) if same or not _hosted(page, hit, segment)]
        if places:
            core = (places[0].start, places[-1].end)
            return [_Claim(tuple(places), core, segment, True, False, False, "eligibility.others", bound=True)]
    return []


def _runs(page: Page, segment: Span) -> list[list[PlaceHit]]:
    """Places that stand together ("Chile, Peru and Colombia"), without those said to be where it happens."""
    runs: list[list[PlaceHit]] = []
    team = _TEAM.search(page.folded, *segment)
    for hit in page.places_in(*segment):
        if _hosted(page, hit, segment) and not (team and hit.start > team.end()):
            continue
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and "WORLD" not in (last.place.code, hit.place.code)
            and _LINK.fullmatch(page.folded, last.end, hit.start)
        ):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return runs


def _sentence(context: _Context) -> list[_Claim]:
    """The claims of one sentence: runs of places its words tie to applicants, or shut out."""
    page, segment = context.page, context.segment
    claims: list[_Claim] = []
    tied = False
    for run in _runs(page, segment):
        out = _excepts(page, run, segment)
        link = _tie(context, run)
        if out is not None:
            claims.append(
                _Claim(
                    tuple(run),
                    (out, run[-1].end),
                    segment,
                    False,
                    True,
                    page.any("eligibility.unfunded", segment),
                    "eligibility.except",
                )
            )
        elif link is not None:
            claims.append(_claim(context, run, link))
            tied = True
        elif tied and claims and claims[-1].admits and len(run) == 1 and _near(page, claims[-1], run):
            last = claims[-1]
            claims[-1] = replace(last, places=(*last.places, *run), core=(last.core[0], run[-1].end))
    if claims:
        return claims
    return _there(context) or _elsewhere(context) or _international(context)


def _near(page: Page, claim: _Claim, run: list[PlaceHit]) -> bool:
    return "WORLD" not in (claim.places[-1].place.code, run[0].place.code) and bool(
        _LINK.fullmatch(page.folded, claim.core[1], run[0].start)
    )


def _claim(context: _Context, run: list[PlaceHit], tie: _Tie) -> _Claim:
    page, segment = context.page, context.segment
    core = (min(tie.start, run[0].start), run[-1].end)
    denied = DENIED_AFTER.search(page.folded, run[-1].end, min(segment[1], run[-1].end + 64))
    if (
        denied
        and not re.search(r"[;:()]|, (?:who|que|qui)", page.folded[run[-1].end : denied.start()])
        and not page.any("eligibility.open", (run[-1].end, denied.start()))
    ):
        return _Claim(tuple(run), (core[0], denied.end()), segment, False, True, False, "eligibility.except")
    apart = (
        page.any("eligibility.unfunded", segment) or _OBSERVERS.search(page.folded, run[-1].end, segment[1]) is not None
    )
    apart = apart or _HELPS.match(page.folded, run[-1].end, segment[1]) is not None
    vague = apart or _vague(page, run, segment)
    adds = page.any("eligibility.also", segment) and not context.title and run[0].place.code != "WORLD"
    return _Claim(
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


def _hosted(page: Page, hit: PlaceHit, span: Span) -> bool:
    """ "study in Germany", "universities in Spain", "a German university": where, not who."""
    if hit.place.kind == "group":
        return False
    before = page.hits("host.cue", max(span[0], hit.start - 30), hit.start)
    long_cue = any(cue.end - cue.start > 5 and _ARTICLE.fullmatch(page.folded, cue.end, hit.start) for cue in before)
    noun = page.hits("host.noun", hit.end, min(span[1], hit.end + 24)) if hit.place.kind == "people" else []
    permit = page.hits("eligibility.permit", max(span[0], hit.start - 60), hit.start)
    if permit and _ARTICLE.fullmatch(page.folded, permit[-1].end, hit.start):
        return False
    if noun and _ENROLLED_AT.search(page.folded, max(span[0], hit.start - 36), hit.start):
        return False
    return (long_cue and not _RESIDES.search(page.folded, max(span[0], hit.start - 16), hit.start)) or any(
        n.start - hit.end <= 2 for n in noun
    )


def _head(page: Page, at: int, segment: Span) -> tuple[int, bool]:
    """Where the words end that may tie a place at ``at`` to applicants, and whether a list of countries comes between."""
    low = max(segment[0], at - 160)
    listed = _LISTED.search(page.folded[low:at])
    if listed:
        begin = low + listed.start()
        span = (max(segment[0], begin - 80), at)
        if _HOSTED_LIST.search(page.folded, *span):
            return at, False
        cued = _LIST_CUE.search(page.folded, max(segment[0], begin - 40), at) is not None
        lead = _LEAD.search(page.folded[low:begin])
        return (low + lead.start() if lead else begin), cued
    proper = _PROPER.search(page.text[low:at])
    end = low + proper.start() if proper else at
    lead = _LEAD.search(page.folded[low:end])
    return (low + lead.start() if lead else end), False


def _tie(context: _Context, run: list[PlaceHit]) -> _Tie | None:
    """Whether words tie these places to applicants."""
    page, segment, hit = context.page, context.segment, run[0]
    head_end, listed = _head(page, hit.start, segment)
    if hit.place.code == "WORLD":
        return _world(context, hit, head_end)
    permit = page.hits("eligibility.permit", max(segment[0], hit.start - 60), hit.start)
    if permit and _ARTICLE.fullmatch(page.folded, permit[-1].end, hit.start):
        return _Tie(permit[-1].start, True, lives=True)
    if _citizens(page, run[-1], segment):
        return _Tie(hit.start, True)
    before = page.folded[max(segment[0], hit.start - 120) : hit.start]
    if hit.place.kind != "people" and (at := _YOURS.search(before) or (len(run) > 1 and _SHARED.search(before))):
        return _Tie(hit.start - len(before) + at.start(), True)
    if _team(context) and hit.place.kind != "group":
        return _Tie(hit.start, False)
    if context.told and _QUALIFIES.match(page.folded, run[-1].end, segment[1]):
        return _Tie(hit.start, True)
    if hit.place.kind == "people" and (
        at := _ENROLLED_AT.search(page.folded, max(segment[0], hit.start - 36), hit.start)
    ):
        return _Tie(at.start(), True, lives=True)
    begins = context.begins(head_end)
    if context.inside and begins and (listed or head_end <= context.value + 3) and not _language(page, run):
        return _Tie(hit.start, True)
    region = _REGION_OF.search(page.folded[segment[0] : hit.start]) is not None
    if hit.place.kind == "people" and not region:
        return _adjective(context, run)
    if _TOWARDS.search(page.folded[max(segment[0], hit.start - 10) : hit.start]) and hit.place.kind == "country":
        return None
    belongs = _BELONGS.search(page.folded, max(segment[0], head_end - 16), hit.start)
    if not (belongs or listed or _TIES.search(page.folded, head_end, hit.start)):
        return _adjective(context, run)
    near = (max(segment[0], head_end - 64), head_end)
    resides = [m for m in _RESIDES.finditer(page.folded, *near) if len(page.folded[m.end() : head_end].split()) <= 3]
    resides = [m for m in resides if not context.proper(m.start())]
    resides = [m for m in resides if m.group() != "nacional" or _of_nationals(context, m.start())]
    if resides and not re.search(r"[;:.]", page.folded[resides[-1].end() : head_end]):
        return _residing(context, resides[-1])
    if listed and (context.told or begins):
        return _Tie(max(segment[0], head_end - 1), True)
    if not context.told or _last_is(page, "eligibility.notpeople", near):
        return (None if context.told else _so_many(context, run, head_end)) or _studying(context, run, head_end)
    told = [
        p
        for p in context.people(near, 7)
        if page.folded[p.start : p.end] != "nacional" or _of_nationals(context, p.start)
    ]
    if told and not page.any("eligibility.notpeople", (told[-1].end, head_end)):
        origin = re.search(r"(?<![^\W_])(?:from|aus)(?![^\W_])", page.folded[head_end : hit.start]) is not None
        return _Tie(told[-1].start, context.must or context.inside or (origin and context.opens))
    if _last_is(page, "eligibility.open", near):
        return _Tie(max(near[0], head_end - 12), context.must)
    if hit.place.kind != "people" and _ASKED.match(page.folded, *segment):
        return _Tie(head_end - 1, context.must)
    told_of = _unnamed(context, run, head_end) or _so_many(context, run, head_end)
    return told_of or _studying(context, run, head_end)


def _of_nationals(context: _Context, at: int) -> bool:
    """Whether "nacional" names a person: nothing of a name or an institution before it."""
    page = context.page
    return context.begins(at) or _NATIONAL.search(page.folded[max(0, at - 14) : at]) is not None


def _team(context: _Context) -> bool:
    """Whether the sentence names two or more countries that the partners of each team are of."""
    page, segment = context.page, context.segment
    found = _TEAM.search(page.folded, *segment)
    return found is not None and len({hit.place.code for hit in page.places_in(found.end(), segment[1])}) > 1


def _so_many(context: _Context, run: list[PlaceHit], head_end: int) -> _Tie | None:
    """ "four potters from Latin America will live …": as many as are taken, of a group; not what was."""
    page, low = context.page, context.segment[0]
    if run[0].place.kind != "group" or HAPPENED.search(page.folded, *context.segment):
        return None
    many = _SO_MANY.search(page.folded[low:head_end])
    many = many or (_ANY_ONE.search(page.folded[low:head_end]) if context.opens else None)
    return _Tie(low + many.start(), False) if many else None


def _unnamed(context: _Context, run: list[PlaceHit], head_end: int) -> _Tie | None:
    """ "aimed at magistrates of …": kinds of people no list has, right after the words that say whom it is for."""
    page, low = context.page, context.segment[0]
    if context.inside:
        low = max(low, context.value)
    else:
        cues = [cue.end for cue in page.hits("eligibility.open", max(low, head_end - 80), head_end)]
        if not cues:
            return None
        low = cues[-1]
    gap = page.folded[low:head_end]
    if (
        len(gap.split()) > 9
        or re.search(r"[;:(]|\.(?![0-9])", gap)
        or page.any("eligibility.notpeople", (low, head_end))
    ):
        return None
    plural = _PLURAL.search(gap.rstrip())
    if not plural or context.proper(low + plural.start()):
        return None
    return _Tie(low + plural.start(), context.must or context.inside)


def _studying(context: _Context, run: list[PlaceHit], head_end: int) -> _Tie | None:
    """ "enrolled at a university of a low-income country", under "Who may apply": a group is never where it happens."""
    if context.inside and run[0].place.kind == "group" and re.search(r"[^\W_]", context.page.folded[:head_end][-3:]):
        named = context.page.folded[head_end : run[0].end]
        return _Tie(head_end - 1, True, lives=True) if re.search(rf"(?<![^\W_])(?:{_COUNTRIES})", named) else None
    return None


def _residing(context: _Context, word: re.Match[str]) -> _Tie | None:
    """Citizens and residents, where the sentence speaks of applicants: not of the convener's own seat."""
    page, segment, start = context.page, context.segment, word.start()
    tie = _Tie(start, True, lives=not _CITIZENS.match(word.group()))
    beside = context.people((max(segment[0], start - 60), start), 4)
    if _SEAT.fullmatch(word.group()):
        bound = _BINDS.search(page.folded[max(segment[0], start - 24) : start])
        aside = page.folded[max(0, start - 2) : start].startswith(",") and not context.inside
        return (
            tie
            if (bound or context.inside or (context.told and beside and not aside) or context.begins(start))
            else None
        )
    live = _LIVE.fullmatch(word.group()) and not page.any("eligibility.notpeople", (segment[0], start))
    if context.told or (live and people(page, (segment[0], start))):
        return tie
    if _CITIZENS.match(word.group()) and page.any("eligibility.cue", (segment[0], start)):
        return tie
    bound = context.must or DENIED_AFTER.search(page.folded, *segment) is not None
    return tie if bound and (beside or _CITIZENS.match(word.group())) else None


def _citizens(page: Page, hit: PlaceHit, segment: Span) -> bool:
    """ "United States citizens", "EU nationals", "UK residents"."""
    after = page.folded[hit.end : min(segment[1], hit.end + 30)]
    if hit.place.kind == "people":
        return _CITIZENS.search(page.folded[hit.start : hit.end]) is not None or _CITIZENS.match(after, 1) is not None
    return re.match(r"(?:-based)? (?:citizens?|nationals?|residents?|passport holders?)(?![^\W_])", after) is not None


def _language(page: Page, run: list[PlaceHit]) -> bool:
    """ "español nativo", "Français B1": the name of a language, not of a people."""
    last = run[-1]
    word, rest = page.text[run[0].start : last.end], page.folded[last.end : last.end + 14]
    level = re.match(
        r"[ :,(-]*(?:[abc][12]|nativ|fluen|fluid|avanzad|avancad|basic|intermedi|courant|hablad|escrit|\(|y |e |et |and |o )",
        rest,
    )
    singular = re.search(r"(?:[^sS]|[éê]s|ais|ois)$", word) is not None
    return run[0].place.kind == "people" and (level is not None or (singular and word.islower()))


def _last_is(page: Page, key: str, span: Span) -> bool:
    """Whether a list has the last word of a span."""
    return any(len(page.folded[hit.end : span[1]].split()) == 0 for hit in page.hits(key, *span))


def _adjective(context: _Context, run: list[PlaceHit]) -> _Tie | None:
    """ "ecuadorian students", "estudiantes ecuatorianos", "guionistas iberoamericanos", "Colombianos con …"."""
    page, segment, hit = context.page, context.segment, run[0]
    low = max(segment[0], hit.start - 30)
    if hit.place.kind == "people" and (nation := _NATIONALITY.search(page.folded[low : hit.start])):
        return _Tie(low + nation.start(), True)
    offered = context.opens or context.title or FOR.search(page.folded, max(segment[0], hit.start - 40), hit.start)
    if hit.place.kind == "country" or not offered:
        return None
    strong = context.must or context.inside or (hit.place.kind == "people" and not context.title)
    after = context.people((run[-1].end, min(segment[1], run[-1].end + 30)), 9, exact=True)
    if any(p.start - run[-1].end <= 2 for p in after):
        return _Tie(hit.start, strong)
    before = [p for p in context.people((max(segment[0], hit.start - 60), hit.start), 0) if hit.start - p.end <= 2]
    before = [p for p in before if not _OURS.search(page.folded[max(segment[0], p.start - 24) : p.start])]
    if before:
        return _Tie(before[-1].start, strong)
    if hit.place.kind == "people":
        begins = context.inside and context.begins(hit.start) and not _language(page, run)
        return _Tie(hit.start, True) if begins or _FOR_THOSE.search(page.folded[low : hit.start]) else None
    word = re.search(r"([^\W_]{4,}s)(?:/as)? $", page.folded[low : hit.start])
    word = None if _OURS.search(page.folded[low : hit.start]) else word
    spoken = re.search(r"an[oa]s?$|ens?$|ch$|ai[nes]+$", page.folded[hit.start : hit.end])
    if word and spoken and not page.hits("eligibility.notpeople", low + word.start(1), hit.start):
        return _Tie(low + word.start(1), strong)
    return None


def _world(context: _Context, hit: PlaceHit, head_end: int) -> _Tie | None:
    """ "any nationality" speaks of applicants; "around the world" only right after them; "all countries of …" is less."""
    page, segment = context.page, context.segment
    every = _EVERY.match(page.folded, hit.start, hit.end) is not None
    nation = _SPEAKS_OF_NATIONALITY.search(page.folded, hit.start, hit.end) is not None
    beside = any(
        other.start - hit.end == 1 and other.place.code != "WORLD" for other in page.places_in(hit.end, segment[1])
    )
    if (every or not nation) and beside:
        return None
    if (every or not nation) and _SOME_COUNTRIES.match(page.folded, hit.end, min(segment[1], hit.end + 40)):
        return None
    if nation:
        return None if _EQUALITY.search(page.folded, *segment) else _Tie(hit.start, False)
    if not context.told:
        return None
    near = (max(segment[0], head_end - 64), head_end)
    if _last_is(page, "eligibility.notpeople", near):
        return None
    if any(open_.end > hit.start for open_ in page.hits("eligibility.open", max(segment[0], hit.start - 24), hit.end)):
        return _Tie(hit.start, False)
    lives = _LIVE_AT.search(page.folded, max(segment[0], head_end - 16), head_end)
    if lives and context.opens and not _BARE_WORLD.search(page.folded[hit.start : hit.end]):
        return _Tie(lives.start(), False)
    told = context.people(near, 4)
    every = _EVERY.search(page.folded, max(segment[0], hit.start - 60), hit.start) is not None
    if _BARE_WORLD.search(page.folded[hit.start : hit.end]):
        if not told or not (every or context.opens or context.inside):
            return None
        return _Tie(told[-1].start, False)
    cue = [c for c in page.hits("eligibility.open", *near) if len(page.folded[c.end : head_end].split()) <= 1]
    if told or cue:
        return _Tie(min(p.start for p in [*told, *cue]), False)
    tied = _TIES.search(page.folded, head_end, hit.start) is not None
    return _Tie(hit.start, False) if (context.opens and tied) or context.inside else None


def _excepts(page: Page, run: list[PlaceHit], segment: Span) -> int | None:
    """Where the words begin that shut these places out: "except citizens of …", "not open to …"; None where none do."""
    hit = run[0]
    if hit.place.code == "WORLD":
        return None
    minus = _MINUS.search(page.folded[max(segment[0], hit.start - 16) : hit.start])
    if minus:
        return hit.start - len(minus.group())
    near = page.hits("eligibility.except", max(segment[0], hit.start - 60), hit.start)
    if not near:
        return None
    gap = (near[-1].end, hit.start)
    if _OUTSIDE.match(page.folded, near[-1].start):
        before = (max(segment[0], near[-1].start - 40), near[-1].start)
        if not (_RESIDES.search(page.folded, *before) or people(page, before)):
            return None
    beside = (
        bool(_LINK.fullmatch(page.folded, *gap))
        or not page.folded[gap[0] : gap[1]].strip(" :")
        or bool(people(page, gap))
        or bool(_RESIDES.search(page.folded, *gap))
    )
    return near[-1].start if beside and not re.search(r"[;.]", page.folded[gap[0] : gap[1]]) else None


def _there(context: _Context) -> list[_Claim]:
    """ "Firms with a seat there can join": the countries the sentence before has named."""
    page, segment = context.page, context.segment
    here = _HERE.search(page.folded, *segment)
    at = page.view.segment_at(segment[0])
    if not here or not context.opens or not at or _DENIED.search(page.folded, *segment):
        return []
    before = page.segments[at - 1]
    runs = [run for run in _runs(page, before) if len(run) >= 2]
    if len(runs) != 1 or page.any("eligibility.except", before):
        return []
    run = runs[0]
    return [_Claim(tuple(run), (run[0].start, run[-1].end), before, True, True, False, "eligibility.there")]


def _elsewhere(context: _Context) -> list[_Claim]:
    """ "Groups elsewhere are welcome"; as partners without funding it is said of nobody."""
    page, segment = context.page, context.segment
    for hit in page.hits("eligibility.elsewhere", *segment):
        unfunded = page.any("eligibility.unfunded", segment) and not _OBSERVES.search(page.folded, *segment)
        if not unfunded and (_DENIED.search(page.folded, *segment) or not _WELCOME.search(page.folded, *segment)):
            return []
        if unfunded or context.told:
            vague = unfunded or page.any("eligibility.priority", segment)
            place = PlaceHit(hit.start, hit.end, ANYWHERE)
            return [_Claim((place,), hit[:2], segment, True, False, vague, "eligibility.elsewhere")]
    return []


def _international(context: _Context) -> list[_Claim]:
    """ "Open to international students": everybody from elsewhere, unless the sentence names who it means."""
    page, segment = context.page, context.segment
    if context.title or not context.opens or page.places_in(*segment) or _ENROLLED.search(page.folded, *segment):
        return []
    if _DENIED.search(page.folded, *segment):
        return []
    for hit in page.hits("eligibility.international", *segment)[:1]:
        vague = page.any("eligibility.unfunded", segment) or page.any("eligibility.priority", segment)
        place = PlaceHit(hit.start, hit.end, ANYWHERE)
        return [_Claim((place,), hit[:2], segment, True, False, vague, "eligibility.international")]
    return []


def _vague(page: Page, run: list[PlaceHit], segment: Span) -> bool:
    """ "selected countries in …", "priority to applicants from …": neither admits nor shuts out."""
    first = run[0]
    near = (max(segment[0], first.start - 40), first.start)
    wide = (max(segment[0], first.start - 90), min(segment[1], run[-1].end + 40))
    some = first.place.kind == "group" and page.any("eligibility.somewhat", near)
    some = some or _BENEFIT.search(page.folded, max(segment[0], first.start - 90), first.start) is not None
    partners = _WITH_PARTNERS.search(page.folded[max(segment[0], first.start - 60) : first.start]) is not None
    return some or partners or page.any("eligibility.priority", wide)
