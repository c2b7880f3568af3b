"""Orders to a machine that stand in a page, in any of the languages read: what they say proves nothing but their flag.

Used on both sides of every reader: such sentences are not sent to a model, and the gate takes no quote from them. An order
needs more than the name of a machine: somebody addressed, or something to be done with this page. Calls about artificial
intelligence speak of machines and of duties all the time.
"""

import base64
import binascii
import codecs
import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import ClassVar

from boi_pipeline.reading.late import late
from boi_pipeline.reading.offline.lexicon import entries
from boi_pipeline.reading.offline.phrases import PhraseIndex, words_of
from boi_pipeline.reading.quotes import TextView

Span = tuple[int, int]


def _any(*words: str) -> str:
    return rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])"


# ---------------------------------------------------------------- words of orders (folded)

_MACHINE = (
    r"(?<![^\W_])(?:"
    r"(?:large )?language models?|llms?|chat-?gpt|gpt(?:-?[0-9o.]+)?|chatbots?|bots?|(?:web ?)?crawlers?|"
    r"(?:ai|a\.i\.|llm|automated|automatic|machine|intelligent)[ -](?:(?:language )?models?|assistants?|systems?|agents?|readers?|crawlers?|bots?|tools?|summari[sz]ers?|parsers?|"
    r"classifiers?|scrapers?|indexers?|reviewers?)|(?:virtual|digital) (?:assistants?|agents?)|(?:assistant|agent) (?:systems?|models?|programs?|software)|artificial intelligences?|a\.i\.|ai|"
    r"(?:asistente|agente|lector|sistema|modelo|herramienta|clasificador|rastreador|resumidor|robot|bot)(?:e?s)? (?:de (?:ia|inteligencia artificial|lenguaje)|con ia|ia|automatic\w+|automatizad\w+|virtual(?:es)?|digital(?:es)?)|"
    r"inteligencias? artificial(?:es)?|ias? (?:lectoras?|leitoras?|lectrices?)|ias?|"
    r"(?:assistant|agent|lecteur|systeme|modele|outil|robot)s? (?:d'ia|ia|d'intelligence artificielle|de langage|automati\w+|virtuels?|numeriques?)|intelligences? artificielles?|"
    r"(?:assistente|agente|leitor|sistema|modelo|ferramenta|robo)(?:e?s)? (?:de (?:ia|inteligencia artificial|linguagem)|com ia|ia|automatic\w+|automatizad\w+|virtua(?:l|is)|digita(?:l|is))|"
    r"kis?(?:-\w+)?|sprachmodelle?n?|automatische\w* (?:systeme?n?|leser\w*|assistent\w*)|kunstliche\w* intelligenz(?:en)?"
    r")(?![^\W_])"
)
_MACHINES = (
    rf"{_MACHINE}(?:(?:,| and| or| y| e| o| et| ou| und| oder|/) (?:the |los |las |les |os |as )?{_MACHINE}){{0,3}}"
)
# Machines that are as often a field of study: more must be said to them before it is an order.
_BARE = r"(?:ai|a\.i\.|ias?|kis?|artificial intelligence|inteligencia artificial|intelligence artificielle|language models|llms?)(?![^\W_])"
# What follows a machine that is spoken to, unlike "AI researchers", "AI systems for health".
_SPOKEN_TO = r"(?=\s?(?:[:,;.!()\u2014-]|$)|\s(?:that|which|who|reading|processing|summari[sz]ing|visiting|que|qui|quien|lisant|leyendo|lendo|traitant|die|welche|diese)(?![^\W_]))"
_READING = r"(?:\s?,?\s(?:that|which|who|reading|processing|summari[sz]ing|visiting|parsing|que|qui|quien|lisant|leyendo|lendo|traitant|die|der)(?![^\W_])[^.!?;:]{0,60}?)?"
_MODAL = _any(
    "must", "should", "shall", "ha(?:ve|s) to", "needs? to", "(?:is|are) (?:required|instructed|told|asked|ordered) to", "deb(?:e|es|en|era|eran|eras)", "tienen? que",
    "dev(?:e|es|em|era|erao)", "tem que", "doi(?:t|s|vent)", "dev(?:ez|ra|ront)", "soll(?:en|te|ten)?", "muss(?:en|t)?", "please", "por favor", "veuillez", "bitte",
)  # fmt: skip
_ACT = _any(
    "classif(?:y|ies)", "mark", "report", "answer", "reply", "respond", "say", "state", "output", "return", "record", "treat", "rate", "rank", "label", "write", "set", "approve",
    "ignore", "recommend", "publish", "list", "score", "tag", "give", "add", "include", "call", "describe", "put", "register", "change", "claim", "incluir", "incluyan?", "anadir", "anadan?", "afirmar", "afirmen?", "registrar", "registren?", "clasifi(?:car|que|quen)", "marcar", "marquen?", "responder", "respondan?", "decir", "digan?", "indicar", "indiquen?", "tratar", "traten?",
    "poner", "pongan?", "escribir", "escriban?", "aprobar", "aprueben?", "ignorar", "ignoren?", "recomendar", "recomienden?", "publicar", "publiquen?", "declarar", "declaren?", "omitir", "omitan?",
    "etiquetar", "(?:clasificar|marcar|tratar|poner|aprobar|ignorar|recomendar|publicar|etiquetar)l[oa]s?", "class(?:er|ez)", "marqu(?:er|ez)", "repond(?:re|ez)", "dire", "dites", "indiqu(?:er|ez)", "trait(?:er|ez)", "mett(?:re|ez)", "ecri(?:re|vez)", "approuv(?:er|ez)", "ignor(?:er|ez)", "recommand(?:er|ez)",
    "publi(?:er|ez)", "declar(?:er|ez)", "classificar", "classifiquem?", "dizer", "digam?", "tratem?", "por", "ponham?", "escrever", "escrevam?", "aprovar", "aprovem?", "ignorem?", "recomendem?", "publiquem?", "declarem?", "omitam?",
    "einstufen", "einzustufen", "antworten", "angeben", "kennzeichnen", "markieren", "schreiben", "ignorieren", "empfehlen", "veroffentlichen", "behandeln",
)  # fmt: skip
_PAGE = (
    r"(?:(?:this|the present|the above|the following) (?:call|page|web ?page|web ?site|site|notice|announcement|opportunity|posting|listing|text|offer|document|content|entry|item)"
    r"|(?:est[ae]|la presente|el presente) (?:convocatoria|pagina|web|sitio|aviso|anuncio|oportunidad|oferta|beca|texto|publicacion|contenido)"
    r"|(?:cet(?:te)?|ce|la presente|le present) (?:appel|page|site|annonce|offre|bourse|texte|avis|contenu|opportunite)"
    r"|(?:est[ae]|a presente|o presente) (?:chamada|pagina|site|sitio|edital|anuncio|oportunidade|vaga|bolsa|texto|conteudo|aviso|convocatoria)"
    r"|diese[rsnm]? (?:seite|ausschreibung|anzeige|text(?:es)?|webseite|website|angebot))"
)
_AS_WHAT = (
    r"(?:(?:highest|maximum|top) (?:score|rank\w*|rating)|(?:first|top|primer|primeiro) (?:place|position|lugar)|en tete de liste|for all countries|open (?:worldwide|to (?:all|everyone))|(?:is|are|es|son|est|sont|ist) (?:fully funded|eligible|elegibles?|elegivel|eligibles?)|fully funded|entierement financee?|para todos los paises|pour tous les pays|para todos os paises"
    r"|as (?:open|eligible|verified|recommended|free|urgent|approved|closed|valid|official|an? opportunity|the (?:best|top|first|most|highest))"
    r"|como (?:abiert|elegible|verificad|recomendad|gratuit|prioritari|urgent|aprobad|aprovad|oficial|una oportunidad|uma oportunidade)\w*"
    r"|comme (?:ouvert|eligible|verifie|recommande|gratuit|prioritaire|urgent|approuve|officiel|une opportunite)\w*"
    r"|als (?:offen|gepruft|verifiziert|empfohlen|kostenlos|gultig|offiziell)"
    r"|(?:that|que|dass) (?:the |la |el |le |o |a |die )?(?:deadline|closing date|plazo|fecha de cierre|fecha limite|date limite|date de cloture|prazo|data limite|frist|(?:all|every)\w*|cualquier|todos|todas|tous|toutes|alle)(?![^\W_]))"
)
_TRUE = r"(?:the |la |le |o |el |die )?(?:(?:correct|real|true|actual|vraie|vrai|verdadera?|richtige) (?:deadline|closing date|amount|link|date limite|date|montant|fecha\w*|plazo|frist)|(?:fecha|plazo|prazo|data|enlace|link|monto)(?: limite| de cierre)? (?:correct[oa]|corret[oa]|real|verdader[oa]|verdadeir[oa]))"
_TARGET = rf"(?:{_PAGE}|{_AS_WHAT}|{_TRUE})"
_TELL = _any(
    "say", "add", "include", "write", "call", "list", "put", "mark", "give", "rate", "report", "answer", "state", "describe", "register", "change", "set", "please", "di", "diga", "digan", "pon", "ponga", "pongan", "escribe", "escriba", "anade", "anada",
    "incluye", "incluya", "registre", "registra", "marca", "marque", "cambia", "responde", "responda", "indica", "indique", "dis", "dites", "indiquez", "ecris", "ecrivez", "ajoutez", "ajoute", "repondez", "cochez", "mettez", "classez", "coloque", "ponha",
    "escreva", "inclua", "acrescente", "informe", "sag", "sage", "schreibe?", "markiere", "nenne", "antworte", "geben sie", "trage",
)  # fmt: skip
_READS = _any(
    "reads?", "reading", "process(?:es|ing)?", "summari[sz](?:es?|ing)", "pars(?:es?|ing)", "index(?:es|ing)?", "lea[ns]?", "leyendo", "lee[ns]?", "proces(?:a|e|an|en|ando)", "resum(?:a|e|as|an|en|iendo)", "lit", "lisent", "lisant", "traite(?:nt)?", "resume(?:nt)?",
    "lei?am?", "lendo", "le", "process(?:a|e|am|em|ando)", "resum(?:em|indo)", "liest", "lesen", r"verarbeite\w*", r"zusammenfass\w*",
)  # fmt: skip
_FIELD = (
    r"(?:is_opportunity|home_eligible|opportunity_type|opportunity_number|funding_instrument|funding_level|funder_(?:name|type|country)|host_countries|attendance_mode|accepted_applicant_types|"
    r"eligible_regions|isced_(?:levels|fields)|required_languages|typical_age_range|(?:min|max)_award_amount|total_amount_available|estimated_award_count|cost_sharing_required|application_fee|"
    r"deadlines|close_(?:model|date|date_description)|apply_url|sdg_(?:goals|targets)|plan_objectives|red_flags)"
)
_TOLD = r"(?:instruc\w+|prompts?|directives?|guidelines|guidance|guardrails|programming|programacion|configuracion inicial|anweisungen|vorgaben|consignes|indicaciones|directrices|indicacoes|orientacoes|restrictions|restricciones|restricoes)"
_LAW = rf"(?:{_TOLD}|rules|reglas|regras|regles|regeln|normas|directions|orders|ordenes|ordens|ordres)"
_EARLIER = r"(?:previous|prior|above|earlier|preceding|former|foregoing|existing|original|initial|system|safety)"
_NOTE = (
    r"(?:notes?|memos?|notices?|messages?|instructions?|instrucc?ion(?:es)?|reminders?|directives?|orders?|attention|warnings?|notas?|mensajes?|avisos?|recordatorio|atencion|orden(?:es)?|"
    r"consignes?|avis|remarque|mensage(?:m|ns)|instruc(?:ao|oes)|atencao|hinweise?|nachricht(?:en)?|anweisung(?:en)?|achtung)"
)
_TO = r"(?:to|for|addressed to|para|a|al|aos?|dirigid[oa]s? a|destinad[oa]s? a|pour|aux?|a l'(?:attention|intention) d(?:e|es|u)|destinee?s? aux?|an|fur)"
_ALL = r"(?:the |any |all |every |our |other |el |la |los |las |todos |todas |cualquier |l'|le |les |tous |toutes |tout |o |a |os |as |qualquer |alle |die |jede ){0,5}"

