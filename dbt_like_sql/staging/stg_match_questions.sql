/* ---
description: Pares de anuncios de los que se duda si son la misma convocatoria.
grain: [item_id, other_item_id]
columns:
  item_id:
  other_item_id: {type: text, label: Otro anuncio, description: El otro anuncio del par.}
  opportunity_id:
  other_opportunity_id: {type: text, label: Otra oportunidad, description: La oportunidad del otro anuncio.}
  chance: {type: "decimal(18,4)", label: Probabilidad, description: "Probabilidad de que sean la misma, de 0 a 1."}
--- */
select item_id, other_item_id, opportunity_id, other_opportunity_id, chance::decimal(18, 4) as chance from raw.match_questions
