/* ---
description: "Pares de anuncios que esperan una respuesta: ¿son la misma convocatoria? Con lo que dice cada página, a favor y en contra. Quedan separados mientras nadie responda."
grain: [item_id, other_item_id]
columns:
  item_id:
  other_item_id: {type: text, label: Otro anuncio, description: El otro anuncio del par.}
  chance: {type: "decimal(18,4)", label: Probabilidad, description: "Probabilidad de que sean la misma, de 0 a 1."}
  speaks_for: {type: "text[]", label: A favor, description: En qué coinciden las dos páginas.}
  speaks_against: {type: "text[]", label: En contra, description: En qué difieren las dos páginas.}
  code:
  other_code: {type: text, label: Otro código, description: Código de la oportunidad del otro anuncio.}
  opportunity_id:
  other_opportunity_id: {type: text, label: Otra oportunidad, description: La oportunidad del otro anuncio.}
  title:
  other_title: {type: text, label: Otro título, description: Título original del otro anuncio.}
  url:
  other_url: {type: text, label: Otra página, description: Página del otro anuncio.}
  source_name:
  other_source_name: {type: text, label: Otra fuente, description: Fuente del otro anuncio.}
  close_dates: {type: "text[]", label: Cierres, description: Días de cierre que da la página.}
  other_close_dates: {type: "text[]", label: Otros cierres, description: Días de cierre que da la otra página.}
checks:
  - expression: "false"
    name: no_question_waits
    severity: warning
    advice: "Abra url y other_url y responda con los dos códigos: `boi review same` (son la misma) o `boi review not-same`. La respuesta vale hasta otra más nueva."
publish: [powerbi]
--- */
with answers as (
    select distinct one.item_id, other.item_id as other_item_id
    from (select seq, unnest(item_ids) as item_id from staging.stg_decisions where action in ('same', 'not_same')) one
    join (select seq, unnest(item_ids) as item_id from staging.stg_decisions where action in ('same', 'not_same')) other
        using (seq)
),
questions as (
    -- an answer counts for the next matching; until then it is enough to ask no more
    select * from staging.stg_match_questions q anti join answers using (item_id, other_item_id)
),
asked as (
    select item_id from questions union select other_item_id from questions
),
facts as (
    select
        n.item_id,
        n.notice_id,
        n.source_id,
        max(f.value) filter (f.field = 'title') ->> '$' as title,
        max(f.value) filter (f.field = 'source_url') ->> '$' as url,
        max(f.value) filter (f.field = 'funder_name') ->> '$' as funder_name,
        max(f.value) filter (f.field = 'opportunity_type') ->> '$' as opportunity_type,
        max(f.value) filter (f.field = 'currency') ->> '$' as currency,
        list_filter(
            [
                (max(f.value) filter (f.field = 'max_award_amount') ->> '$')::decimal(18, 2),
                (max(f.value) filter (f.field = 'min_award_amount') ->> '$')::decimal(18, 2),
                (max(f.value) filter (f.field = 'total_amount_available') ->> '$')::decimal(18, 2)
            ],
            lambda amount: amount > 0
        ) as amounts,
        coalesce(from_json(max(f.value) filter (f.field = 'host_countries'), '["VARCHAR"]'), []) as host_countries
    from asked a
    join staging.stg_item_notices n on n.item_id = a.item_id and n.valid_to_at is null
    left join staging.stg_facts f on f.notice_id = n.notice_id
    group by n.item_id, n.notice_id, n.source_id
),
closings as (
    select notice_id, list(distinct close_date::varchar order by close_date::varchar) as close_dates
    from staging.stg_deadlines
    where notice_id in (select notice_id from facts)
    group by notice_id
),
pages as (
    select
        f.*,
        lower(strip_accents(trim(f.title))) as plain_title,
        lower(strip_accents(trim(f.funder_name))) as plain_funder,
        coalesce(s.source_name, f.source_id) as source_name,
        coalesce(c.close_dates, []) as close_dates
    from facts f
    left join closings c using (notice_id)
    left join staging.stg_sources s on s.source_id = f.source_id
)
select
    q.item_id,
    q.other_item_id,
    q.chance,
    list_filter(
        [
            case when o.verdict = 'same' then 'un modelo de lenguaje opina que son la misma' end,
            case when a.plain_title = b.plain_title then 'tienen el mismo título' end,
            case when a.plain_funder = b.plain_funder then 'las convoca la misma entidad: ' || a.funder_name end,
            case
                when list_has_any(a.close_dates, b.close_dates)
                then 'cierran el mismo día: ' || array_to_string(list_sort(list_intersect(a.close_dates, b.close_dates)), ', ')
            end,
            case
                when list_has_any(a.amounts, b.amounts) and a.currency is not distinct from b.currency
                then 'dan el mismo monto: ' || format('{:t.}', trunc(list_max(list_intersect(a.amounts, b.amounts)))::bigint)
                    || coalesce(' ' || a.currency, '')
            end,
            case
                when list_has_any(a.host_countries, b.host_countries)
                then 'ocurren en el mismo país: ' || array_to_string(list_sort(list_intersect(a.host_countries, b.host_countries)), ', ')
            end
        ],
        lambda words: words is not null
    ) as speaks_for,
    list_filter(
        [
            case when a.source_id = b.source_id then 'la misma fuente las publica por separado' end,
            case
                when not contains(a.plain_funder, b.plain_funder) and not contains(b.plain_funder, a.plain_funder)
                then 'nombran a convocantes distintos: ' || a.funder_name || ' / ' || b.funder_name
            end,
            case
                when len(a.close_dates) > 0 and len(b.close_dates) > 0 and not list_has_any(a.close_dates, b.close_dates)
                then 'cierran en días distintos: ' || a.close_dates[-1] || ' / ' || b.close_dates[-1]
            end,
            case
                when len(a.amounts) > 0 and len(b.amounts) > 0 and a.currency = b.currency and not list_has_any(a.amounts, b.amounts)
                then 'dan montos distintos: ' || format('{:t.}', trunc(list_max(a.amounts))::bigint)
                    || ' / ' || format('{:t.}', trunc(list_max(b.amounts))::bigint) || ' ' || a.currency
            end,
            case
                when a.opportunity_type <> b.opportunity_type
                then 'son de tipos distintos: ' || coalesce(t.label, a.opportunity_type) || ' / ' || coalesce(u.label, b.opportunity_type)
            end,
            case
                when len(a.host_countries) > 0 and len(b.host_countries) > 0 and not list_has_any(a.host_countries, b.host_countries)
                then 'ocurren en países distintos: ' || array_to_string(a.host_countries, ', ') || ' / ' || array_to_string(b.host_countries, ', ')
            end
        ],
        lambda words: words is not null
    ) as speaks_against,
    own.code,
    other.code as other_code,
    q.opportunity_id,
    q.other_opportunity_id,
    a.title,
    b.title as other_title,
    a.url,
    b.url as other_url,
    a.source_name,
    b.source_name as other_source_name,
    a.close_dates,
    b.close_dates as other_close_dates
from questions q
left join staging.stg_match_opinions o using (item_id, other_item_id)
left join pages a on a.item_id = q.item_id
left join pages b on b.item_id = q.other_item_id
left join staging.stg_identities own on own.opportunity_id = q.opportunity_id
left join staging.stg_identities other on other.opportunity_id = q.other_opportunity_id
left join staging.stg_terms t on t.vocabulary = 'opportunity_types' and t.code = a.opportunity_type
left join staging.stg_terms u on u.vocabulary = 'opportunity_types' and u.code = b.opportunity_type
