/* ---
description: "Lo que decidió el equipo, para el modelo en estrella, sin nombres de personas."
grain: [decision_id]
columns:
  decision_id:
  decided_date: {type: date, label: Fecha de la decisión, description: "Día de la decisión, en la zona de la entidad."}
  opportunity_id: {description: Oportunidad de la que se decidió; unknown si la decisión compara anuncios o ya no se conoce.}
  source_id: {description: Fuente de la que se toma la oportunidad; unknown si no se sabe.}
  funder_id:
  action: {type: text, label: Id de la acción, description: "Qué se hizo (vocabulario decision_actions)."}
  action_label: {type: text, label: Acción, description: Qué se hizo.}
  role: {type: text, label: Papel, description: Papel de quien decidió.}
  seconds_spent: {type: bigint, label: Segundos, description: Tiempo dedicado.}
  edit_share: {type: "decimal(18,4)", label: Parte del texto cambiada, description: "Parte de las palabras del borrador que la persona cambió, de 0 a 1; nulo donde no había borrador o no se midió."}
  hours_since_seen: {type: "decimal(18,4)", label: Horas desde que se vio, description: "Horas corridas desde que se vio por primera vez hasta que se decidió; nulo si no se sabe."}
checks:
  - not_null: [decided_date, opportunity_id, source_id, funder_id, action, action_label, role]
    scope: set
  - in_vocabulary: {action: decision_actions}
    scope: set
  - references:
      decided_date: marts.dim_date.calendar_date
      opportunity_id: marts.dim_opportunity.opportunity_id
      source_id: marts.dim_source.source_id
      funder_id: marts.dim_funder.funder_id
    scope: set
    advice: Una fila nombra algo que no está en su dimensión. Avise a quien mantiene el sistema.
publish: [powerbi]
--- */
select
    d.decision_id,
    (d.decided_at at time zone r.entity_timezone)::date as decided_date,
    coalesce(star.star_id, 'unknown') as opportunity_id,
    coalesce(star.source_id, 'unknown') as source_id,
    coalesce(star.funder_id, 'unknown') as funder_id,
    d.action,
    coalesce(term.label, d.action) as action_label,
    d.role,
    d.seconds_spent,
    d.edit_share,
    ((epoch_us(d.decided_at) - epoch_us(star.first_seen_at)) / 3600000000)::decimal(18, 4) as hours_since_seen
from staging.stg_decisions d
left join intermediate.int_star star using (opportunity_id)
left join staging.stg_terms term on term.vocabulary = 'decision_actions' and term.code = d.action
cross join staging.stg_run r
