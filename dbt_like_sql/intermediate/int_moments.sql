/* ---
description: Los instantes en que cambió lo que se sabe de cada oportunidad.
grain: [opportunity_id, moment_at]
columns:
  opportunity_id:
  moment_at: {type: timestamptz, label: Instante, description: Cuándo se vio un texto nuevo.}
  is_current: {type: boolean, label: Es el de hoy, description: Si es el último.}
--- */
select
    m.opportunity_id,
    n.valid_from_at as moment_at,
    n.valid_from_at = max(n.valid_from_at) over (partition by m.opportunity_id) as is_current
from (
    select distinct m.opportunity_id, n.valid_from_at
    from staging.stg_matches m
    join staging.stg_item_notices n on n.item_id = m.item_id
) n
join (select distinct opportunity_id from staging.stg_matches) m using (opportunity_id)
