/* ---
description: El registro público de cada oportunidad que una persona puede aprobar hoy; lo lee la revisión, no se publica.
grain: [opportunity_id]
columns:
  opportunity_id:
  code:
  public_json: {type: text, label: Registro público, description: Registro PublicOpportunity en JSON.}
  status:
  review_status:
  has_unapproved_changes:
  changed_fields: {type: "text[]", label: Campos que cambiaron, description: Campos públicos que difieren de lo aprobado.}
  is_vanished:
  authority:
  open_until_at:
  lead_item_id: {type: text, label: Anuncio que manda, description: Anuncio del que se toman título y página.}
  item_ids: {type: "text[]", label: Anuncios, description: Anuncios que hablan de ella.}
checks:
  - not_null: [code, public_json]
--- */
with amendments as (
    -- a person's amendment counts before any reading (design §6), the newest for each field
    select opportunity_id, json_group_object(field, value) as amended
    from (
        select d.opportunity_id, j.key as field, j.value as value
        from staging.stg_decisions d, json_each(d.changed) j
        where d.action = 'amend'
        qualify row_number() over (partition by d.opportunity_id, j.key order by d.seq desc) = 1
    )
    group by opportunity_id
)
select
    p.opportunity_id,
    o.code,
    json_merge_patch(p.public_json, coalesce(a.amended, '{}'))::varchar as public_json,
    o.status,
    o.review_status,
    o.has_unapproved_changes,
    coalesce(r.changed_fields, []) as changed_fields,
    o.is_vanished,
    o.authority,
    o.open_until_at,
    w.item_id as lead_item_id,
    items.item_ids
from intermediate.int_public p
join marts.opportunities o using (opportunity_id)
join intermediate.int_winners w on w.opportunity_id = p.opportunity_id and w.unit = 'lead' and w.is_current
join (
    select opportunity_id, list(item_id order by item_id) as item_ids from intermediate.int_items group by opportunity_id
) items on items.opportunity_id = p.opportunity_id
left join amendments a on a.opportunity_id = p.opportunity_id
left join intermediate.int_reviews r on r.opportunity_id = p.opportunity_id
