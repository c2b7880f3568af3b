/* ---
description: "Cómo se prueba cada campo y con cuáles cambia."
grain: [field]
columns:
  field:
  kind:
  field_group:
  unit: {type: text, label: Unidad, description: Campos que se toman siempre del mismo anuncio.}
--- */
select field, kind, field_group, unit from raw.fields
