/* ---
description: "Ediciones anteriores y «véase también» entre oportunidades que están aprobadas."
grain: [opportunity_id, related_opportunity_id, relation]
columns:
  opportunity_id:
  related_opportunity_id: {type: text, label: Oportunidad relacionada, description: La otra oportunidad.}
  relation: {type: text, label: Relación, description: "previous_edition_of, see_also o merged_into."}
publish: {curated: opportunity_relations}
--- */
select r.opportunity_id, r.related_opportunity_id, r.relation
from intermediate.int_relations r
join marts.approved_opportunities one on one.opportunity_id = r.opportunity_id
join marts.approved_opportunities other on other.opportunity_id = r.related_opportunity_id
