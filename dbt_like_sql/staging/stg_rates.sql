/* ---
description: "Cuánto valía cada día una unidad de otra moneda, en la moneda del país de la entidad, y quién lo dice."
grain: [rate_date, currency]
columns:
  rate_date:
  currency:
  rate: {type: "decimal(18,6)", label: Tasa de cambio, description: "Unidades de la moneda local por una de la otra."}
  rate_source:
--- */
select rate_date, currency, rate, source as rate_source from raw.rates