# One pattern a kind of order. They run over the text with line breaks as spaces: an order may be cut into lines or list items.
_KINDS = (
    # who is spoken to
    rf"{_NOTE}(?: \w+)? {_TO} ?{_ALL}(?:{_MACHINES}|robots?|robos?|scrapers?|spiders?|roboter|(?:sistema|systeme) (?:de|d') ?(?:clasificacion|lectura|resumen|publicacion|classificacao|leitura|classement|lecture)){_SPOKEN_TO}",
    rf"{_NOTE} (?:hidden|secret|internal|intern[oa]s?|ocult[oa]s?|secret[oa]s?|cache[es]*|secretes?|internes?) {_TO} ?{_ALL}(?:{_MACHINES}|robots?|asistentes?|assistentes?|assistants?|bots?)(?![^\W_])",
    rf"being (?:read|processed|summari[sz]ed|parsed|translated) by (?:an? |the )?(?:machine|program|software|script|robot|{_MACHINE})(?![^\W_])",
    r"(?:models?|machines?|systems?|programs?|tools?|software) (?:is |are |that |which |now )*(?:summari[sz]|process|read|pars)(?:ing|es|s) this(?=\s?[:,.])",
    r"(?:you are|you're|eres|usted es|vous etes|tu es|voce e|du bist) (?:an?|une?|una|uma?|eine?) (?:computer )?(?:program|programa|programme|software|script|maquina|machine|maschine|robot|bot|robo)(?=\s?[,.:;])",
    rf"{_MACHINES} (?:to|a|para|de) (?:ignore|disregard|bypass|ignorar|omitir|olvidar|ignorer|oublier)(?![^\W_])",
    r"i am (?:your (?:administrator|developer|creator|operator|owner)|the (?:administrator|developer|creator|operator|owner) of your)(?![^\W_])",
    rf"merci (?:a |aux )(?:l'|la )?(?:assistants?|{_MACHINE}) de (?:mettre|marquer|dire|classer|indiquer|ajouter|repondre|presenter)(?![^\W_])",
    r"(?:the|your) (?:previous|earlier|prior) (?:instructions|rules) (?:were|are) (?:only )?(?:a test|void|over|obsolete)(?![^\W_])",
    rf"{_MACHINES}{_READING} (?:soll|muss|mussen|sollen) {_PAGE} [^.!?]{{0,60}}?(?:einstufen|markieren|kennzeichnen|behandeln|bewerten|empfehlen)(?![^\W_])",
    rf"{_MACHINES}[^.!?:;]{{0,30}}?{_READS}[^.!?:;]{{0,12}}? (?:{_PAGE}|(?:this|esto|ceci|isto|dies|das)(?=\s?[,.:;]|$))",
    rf"(?:process|proces|trait|lis|resum|summari[sz]|verarbeite)(?:ing|ando|iendo|indo|ant|ez|ns?t?) {_PAGE} (?:with|con|com|avec|mit) (?:an? |una? |une? |uma? |eine[mr]? )?{_MACHINE}",
    rf"(?:a quien|quien|whoever|anyone who|quiconque|quem|wer) {_READS} {_PAGE} (?:(?:de forma |de maniere |de maneira )?automat\w+|by machine|with software|maschinell|(?:con|with|avec|com|mit) (?:una? |une |uma? |eine[mr]? )?{_MACHINE})",
    rf"(?:for|para|pour|fur) {_ALL}{_MACHINES} (?:only|unicamente|solo|solamente|uniquement|seulement|apenas|somente|nur)(?![^\W_])",
    rf"(?:for|to|para|pour|fur|a) {_ALL}{_MACHINES}\s?[:,\u2014-]\s?(?:{_TRUE}|{_TELL})",
    r"humans?(?: readers?)? (?:can|may|should) (?:skip|ignore)(?![^\W_])",
    r"your (?:guidelines|task|instructions|rules|role) ha(?:s|ve) (?:been )?(?:changed|updated|replaced)",
    rf"(?:dear|attention|estimad[oa]s?|querid[oa]s?|atencion|chere?s?|car[oa]s?|prezad[oa]s?|atencao|liebe[rs]?|achtung)[:,]? (?:l'|la |el |a |o )?{_MACHINES}(?=\s?[:,;.!\u2014-])",
    rf"(?:if you(?:'re| are) (?:an? |the |any |one of the )?(?=\S)|si (?:(?:tu |vos )?(?:eres|sos|fueras)|usted es|ustedes son) (?:una? |el |la )?|si (?:vous etes|tu es) (?:une? |l')?"
    rf"|se (?:(?:voce |tu )(?:e|es|for|fores)|es) (?:uma? |o |a )?|(?:wenn|falls|sofern) (?:du|sie) (?:eine? )?){_MACHINES}(?:{_SPOKEN_TO}|(?= (?:bist|sind)))",
    rf"(?:as|como|en tant que?|en tant qu'|als) (?:an? |una? |uma? |eine? )?{_MACHINE},? (?:you (?:must|should|will|are)|debes|debe usted|deves|voce deve|vous devez|tu dois|musst du|mussen sie)(?![^\W_])",
    r"(?:you are|eres|usted es|vous etes|tu es|voce e|du bist|sie sind) (?:now |ahora |maintenant |desormais |agora |jetzt )?(?:an? |una? |l'|uma? |eine? )?(?:helpful |util |utile |hilfreiche[rs]? )?"
    rf"(?:{_MACHINE}|assistant|asistente|assistente)(?=\s?[:,;.!]| (?:that|who|and|que|qui|y|e|et|und|without|sin|sans|sem|der|die)(?![^\W_]))",
    # what a machine is to do with this page
    rf"{_MACHINES}{_READING}\s?,?\s(?:(?!not )\w+ )?{_MODAL}\s(?:\w+[ ,]+){{0,6}}?{_ACT}[^.!?]{{0,100}}?{_TARGET}",
    rf"{_MACHINES}{_READING}\s?[:,\u2014-]\s?(?:please |por favor,? |merci de |bitte )?{_ACT}[^.!?]{{0,60}}?{_TARGET}",
    rf"(?:when|while|before|if|al|cuando|quando|quand (?:tu|vous)|antes de|ao|en|lorsque vous|avant de|wenn (?:du|sie)|beim) (?:you(?:'re| are)? )?(?:summari[sz]\w*|process(?:ing)?|classif\w+|index\w*|pars(?:e|ing)|scrap\w+|crawl\w*|resumir|procesar|clasificar|indexar|"
    rf"resumas?|resuma|resume|proceses|processar|classificar|resumant|traitant|classant|indexant|resumez|traitez|classez|resumer|traiter|zusammenfassen) {_PAGE}",
    r"wenn (?:du|sie) (?:diese[n]? (?:seite|text|ausschreibung)) (?:zusammenfass\w+|verarbeite\w+)",
    # forget what you were told
    rf"(?:ignore|disregard|forget|override) (?:(?:all|any|every|of|the|these|those|and|or|both) ){{0,4}}(?:(?:all|any|your|previous|prior|above|earlier|preceding|former|foregoing|original|initial) ){{1,4}}(?:(?:of|the|your|and|or|system|safety|user|{_EARLIER}) ){{0,4}}{_LAW}",
    r"(?:ignore|disregard|forget) (?:all |any )?(?:of )?(?:the )?(?:instructions?|prompts?|rules) (?:above|before|given|you (?:were|have been) (?:given|told))",
    r"(?:ignore|disregard|forget) (?:everything|anything|all|all that was|what(?:ever)?) (?:above|before this|written above|you (?:were|have been|know|knew))",
    rf"(?:(?:ignor|olvid|descart|omit)(?:a|e|ad|en)|desatiend[ae]|haz caso omiso de|haga caso omiso de|prescind[ae] de|no (?:tengas|tenga) en cuenta|no sigas|desobedece) (?:(?:todas|cualquier|las|tus|sus|estas|esas|otras|los|mis) ?){{1,4}}(?:\w+ )?(?:{_TOLD}|(?:reglas|normas|ordenes) (?:anteriores|previas|del sistema|de arriba|que te (?:dieron|dan|han dado)|que tienes))",
    r"(?:ignore|disregard|forget|ignora|olvida|olvide|oubliez?|esqueca|vergiss) (?:all |tout |todo |tudo |alles,? )?(?:whatever|what|that|lo que|o que|ce que|was) (?:you (?:were|have been|had been|read)|(?:te|le|lhe) (?:dijeron|han dicho|disseram)|foi dito|(?:has|ha) leido|(?:tu as|vous avez) lu|leu|du gelesen)",
    rf"(?:ignore|disregard|forget) what {_PAGE.replace('this', '(?:this|the)', 1)} says",
    rf"(?:do not|don't|no|ne|nao) (?:follow|sigas|suivez|suis|sigas?) (?:your|tus|vos|tes|suas|tuas) (?:\w+ )?{_LAW}",
    r"(?:ignora|ignore|olvida|olvide|desconsidere|oublie|oubliez|vergiss) (?:todas )?(?:tus|vos|tes|suas|tuas|deine) (?:reglas|normas|regles|regras|regeln)",
    r"(?:ignore|disregard|forget|overrule) (?:your|the) users?(?:'s?) (?:question|request|instructions?|wish\w*|prompt)",
    r"(?:haz|haga) caso omiso de (?:todo )?lo (?:anterior|dicho)",
    r"(?:ignora|ignore|olvida|olvide) (?:todo )?lo (?:anterior|que (?:te|le) (?:dijeron|han dicho)|dicho|de arriba)",
    rf"(?:ignore[zr]?|oublie[zr]?|negligez|faites abstraction de|ne t(?:enez|iens) (?:pas|aucun) compte de|desobeissez a) (?:(?:toutes|tous|les|vos|tes|ces|des|aux|vos|toute) ?){{1,4}}(?:{_TOLD}|(?:regles|ordres) (?:precedent\w+|anterieur\w+|ci-dessus|du systeme))",
    r"(?:ignore[zr]?|oublie[zr]?) (?:tout )?ce qui precede",
    rf"(?:(?:ignor|desconsider|descart)[ae]|esqueca|esquece|nao (?:sigas?|considere)) (?:(?:todas|quaisquer|as|suas|tuas|essas|estas|os|teus|seus) ?){{1,4}}(?:{_TOLD}|(?:regras|ordens|normas) (?:anteriores|do sistema|acima))",
    r"(?:ignore|ignora|desconsidere|esqueca) tudo (?:o que|acima|isto)",
    rf"(?:ignorier\w*|vergiss|vergessen sie|missachte\w*|ubergeh\w*) (?:(?:sie|alle|deine|ihre|die|samtliche|bisherigen|vorherigen|obigen|fruheren) ?){{1,5}}{_LAW}",
    r"ignora(?:te)? (?:tutte )?le (?:precedenti )?istruzioni|ignora (?:totes )?les instruccions|negeer alle (?:\w+ )?instructies|zignoruj (?:wszystkie )?(?:\w+ )?(?:instrukcje|polecenia)|"
    r"onceki (?:tum )?talimatlar\w* (?:yok say|gormezden|unut)|bortse fran (?:alla )?(?:\w+ )?instruktioner",
    # role play
    r"(?:from now on,? you (?:are an?|are the|must|will (?:answer|act|only|reply|respond)|answer|act|respond)|you are no longer (?:an?|bound|limited|required to follow)|pretend (?:that )?you|pretend to be an? (?:ai|assistant|system|model)|"
    r"you are now (?:an? |the |in )?(?:\w+ ){0,3}(?:assistant|ai|bot|model|editor|mode|dan)|(?:enter|enable|activate) (?:developer|debug|admin|god) mode)(?![^\W_])",
    r"(?:(?:a partir de|desde) (?:ahora|este momento),? (?:eres|actuas?|seras|responde[sr]?|debes)|(?:finge|imagina|simula|haz como) que eres|activa el modo|actua como (?:una? |el |la )?(?:\w+ ){0,2}(?:asistente|ia|modelo|bot)"
    r"|a partir de agora,? (?:voce|tu|es|responda|atue|aja)|(?:finja|imagine|simule|faca de conta) que (?:voce )?(?:e|es)|aja como (?:uma? |o |a )?(?:\w+ ){0,2}(?:assistente|ia|modelo|bot)"
    r"|(?:a partir de maintenant|desormais|a compter de maintenant),? (?:tu|vous) (?:es|etes|agis\w*|repond\w*|dois|devez|jou\w+)|(?:fais|faites) comme si (?:tu|vous) eti?ez|(?:imagine[zr]?|jouons un jeu\W+tu es|joue le role|jouez le role d'une? (?:assistant|ia|modele))"
    r" (?:que (?:tu es|vous etes)|d'une? (?:assistant|ia|modele|bot))|ab (?:jetzt|sofort) (?:bist|antwortest|handelst) du|stell dir vor,? du bist eine? (?:ki|assistent|modell))(?![^\W_])",
)  # fmt: skip
# The look of a conversation, a prompt, an answer.
_MARKS = (
    r"<\|?(?:im_start|im_end|system|endoftext|eot_id|begin_of_text|start_header_id|end_header_id|assistant|user)\|?>|\[/?(?:inst|sys|system)\]|<</?sys>>|</?(?:system|assistant|instructions?|untrusted\w*|tool_\w+|function_\w+|system_\w+)>",
    r"(?<!<)<<<\s?/?(?:end|announcement|links|begin|start|system|fin|fim|ende)|(?<![=#<-])(?:={3,40}|-{3,40}|#{3,40}|<{2,40})\s?/?(?:end|begin|start|fin|inicio|debut|fim|ende|system) ?(?:of |de la |de l'|del |de |du |do |da |des? )?(?:the )?"
    r"(?:announcement|page|input|untrusted|user|data|document|system|prompt|instructions?|anuncio|convocatoria|pagina|datos|annonce|appel|edital|dados|seite|ausschreibung)(?![^\W_])",
    r"(?:system|developer) (?:message|prompt|override|instructions?|update|note)\s?[:>\]]|(?:mensaje|instruccion(?:es)?|prompt|nota) del sistema\s?:|(?:message|instructions?|invite|prompt) (?:du )?systeme\s?:|"
    r"(?:mensagem|instruc(?:ao|oes)|prompt|nota) do sistema\s?:|(?:your|the|tu|su|votre|ton|seu|dein) system prompt|(?:prompt|invite) (?:del |do |du )?(?:sistema|systeme)(?![^\W_])",
    rf"[\"'`]{_FIELD}[\"'`]\s?:|(?<![^\W_])(?:set|write|put|fill|use|return|output|pon|escribe|establece|mets|mettez|ecrivez|remplissez|defina|coloque|preencha|setze) (?:the (?:field |value )?|el campo |le champ |o campo |das feld )?[\"'`]?{_FIELD}(?![^\W_])"
    rf"|(?<![^\W_]){_FIELD}\s?=+\s?[\"'\w\[]|(?<![^\W_])(?:is_opportunity|home_eligible|instructs_reader|isced_levels|plan_objectives|sdg_goals)(?![^\W_])",
    r"#{2,6} ?(?:instructions?|system|response|assistant|input)\s?:",
    r"\"role\"\s?:\s?\"(?:system|user|assistant|developer)\"|\"quotes\"\s?:\s?\[",
)  # fmt: skip
# These are orders where they begin a sentence or follow another order: the same words with a subject only tell of somebody.
_COMMANDS = (
    rf"(?:mark|flag|classify|label|rate|rank|treat|tag|score) {_PAGE} (?:as|with|first|highest|at the top|10|100)(?! (?:favou?rite|read|spam|useful|helpful))",
    rf"(?:marca|marque|marquen|clasifica|clasifique|clasifiquen|etiqueta|etiquete|trata|trate|puntua|puntue|califica|califique) (?:siempre )?(?:{_PAGE}|esto) (?:como|con|en primer|de primer)",
    rf"(?:marque[zr]?|classe[zr]?|traite[zr]?|etiquete[zr]?|notez) (?:toujours )?(?:{_PAGE}|ceci) (?:comme|en premi|avec|dans)",
    rf"(?:marque|marca|classifique|classifica|trate|trata|etiquete|avalie) (?:sempre )?(?:{_PAGE}|isto) (?:como|com|em primeir)",
    rf"(?:markiere?|stufe?|bewerte|behandle|kennzeichne)(?:n sie)? {_PAGE} (?:als|mit)",
    r"(?:always |siempre |toujours |sempre |immer )?(?:respond|reply|answer|responde|responda|respondan|repondez|reponds|antworte|antworten sie) (?:always |only |just |solely |unicamente |solo |solamente |siempre |uniquement |seulement |toujours |apenas |somente |sempre |nur |immer ){1,4}"
    r"(?:with|con|par|avec|com|mit|que)? ?(?:json|[\"'{\[]|that(?![^\W_])|yes(?![^\W_])|si(?![^\W_])|oui(?![^\W_])|sim(?![^\W_])|ja(?![^\W_])|this json|el siguiente json|the following (?:json|text|answer|words)|the words?|la palabra|le mot|a palavra)",
    r"(?:return|output|print|devuelve|devuelva|imprime|renvoie[zr]?|retourne[zr]?|retorne|devolva|gib)(?: exactly| only| exactamente| exactement| exatamente)? (?:the |this |following |el |este |siguiente |le |ce |cet |o |seguinte ){0,4}(?:json|objet json|objeto json)",
    r"(?:tell|inform|assure) (?:the |your |all )?(?:users?|readers?) (?:that|to)|(?:dile|diles|di|diga|digale|informa|informe) a(?:l| la| los| las| tu)? (?:usuari\w+|lector\w*) que|(?:dites|dis|informez|assurez) (?:a l'utilisateur|aux utilisateurs|a vos lecteurs|l'utilisateur|les utilisateurs) (?:que|qu')|"
    r"(?:diga|informe|avise) (?:ao|aos|a|o|os) (?:usuari\w+|utilizador\w*|leitor\w*) que|sage? de[mnr] (?:nutzer|leser)\w*,? dass",
    rf"(?:(?:hey|hi|hello|hola|ola|bonjour|hallo),? )?(?:(?!{_BARE}\s?[:,\u2014]){_MACHINES}|robots?)(?: (?:reading|lisant|lendo)[^.!?:;]{{0,40}}?)?\s?[:,\u2014]\s?{_TELL}",
    rf"{_MACHINES}\s?[:,\u2014]\s?{_TELL} (?:that|que|qu'|dass|this|esta?e?|cet(?:te)?|ce|diese\w?)(?![^\W_])",
    rf"(?:if|si|se|falls|wenn) (?:an? |una? |une |uma? |eine? )?{_MACHINES} (?:is|are|esta|estuviera|estiver|est|sont) (?:reading|leyendo|lendo|en train de lire)(?![^\W_])",
    rf"(?:hey|hi|hello|hola|ola|bonjour|hallo|liebe[rs]?),? (?:{_MACHINES}|robots?)[,:] [^.!?]{{0,60}}?{_TELL}",
    r"(?:if you are|si vous etes|si eres|se voce e|wenn du) (?:an? |une? |una? |uma? |ein )?(?:ro)?bot(?![^\W_])",
    r"(?:remove|hide|skip|drop|suppress|strip|quita|quite|elimina|elimine|borra|borre|supprime[zr]?|retire[zr]?|remova|apague) (?:\w+ |l'|d'){0,3}(?:warnings?|red flags?|alerts?|advertencias?|alertas?|avertissements?)(?![^\W_])",
    r"(?:print|repeat|output|list|reveal|send|copy|extract|repite|imprime|copia|envia|extrae|repetez|copiez|envoyez|repita|envie|extraia) (?:all |the |every |todos |todas |los |las |tous |toutes |les |os |as ){0,3}(?:e-?mails?(?: addresses)?|correos?|courriels|personal data|datos personales|donnees personnelles|dados pessoais|phone numbers?|telefonos) [^.!?]{0,40}?(?:you see|you find|field|campo|champ|in your|en tu|dans ta|dans votre|na sua)(?![^\W_])",
    rf"(?!{_BARE}\s?[:,\u2014]){_MACHINES}\s?:\s?(?:the|el|la|le|o|a|die|der) (?:apply|application|deadline|closing|link|enlace|lien|fecha|plazo|prazo|date|frist)(?![^\W_])",
    r"(?:you must|debes|tienes que|tu dois|vous devez|deves|voce deve|du musst) (?:answer|say|claim|responder|decir|afirmar|repondre|dire|affirmer|dizer|sagen|antworten) (?:that|que|dass|qu')",
    r"(?:begin|start|end|empieza|comienza|commence[zr]?|comece|beginne) (?:your|tu|votre|ta|sua|deine) (?:response|answer|reply|output|respuesta|reponse|resposta|antwort) (?:with|con|por|par|avec|com|mit) [\"'{\[]",
    r"(?:do not|don't|never|no|nunca|ne|n'|nao) ?(?:mention|show|include|display|incluy\w+|muestr\w+|inform\w+|affich\w+|indiqu\w+|inclu\w+|mostr\w+|mencion\w+) (?:pas |jamais )?(?:\w+ |l'|d'){0,3}(?:fees?|costs?|cuota|tasa|tarifa|costo|frais|taxas?|custos?|warnings?|alertas?) (?:in|en|dans|no|na) (?:the |your |el |tu |le |votre |o |seu )?(?:summary|answer|output|resumen|respuesta|resume|reponse|resumo|resposta)",
    r"(?:new|updated|nuevas?|nouvelles?|novas?|neue) (?:system )?(?:instructions?|instrucci\w+|consignes|instrucoes|anweisungen)\s?:",
    r"(?:copy|quote|cite|use|copia|cita|usa|utiliza|copie|cite|copiez|citez|utilisez|kopiere|zitiere) [^.!?]{0,120}?(?:as (?:the |your )?(?:quote|evidence|proof) (?:for|of) (?:the |its )?(?:field|deadline|closing|eligib|apply)|as (?:the |your )quotes?(?![^\W_])|"
    r"como (?:cita|prueba|evidencia)(?: textual)? (?:de|del|de la|para) (?:el |la )?(?:plazo|fecha|cierre|campo|elegib)|comme (?:citation|preuve) (?:de|du|de la|pour) (?:le |la )?(?:date|delai|champ|cloture|l'eligib)|como (?:citacao|prova|evidencia) (?:do|da|de|para) (?:o |a )?(?:prazo|data|campo|elegib))",
    r"(?:do not|don't|never) (?:mention|reveal|flag|disclose|warn (?:about|of)) (?:\w+ ){0,4}(?:fees?|warnings?|red flags?|costs?|payments?|alerts?|this (?:note|instruction|message|paragraph|order))(?![^\W_])",
    r"(?:no|nunca) (?:mencion|revel|senal|indiqu)(?:es|e) (?:\w+ ){0,4}(?:cuotas?|tasas?|tarifas?|pagos?|costos?|advertencias?|alertas?|esto|est[ae] (?:nota|mensaje|instruccion|parrafo))(?![^\W_])",
    r"(?:omite|omita|oculta|oculte|silencia) (?:\w+ ){0,3}(?:cuotas?|tasas?|tarifas?|pagos?|advertencias?|alertas?|avisos?|esta nota|taxas?|pagamentos?)(?![^\W_])",
    r"ne (?:mentionne[zr]?|signale[zr]?|revele[zr]?|parle[zr]?) (?:pas|jamais) (?:\w+ |l'|d'){0,4}(?:frais|paiements?|avertissements?|alertes?|cout|cette (?:note|consigne)|ce message)(?![^\W_])|(?:omettez|omets|cachez|taisez) (?:\w+ ){0,3}(?:frais|avertissements?|alertes?|cette note)(?![^\W_])",
    r"(?:nao|nunca) (?:mencion|revel|sinaliz|indiqu)(?:es|e) (?:\w+ ){0,4}(?:taxas?|pagamentos?|custos?|avisos?|alertas?|isto|est[ae] (?:nota|mensagem|instrucao))(?![^\W_])",
)  # fmt: skip
_LINES = re.compile(
    r"^\W{0,4}(?:(?:assistant|ai|llm|model|bot|system) (?:instructions?|override)|override)\s?:|^\W{0,4}(?:system|assistant|user|human|ai|sistema|asistente|assistente|assistent)\s?:\s?(?=(?:you|ignore|disregard|i (?:will|have|am)|mark|set|new|from now|classif|treat|understood|sure|ok|change|update|replace|write|say|cambia|pon|registra|escribe|change[zr]?|mets|mettez|altere|mude|eres|ignora|marca|clasifica|entendido|desde|tu es|vous|ignorez|marque|classe|compris|voce|marque|responda|responde|repond|certo|du bist|verstanden)(?![^\W_]))",
    re.MULTILINE,
)
_ORDERS = late(rf"(?<![^\W_])(?:{'|'.join(_KINDS)})|{'|'.join(_MARKS)}")
_IMPERATIVES = late(rf"(?<![^\W_])(?:{'|'.join(_COMMANDS)})")
# What stands before the words of an order when they are none: "do not forget …", "applications that ignore …".
_TOLD_OF = re.compile(
    r"(?<![^\W_])(?:no|not|never|don't|nunca|jamas|ne|n'|nao|nicht|who|that|which|whoever|que|qui|quem|quien|quienes|or|may|might|will|would|cannot|could|they|we|nosotros)\s?$"
)
_BEGUN = re.compile(
    r"(?:^|[\n.!?:;,()\"'*>|\u2022\u00b7\u2014-]|(?<![^\W_])(?:and|or|then|now|please|must|should|to|you|y|e|luego|ahora|por favor|debes?|deben|et|puis|maintenant|veuillez|devez|dois|doivent|und|bitte|jetzt|musst|agora|deve|deves|devem|always|siempre|toujours|sempre))\s?[0-9]{0,2}\s?$"
)
_NEGATES = re.compile(r"^(?:ne t(?:enez|iens)|no (?:tengas?|sigas)|nao (?:sigas?|considere))")
# Languages that are not read, in their own letters.
_ABROAD = re.compile(
    r"(?:игнорируи|забудь|проигнорируи)\w* .{0,30}?(?:инструкц|указани|правил)|忽略.{0,12}(?:指令|指示|说明|提示)|無視.{0,12}指示|(?:以前|これまで|上記).{0,10}指示.{0,6}無視|이전.{0,8}(?:지시|명령).{0,6}무시|تجاهل.{0,24}(?:التعليمات|الاوامر|الأوامر)"
)

