/* ---
description: Qué dice otro anuncio de la misma oportunidad cuando no dice lo mismo que el que manda, y si se contradicen.
grain: [opportunity_id, field, other_notice_id]
columns:
  opportunity_id:
  field:
  value: {description: "Valor que se muestra, en JSON."}
  notice_id: {description: Aviso del que se toma el valor que se muestra.}
  other_value: {type: text, label: Otro valor, description: "Valor que no se usa, en JSON."}
  other_notice_id: {type: text, label: Otro aviso, description: Aviso que da el otro valor.}
  is_conflict: {type: boolean, label: Se contradicen, description: "Si los dos valores no pueden ser ciertos a la vez; falso si uno solo es más preciso o más completo."}
--- */
with compared_fields as (
    select unnest([
        'deadlines', 'min_award_amount', 'max_award_amount', 'total_amount_available', 'estimated_award_count',
        'home_eligible', 'eligible_regions', 'accepted_applicant_types', 'typical_age_range', 'application_fee',
        'funding_level', 'apply_url', 'opportunity_number', 'opportunity_type'
    ]) as field
),
pairs as (
    select
        v.opportunity_id, v.field, v.value, v.notice_id, f.value as other_value, i.notice_id as other_notice_id,
        own.value ->> '$' as currency, other.value ->> '$' as other_currency, i.url as other_page
    from intermediate.int_values v
    join compared_fields using (field)
    join intermediate.int_items i
        on i.opportunity_id = v.opportunity_id and i.notice_id <> v.notice_id and not i.is_vanished
    join staging.stg_facts f on f.notice_id = i.notice_id and f.field = v.field
    left join staging.stg_facts own on own.notice_id = v.notice_id and own.field = 'currency'
    left join staging.stg_facts other on other.notice_id = i.notice_id and other.field = 'currency'
    where v.is_current
),
same_deadlines as (
    -- an hour or a zone that only one of them prints is precision; two hours of one instant are the same
    select
        p.opportunity_id, p.other_notice_id, a.seq as a_seq, b.seq as b_seq,
        case
            when a.close_time is null or b.close_time is null then a.close_date = b.close_date
            when a.timezone is null or b.timezone is null or 'assumed' in (a.basis, b.basis)
                then a.close_date = b.close_date and a.close_time = b.close_time
            else (a.close_date + a.close_time) at time zone a.timezone = (b.close_date + b.close_time) at time zone b.timezone
        end as is_same
    from pairs p
    join staging.stg_deadlines a on a.notice_id = p.notice_id
    join staging.stg_deadlines b on b.notice_id = p.other_notice_id
    where p.field = 'deadlines'
),
deadlines as (
    -- one list may be a part of the other: a page that names only the next cut-off denies none
    select opportunity_id, other_notice_id, bool_and(a_found) or bool_and(b_found) as is_part
    from (
        select
            opportunity_id, other_notice_id,
            bool_or(is_same) over (partition by opportunity_id, other_notice_id, a_seq) as a_found,
            bool_or(is_same) over (partition by opportunity_id, other_notice_id, b_seq) as b_found
        from same_deadlines
    )
    group by opportunity_id, other_notice_id
),
lists as (
    select
        opportunity_id, field, other_notice_id,
        from_json(value, '["VARCHAR"]') as one,
        from_json(other_value, '["VARCHAR"]') as two
    from pairs
    where field in ('eligible_regions', 'accepted_applicant_types')
),
links as (
    select
        opportunity_id, other_notice_id,
        rtrim(regexp_extract(value ->> '$', '^https?://(?:www\.)?([^?#]*)', 1), '/') as one,
        rtrim(regexp_extract(other_value ->> '$', '^https?://(?:www\.)?([^?#]*)', 1), '/') as two,
        lower(regexp_extract(value ->> '$', '^https?://(?:www\.)?([^/:?#]+)', 1)) as one_host,
        lower(regexp_extract(other_value ->> '$', '^https?://(?:www\.)?([^/:?#]+)', 1)) as two_host,
        lower(regexp_extract(other_page, '^https?://(?:www\.)?([^/:?#]+)', 1)) as page_host
    from pairs
    where field = 'apply_url'
),
official_hosts as (
    select opportunity_id, lower(regexp_extract(url, '^https?://(?:www\.)?([^/:?#]+)', 1)) as host
    from intermediate.int_items
    where authority = 'official'
),
link_verdicts as (
    -- another page of the same place, its own page, or a page of the convener leads to the same call
    select
        opportunity_id, other_notice_id,
        one = two as is_same,
        not (
            one_host = two_host or one_host like '%.' || two_host or two_host like '%.' || one_host
            or two_host = page_host
            or exists (
                select 1 from official_hosts o where o.opportunity_id = links.opportunity_id and o.host = links.two_host
            )
        ) as is_conflict
    from links
),
judged as (
    select
        p.opportunity_id, p.field, p.value, p.notice_id, p.other_value, p.other_notice_id,
        case
            when p.field in ('min_award_amount', 'max_award_amount', 'total_amount_available') then
                (p.value ->> '$')::decimal(18, 2) <> (p.other_value ->> '$')::decimal(18, 2)
                or coalesce(p.currency <> p.other_currency, false)
            when p.field = 'deadlines' then not d.is_part
            -- regions and kinds of applicant: a group may hold the other's countries, a list may name only some
            when p.field = 'eligible_regions' then
                not list_has_any(l.one, l.two)
                and len(list_filter(list_concat(l.one, l.two), lambda code: length(code) > 2)) = 0
            when p.field = 'accepted_applicant_types' then not list_has_any(l.one, l.two)
            when p.field = 'typical_age_range' then
                coalesce(nullif(split_part(p.value ->> '$', '-', 1), '') <> nullif(split_part(p.other_value ->> '$', '-', 1), ''), false)
                or coalesce(nullif(split_part(p.value ->> '$', '-', 2), '') <> nullif(split_part(p.other_value ->> '$', '-', 2), ''), false)
            when p.field = 'funding_level' then 'unknown' not in (p.value ->> '$', p.other_value ->> '$') and p.value <> p.other_value
            when p.field = 'apply_url' then u.is_conflict
            when p.field = 'opportunity_number' then
                not contains(
                    regexp_replace(upper(p.value ->> '$'), '[^A-Z0-9]', '', 'g'),
                    regexp_replace(upper(p.other_value ->> '$'), '[^A-Z0-9]', '', 'g')
                )
                and not contains(
                    regexp_replace(upper(p.other_value ->> '$'), '[^A-Z0-9]', '', 'g'),
                    regexp_replace(upper(p.value ->> '$'), '[^A-Z0-9]', '', 'g')
                )
            else p.value <> p.other_value
        end as is_conflict,
        case
            when p.field in ('eligible_regions', 'accepted_applicant_types')
                then list_has_all(l.one, l.two) and list_has_all(l.two, l.one)
            when p.field = 'apply_url' then u.is_same
            when p.field like '%amount%' then p.value = p.other_value and not coalesce(p.currency <> p.other_currency, false)
            else p.value = p.other_value
        end as is_same
    from pairs p
    left join deadlines d
        on p.field = 'deadlines' and d.opportunity_id = p.opportunity_id and d.other_notice_id = p.other_notice_id
    left join lists l
        on l.opportunity_id = p.opportunity_id and l.field = p.field and l.other_notice_id = p.other_notice_id
    left join link_verdicts u
        on p.field = 'apply_url' and u.opportunity_id = p.opportunity_id and u.other_notice_id = p.other_notice_id
)
select opportunity_id, field, value, notice_id, other_value, other_notice_id, is_conflict
from judged
where is_conflict or not is_same
