/* ---
description: "Los valores que cambiaron o no coinciden, en palabras: «EUR 12.000», «15 ene 2027, 23:59 (Europe/Berlin)»."
grain: [notice_id, field]
columns:
  notice_id:
  field:
  value_es:
--- */
with wanted as (
    select notice_id, field from intermediate.int_conflicts
    union
    select other_notice_id, field from intermediate.int_conflicts
    union
    select old_notice_id, field from intermediate.int_changes where old_value is not null
    union
    select notice_id, field from intermediate.int_changes where new_value is not null
),
valued as (
    select w.notice_id, w.field, f.value, c.value ->> '$' as currency
    from wanted w
    join staging.stg_facts f on f.notice_id = w.notice_id and f.field = w.field
    left join staging.stg_facts c on c.notice_id = w.notice_id and c.field = 'currency'
),
vocabularies(field, vocabulary) as (
    values
        ('opportunity_type', 'opportunity_types'), ('funding_instrument', 'funding_instruments'),
        ('attendance_mode', 'attendance_modes'), ('accepted_applicant_types', 'applicant_types'),
        ('audiences', 'audiences'), ('eligible_regions', 'country_groups'), ('home_eligible', 'home_eligible'),
        ('isced_levels', 'isced_levels'), ('funding_level', 'funding_levels'), ('coverage', 'coverage'),
        ('close_model', 'close_models'), ('sdg_goals', 'sdg_goals'), ('plan_objectives', 'plan_objectives'),
        ('red_flags', 'red_flags')
),
parts as (
    select notice_id, field, unnest(range(1, len(codes) + 1)) as place, unnest(codes) as code
    from (
        select
            notice_id, field,
            case when json_type(value) = 'ARRAY' then from_json(value, '["VARCHAR"]') else [value ->> '$'] end as codes
        from valued
        where field <> 'deadlines'
    )
),
labelled as (
    select p.notice_id, p.field, string_agg(coalesce(t.label, p.code), '; ' order by p.place) as words
    from parts p
    left join vocabularies v using (field)
    left join staging.stg_terms t on t.vocabulary = v.vocabulary and t.code = p.code
    group by p.notice_id, p.field
),
closings as (
    select
        d.notice_id,
        string_agg(
            case when d.closing_count > 1 then coalesce(t.label, d.stage) || ': ' else '' end
            || day(d.close_date)::varchar || ' '
            || ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sep', 'oct', 'nov', 'dic'][month(d.close_date)]
            || ' ' || year(d.close_date)::varchar
            || coalesce(', ' || left(d.close_time::varchar, 5), '')
            || case when d.close_time is not null and d.timezone is not null then ' (' || d.timezone || ')' else '' end,
            '; ' order by d.seq
        ) as words
    from (select *, count(*) over (partition by notice_id) as closing_count from staging.stg_deadlines) d
    left join staging.stg_terms t on t.vocabulary = 'deadline_stages' and t.code = d.stage
    group by d.notice_id
)
select
    v.notice_id,
    v.field,
    case
        when v.field = 'deadlines' then c.words
        when v.field in ('min_award_amount', 'max_award_amount', 'total_amount_available') then
            format('{:t.}', trunc((v.value ->> '$')::decimal(18, 2))::bigint)
            || case
                when (v.value ->> '$')::decimal(18, 2) % 1 = 0 then ''
                else ',' || right((v.value ->> '$')::decimal(18, 2)::varchar, 2)
            end
            || coalesce(' ' || v.currency, '')
        when json_type(v.value) = 'BOOLEAN' then case v.value ->> '$' when 'true' then 'sí' else 'no' end
        else l.words
    end as value_es
from valued v
left join closings c on v.field = 'deadlines' and c.notice_id = v.notice_id
left join labelled l on l.notice_id = v.notice_id and l.field = v.field
