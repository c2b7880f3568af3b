"""Words that several rules on places read by: what may stand between a place and applicants, and how texts say where one is of.

What they prove belongs to ``runs``, ``ties``, ``claims`` and ``locality``.
"""

import re

NUMBERS = (
    r"[0-9]+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|"
    r"deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|vingt|dois|duas|quatro|sete|oito|nove|dez|doze|vinte|zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|zwolf"
)
COUNTRIES = (
    r"countries|country|paises|pais|pays|states?|estados?|etats?|staats?|staaten|landern?|land|landes|nations?|naciones|nacoes|regions?|regiones|regioes|regiao|territor\w+|"
    r"continents?|continentes?|parties|partes|economies|economias|mitgliedstaaten|mitgliedsstaaten|mitgliedslandern?|partnerlandern?"
)
# Words that may stand between what ties a place to applicants and the place: articles, "any country of", other places.
FILLER = (
    r"and|or|y|o|e|u|et|ou|und|oder|the|los|las|el|la|le|les|os|as|a|an|any|all|every|each|both|other|otros|autres|outros|outras|otras|demas|restantes|de|del|des|d|l|du|da|do|das|dos|of|"
    r"in|en|em|across|throughout|within|among|from|au|aux|dans|na|no|nas|nos|al|un|une|uno|una|um|uma|one|cualquier|cualquiera|qualquer|todo|toda|todos|todas|tout|toute|tous|toutes|whole|entire|"
    rf"{NUMBERS}|{COUNTRIES}|member|members|miembros?|miembro|membres?|membros?|partes?|either|republic|republica|republique|republik|los siguientes|following|siguientes?|suivants?|seguintes?|folgenden|"
    r"as well|como|to|anywhere|current|list|lista|liste|oecd|ocde|on|ses|sus|its|their|seus|suas|mas|plus|mais|sowie|including|incluid[oa]s?|these|those|estos|esos|dichos|ces|estes|diesen|dieser|"
    r"nationality|nacionalidad|nationalite|nacionalidade|eligible|elegibles|eligibles|elegiveis|islands?|islas|insular(?:es)?|an?other|parts?|parties|partes contratantes|contracting|contractantes|contratantes|legal|officially|"
    r"que integran|que conforman|que forman parte|que componen|que pertenecen|pertenecientes|que integram|que fazem parte|figurant sur|inscrits? sur|faisant partie|incluidos? en|incluid\w+ na|listed in|"
    r"central|eastern|western|east|west|southern|northern|included in|designated as|classified as|considered|der|die|das|den|dem|des|aus|im|in|einem|einer|eines|deren|zu|zur|zum|von|vom|south|north|latin|"
    r"participating|(?:pays|paises) participa\w+|amazonia|amazonie|andes|patagonia|socios|partner|partenaires?|parceiros?|belonging|legally|state|etats?|(?:members?|miembros?|membres?|membros?) (?:of|de|del|do|da|du) (?:the |la |el |le )?(?:programme?|programa|initiative|iniciativa|fondo|fund|network|red|organi[sz]acion|organisation|organization|organizacao)|territor\w+|countries associated|espace|espacio|espaco|space|conferencia|conference|cumbre|cupula|secretaria general|different|distint[oa]s|diferentes|differents?|verschiedenen"
)
LINK = re.compile(rf"(?:[\s,;|·•/&\"'-]|\([^()\n]{{0,24}}\)|(?<![^\W_])(?:{FILLER})(?![^\W_]))*")
RESIDES = re.compile(
    r"(?<![^\W_])(?:citizens?|nationals?|ciudadan[oa]s?|nacional(?:es)?|ressortissant\w*|citoyen\w*|cidadaos?|cidadao|cidadas?|nacionais|residents?|residentes?|residen|residan|residir|resida|reside|"
    r"resides|residing|residant\w*|resident|residam|residem|domicili\w+|passports?|pasaporte|passeport|passaporte|originari\w+|originaires?|oriund\w+|procedentes?|provenientes?|provenant\w*|established|"
    r"establecid[oa]s?|etabli(?:e|s|es)?|estabelecid[oa]s?|sediad[oa]s?|based|con sede|com sede|siege|mit sitz|burger\w*|staatsangehorig\w*|staatsburger\w*|registered|registrad[oa]s?|inscritas|inscritos|"
    r"constituid[oa]s?|immatricul\w+|incorporated|headquartered|living|lives?|vivan?|viven|vive|vivir|vivant|vivent|vivam|vivem|habitan|habita|habiten|habitar|habite\w*|moram|mora|morem|come|coming|comes|vengan?|"
    r"venha\w*|viennent|venant|issus|issues|nationality|nacionalidad|nationalite|nacionalidade|nacid[oa]s?|nascid[oa]s?|nes|nees|ansassig\w*|wohnsitz|wohnhaft|lebend\w*|leben|lebt|wohnt|wohnen|located|situees?|situes?|situad[oa]s?|"
    r"(?:head|registered|main|principal) office|headquarters|ubicad[oa]s?|citizenship|ciudadania|cidadania|radicad[oa]s?|empadronad[oa]s?|avecindad[oa]s?|asentad[oa]s?|implantad[oa]s?|implante\w*|install\w+ (?=en|au|dans)|instalad[oa]s?|localizad[oa]s?|inscript[oa]s?|con residencia|residencia legal|com residencia|residencia permanente|residence permanente|domicilio(?: social| legal| fiscal| real)?|vives|resides|habitas|habitez|vivez|residez|vis|wohnst|lebst|enraizad[oa]s|rooted|scolarise\w*|exercant|constituee?s?|de droit|de derecho|under the law|domiciliad[oa]s?|nacid[oa]s?|habitant|naturales|naturais|natural de|exercer|belong(?:ing|s)?|pertenece\w*|pertenecer|appartenant|pertencentes|domiciled|operating|professionally active|active in|"
    r"mit wohnsitz|stammen|kommen|organi[sz]ed(?= (?:in|under))|organizad[oa]s (?=en|bajo)|working(?= (?:in|across)(?![^\W_]))|trabajen(?= en)|trabajan(?= en)|travaillant (?=en|au|dans)|employed|seat|sede|whose country|lived|resided|vivido|residido|vecu|morado|gelebt|gewohnt)(?![^\W_])"
)
SPEAKS_OF_NATIONALITY = re.compile(
    r"national|nacional|citizen|citoyen|ciudadan|cidadan|staats|restric|horizons|anyone|everyone|wherever|regardless|donde|ou qu|quel que|quelle que|da(?:n)? igual|no interest|(?:never|not|don.t) ask|not limit|no limit|(?<![a-z])onde|matter|irrespective|"
    r"independ|indiffer|importa|importe|whatever|whichever|unabhangig|ungeachtet|rolle|egal|seja qual|sea cual|passport|pasaporte|passeport|passaporte|"
    r"(?:mind|care) (?:where|what|which)|plays no|residen|excluded because|exclu\w+ por|rejected because|condition|condicion|condicao|procedenc|provenance|herkunft|herren|geograph|geografic"
)
ARTICLE = re.compile(r"[ ,]*(?:the|el|la|los|las|le|les|l'|o|a|os|as|der|die|das)?[ ,]*")
# Where applicants study or may live, and with whom they may apply: "partners in" are not applicants.
ENROLLED_AT = re.compile(
    r"(?<![^\W_])(?:enrolled|registered|matriculad[oa]s?|inscrit[oae]*s?|estudian|etudi\w+|eingeschrieben\w*|immatrikuliert\w*)(?![^\W_]) [^.;:]{0,24}$"
)
# "enrolled at a university in Uganda": of one country, where one studies already.
ENROLLED_IN = re.compile(
    r"(?<![^\W_])(?:enrolled|matriculad[oa]s?|inscrit[oae]*s?|eingeschrieben\w*|immatrikuliert\w*)(?![^\W_]) (?:[^\W_]+ ){1,6}$"
)
# "if your library is in …", "se a sua fica na …": whose place decides.
YOURS = re.compile(
    r"(?<![^\W_])(?:if (?:your|yours)|si (?:tu|tus|su|sus|la (?:tuya|suya)|el (?:tuyo|suyo)|votre|ton|ta|le votre|la votre)|"
    r"se (?:(?:a|o) )?(?:sua|seu|tua|teu)|wenn (?:ihre?|deine?|eure?))(?![^\W_]) (?:[^\W_]+ ){0,3}"
    r"(?:is|are|lies|sits|stands|esta|queda|se (?:encuentra|ubica|trouve|situe)|est|fica|situa-se|ist|liegt|steht)"
    r"(?: (?:located|based|ubicad[oa]|situad[oa]|localizad[oa]|situee?))?[ ]*(?:in|en|na|no|nas|nos|em|au|aux|dans)?[ ]*$"
)
# Questions to the reader: "Vous animez une radio au Mali ?"
ASKED = re.compile(
    r"[\W_]*(?:(?:vous|etes-vous|avez-vous|es-tu|as-tu|tu|toi) [^\W_]+|(?:[^\W_]+ez-vous|[^\W_]+[es]-tu|votre|vos|ton|ta)|do you|are you|have you|is your|does your|did you|you (?:run|work|live|teach|lead|are|have)|"
    r"voce|seu|sua|(?:tem|mora|vive|trabalha|estuda|faz|dirige) [^\W_]+|sos|sois|es usted|(?:tu )?(?:diriges|trabajas|vives|eres|ensenas|tienes|tenes|estudias|representas|lideras|haces|perteneces|resides|quieres)|tu [^\W_]+|su [^\W_]+|"
    r"bist du|sind sie|hast du|haben sie|[^\W_]+(?:st du|en sie)|ihr|ihre?)(?![^\W_])[^?\n]*\?"
)
# "each team must include a partner in … and one in …": who has to be of a team.
TEAM = re.compile(
    r"(?<![^\W_])(?:consorti(?:um|a|en)|consorcios?) ?: ?(?:at least|minimum|al menos|minimo|como minimo|au moins|pelo menos|mindestens)(?![^\W_])|"
    r"(?<![^\W_])(?:each|every|all|the|any|cada|todo|toda|todos|todas|los|las|el|la|chaque|tout|toute|tous|toutes|les?|jede[rs]?|alle|os?|as?) "
    r"(?:teams?|consorti(?:um|a)|partnerships?|projects?|proposals?|applications?|applicants?|equipos?|consorcios?|proyectos?|propuestas?|candidaturas?|alianzas?|equipes?|solicitudes|solicitud|postulacion(?:es)?|"
    r"projets?|dossiers?|binomes?|projetos?|propostas?|projekte?|antrage?|film|pelicula|filme|redes?|networks?|bids?|groupements?|konsorti(?:um|en))(?![^\W_])[^.;:\n]{0,40}(?<![^\W_])(?:include|includes|has|have|bring|unite|join|pair|needs?|must|require[sd]?|involve|comprise|consist of|"
    r"incluir|incluye|incluiran?|tener|tendran?|reunir|debera?n?|deben?|estaran? (?:integrad|formad|compuest)[oa]s?|integrar[aá]?n?|necesita\w*|requieren?|"
    r"reune|unir|contar|sumar|reunit|comprend|comporte|associe|reunir|comporter|comprendre|associer|implique\w*|doit|doivent|necessite|tera|ter|tenha|deve[mr]?\w*|precisa\w*|reune|incluira|enthalt|verbindet|muss|mussen|braucht)s?(?![^\W_])"
)
# Words for people that say nothing of applying: whom a convener helps.
ANYBODY = re.compile(
    r"people|persons?|communit(?:y|ies)|citizens?|families|children|populations?|individuals|patients|women|men|personas?|gente|comunidad(?:es)?|ciudadan[oa]s|familias|ninos|ninas|mujeres|"
    r"poblaciones|personnes|gens|communautes?|citoyen(?:ne)?s|familles|enfants|femmes|pessoas?|comunidades?|cidadaos|cidadas|familias|criancas|mulheres|menschen|burger|kinder|frauen"
)