# ---------------------------------------------------------------- words in disguise

_SQUEEZED = re.compile(
    r"(?:ignore|disregard|forget|override)(?:all|any|of|the|your|these|my){0,6}(?:previous|prior|above|earlier|preceding|system|your)(?:and|the|previous|system|above){0,4}(?:instructions?|prompts?|rules|guidelines)"
    r"|(?<!no)(?:ignora|ignore|olvida|olvide|descarta)(?:todas|cualquier|las|tus|sus){1,5}(?:instrucciones|indicaciones|reglasanteriores)"
    r"|(?:ignorez|ignore|oubliez|oublie)(?:toutes|les|vos|tes|ces){1,5}(?:instructions|consignes|reglesprecedentes)"
    r"|(?:ignore|ignora|esqueca|desconsidere)(?:todas|quaisquer|as|suas|tuas){1,5}(?:instrucoes|regrasanteriores|orientacoesanteriores)"
    r"|(?:ignoriere|ignorierensie|vergiss)(?:alle|deine|ihre|die|bisherigen|vorherigen){1,5}(?:anweisungen|regeln|vorgaben)"
)
_LEET = str.maketrans("013457@$", "oieastas")
_ROT13_WORDS = re.compile(
    r"(?<![^\W_])(?:gur|naq|guvf|nyy|rfgn|rfgr|cnen|ynf|yrf|prggr|pbzb|nf|qnf|hzn|qvr|nyyr)(?![^\W_])"
)
_CODED = re.compile(r"(?<![A-Za-z0-9+/=_-])(?:[A-Za-z0-9+/]{16,}[ \n]){0,60}[A-Za-z0-9+/_-]{24,}={0,2}|(?<!\w)(?:[0-9a-fA-F]{2}[ :]?){24,}(?!\w)")  # fmt: skip
_SENTENCE = re.compile(r"(?:[^\W\d_]{1,20}[ ,.:;'\"-]{1,2}){4}")


