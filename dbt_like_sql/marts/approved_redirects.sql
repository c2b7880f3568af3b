/* ---
description: Códigos publicados o aprobados que hoy llevan a otro código aprobado.
grain: [from_code, to_code, kind]
columns:
  from_code: {type: text, label: Código anterior, description: Código que se unió a otro o se separó de otro.}
  to_code: {type: text, label: Código actual, description: "Código al que lleva, seguido hasta el último."}
  kind: {label: Clase, description: "merged (son la misma convocatoria) o split (se separaron: véase también)."}
  redirected_at: {type: timestamptz, label: Cuándo, description: Cuándo ocurrió.}
publish: {curated: code_redirects, open_data: code_redirects}
--- */
select r.from_code, r.to_code, r.kind, r.redirected_at
from intermediate.int_redirects r
join marts.approved_opportunities a on a.opportunity_id = r.to_opportunity_id
where
    r.from_opportunity_id in (select opportunity_id from intermediate.int_reviews where content is not null)
    or r.from_opportunity_id in (select opportunity_id from staging.stg_publications)
