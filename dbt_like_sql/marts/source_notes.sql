/* ---
description: "«La fuente indica ahora…»: lo que la fuente dice hoy y difiere de lo aprobado en cierre o existencia."
grain: [opportunity_id, kind]
columns:
  opportunity_id:
  kind: {description: "extended, shortened, closed o vanished (vocabulario source_note_kinds)."}
  old_value: {type: text, label: Aprobado, description: Fecha aprobada.}
  new_value: {type: text, label: Ahora, description: Fecha que la fuente indica ahora.}
  quote:
  url:
  seen_at: {type: timestamptz, label: Visto el, description: Cuándo se vio.}
checks:
  - in_vocabulary: {kind: source_note_kinds}
publish: [curated, powerbi]
--- */
with approved as (
    select
        r.opportunity_id,
        max(d.close_date) as close_date
    from intermediate.int_reviews r,
        lateral (
            select unnest(from_json(json_extract(r.content, '$.deadlines'), '[{"close_date": "DATE"}]')).close_date
                as close_date
        ) d
    where r.content is not null
    group by r.opportunity_id
),
now_says as (
    select opportunity_id, max(close_date) as close_date, any_value(notice_id) as notice_id
    from intermediate.int_deadlines
    group by opportunity_id
),
moved as (
    select
        a.opportunity_id,
        case when n.close_date > a.close_date then 'extended' else 'shortened' end as kind,
        a.close_date::varchar as old_value,
        n.close_date::varchar as new_value,
        (
            select arg_min(e.quote, e.seq) from intermediate.int_evidence e
            where e.notice_id = n.notice_id and e.field = 'deadlines'
        ) as quote,
        notice.url,
        notice.first_seen_at as seen_at
    from approved a
    join now_says n using (opportunity_id)
    join staging.stg_notices notice on notice.notice_id = n.notice_id
    where n.close_date <> a.close_date
),
vanished as (
    select
        o.opportunity_id,
        'vanished' as kind,
        null as old_value,
        null as new_value,
        null as quote,
        o.source_url as url,
        (select min(i.vanished_at) from intermediate.int_items i where i.opportunity_id = o.opportunity_id) as seen_at
    from intermediate.int_opportunities o
    join intermediate.int_reviews r using (opportunity_id)
    where o.is_vanished and r.content is not null
),
turned as (
    select
        o.opportunity_id,
        'closed' as kind,
        null as old_value,
        null as new_value,
        null as quote,
        o.source_url as url,
        o.last_modified_at as seen_at
    from intermediate.int_opportunities o
    join intermediate.int_reviews r using (opportunity_id)
    where not o.is_opportunity and not o.is_vanished and r.content is not null
)
select opportunity_id, kind, old_value, new_value, quote, url, seen_at from moved
union all
select opportunity_id, kind, old_value, new_value, quote, url, seen_at from vanished
union all
select opportunity_id, kind, old_value, new_value, quote, url, seen_at from turned
