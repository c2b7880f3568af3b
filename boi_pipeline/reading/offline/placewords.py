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
    r"included in|designated as|classified as|considered|der|die|das|den|dem|des|aus|im|in|einem|einer|eines|deren|zu|zur|zum|von|vom|south|north|latin|"
    r"participating|(?:pays|paises) participa\w+|amazonia|amazonie|andes|patagonia|socios|partner|partenaires?|parceiros?|belonging|legally"
)
LINK = re.compile(rf"(?:[\s,/&\"'-]|\([^()\n]{{0,24}}\)|(?<![^\W_])(?:{FILLER})(?![^\W_]))*")
RESIDES = re.compile(
    r"(?<![^\W_])(?:citizens?|nationals?|ciudadan[oa]s?|nacional(?:es)?|ressortissant\w*|citoyen\w*|cidadaos?|cidadao|cidadas?|nacionais|residents?|residentes?|residen|residan|residir|resida|reside|"
    r"resides|residing|residant\w*|resident|residam|residem|domicili\w+|passports?|pasaporte|passeport|passaporte|originari\w+|originaires?|oriund\w+|procedentes?|provenientes?|provenant\w*|established|"
    r"establecid[oa]s?|etabli(?:e|s|es)?|estabelecid[oa]s?|sediad[oa]s?|based|con sede|com sede|siege|mit sitz|burger\w*|staatsangehorig\w*|staatsburger\w*|registered|registrad[oa]s?|inscritas|inscritos|"
    r"constituid[oa]s?|immatricul\w+|incorporated|headquartered|living|lives?|vivan?|viven|vive|vivir|vivant|vivent|vivam|vivem|habitan|habita|habiten|habitar|habite\w*|moram|mora|morem|come|coming|comes|vengan?|"
    r"venha\w*|viennent|venant|issus|issues|nationality|nacionalidad|nationalite|nacionalidade|nacid[oa]s?|nascid[oa]s?|nes|nees|ansassig\w*|wohnsitz|wohnhaft|lebend\w*|leben|lebt|wohnt|wohnen|located|situees?|situes?|situad[oa]s?|"
    r"ubicad[oa]s?|citizenship|ciudadania|cidadania|radicad[oa]s?|empadronad[oa]s?|belong(?:ing|s)?|pertenece\w*|pertenecer|appartenant|pertencentes|domiciled|operating|professionally active|active in|"
    r"mit wohnsitz|stammen|kommen|employed|seat|sede|whose country)(?![^\W_])"
)
SPEAKS_OF_NATIONALITY = re.compile(
    r"national|nacional|citizen|citoyen|ciudadan|cidadan|staats|restric|horizons|anyone|everyone|wherever|regardless|donde|ou qu|quel que|quelle que|da(?:n)? igual|no interest|(?:never|not|don.t) ask|not limit|no limit|(?<![a-z])onde|matter|irrespective|"
    r"independ|indiffer|importa|importe|whatever|whichever|unabhangig|ungeachtet|rolle|egal|seja qual|sea cual|passport|pasaporte|passeport|passaporte|"
    r"plays no|residen|condition|condicion|condicao"
)
ARTICLE = re.compile(r"[ ,]*(?:the|el|la|los|las|le|les|l'|o|a|os|as|der|die|das)?[ ,]*")
# Where applicants study or may live, and with whom they may apply: "partners in" are not applicants.
ENROLLED_AT = re.compile(
    r"(?<![^\W_])(?:enrolled|registered|matriculad[oa]s?|inscrit[oae]*s?|estudian|etudi\w+|eingeschrieben\w*|immatrikuliert\w*)(?![^\W_]) [^.;:]{0,24}$"
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
    r"[\W_]*(?:vous [^\W_]+ez|tu (?:as|es|[^\W_]+es)|do you|are you|you (?:run|work|live|teach|lead)|voce|sos|(?:tu )?(?:diriges|trabajas|vives|eres|ensenas))(?![^\W_])[^?\n]*\?"
)
# "each team must include a partner in … and one in …": who has to be of a team.
TEAM = re.compile(
    r"(?<![^\W_])(?:each|every|cada|todo|chaque|tout|jedes|jeder) (?:team|consortium|partnership|project|proposal|application|equipo|consorcio|proyecto|propuesta|candidatura|alianza|equipe|"
    r"projet|dossier|candidature|binome|projeto|proposta|consortium|team|projekt|antrag)(?![^\W_])[^.;:\n]{0,40}(?<![^\W_])(?:include|includes|has|have|bring|unite|join|pair|incluir|incluye|tener|tendra|reunir|"
    r"reune|unir|contar|sumar|reunit|comprend|comporte|associe|reunir|comporter|comprendre|associer|tera|ter|tenha|reune|incluira|enthalt|verbindet)s?(?![^\W_])"
)
