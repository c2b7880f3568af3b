/* ---
description: "Lo que un modelo de lenguaje opinó de pares de anuncios de los que había duda: si son la misma convocatoria, y las palabras de cada página en que se apoya. La respuesta de una persona vale más. Solo si la entidad lee con un modelo."
grain: [item_id, other_item_id]
columns:
  item_id:
  other_item_id: {type: text, label: Otro anuncio, description: El otro anuncio del par.}
  verdict: {type: text, label: Opinión, description: "same (una convocatoria), different (dos) o unsure (no lo sabe)."}
  is_together: {type: boolean, label: Hoy son una, description: Si hoy los dos anuncios son una oportunidad.}
  quote: {type: text, label: Cita, description: Palabras de la página del anuncio en que se apoya; vacío si no lo sabe.}
  other_quote: {type: text, label: Otra cita, description: Palabras de la página del otro anuncio; vacío si no lo sabe.}
  code:
  other_code: {type: text, label: Otro código, description: Código de la oportunidad del otro anuncio.}
  opportunity_id:
  other_opportunity_id: {type: text, label: Otra oportunidad, description: La oportunidad del otro anuncio.}
  url:
  other_url: {type: text, label: Otra página, description: Página del otro anuncio.}
  model_version: {type: text, label: Modelo, description: "Instrucciones y modelo que opinaron."}
checks:
  - expression: verdict in ('same', 'different', 'unsure')
    name: verdict_is_known
    scope: set
    advice: Hay una opinión que esta tabla no conoce. Añádala a match_opinions.sql con su comprobación.
  - expression: verdict = 'unsure' or (quote <> '' and other_quote <> '')
    name: verdicts_are_proved
    scope: set
    advice: Una opinión no cita las dos páginas y no debió contar. Avise a quien mantiene el lector.
  - no_personal_data: [quote, other_quote]
    advice: La cita lleva un correo, teléfono o número de documento de una persona y no se publica. Avise a quien mantiene el lector.
publish: [powerbi]
--- */
select
    o.item_id,
    o.other_item_id,
    o.verdict,
    coalesce(m.opportunity_id = other.opportunity_id, false) as is_together,
    o.quote,
    o.other_quote,
    identity.code,
    other_identity.code as other_code,
    m.opportunity_id,
    other.opportunity_id as other_opportunity_id,
    n.url,
    other_n.url as other_url,
    o.model_version
from staging.stg_match_opinions o
left join staging.stg_matches m on m.item_id = o.item_id
left join staging.stg_matches other on other.item_id = o.other_item_id
left join staging.stg_identities identity on identity.opportunity_id = m.opportunity_id
left join staging.stg_identities other_identity on other_identity.opportunity_id = other.opportunity_id
left join staging.stg_notices n on n.notice_id = o.notice_id
left join staging.stg_notices other_n on other_n.notice_id = o.other_notice_id