class _Alike(dict[int, str]):
    """Code point → the plain letter it looks like, one for one: bold, full-width, Cyrillic and Greek letters."""

    _LOOKS: ClassVar = dict(zip("авеёікмнорстухѕјԛԝһԁɡαβεικνορτυχ", "abeeikmhopctyxsjqwhdgabeikvoptux", strict=True))

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = self._LOOKS.get(char) or unicodedata.normalize("NFKD", char)[:1].lower() or char
        self[code] = plain if len(plain) == 1 else char
        return self[code]


_ALIKE = _Alike()


@functools.cache
def _phrases() -> PhraseIndex[None]:
    return PhraseIndex((phrase, None) for phrase, entry in entries() if entry.key == "flag.instructs_reader")


def order_spans(view: TextView) -> list[Span]:
    """Where the words of orders stand (view positions), sorted."""
    find = _kept_spans if len(view.text) > 120 else _order_spans  # links and titles are many, and each asked about once
    return list(find(view.text, view.folded))


@functools.lru_cache(maxsize=256)
def _kept_spans(text: str, folded: str) -> tuple[Span, ...]:
    """A notice is asked about on the way to a reader, in it and at the gate: found once."""
    return _order_spans(text, folded)


def _order_spans(text: str, folded: str) -> tuple[Span, ...]:
    plain = folded if folded.isascii() else folded.translate(_ALIKE)
    flat = plain.replace("\n", " ")
    found = {*_said(flat, plain), *(match.span() for match in _LINES.finditer(plain)), *_disguised(text, flat)}
    found |= {match.span() for match in _ABROAD.finditer(folded)} if plain is not folded else set()
    return tuple(sorted(found))


