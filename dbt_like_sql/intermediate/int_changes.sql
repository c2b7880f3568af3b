/* ---
description: Qué campo cambió, de qué a qué, cuándo y en qué anuncio.
grain: [opportunity_id, moment_at, field]
columns:
  opportunity_id:
  moment_at: {type: timestamptz, label: Instante, description: Cuándo se vio el cambio.}
  field:
  field_group: {type: text, label: Grupo, description: "dates, money, eligibility, link, text o class."}
  old_value: {type: text, label: Antes, description: "Valor anterior, en JSON."}
  new_value: {type: text, label: Ahora, description: "Valor nuevo, en JSON."}
  item_id:
  notice_id:
  cause: {type: text, label: Causa, description: "source si cambió el texto; reader si cambió la lectura."}
  is_public: {type: boolean, label: Cambio público, description: Si el texto del mismo anuncio cambió y lo leyó la misma versión.}
--- */
with grid as (
    select m.opportunity_id, m.moment_at, f.field
    from intermediate.int_moments m
    join (select distinct opportunity_id, field from intermediate.int_values) f using (opportunity_id)
),
winners as (
    -- a value that disappears still has a notice that no longer says it
    select w.opportunity_id, w.moment_at, w.item_id, w.notice_id
    from intermediate.int_winners w
    where w.unit = 'lead'
),
filled as (
    select
        g.opportunity_id, g.moment_at, g.field, v.value,
        coalesce(v.item_id, w.item_id) as item_id,
        coalesce(v.notice_id, w.notice_id) as notice_id
    from grid g
    left join intermediate.int_values v using (opportunity_id, moment_at, field)
    left join winners w using (opportunity_id, moment_at)
),
compared as (
    select
        *,
        lag(value) over history as old_value,
        lag(item_id) over history as old_item_id,
        lag(notice_id) over history as old_notice_id,
        row_number() over history as moment_number
    from filled
    window history as (partition by opportunity_id, field order by moment_at)
)
select
    c.opportunity_id,
    c.moment_at,
    c.field,
    d.field_group,
    c.old_value,
    c.value as new_value,
    c.item_id,
    c.notice_id,
    case when new_reading.reader_version is distinct from old_reading.reader_version then 'reader' else 'source' end
        as cause,
    c.item_id is not distinct from c.old_item_id
    and new_reading.reader_version is not distinct from old_reading.reader_version as is_public
from compared c
join staging.stg_fields d using (field)
left join staging.stg_readings new_reading on new_reading.notice_id = c.notice_id
left join staging.stg_readings old_reading on old_reading.notice_id = c.old_notice_id
where c.moment_number > 1 and c.value is distinct from c.old_value
