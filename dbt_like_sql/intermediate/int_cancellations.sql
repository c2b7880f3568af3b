/* ---
description: "Con qué palabras da hoy por cancelada cada oportunidad el anuncio que manda, y desde cuándo las dice sin interrupción. Quien la aprueba después las descarta, hasta que diga otras."
grain: [opportunity_id]
columns:
  opportunity_id:
  quote: {description: "Las palabras que lo dicen, como las lleva el texto del aviso."}
  since_at: {type: timestamptz, label: Desde, description: Desde cuándo dice su página esas palabras.}
  source_id:
  url:
--- */
with told as (
    select o.opportunity_id, o.source_id, o.source_url as url, now.item_id, said.quote
    from intermediate.int_opportunities o
    join staging.stg_cancellations said on said.notice_id = o.lead_notice_id
    join staging.stg_notices now on now.notice_id = o.lead_notice_id
)
select
    t.opportunity_id,
    t.quote,
    -- a page edited elsewhere still says the same
    coalesce(max(span.valid_to_at) filter (was.quote is distinct from t.quote), min(span.valid_from_at)) as since_at,
    t.source_id,
    t.url
from told t
join staging.stg_item_notices span using (item_id)
left join staging.stg_cancellations was on was.notice_id = span.notice_id
group by all