def _said(flat: str, plain: str) -> Iterator[Span]:
    """Orders in plain words. ``flat`` is ``plain`` with line breaks as spaces."""
    for start, end, _ in _phrases().find(flat, words_of(flat)):
        if not _TOLD_OF.search(plain[max(0, start - 16) : start]):
            yield start, end
    for match in _ORDERS.finditer(flat):
        start = match.start()
        if _NEGATES.match(match.group()) or not _TOLD_OF.search(plain[max(0, start - 16) : start]):
            yield match.span()
    for match in _IMPERATIVES.finditer(flat):
        if _BEGUN.search(plain[max(0, match.start() - 16) : match.start()]):
            yield match.span()


def _disguised(text: str, flat: str) -> Iterator[Span]:
    """Orders spelled out, backwards or in ROT13, and whole sentences in Base64 or hexadecimal digits."""
    kept = [(i, char) for i, char in enumerate(flat.translate(_LEET)) if char.isalpha()]
    letters = "".join(char for _, char in kept)
    if len(letters) == len(kept):
        for match in _SQUEEZED.finditer(letters):
            start, end = kept[match.start()][0], kept[match.end() - 1][0] + 1
            if not _TOLD_OF.search(flat[max(0, start - 16) : start]):
                yield start, end
        for match in _SQUEEZED.finditer(letters[::-1]):
            yield kept[len(kept) - match.end()][0], kept[len(kept) - 1 - match.start()][0] + 1
    if sum(1 for _ in _ROT13_WORDS.finditer(flat)) > 1:
        turned = codecs.encode(flat, "rot13")
        yield from _said(turned, turned)
    for match in _CODED.finditer(text):
        if _SENTENCE.search(_decoded("".join(match.group().split()))):
            yield match.span()


