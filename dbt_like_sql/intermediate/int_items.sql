/* ---
description: Una fila por anuncio que pertenece a una oportunidad, con su aviso de hoy y si su fuente lo sigue publicando.
grain: [item_id]
columns:
  item_id:
  opportunity_id:
  source_id:
  authority:
  notice_id:
  url:
  language:
  first_seen_at:
  last_verified_at:
  last_modified_at:
  is_vanished:
  vanished_at: {type: timestamptz, label: Desapareció el, description: Primera visita buena que ya no la encontró abierta.}
  vanished_how: {type: text, label: Cómo desapareció, description: "missing si su lista completa ya no la trae; gone si su página ya no está; closed si su página dice que cerró."}
--- */
with seen as (
    select item_id, max(seen_at) as last_seen_at from staging.stg_sightings group by item_id
),
listed as (
    -- only a complete listing can say that something is gone
    select m.item_id, n.source_id, coalesce(seen.last_seen_at, n.valid_from_at) as last_seen_at
    from staging.stg_matches m
    join staging.stg_item_notices n on n.item_id = m.item_id and n.valid_to_at is null
    join staging.stg_sources s on s.source_id = n.source_id and s.complete_listing
    left join seen on seen.item_id = m.item_id
),
misses as (
    -- the first good visit after it was last seen, without pairing it with all that followed
    select l.item_id, c.crawled_at as vanished_at
    from listed l
    asof join (select source_id, crawled_at from staging.stg_crawls where is_good) c
        on c.source_id = l.source_id and c.crawled_at > l.last_seen_at
),
gone as (
    -- what a page said on two days; a text newer than the last of them is the page back again
    select r.item_id, r.since_at, r.last_at, case r.outcome when 'closed_marker' then 'closed' else 'gone' end as how
    from intermediate.int_rechecks r
    where r.item_id is not null and r.is_absent
),
history as (
    select item_id, min(valid_from_at) as first_seen_at, max(valid_from_at) as last_modified_at
    from staging.stg_item_notices
    group by item_id
)
select
    m.item_id,
    m.opportunity_id,
    n.source_id,
    notice.authority,
    n.notice_id,
    notice.url,
    notice.language,
    history.first_seen_at,
    greatest(history.last_modified_at, seen.last_seen_at, visit.last_ok_at) as last_verified_at,
    history.last_modified_at,
    coalesce(gone.since_at, misses.vanished_at) is not null as is_vanished,
    least(gone.since_at, misses.vanished_at) as vanished_at,
    coalesce(gone.how, case when misses.vanished_at is not null then 'missing' end) as vanished_how
from staging.stg_matches m
join staging.stg_item_notices n on n.item_id = m.item_id and n.valid_to_at is null
join staging.stg_notices notice on notice.notice_id = n.notice_id
join history on history.item_id = m.item_id
left join seen on seen.item_id = m.item_id
left join misses on misses.item_id = m.item_id
left join intermediate.int_rechecks visit on visit.item_id = m.item_id
left join gone on gone.item_id = m.item_id and n.valid_from_at <= gone.last_at
