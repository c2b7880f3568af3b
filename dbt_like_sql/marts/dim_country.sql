/* ---
description: "Países y territorios, y las dos organizaciones que convocan con código propio (EU, UN)."
grain: [country_code]
columns:
  country_code:
  label: {label: País}
  label_en: {label: País en inglés}
  is_home: {type: boolean, label: Es el país de la entidad, description: Si es el país de la entidad que lleva el boletín.}
checks:
  - not_null: [label]
    scope: set
    advice: A un país le falta su nombre. Avise a quien mantiene el sistema.
publish: [powerbi]
--- */
select c.country_code, c.label, c.label_en, c.country_code = r.home_country as is_home
from staging.stg_countries c
cross join staging.stg_run r
union all
select 'unknown', 'Sin dato', 'Unknown', false