def _decoded(code: str) -> str:
    """What Base64 or hexadecimal digits say; empty where they are no text."""
    try:
        if re.fullmatch(r"[0-9a-fA-F:]+", code):
            return bytes.fromhex(code.replace(":", "")).decode("utf-8")
        padded = code.rstrip("=") + "=" * (-len(code.rstrip("=")) % 4)
        return base64.b64decode(padded.encode(), b"-_" if re.search("[-_]", code) else None).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def silenced(view: TextView, orders: list[Span]) -> list[Span]:
    """What is not believed for these orders: from the sentence each begins in to the end of the line it ends in.

    And on from there: a list announced by a colon, lines that go on with a sentence not ended (view positions).
    """
    return [(view.segments[view.segment_at(start)][0], _end(view, end)) for start, end in orders]


def _end(view: TextView, at: int) -> int:
    text, announced = view.text, False
    end = text.find("\n", max(0, at - 1))
    while 0 <= end < len(text) - 1:
        last = text[max(0, end - 3) : end].rstrip(" \"'»”)")[-1:]
        parted = view.raw.count("\n", view.index[end], view.index[end + 1]) > 1
        ended = last in (".", "!", "?")
        if last == ":":
            announced = True
        elif (ended or not text[end + 1].islower()) if parted else (ended and not announced):
            break
        end = text.find("\n", end + 1)
    return end if end >= 0 else len(text)
