/* ---
description: "Avisos cuya fuente dice, en un dato de estado o en un rótulo junto al título, que la convocatoria fue cancelada, revocada, anulada, retirada o declarada desierta. Un texto que solo habla de cancelar no cuenta."
grain: [notice_id]
columns:
  notice_id:
  quote: {description: "Las palabras que lo dicen, como las lleva el texto del aviso."}
--- */
with words as (
    -- folded: lower case, no accents
    select
        'cancelad[oa]s?|desiert[oa]s?|revocad[oa]s?|anulad[oa]s?|retirad[oa]s?|cancell?ed|withdrawn|revoked|rescinded'
            || '|annulee?s?|retiree?s?|revogad[oa]s?|desert[oa]s?|abgesagt|aufgehoben|zuruckgezogen' as over,
        -- what says it without the call: a desert and the retired are topics too
        'cancelad[oa]s?|desierta|revocad[oa]|anulad[oa]|cancell?ed|withdrawn|revoked|annulee?|revogad[oa]|abgesagt|aufgehoben'
            as marks,
        '(?:(?:est[ae]|esse|essa|this|the|la|el|l[''’]|le|o|a|die|diese|das|der) ?)?(?:convocatoria|concurso|beca|premio|llamado'
            || '|invitacion|seleccion|programa|evento|curso|taller|licitacion|call(?: for (?:proposals|applications|papers|entries))?'
            || '|competition|grant|scholarship|fellowship|programme|program|event|course|workshop|award|(?:funding )?opportunity'
            || '|solicitation|appel(?: a (?:projets|candidatures|propositions))?|concours|bourse|evenement'
            || '|edital|chamada(?: publica)?|processo seletivo|bolsa|ausschreibung|veranstaltung)'
            || '(?: (?:n[.o°º]{1,3} ?)?\d{1,4}(?: de \d{4}|[-/]\d{2,4})?)?' as calls,
        '(?:(?: ya)? (?:ha sido|fue|esta|queda|quedo|se encuentra|has been|was|is|est|a ete|foi|wurde|ist))?(?: (?:declarad[oa]|now))?'
            as been,
        'status|call status|event status|estado(?: de la convocatoria)?|statut|etat|situacao' as labels
),
facts as (
    -- in one line, as scrapers.notice writes it into the text
    select
        notice_id,
        nfc_normalize(concat_ws(': ', trim(regexp_replace(fact.label, '[\s\pZ]+', ' ', 'g')), trim(regexp_replace(fact.value, '[\s\pZ]+', ' ', 'g'))))
            as line
    from (select notice_id, unnest(hints) as fact from raw.notices)
    where regexp_matches(fact.label, '^\s*(?:call |event )?(?:status|estado|statut|état|etat|situa)', 'i')
),
near_title as (
    -- the title and the lines right below it
    select notice_id, unnest(string_split(left(text, 1200), chr(10))[1:9]) as line, generate_subscripts(string_split(left(text, 1200), chr(10))[1:9], 1) as place
    from raw.notices
    where regexp_matches(left(text, 1200), 'cancel|desiert|revo[ck]|anulad|retira|retir[ée]|withdrawn|rescind|annul|revog|desert|abgesagt|aufgehoben|zur[uü]ckgezogen', 'i')
),
printed as (
    select notice_id, trim(line) as quote, place from near_title
    union all
    select notice_id, line, 0 from facts
),
folded as (
    select distinct
        notice_id, quote, place,
        regexp_replace(lower(strip_accents(quote)), '^[\s*_«"“¡!>•·⚠❗🔒❌⛔]+|[\s*_»"”!.]+$', '', 'g') as told
    from printed
    where length(quote) between 6 and 300 and not contains(quote, '?')
)
select notice_id, arg_min(quote, place) as quote
from folded
cross join words
where
    -- «Estado: Cancelada», a fact or a line of its own
    regexp_full_match(told, '(?:' || labels || ')\s*:\s*(?:' || calls || ' )?(?:declarad[oa] )?(?:' || over || ')(?: (?:por|by|par|pelo|pela) .{1,80}| \(.{1,40}\))?')
    -- «La convocatoria fue declarada desierta.», a line of its own
    or place > 1 and regexp_full_match(told, '(?:(?:aviso|nota|note|notice|importante?|atencion|attention|update|actualizacion)\s*[:–—-]\s*)?(?:' || calls || been || ' (?:' || over || ')|se (?:cancela|revoca|anula|declara desiert[oa]) ' || calls || ')')
    -- «[CANCELADA] Becas…», «Convocatoria cancelada: becas…», «Becas… (cancelled)»; a bare word with a colon only in capitals
    or place = 1 and (
        regexp_matches(told, '^[\[(]\s*(?:' || calls || been || ' (?:' || over || ')|' || marks || ')\s*[\])]\s*\S|\S\s*[\[(]\s*(?:' || calls || been || ' (?:' || over || ')|' || marks || ')\s*[\])]$')
        or regexp_matches(told, '^' || calls || been || ' (?:' || over || ')\s*(?::| [-–—|]) \S|\S\s+[-–—|]\s+' || calls || been || ' (?:' || over || ')$')
        or regexp_matches(told, '^(?:' || marks || ')\s*(?::| [-–—|]) \S|\S\s+[-–—|]\s+(?:' || marks || ')$')
            and regexp_matches(quote, '^[^\pL]*[\p{Lu}]{6,}\s*(?::| [-–—|])|[-–—|]\s+[\p{Lu}]{6,}[^\pL]*$')
    )
group by notice_id
