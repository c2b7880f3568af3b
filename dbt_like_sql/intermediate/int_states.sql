/* ---
description: "En qué difiere hoy cada oportunidad aprobada de lo que se publicó de ella (o, si aún no, se aprobó), porque su fuente cambió, cerró o dejó de estar."
grain: [opportunity_id, state, field]
columns:
  opportunity_id:
  state: {type: text, label: Estado, description: Vocabulario opportunity_states.}
  field:
  since_at: {type: timestamptz, label: Desde, description: Cuándo se vio por primera vez.}
  old_value: {type: text, label: Aprobado, description: Lo que se aprobó.}
  new_value: {type: text, label: Ahora, description: Lo que hay ahora.}
  quote:
  url:
  source_id:
checks:
  - in_vocabulary: {state: opportunity_states}
    scope: set
--- */
with withdrawals as (
    select opportunity_id, max(seq) as last_seq from staging.stg_decisions where action = 'withdraw' group by opportunity_id
),
standing as (
    select d.snapshot_sha256, max(d.decided_at) as reviewed_at
    from staging.stg_decisions d
    left join withdrawals w using (opportunity_id)
    where d.action = 'approve' and d.seq > coalesce(w.last_seq, 0)
    group by d.snapshot_sha256
),
shown as (
    -- what was approved anew is not public before its edition: until then people read the text before it
    select p.opportunity_id, s.content, d.reviewed_at
    from staging.stg_publications p
    join staging.stg_snapshots s using (snapshot_sha256)
    join standing d using (snapshot_sha256)
    where p.channel = 'site'
    qualify row_number() over (partition by p.opportunity_id order by p.published_at desc, p.edition_id desc) = 1
),
approved as (
    select
        r.opportunity_id,
        coalesce(shown.reviewed_at, r.reviewed_at) as reviewed_at,
        coalesce(shown.content, r.content) as content,
        coalesce(shown.content, r.content) ->> '$.apply_url' as apply_url,
        coalesce(shown.content, r.content) ->> '$.source_url' as source_url
    from intermediate.int_reviews r
    left join shown using (opportunity_id)
    where r.content is not null
),
lives as (
    -- what was merged into another since it was approved is read where it lives on
    select l.opportunity_id as approved_id, l.survivor_id as opportunity_id
    from intermediate.int_survivors l
    join approved a using (opportunity_id)
),
deadlines_now as (
    select now.* replace (approved_id as opportunity_id) from intermediate.int_deadlines now join lives using (opportunity_id)
),
items_now as (
    select now.* replace (approved_id as opportunity_id) from intermediate.int_items now join lives using (opportunity_id)
),
opportunities_now as (
    select now.* replace (approved_id as opportunity_id) from intermediate.int_opportunities now join lives using (opportunity_id)
),
changes_now as (
    select now.* replace (approved_id as opportunity_id) from intermediate.int_changes now join lives using (opportunity_id)
),
values_now as (
    select now.* replace (approved_id as opportunity_id) from intermediate.int_values now join lives using (opportunity_id)
),
approved_deadlines as (
    select
        opportunity_id, reviewed_at,
        unnest(from_json(
            json_extract(content, '$.deadlines'),
            '[{"close_date": "DATE", "close_time": "TIME", "timezone": "VARCHAR"}]'
        ), recursive := true)
    from approved
),
approved_closings as (
    select opportunity_id, reviewed_at, max(close_date) as close_date from approved_deadlines group by all
),
closings as (
    select opportunity_id, max(close_date) as close_date, any_value(notice_id) as notice_id
    from deadlines_now
    group by opportunity_id
),
edits as (
    select c.opportunity_id, c.field, max(c.moment_at) as since_at, arg_max(c.notice_id, c.moment_at) as notice_id
    from changes_now c
    join approved a using (opportunity_id)
    where
        c.moment_at > a.reviewed_at
        and (
            -- of a deadline also what another announcement, that counts more, has said since
            c.field = 'deadlines' and c.cause <> 'reader'
            or c.is_public and c.field in (
                'min_award_amount', 'max_award_amount', 'total_amount_available', 'currency', 'apply_url'
            )
        )
    group by c.opportunity_id, c.field
),
moved as (
    -- a date that a person corrected differs from the page's too: only one changed or first seen since then says something new
    select
        a.opportunity_id,
        case when c.close_date > a.close_date then 'extended' else 'shortened' end as state,
        'deadlines' as field,
        coalesce(e.since_at, seen.first_seen_at) as since_at,
        a.close_date::varchar as old_value,
        c.close_date::varchar as new_value,
        (
            select arg_min(e.quote, e.seq) from staging.stg_evidence e semi join intermediate.int_items using (notice_id)
            where e.notice_id = c.notice_id and e.field = 'deadlines'
        ) as quote,
        notice.url,
        notice.source_id
    from approved_closings a
    join closings c using (opportunity_id)
    join staging.stg_notices notice on notice.notice_id = c.notice_id
    left join edits e on e.opportunity_id = a.opportunity_id and e.field = 'deadlines'
    left join intermediate.int_items seen on seen.notice_id = c.notice_id and seen.first_seen_at > a.reviewed_at
    where c.close_date <> a.close_date and coalesce(e.since_at, seen.first_seen_at) is not null
),
quotes as (
    select proof.notice_id, proof.field, arg_min(proof.quote, proof.seq) as quote
    from staging.stg_evidence proof
    semi join edits using (notice_id, field)
    semi join intermediate.int_items using (notice_id)
    group by proof.notice_id, proof.field
),
printed as (
    select distinct opportunity_id, close_date, told, is_now
    from (
        select opportunity_id, close_date, close_time, close_timezone, true as is_now from deadlines_now
        union all
        select opportunity_id, close_date, close_time, timezone, false from approved_deadlines
    )
    cross join lateral (
        select concat_ws(' ', close_date::varchar, left(close_time::varchar, 5), close_timezone) as told
    )
    cross join staging.stg_run run
    where close_date >= run.as_of_date
),
differing as (
    select opportunity_id, told, any_value(is_now) as is_now from printed group by opportunity_id, told having count(*) = 1
),
rescheduled as (
    -- an hour, or a stage that is not the last
    select
        d.opportunity_id,
        'deadline_changed' as state,
        'deadlines' as field,
        any_value(e.since_at) as since_at,
        string_agg(d.told, '; ' order by d.told) filter (not d.is_now) as old_value,
        string_agg(d.told, '; ' order by d.told) filter (d.is_now) as new_value,
        any_value(q.quote) as quote,
        any_value(notice.url) as url,
        any_value(notice.source_id) as source_id
    from differing d
    join edits e on e.opportunity_id = d.opportunity_id and e.field = 'deadlines'
    join staging.stg_notices notice on notice.notice_id = e.notice_id
    left join quotes q on q.notice_id = e.notice_id and q.field = e.field
    left join moved m on m.opportunity_id = d.opportunity_id
    where m.opportunity_id is null or left(d.told, 10) not in (m.old_value, m.new_value)
    group by d.opportunity_id
),
edited as (
    select
        e.opportunity_id,
        case e.field when 'apply_url' then 'link_changed' else 'amount_changed' end as state,
        e.field,
        e.since_at,
        case
            when e.field like '%amount%' then try_cast(a.content ->> ('$.' || e.field) as decimal(18, 2))::varchar
            else a.content ->> ('$.' || e.field)
        end as old_value,
        case
            when e.field like '%amount%' then try_cast(v.value ->> '$' as decimal(18, 2))::varchar
            else v.value ->> '$'
        end as new_value,
        q.quote,
        notice.url,
        notice.source_id
    from edits e
    join approved a
        on e.field <> 'deadlines' and a.opportunity_id = e.opportunity_id and json_exists(a.content, '$.' || e.field)
    join staging.stg_notices notice on notice.notice_id = e.notice_id
    left join quotes q on q.notice_id = e.notice_id and q.field = e.field
    left join values_now v
        on v.opportunity_id = e.opportunity_id and v.field = e.field and v.is_current
),
absent as (
    -- told by its own page where it has one
    select
        i.opportunity_id,
        case i.vanished_how when 'closed' then 'closed_early' else 'vanished' end as state,
        'source_url' as field,
        min(i.vanished_at) over (partition by i.opportunity_id) as since_at,
        null as old_value,
        null as new_value,
        case i.vanished_how when 'closed' then visit.quote end as quote,
        i.url,
        i.source_id
    from items_now i
    join opportunities_now o using (opportunity_id)
    join approved a using (opportunity_id)
    left join intermediate.int_rechecks visit on visit.item_id = i.item_id
    where o.is_vanished and i.is_vanished
    qualify row_number() over (
        partition by i.opportunity_id
        order by (i.authority = 'official') desc, (i.vanished_how = 'closed') desc, i.item_id
    ) = 1
),
turned as (
    select
        o.opportunity_id, 'closed_early' as state, 'is_opportunity' as field, o.last_modified_at as since_at,
        null as old_value, null as new_value, null as quote, o.source_url as url, o.source_id
    from opportunities_now o
    join approved a using (opportunity_id)
    where
        not o.is_opportunity
        and not o.is_vanished
        and o.lead_notice_id not in (select notice_id from staging.stg_cancellations)
),
announced as (
    -- its own page, edited since the approval, gives another opening day, or says that it is not open yet
    select
        o.opportunity_id, 'opening_changed' as state, 'opening_date' as field, span.valid_from_at as since_at,
        a.content ->> '$.opening_date' as old_value, opening.opening_date::varchar as new_value,
        case when contains(notice.text, opening.quote) then opening.quote end as quote, o.source_url as url, o.source_id
    from opportunities_now o
    join approved a using (opportunity_id)
    join lives l on l.approved_id = o.opportunity_id
    join intermediate.int_status now on now.opportunity_id = l.opportunity_id
    join staging.stg_notices notice on notice.notice_id = o.lead_notice_id
    join staging.stg_item_notices span on span.notice_id = o.lead_notice_id and span.valid_to_at is null
    join staging.stg_openings opening on opening.notice_id = o.lead_notice_id
    left join staging.stg_item_notices before
        on before.item_id = span.item_id and before.valid_from_at <= a.reviewed_at and before.valid_to_at > a.reviewed_at
    left join staging.stg_openings was on was.notice_id = before.notice_id
    where
        now.status in ('forecasted', 'open')
        and (
            -- what was approved without being asked about the day
            not json_exists(a.content, '$.opening_date')
            -- a day that a person corrected differs from the page's too
            or span.valid_from_at > a.reviewed_at
            and (was.opening_date is distinct from opening.opening_date or coalesce(was.is_forecast, false) <> opening.is_forecast)
        )
        and (
            opening.opening_date is null and now.status = 'forecasted'
            or opening.opening_date::varchar <> coalesce(a.content ->> '$.opening_date', '')
        )
),
cancelled as (
    select
        l.approved_id as opportunity_id, 'cancelled' as state, 'status' as field, said.since_at,
        null as old_value, null as new_value, said.quote, said.url, said.source_id
    from intermediate.int_cancellations said
    join lives l using (opportunity_id)
    join approved a on a.opportunity_id = l.approved_id
    -- whoever approved it with these words on its page has overruled them
    where said.since_at > a.reviewed_at
),
links as (
    select opportunity_id, 'apply_url' as field, apply_url as url from approved where apply_url is not null
    union all
    select opportunity_id, 'source_url' as field, source_url as url from approved
),
dead as (
    select
        l.opportunity_id,
        'dead_link' as state,
        l.field,
        v.since_at,
        l.url as old_value,
        case v.outcome when 'moved' then v.final_url else v.http_status::varchar end as new_value,
        null as quote,
        l.url,
        v.source_id
    from links l
    join opportunities_now o using (opportunity_id)
    join (
        -- a link visited as a link; else the page that it is
        select * from intermediate.int_rechecks
        qualify row_number() over (partition by url order by (item_id is null) desc, last_at desc, target_id) = 1
    ) v on v.url = l.url
    where v.is_dead and not (l.field = 'source_url' and o.is_vanished)
)
select opportunity_id, state, field, since_at, old_value, new_value, quote, url, source_id from moved
union all
select opportunity_id, state, field, since_at, old_value, new_value, quote, url, source_id from rescheduled
union all
select opportunity_id, state, field, since_at, old_value, new_value, quote, url, source_id from edited
where old_value is distinct from new_value
union all
select opportunity_id, state, field, since_at, old_value, new_value, quote, url, source_id from absent
union all
select opportunity_id, state, field, since_at, old_value, new_value, quote, url, source_id from turned
union all
select opportunity_id, state, field, since_at, old_value, new_value, quote, url, source_id from announced
union all
select opportunity_id, state, field, since_at, old_value, new_value, quote, url, source_id from cancelled
union all
select opportunity_id, state, field, since_at, old_value, new_value, quote, url, source_id from dead
