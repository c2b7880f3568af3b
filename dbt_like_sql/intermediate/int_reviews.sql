/* ---
description: "Qué decidió el equipo de cada oportunidad, y si la fuente cambió después."
grain: [opportunity_id]
columns:
  opportunity_id:
  review_status:
  reviewed_by_role:
  reviewed_at:
  snapshot_sha256:
  content: {type: text, label: Contenido aprobado, description: Registro público aprobado; nulo si nada está aprobado.}
  has_unapproved_changes:
  changed_fields: {type: "text[]", label: Campos que cambiaron, description: Campos públicos que difieren de lo aprobado; «page» si cambió la página.}
checks:
  - in_vocabulary: {review_status: review_statuses}
    scope: set
--- */
with verdicts as (
    select *
    from staging.stg_decisions
    where action in ('approve', 'reject', 'withdraw')
    qualify row_number() over (partition by opportunity_id order by seq desc) = 1
),
approvals as (
    select d.opportunity_id, d.snapshot_sha256, d.changed, s.content
    from staging.stg_decisions d
    join staging.stg_snapshots s using (snapshot_sha256)
    where d.action = 'approve'
    qualify row_number() over (partition by d.opportunity_id order by d.seq desc) = 1
),
both_sides as (
    select a.opportunity_id, a.changed, a.content, p.public_json
    from approvals a
    join intermediate.int_survivors lives on lives.opportunity_id = a.opportunity_id
    join intermediate.int_public p on p.opportunity_id = lives.survivor_id
    where a.content <> p.public_json
),
approved_fields as (
    -- as a map: a lateral json_each keeps the whole record beside each of its fields
    select opportunity_id, changed, unnest(map_entries(from_json(content, '"MAP(VARCHAR, JSON)"'))) as f from both_sides
),
current_fields as (
    select opportunity_id, unnest(map_entries(from_json(public_json, '"MAP(VARCHAR, JSON)"'))) as f from both_sides
),
differences as (
    select a.opportunity_id, list(a.f.key order by a.f.key) as changed_fields
    from approved_fields a
    join current_fields c on c.opportunity_id = a.opportunity_id and c.f.key = a.f.key
    where
        a.f.value is distinct from c.f.value
        and a.f.key not in ('evidence', 'code', 'opportunity_id')
        -- what the person wrote instead of the machine is not a change of the source
        and not coalesce(list_contains(json_keys(a.changed), a.f.key), false)
    group by a.opportunity_id
),
texts as (
    -- the page itself changed after the approval, also where no field that was read did
    select v.opportunity_id
    from intermediate.int_winners w
    join staging.stg_item_notices n on n.item_id = w.item_id and n.valid_to_at is null
    join intermediate.int_survivors lives on lives.survivor_id = w.opportunity_id
    join verdicts v on v.opportunity_id = lives.opportunity_id
    where w.unit = 'lead' and w.is_current and n.valid_from_at > v.decided_at
)
select
    v.opportunity_id,
    case v.action when 'reject' then 'rejected' when 'withdraw' then 'withdrawn' else 'approved' end as review_status,
    v.role as reviewed_by_role,
    v.decided_at as reviewed_at,
    case when v.action = 'approve' then a.snapshot_sha256 end as snapshot_sha256,
    case when v.action = 'approve' then a.content end as content,
    v.action = 'approve' and (d.changed_fields is not null or t.opportunity_id is not null) as has_unapproved_changes,
    case
        when v.action <> 'approve' then []
        else list_concat(coalesce(d.changed_fields, []), case when t.opportunity_id is not null then ['page'] else [] end)
    end as changed_fields
from verdicts v
left join approvals a using (opportunity_id)
left join differences d using (opportunity_id)
left join texts t using (opportunity_id)
