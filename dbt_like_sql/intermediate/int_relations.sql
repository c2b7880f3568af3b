/* ---
description: "Ediciones anteriores, «véase también» y uniones entre oportunidades."
grain: [opportunity_id, related_opportunity_id, relation]
columns:
  opportunity_id:
  related_opportunity_id: {type: text, label: Oportunidad relacionada, description: La otra oportunidad.}
  relation: {type: text, label: Relación, description: "previous_edition_of, see_also o merged_into."}
  reason: {type: text, label: Razón, description: Por qué se relacionan.}
--- */
select opportunity_id, related_opportunity_id, relation, reason from staging.stg_relations
union
select from_opportunity_id, to_opportunity_id, 'merged_into', 'register'
from staging.stg_redirects
where kind = 'merged'
