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
with told as (
    select
        m.opportunity_id, m.moment_at, m.is_current, n.item_id, n.notice_id,
        row_number() over (
            partition by m.opportunity_id, m.moment_at
            order by
                (notice.authority = 'official') desc, coalesce(s.platform = 'archive', false), n.valid_from_at desc,
                n.item_id
        ) as place,
        count(*) over (partition by m.opportunity_id, m.moment_at) as notice_count
    from intermediate.int_moments m
    join staging.stg_matches i on i.opportunity_id = m.opportunity_id
    join staging.stg_item_notices n
        on n.item_id = i.item_id
        and n.valid_from_at <= m.moment_at
        and (n.valid_to_at is null or n.valid_to_at > m.moment_at)
    join staging.stg_notices notice on notice.notice_id = n.notice_id
    left join staging.stg_sources s on s.source_id = n.source_id
),
units as (
    select distinct f.notice_id, d.unit
    from staging.stg_facts f
    join staging.stg_fields d using (field)
),
candidates as (
    select t.*, u.unit from told t join units u using (notice_id)
)
-- where one notice speaks alone, which is nearly always, there is nobody to compare it with
select opportunity_id, moment_at, unit, item_id, notice_id, is_current
from candidates
where notice_count = 1
union all
select opportunity_id, moment_at, unit, item_id, notice_id, is_current
from candidates
where notice_count > 1
qualify row_number() over (partition by opportunity_id, moment_at, unit order by place) = 1
