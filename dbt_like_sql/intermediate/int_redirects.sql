/* ---
description: Qué códigos llevan hoy a otro, seguidos hasta el último.
grain: [from_code, to_code, kind]
columns:
  from_code: {type: text, label: Código anterior, description: Código que se unió a otro o se separó de otro.}
  from_opportunity_id: {type: text, label: Desde, description: Oportunidad de ese código.}
  to_code: {type: text, label: Código actual, description: "Código al que lleva, seguido hasta el último."}
  to_opportunity_id: {type: text, label: Hacia, description: Oportunidad a la que lleva.}
  kind: {label: Clase, description: "merged (son la misma convocatoria) o split (se separaron: véase también)."}
  redirected_at: {type: timestamptz, label: Cuándo, description: Cuándo ocurrió.}
--- */
select
    own.code as from_code,
    r.from_opportunity_id,
    target.survivor_code as to_code,
    target.survivor_id as to_opportunity_id,
    r.kind,
    max(r.redirected_at) as redirected_at
from staging.stg_redirects r
join staging.stg_identities own on own.opportunity_id = r.from_opportunity_id
left join intermediate.int_survivors target on target.opportunity_id = r.to_opportunity_id
-- what was cut off and joined again needs no «see also»
where
    r.kind = 'merged'
    or target.survivor_id not in (
        select survivor_id from intermediate.int_survivors back where back.opportunity_id = r.from_opportunity_id
    )
group by all
