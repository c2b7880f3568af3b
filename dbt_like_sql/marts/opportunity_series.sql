/* ---
description: "Cada edición de una convocatoria que vuelve, con la anterior y la siguiente; si ninguna está abierta, cuándo lo estuvo por última vez."
grain: [opportunity_id]
columns:
  opportunity_id:
  code:
  title_es:
  status:
  series_id: {type: text, label: Serie, description: "Oportunidad de código más antiguo entre las ediciones de la misma convocatoria; agrupa la serie."}
  edition_number: {type: bigint, label: Edición en la serie, description: "Lugar entre las ediciones conocidas, la más antigua es 1."}
  edition_count: {type: bigint, label: Ediciones conocidas, description: Cuántas ediciones se conocen.}
  opened_date:
  close_date:
  previous_opportunity_id: {type: text, label: Edición anterior, description: Oportunidad que fue la edición anterior.}
  previous_code: {type: text, label: Código de la anterior, description: Código de la edición anterior.}
  next_opportunity_id: {type: text, label: Edición siguiente, description: Oportunidad que es la edición siguiente.}
  next_code: {type: text, label: Código de la siguiente, description: Código de la edición siguiente.}
  previous_opened_date: {type: date, label: Apertura anterior, description: Cuándo se abrió la edición anterior.}
  last_opened_date:
  last_opened_es: {type: text, label: Última apertura, description: "«Abierta por última vez en marzo de 2026»; nula mientras una edición está abierta."}
checks:
  - expression: opened_date is null or close_date is null or opened_date <= close_date or edition_count > 1
    name: opens_before_it_closes
    severity: warning
    advice: La fecha de apertura es posterior al cierre. Revise la fecha de publicación en la fuente.
  - expression: previous_opportunity_id <> next_opportunity_id
    name: editions_in_order
    severity: warning
    advice: La misma oportunidad figura como edición anterior y siguiente. Ábralas y diga si son la misma (`boi review same` o `not-same`); si no, avise a quien mantiene el sistema.
publish: [powerbi]
--- */
select
    s.opportunity_id,
    o.code,
    o.title_es,
    o.status,
    s.series_id,
    s.edition_number,
    s.edition_count,
    s.opened_date,
    o.close_date,
    s.previous_opportunity_id,
    previous.code as previous_code,
    s.next_opportunity_id,
    following.code as next_code,
    s.previous_opened_date,
    s.last_opened_date,
    'Abierta por última vez en '
    || [
        'enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre',
        'diciembre'
    ][month(s.last_opened_date)]
    || ' de ' || year(s.last_opened_date)::varchar as last_opened_es
from intermediate.int_series s
join marts.opportunities o using (opportunity_id)
left join staging.stg_identities previous on previous.opportunity_id = s.previous_opportunity_id
left join staging.stg_identities following on following.opportunity_id = s.next_opportunity_id
