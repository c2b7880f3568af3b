/* ---
description: Qué aviso manda en cada grupo de campos en cada instante; el oficial, si no el más nuevo; un archivo, solo donde no hay otro.
grain: [opportunity_id, moment_at, unit]
columns:
  opportunity_id:
  moment_at: {type: timestamptz, label: Instante, description: Cuándo se vio un texto nuevo.}
  unit: {type: text, label: Unidad, description: Campos que se toman siempre del mismo anuncio.}
  item_id:
  notice_id:
  is_current: {type: boolean, label: Es el de hoy, description: Si es el último instante.}
--- */
with units as (
    select distinct f.notice_id, d.unit
    from staging.stg_facts f
    join staging.stg_fields d using (field)
)
select m.opportunity_id, m.moment_at, u.unit, n.item_id, n.notice_id, m.is_current
from intermediate.int_moments m
join staging.stg_matches i on i.opportunity_id = m.opportunity_id
join staging.stg_item_notices n
    on n.item_id = i.item_id
    and n.valid_from_at <= m.moment_at
    and (n.valid_to_at is null or n.valid_to_at > m.moment_at)
join units u on u.notice_id = n.notice_id
join staging.stg_notices notice on notice.notice_id = n.notice_id
left join staging.stg_sources s on s.source_id = n.source_id
qualify row_number() over (
    partition by m.opportunity_id, m.moment_at, u.unit
    order by
        (notice.authority = 'official') desc, coalesce(s.platform = 'archive', false), n.valid_from_at desc, n.item_id
) = 1
