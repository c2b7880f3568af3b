/* ---
description: "Cuándo cambió por última vez lo que la fuente dice del cierre de una oportunidad, o volvió a publicarla. Nunca retrocede."
grain: [opportunity_id]
columns:
  opportunity_id:
  turned_at: {type: timestamptz, label: Último giro, description: "Último instante en que la fuente movió un cierre, dejó de ser convocatoria o reapareció."}
--- */
with moved as (
    select opportunity_id, moment_at as turned_at from intermediate.int_changes where field in ('deadlines', 'is_opportunity')
),
visits as (
    select item_id, checked_at, outcome, lag(outcome) over (partition by target_id order by checked_at, crawl_id) as before
    from staging.stg_rechecks
    where item_id is not null and outcome in ('ok', 'gone', 'closed_marker')
),
returned as (
    -- its page is there again
    select item_id, checked_at as turned_at from visits where outcome = 'ok' and before <> 'ok'
    union all
    -- a text newer than a visit that did not find it is the page back again
    select n.item_id, n.valid_from_at
    from staging.stg_item_notices n
    join (select item_id, min(checked_at) as gone_at from visits where outcome <> 'ok' group by item_id) v using (item_id)
    where n.valid_from_at > v.gone_at
),
sightings as (
    select s.item_id, s.source_id, s.seen_at, lag(s.seen_at) over (partition by s.item_id order by s.seen_at) as before_at
    from staging.stg_sightings s
    join staging.stg_sources listing on listing.source_id = s.source_id and listing.complete_listing
),
listed_again as (
    -- between two sightings there was a good visit to the complete list that lacked it
    select s.item_id, s.seen_at as turned_at
    from (select * from sightings where before_at is not null) s
    asof join (select source_id, crawled_at from staging.stg_crawls where is_good) c
        on c.source_id = s.source_id and c.crawled_at > s.before_at
    where c.crawled_at < s.seen_at
),
turns as (
    select opportunity_id, turned_at from moved
    union all
    select i.opportunity_id, r.turned_at from returned r join intermediate.int_items i using (item_id)
    union all
    select i.opportunity_id, l.turned_at from listed_again l join intermediate.int_items i using (item_id)
)
select opportunity_id, max(turned_at) as turned_at from turns group by opportunity_id
