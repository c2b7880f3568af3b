/* ---
description: "Lo que se obtuvo gracias al boletín, en cifras agregadas: remitidas, respondieron, se postularon, obtuvieron. Sin datos de personas."
grain: [outcome_id]
columns:
  outcome_id:
  outcome_date:
  opportunity_id:
  source_id:
  funder_id:
  reported_by:
  reported_by_label: {type: text, label: Quién informa, description: Clase de informante.}
  referred_count:
  answered_count:
  applied_count:
  awarded_count:
  people_count:
  award_amount:
  currency:
  home_award_amount: {type: "decimal(18,2)", label: Monto obtenido en moneda local, description: Suma de lo obtenido en la moneda del país de la entidad; nulo si no se conoce la tasa de cambio.}
checks:
  - not_null: [outcome_date, opportunity_id, source_id, funder_id, reported_by]
    scope: set
  - in_vocabulary: {reported_by: outcome_reporters}
    scope: set
  - references:
      outcome_date: marts.dim_date.calendar_date
      opportunity_id: marts.dim_opportunity.opportunity_id
      source_id: marts.dim_source.source_id
      funder_id: marts.dim_funder.funder_id
    scope: set
    advice: Una fila nombra algo que no está en su dimensión. Avise a quien mantiene el sistema.
  - expression: (opportunity_id, reported_by) not in (select (o.opportunity_id, o.reported_by) from marts.fct_outcome o group by o.opportunity_id, o.reported_by having sum(o.answered_count) > sum(o.referred_count))
    name: answers_come_from_those_referred
    severity: warning
    advice: De esta convocatoria respondieron, en total, más de las que se remitieron. Revise sus filas en la tabla de resultados.
  - expression: (opportunity_id, reported_by) not in (select (o.opportunity_id, o.reported_by) from marts.fct_outcome o group by o.opportunity_id, o.reported_by having sum(o.awarded_count) > sum(o.applied_count))
    name: awards_come_from_applications
    severity: warning
    advice: De esta convocatoria obtuvieron, en total, más de las que se postularon. Revise sus filas en la tabla de resultados.
  - expression: award_amount is null or currency is not null
    name: amount_has_a_currency
    advice: Falta la moneda del monto. Complétela en la tabla de resultados.
publish: [powerbi]
--- */
select
    o.outcome_id,
    o.outcome_date,
    k.opportunity_id,
    k.source_id,
    k.funder_id,
    o.reported_by,
    coalesce(term.label, o.reported_by) as reported_by_label,
    o.referred_count,
    o.answered_count,
    o.applied_count,
    o.awarded_count,
    o.people_count,
    o.award_amount,
    o.currency,
    case when o.currency = r.home_currency then o.award_amount end as home_award_amount
from staging.stg_outcomes o
join intermediate.int_outcomes k on k.outcome_id = o.outcome_id and k.opportunity_id <> 'unknown'
left join staging.stg_terms term on term.vocabulary = 'outcome_reporters' and term.code = o.reported_by
cross join staging.stg_run r
