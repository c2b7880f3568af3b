/* ---
description: Una fila por oportunidad, como está a la fecha de corte. Incluye las que esperan decisión.
grain: [opportunity_id]
columns:
  opportunity_id:
  code:
  opportunity_number:
  title:
  title_es:
  summary_es:
  eligibility_es:
  opportunity_type:
  funding_instrument:
  status:
  funder_name:
  funder_type:
  funder_country:
  host_countries:
  attendance_mode:
  accepted_applicant_types:
  audiences:
  eligible_regions:
  home_eligible:
  isced_levels:
  isced_fields:
  required_languages:
  typical_age_range:
  funding_level:
  coverage:
  currency:
  min_award_amount:
  max_award_amount:
  total_amount_available:
  estimated_award_count:
  cost_sharing_required:
  application_fee:
  post_date:
  close_date:
  close_time:
  close_at:
  close_timezone:
  close_model:
  close_date_description:
  open_until_at:
  days_left:
  opened_date:
  last_opened_date:
  apply_url:
  source_url:
  source_id:
  source_name:
  authority:
  language:
  sdg_goals:
  sdg_targets:
  plan_objectives:
  red_flags:
  digital_source_type:
  review_status:
  reviewed_by_role:
  reviewed_at:
  has_unapproved_changes:
  is_vanished:
  first_seen_at:
  last_verified_at:
  last_modified_at:
  version_number:
  item_count: {type: bigint, label: Anuncios, description: Anuncios que hablan de ella.}
  unclear_fields:
  has_conflicts:
  conflict_fields:
checks:
  - not_null: [code, title, title_es, opportunity_type, source_url]
    advice: Falta un dato imprescindible. Abra el aviso y complete la lectura con una enmienda.
  - in_vocabulary:
      opportunity_type: opportunity_types
      status: statuses
      home_eligible: home_eligible
      review_status: review_statuses
      audiences: audiences
      accepted_applicant_types: applicant_types
      coverage: coverage
      plan_objectives: plan_objectives
      sdg_goals: sdg_goals
      red_flags: red_flags
    advice: Un valor no está en su vocabulario. Corrija la lectura o añada el término.
  - expression: status <> 'open' or days_left >= -1
    name: open_is_not_past_its_deadline
    advice: Está abierta con el cierre pasado. Revise la fecha en la fuente.
  - expression: length(title_es) <= 90
    name: title_es_within_limits
    advice: El título pasa de 90 caracteres. Acórtelo con una enmienda.
  - expression: max_award_amount is null or min_award_amount is null or min_award_amount <= max_award_amount
    name: amounts_in_order
    advice: El monto mínimo es mayor que el máximo. Revise la cita del monto.
  - expression: len(sdg_goals) <= 3
    name: at_most_three_goals
    advice: Tiene más de tres ODS. Deje el principal y dos más.
  - expression: regexp_matches(source_url, '^https?://') and (apply_url is null or regexp_matches(apply_url, '^https?://'))
    name: links_are_http
    advice: Un enlace no es http(s). No lo publique.
  - max_fall: 0.5
    advice: Hay menos de la mitad de oportunidades que en la última publicación. Revise qué fuentes fallaron.
  - expression: home_eligible <> 'unclear'
    name: home_eligibility_is_known
    severity: warning
    advice: No se sabe si se puede aplicar desde aquí. Léala y, si lo dice, apruébela con una enmienda.
  - expression: close_date is not null or close_model = 'rolling'
    name: closing_is_known
    severity: warning
    advice: No se encontró fecha de cierre. Búsquela en la fuente antes de aprobar.
  - expression: len(unclear_fields) = 0
    name: reader_was_sure
    severity: warning
    advice: El lector no estuvo seguro de algún campo. Léala y complételo al aprobar.
publish: [powerbi]
--- */
select
    o.opportunity_id,
    o.code,
    o.opportunity_number,
    o.title,
    o.title_es,
    o.summary_es,
    o.eligibility_es,
    o.opportunity_type,
    o.funding_instrument,
    s.status,
    o.funder_name,
    o.funder_type,
    o.funder_country,
    o.host_countries,
    o.attendance_mode,
    o.accepted_applicant_types,
    o.audiences,
    o.eligible_regions,
    o.home_eligible,
    o.isced_levels,
    o.isced_fields,
    o.required_languages,
    o.typical_age_range,
    o.funding_level,
    o.coverage,
    o.currency,
    o.min_award_amount,
    o.max_award_amount,
    o.total_amount_available,
    o.estimated_award_count,
    o.cost_sharing_required,
    o.application_fee,
    o.post_date,
    s.close_date,
    s.close_time,
    s.close_at,
    s.close_timezone,
    o.close_model,
    o.close_date_description,
    s.open_until_at,
    s.days_left,
    series.opened_date,
    series.last_opened_date,
    o.apply_url,
    o.source_url,
    o.source_id,
    o.source_name,
    o.authority,
    o.language,
    o.sdg_goals,
    o.sdg_targets,
    o.plan_objectives,
    o.red_flags,
    o.digital_source_type,
    coalesce(r.review_status, 'drafted') as review_status,
    r.reviewed_by_role,
    r.reviewed_at,
    coalesce(r.has_unapproved_changes, false) as has_unapproved_changes,
    o.is_vanished,
    o.first_seen_at,
    o.last_verified_at,
    o.last_modified_at,
    o.version_number,
    o.item_count,
    o.unclear_fields,
    c.conflict_fields is not null as has_conflicts,
    coalesce(c.conflict_fields, []) as conflict_fields
from intermediate.int_opportunities o
join intermediate.int_status s using (opportunity_id)
join intermediate.int_series series using (opportunity_id)
left join intermediate.int_reviews r using (opportunity_id)
left join (
    select opportunity_id, list(distinct field order by field) as conflict_fields
    from intermediate.int_conflicts
    where is_conflict
    group by opportunity_id
) c using (opportunity_id)
join intermediate.int_star star on star.star_id = o.opportunity_id and star.opportunity_id = o.opportunity_id
