/* ---
description: "Datos en que dos anuncios de la misma oportunidad no dicen lo mismo, con las palabras de ambos: se muestra el oficial, si no el más nuevo, y el otro se conserva."
grain: [opportunity_id, field, other_notice_id]
columns:
  opportunity_id:
  code:
  title_es:
  status:
  field:
  field_group:
  is_conflict: {type: boolean, label: Se contradicen, description: "Si los dos valores no pueden ser ciertos a la vez; falso si uno solo es más preciso o más completo."}
  is_reviewed: {type: boolean, label: Revisado, description: Si una persona decidió sobre la oportunidad después de verse los dos avisos.}
  value: {description: "Valor que se muestra, en JSON."}
  value_es: {description: Valor que se muestra.}
  quote: {description: Palabras que prueban el valor que se muestra.}
  source_name: {description: Fuente del valor que se muestra.}
  authority: {description: Si esa fuente es oficial o un agregador.}
  url: {description: Página que da el valor que se muestra.}
  notice_id: {description: Aviso del que se toma el valor que se muestra.}
  other_value: {type: text, label: Otro valor, description: "Valor que no se usa, en JSON."}
  other_value_es: {type: text, label: Otro valor en palabras, description: Valor que no se usa.}
  other_quote: {type: text, label: Otra cita, description: Palabras que prueban el valor que no se usa.}
  other_source_name: {type: text, label: Otra fuente, description: Fuente del valor que no se usa.}
  other_authority: {type: text, label: Autoridad de la otra, description: Si la otra fuente es oficial o un agregador.}
  other_url: {type: text, label: Otra página, description: Página que da el otro valor.}
  other_notice_id: {type: text, label: Otro aviso, description: Aviso que da el otro valor.}
checks:
  - not_null: [code, value_es, other_value_es]
    scope: set
  - expression: not is_conflict or is_reviewed or status <> 'open'
    name: sources_agree
    severity: warning
    advice: Dos fuentes se contradicen en este dato. Abra url y other_url, compare las dos citas y decida cuál vale; si no es la que se muestra, apruebe con una enmienda.
publish: [powerbi]
--- */
select
    c.opportunity_id,
    o.code,
    o.title_es,
    o.status,
    c.field,
    f.field_group,
    c.is_conflict,
    coalesce(o.reviewed_at >= greatest(own.first_seen_at, other.first_seen_at), false) as is_reviewed,
    c.value,
    w.value_es,
    q.quote,
    coalesce(s.source_name, own.source_id) as source_name,
    own.authority,
    own.url,
    c.notice_id,
    c.other_value,
    other_w.value_es as other_value_es,
    other_q.quote as other_quote,
    coalesce(other_s.source_name, other.source_id) as other_source_name,
    other.authority as other_authority,
    other.url as other_url,
    c.other_notice_id
from intermediate.int_conflicts c
join marts.opportunities o using (opportunity_id)
join staging.stg_fields f using (field)
join staging.stg_notices own on own.notice_id = c.notice_id
join staging.stg_notices other on other.notice_id = c.other_notice_id
left join intermediate.int_words w on w.notice_id = c.notice_id and w.field = c.field
left join intermediate.int_words other_w on other_w.notice_id = c.other_notice_id and other_w.field = c.field
left join intermediate.int_quotes q on q.notice_id = c.notice_id and q.field = c.field
left join intermediate.int_quotes other_q on other_q.notice_id = c.other_notice_id and other_q.field = c.field
left join staging.stg_sources s on s.source_id = own.source_id
left join staging.stg_sources other_s on other_s.source_id = other.source_id
