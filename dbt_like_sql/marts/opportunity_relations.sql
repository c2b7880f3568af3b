/* ---
description: "Ediciones anteriores y «véase también» entre oportunidades."
grain: [opportunity_id, related_opportunity_id, relation]
columns:
  opportunity_id:
  related_opportunity_id: {type: text, label: Oportunidad relacionada, description: La otra oportunidad.}
  relation: {type: text, label: Relación, description: "previous_edition_of, see_also o merged_into."}
  reason: {type: text, label: Razón, description: Por qué se relacionan.}
publish: [powerbi]
--- */
select opportunity_id, related_opportunity_id, relation, reason from intermediate.int_relations
