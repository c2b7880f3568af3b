/* ---
description: Relaciones entre oportunidades que no son la misma convocatoria.
grain: [opportunity_id, related_opportunity_id, relation]
columns:
  opportunity_id:
  related_opportunity_id: {type: text, label: Oportunidad relacionada, description: La otra oportunidad.}
  relation: {type: text, label: Relación, description: "previous_edition_of o see_also."}
  reason: {type: text, label: Razón, description: Por qué se relacionan.}
--- */
select opportunity_id, related_opportunity_id, relation, min(reason) as reason
from raw.relations
group by opportunity_id, related_opportunity_id, relation
