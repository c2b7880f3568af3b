/* ---
description: "En qué oportunidad vive hoy cada una del registro: ella misma, o aquella a la que se unió, seguida hasta el final."
grain: [opportunity_id]
columns:
  opportunity_id:
  code:
  survivor_id: {type: text, label: Sigue como, description: "Oportunidad en que vive hoy; ella misma si no se unió a otra."}
  survivor_code: {type: text, label: Código que sigue, description: Código de la oportunidad en que vive hoy.}
--- */
with recursive steps as (
    select from_opportunity_id, to_opportunity_id from staging.stg_redirects where kind = 'merged'
),
walk(opportunity_id, place_id) as (
    select opportunity_id, opportunity_id from staging.stg_identities
    union
    select w.opportunity_id, s.to_opportunity_id
    from walk w
    join steps s on s.from_opportunity_id = w.place_id
)
select w.opportunity_id, own.code, w.place_id as survivor_id, survivor.code as survivor_code
from walk w
join staging.stg_identities own on own.opportunity_id = w.opportunity_id
join staging.stg_identities survivor on survivor.opportunity_id = w.place_id
where w.place_id not in (select from_opportunity_id from steps)
