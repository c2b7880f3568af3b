/* ---
description: Los países y territorios, y las dos organizaciones que convocan con código propio (EU, UN).
grain: [country_code]
columns:
  country_code:
  label:
  label_en:
--- */
select country_code, label, label_en from raw.countries
