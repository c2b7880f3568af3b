/* ---
description: Lo que la fuente dice de la apertura de una convocatoria, en los datos que da aparte del texto.
grain: [notice_id]
columns:
  notice_id:
  opening_date:
  is_forecast: {type: boolean, label: Es un anuncio previo, description: Si la fuente la da por anunciada y aún sin abrir.}
  quote: {description: "El dato que lo dice, como lo lleva el texto del aviso."}
--- */
with facts as (
    select
        notice_id,
        date_order,
        lower(strip_accents(trim(fact.label))) as label,
        lower(strip_accents(trim(fact.value))) as value,
        -- in one line, as scrapers.notice writes it into the text
        nfc_normalize(concat_ws(': ', trim(regexp_replace(fact.label, '[\s\pZ]+', ' ', 'g')), trim(regexp_replace(fact.value, '[\s\pZ]+', ' ', 'g'))))
            as quote
    from (select notice_id, date_order, unnest(hints) as fact from raw.notices)
),
said as (
    select
        notice_id,
        date_order,
        label in (
            'opening date', 'estimated opening date', 'planned opening date', 'opening', 'opens', 'opens on',
            'applications open', 'fecha de apertura', 'apertura', 'apertura de la convocatoria', 'inicio del plazo',
            'inicio del plazo de solicitud', 'inicio de inscripciones', 'date d''ouverture', 'ouverture',
            'data de abertura', 'abertura', 'inicio das inscricoes'
        ) as is_opening,
        label in ('status', 'call status', 'estado', 'statut', 'etat', 'situacao') and value in (
            'forecasted', 'forthcoming', 'upcoming', 'planned', 'coming soon', 'not yet open',
            'proxima', 'proximamente', 'proxima apertura', 'por abrir', 'prevista',
            'a venir', 'prochainement', 'em breve', 'a abrir'
        ) as is_forecast,
        value,
        quote
    from facts
),
worded as (
    -- 3 December 2026, December 3, 2026, viernes 13 de noviembre de 2026, 1er decembre 2026
    select
        *,
        regexp_extract(value, '\b(\d{1,2})(?:st|nd|rd|th|er|º|o)? (?:de )?([a-z]+)\.?,? (?:del? )?(\d{4})\b', ['day', 'month', 'year']) as day_first,
        regexp_extract(value, '\b([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b', ['month', 'day', 'year']) as month_first,
        regexp_extract(value, '^(?:[a-z]+\.?,? )?(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{4})(?:[^\d./-]|$)', ['one', 'sign', 'two', 'again', 'year']) as figures
    from said
    where is_opening or is_forecast
),
dated as (
    select
        notice_id,
        is_opening,
        is_forecast,
        quote,
        case when day_first.day <> '' then day_first.month else month_first.month end as month_told,
        coalesce(
            try_cast(left(value, 10) as date),
            -- 03/12/2026 in the order of its source, unless only the other is a day: as deadlines are read (reading.values.dates)
            case
                when figures.sign <> figures.again or figures.one = '' then null
                when try_cast(figures.one as integer) > 12 or (date_order <> 'mdy' and try_cast(figures.two as integer) <= 12)
                    then try_cast(concat_ws('-', figures.year, figures.two, figures.one) as date)
                else try_cast(concat_ws('-', figures.year, figures.one, figures.two) as date)
            end
        ) as day,
        case when day_first.day <> '' then day_first.year else month_first.year end as year_told,
        case when day_first.day <> '' then day_first.day else month_first.day end as day_told
    from worded
),
told as (
    select
        notice_id, is_opening, is_forecast, quote,
        coalesce(day, try_cast(concat_ws('-', year_told, month.number, day_told) as date)) as day
    from dated
    left join (
        values
            (1, ['january', 'jan', 'enero', 'ene', 'janvier', 'janeiro']), (2, ['february', 'feb', 'febrero', 'fevrier', 'fevereiro']),
            (3, ['march', 'mar', 'marzo', 'mars', 'marco']), (4, ['april', 'apr', 'abril', 'abr', 'avril']),
            (5, ['may', 'mayo', 'mai', 'maio']), (6, ['june', 'jun', 'junio', 'juin', 'junho']),
            (7, ['july', 'jul', 'julio', 'juillet', 'julho']), (8, ['august', 'aug', 'agosto', 'ago', 'aout']),
            (9, ['september', 'sep', 'sept', 'septiembre', 'setiembre', 'septembre', 'setembro']),
            (10, ['october', 'oct', 'octubre', 'octobre', 'outubro']), (11, ['november', 'nov', 'noviembre', 'novembre', 'novembro']),
            (12, ['december', 'dec', 'diciembre', 'dic', 'decembre', 'dezembro'])
    ) month (number, names) on list_contains(month.names, month_told)
)
select
    notice_id,
    min(day) filter (is_opening) as opening_date,
    bool_or(is_forecast) as is_forecast,
    coalesce(arg_min(quote, day) filter (is_opening and day is not null), min(quote) filter (is_forecast)) as quote
from told
group by notice_id
