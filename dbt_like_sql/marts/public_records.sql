/* ---
description: El registro público de cada oportunidad que una persona puede aprobar hoy, antes de sus enmiendas; lo lee la revisión, no se publica.
grain: [opportunity_id]
partitioned: true
columns:
  opportunity_id:
  code:
  public_json: {type: text, label: Registro público, description: Registro PublicOpportunity en JSON.}
  status:
  review_status:
  has_unapproved_changes:
  changed_fields: {type: "text[]", label: Campos que cambiaron, description: Campos públicos que difieren de lo aprobado.}
  conflict_fields:
  is_vanished:
  authority:
  open_until_at:
  lead_item_id: {type: text, label: Anuncio que manda, description: Anuncio del que se toman título y página.}
  item_ids: {type: "text[]", label: Anuncios, description: Anuncios que hablan de ella.}
checks:
  - not_null: [code, public_json]
--- */
select
    p.opportunity_id,
    o.code,
    p.public_json,
    o.status,
    o.review_status,
    o.has_unapproved_changes,
    coalesce(r.changed_fields, []) as changed_fields,
    o.conflict_fields,
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
left join intermediate.int_reviews r on r.opportunity_id = p.opportunity_id
