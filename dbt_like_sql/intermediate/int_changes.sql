/* ---
description: Qué campo cambió, de qué a qué, cuándo, en qué anuncio y por qué.
grain: [opportunity_id, moment_at, field]
columns:
  opportunity_id:
  moment_at: {type: timestamptz, label: Instante, description: Cuándo se vio el cambio.}
  field:
  field_group:
  old_value: {type: text, label: Antes, description: "Valor anterior, en JSON."}
  new_value: {type: text, label: Ahora, description: "Valor nuevo, en JSON."}
  item_id:
  old_notice_id: {type: text, label: Aviso anterior, description: Aviso que decía lo anterior.}
  notice_id:
  cause:
  is_public:
  version_number: {description: Versión que estaba vigente desde este cambio; solo los cambios públicos hacen una nueva.}
--- */
with moments as (
    -- what was seen at one moment only has not changed
    select opportunity_id, moment_at, count(*) over (partition by opportunity_id) as moment_count
    from intermediate.int_moments
    qualify moment_count > 1
),
known as (
    select v.opportunity_id, v.moment_at, v.field, v.value, v.item_id, v.notice_id
    from intermediate.int_values v
    semi join moments using (opportunity_id)
),
spans as (
    -- what had one value at every moment has not changed
    select opportunity_id, field, count(*) as told_count, min(value) <> max(value) as varies
    from known
    group by opportunity_id, field
),
grid as (
    select m.opportunity_id, m.moment_at, f.field
    from moments m
    join spans f on f.opportunity_id = m.opportunity_id and (f.varies or f.told_count < m.moment_count)
),
filled as (
    select g.opportunity_id, g.moment_at, g.field, v.value, v.item_id, v.notice_id
    from grid g
    left join known v using (opportunity_id, moment_at, field)
),
compared as (
    select
        *,
        lag(value) over history as old_value,
        lag(item_id) over history as old_item_id,
        lag(notice_id) over history as old_notice_id,
        lag(moment_at) over history as old_moment_at
    from filled
    window history as (partition by opportunity_id, field order by moment_at)
),
changed as (
    -- the announcement that says it, or said it
    select *, coalesce(item_id, old_item_id) as told_item_id, coalesce(item_id <> old_item_id, false) as is_another
    from compared
    where old_moment_at is not null and value is distinct from old_value
),
told as (
    -- what that announcement said before, and what it says now: a value that is gone has a notice that lacks it
    select
        c.opportunity_id, c.moment_at, c.field, c.old_value, c.value, c.told_item_id as item_id,
        case when c.is_another then c.old_notice_id else before.notice_id end as old_notice_id,
        now.notice_id,
        c.is_another or before.notice_id is null or before.notice_id = now.notice_id as is_of_items
    from changed c
    join staging.stg_item_notices now
        on now.item_id = c.told_item_id
        and now.valid_from_at <= c.moment_at and (now.valid_to_at is null or now.valid_to_at > c.moment_at)
    left join staging.stg_item_notices before
        on before.item_id = c.told_item_id
        and before.valid_from_at <= c.old_moment_at
        and (before.valid_to_at is null or before.valid_to_at > c.old_moment_at)
),
sides as (
    select opportunity_id, moment_at, field, old_notice_id as quoted_id, notice_id as other_id from told where not is_of_items
    union all
    select opportunity_id, moment_at, field, notice_id, old_notice_id from told where not is_of_items
),
proofs as (
    -- the words that proved the old value are gone, or those that prove the new one were not there
    select s.opportunity_id, s.moment_at, s.field, bool_or(not contains(other.text, e.quote)) as is_reworded
    from sides s
    join staging.stg_evidence e on e.notice_id = s.quoted_id and e.field = s.field
    join staging.stg_notices other on other.notice_id = s.other_id
    group by s.opportunity_id, s.moment_at, s.field
),
caused as (
    select
        t.*,
        d.field_group,
        case
            when t.is_of_items then 'items'
            when d.unit = 'lead' or coalesce(p.is_reworded, false) then 'source'
            when new_reading.reader_version is distinct from old_reading.reader_version then 'reader'
            -- the same words and one reader: where a link leads is not in its words
            when p.is_reworded is null or d.field_group = 'link' then 'source'
            else 'reader'
        end as cause
    from told t
    join staging.stg_fields d using (field)
    left join proofs p using (opportunity_id, moment_at, field)
    left join staging.stg_readings new_reading on new_reading.notice_id = t.notice_id
    left join staging.stg_readings old_reading on old_reading.notice_id = t.old_notice_id
)
select
    opportunity_id, moment_at, field, field_group, old_value, value as new_value, item_id, old_notice_id, notice_id,
    cause,
    cause = 'source' as is_public,
    1 + count(distinct case when cause = 'source' then moment_at end) over (
        partition by opportunity_id order by moment_at
    ) as version_number
from caused
