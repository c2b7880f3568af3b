/* ---
description: El próximo cierre y el estado de cada oportunidad a la fecha de corte.
grain: [opportunity_id]
columns:
  opportunity_id:
  otherwise_status: {type: text, label: Estado si no fue cancelada, description: "El que tendría si no fuera cierto que la cancelaron; si su fuente no lo dice, su estado."}
  status:
  opening_date:
  close_date:
  close_time:
  close_at:
  close_timezone:
  open_until_at:
  days_left:
--- */
with next_deadline as (
    select d.*, d.open_until_at > r.as_of as is_ahead
    from intermediate.int_deadlines d
    cross join staging.stg_run r
    qualify row_number() over (
        partition by d.opportunity_id
        order by
            (d.open_until_at > r.as_of) desc,
            case when d.open_until_at > r.as_of then epoch(d.open_until_at) else -epoch(d.open_until_at) end,
            d.seq
    ) = 1
),
archived as (
    -- what only an archive tells of is past, also where nobody wrote down when it closed
    select i.opportunity_id
    from intermediate.int_items i
    left join staging.stg_sources s on s.source_id = i.source_id
    group by i.opportunity_id
    having bool_and(coalesce(s.platform = 'archive', false))
)
select
    o.opportunity_id,
    case
        -- what its page closed, or what is no longer published, nobody can apply to
        when not o.is_opportunity or o.is_vanished or not coalesce(n.is_ahead, true) or archived.opportunity_id is not null
            then 'closed'
        -- what opens after its call closes is an exhibition or a course
        when a.is_forecast or (a.opening_date > r.as_of_date and coalesce(a.opening_date <= n.close_date, true))
            then 'forecasted'
        else 'open'
    end as otherwise_status,
    case when cancelled.opportunity_id is not null then 'cancelled' else otherwise_status end as status,
    a.opening_date,
    n.close_date,
    n.close_time,
    n.close_at,
    n.close_timezone,
    n.open_until_at,
    -- a day that is over here may not be where the deadline is
    greatest(n.close_date - r.as_of_date, case when n.is_ahead then 0 end)::bigint as days_left
from intermediate.int_opportunities o
left join next_deadline n using (opportunity_id)
left join archived using (opportunity_id)
left join intermediate.int_cancellations cancelled using (opportunity_id)
left join staging.stg_openings a on a.notice_id = o.lead_notice_id
cross join staging.stg_run r
