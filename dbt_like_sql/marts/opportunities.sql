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
  - not_null: [code, title, source_url]
    advice: Falta un dato imprescindible. Abra el aviso y avise a quien mantiene la fuente.
  - not_null: [title_es, opportunity_type]
    where: review_status <> 'approved' and source_id not like 'archive_%'
    advice: Falta un dato imprescindible. Abra la ficha con `boi review show` y escríbalo al aprobar.
  - unique: [code]
    advice: Dos oportunidades tienen el mismo código. No publique; ejecute `boi ledger verify` y avise a quien mantiene el sistema.
  - unique: [source_url, title]
    name: page_and_title_once
    severity: warning
    advice: "La misma página y el mismo título dan dos oportunidades. Ábralas; si son la misma, responda con los dos códigos: `boi review same`."
  - expression: regexp_replace(title, '[\pC\pZ\pM\x{115F}\x{1160}\x{3164}\x{FFA0}\x{2800}]+', '', 'g') <> ''
    name: title_can_be_read
    advice: El título no tiene ninguna letra visible. Abra la página y corrija el selector de la fuente.
  - in_vocabulary:
      opportunity_type: opportunity_types
      funding_instrument: funding_instruments
      funding_level: funding_levels
      attendance_mode: attendance_modes
      status: statuses
      home_eligible: home_eligible
      review_status: review_statuses
      audiences: audiences
      accepted_applicant_types: applicant_types
      coverage: coverage
      close_model: close_models
      isced_levels: isced_levels
      plan_objectives: plan_objectives
      sdg_goals: sdg_goals
      red_flags: red_flags
      digital_source_type: digital_source_types
    advice: Un valor no está en su vocabulario. Corríjalo con una enmienda, o pida que el término se añada o devuelva al vocabulario.
  - expression: status <> 'open' or open_until_at is null or open_until_at > (select as_of from staging.stg_run)
    name: open_is_not_past_its_deadline
    advice: Está abierta con el cierre pasado. Revise la fecha y la zona horaria en la fuente.
  - expression: close_date between (select as_of_date - interval 5 year from staging.stg_run) and (select as_of_date + interval 6 year from staging.stg_run)
    name: close_date_is_sane
    where: review_status <> 'approved' and source_id not like 'archive_%'
    advice: El cierre está a más de cinco años hacia atrás o de seis hacia adelante. Abra la página; corrija la fecha con una enmienda, o date_order en la fuente si lee mal todas.
  - expression: post_date between date '1990-01-01' and (select as_of_date + interval 1 day from staging.stg_run)
    name: post_date_is_sane
    severity: warning
    advice: La fuente se da una fecha de publicación imposible. Mire si cambió el campo del que se lee.
  - expression: length(title_es) <= 90
    name: title_es_within_limits
    where: review_status <> 'approved'
    advice: El título pasa de 90 caracteres. Acórtelo con una enmienda.
  - expression: len(regexp_split_to_array(trim(summary_es), '\s+')) between 40 and 60
    name: summary_es_within_limits
    where: review_status <> 'approved'
    advice: El resumen debe tener entre 40 y 60 palabras. Reescríbalo con una enmienda.
  - language: {summary_es: es, eligibility_es: es}
    where: review_status <> 'approved'
    apart_from: [title, funder_name]
    advice: El texto no está en español. Reescríbalo con una enmienda antes de aprobarla.
  - language: {title_es: es}
    where: review_status <> 'approved'
    apart_from: [funder_name]
    severity: warning
    advice: El título no parece español. Tradúzcalo al aprobar, salvo que sea un nombre propio.
  - plain_language: [summary_es, eligibility_es]
    where: review_status <> 'approved'
    apart_from: [title, funder_name]
    severity: warning
    advice: Tiene frases de más de 20 palabras, párrafos de más de cinco líneas o siglas sin explicar. Dígalo más corto al aprobar.
  - no_personal_data: [title, title_es, summary_es, eligibility_es, funder_name, opportunity_number, close_date_description, apply_url, source_url]
    advice: Hay un correo, teléfono o número de documento de una persona. No se publica; búsquelo en la página y, si la fuente lo retira, volverá sola.
  - expression: currency is not null or coalesce(min_award_amount, max_award_amount, total_amount_available) is null
    name: amount_has_currency
    where: review_status <> 'approved'
    advice: Hay un monto sin moneda. Búsquela en la página y apruebe con una enmienda.
  - expression: regexp_full_match(currency, '[A-Z]{3}')
    name: currency_is_iso_4217
    where: review_status <> 'approved'
    advice: La moneda no es un código de tres letras (EUR, USD, COP). Corríjala con una enmienda.
  - expression: least(min_award_amount, max_award_amount, total_amount_available, estimated_award_count) >= 0
    name: amounts_are_not_negative
    where: review_status <> 'approved'
    advice: Un monto o un número de cupos es negativo. Revise la cita y corríjalo con una enmienda.
  - expression: greatest(min_award_amount, max_award_amount, total_amount_available) < case when currency in ('EUR', 'USD', 'GBP', 'CHF', 'CAD', 'AUD') then 100000000000 else 1000000000000000 end
    name: amounts_are_sane
    where: review_status <> 'approved'
    advice: Un monto es absurdo (cien mil millones o más). Revise la cita; suele ser un número pegado a otro. Corríjalo con una enmienda.
  - expression: max_award_amount is null or min_award_amount is null or min_award_amount <= max_award_amount
    name: amounts_in_order
    where: review_status <> 'approved'
    advice: El monto mínimo es mayor que el máximo. Revise la cita del monto y corríjalo con una enmienda.
  - expression: len(sdg_goals) <= 3 and len(list_distinct(sdg_goals)) = len(sdg_goals)
    name: one_primary_goal
    where: review_status <> 'approved'
    advice: Los ODS deben ser tres como máximo, sin repetir y con el principal primero. Corríjalos con una enmienda.
  - expression: opportunity_id not in (select opportunity_id from intermediate.int_unproved where record = 'read')
    name: facts_are_proved
    where: review_status <> 'approved'
    advice: Tiene un dato sin palabras de la fuente que lo prueben; `boi table int_unproved` dice cuál. Vuelva a leer el aviso (`boi run --reread all`) o confírmelo con una enmienda.
  - expression: regexp_matches(source_url, '^https?://') and (apply_url is null or regexp_matches(apply_url, '^https?://'))
    name: links_are_http
    advice: Un enlace no es http(s) y no se publica. Búsquelo en la página y póngalo al aprobar con una enmienda.
  - expression: opportunity_id not in (select opportunity_id from intermediate.int_links where not is_official and link_kind <> 'shortened')
    name: link_is_official
    severity: warning
    where: source_id not like 'archive_%'
    advice: El enlace para aplicar no es del convocante, ni de una página que su aviso dé por oficial, ni de una plataforma conocida. Ábralo; si es bueno apruébela, y añada el sitio a boi_pipeline/hosts.yml si se repite; si no, ponga el oficial con una enmienda.
  - expression: opportunity_id not in (select opportunity_id from intermediate.int_links where link_kind = 'shortened')
    name: link_is_not_shortened
    severity: warning
    where: source_id not like 'archive_%'
    advice: El enlace está acortado y no se ve adónde lleva. Ábralo y ponga la dirección completa con una enmienda.
  - max_fall: 0.5
    advice: Hay menos de la mitad de oportunidades que en las últimas publicaciones. Revise qué fuentes fallaron.
  - expression: home_eligible <> 'unclear'
    name: home_eligibility_is_known
    severity: warning
    where: source_id not like 'archive_%'
    advice: No se sabe si se puede aplicar desde aquí. Léala y, si lo dice, apruébela con una enmienda.
  - expression: close_date is not null or close_model = 'rolling'
    name: closing_is_known
    severity: warning
    where: source_id not like 'archive_%'
    advice: No se encontró fecha de cierre. Búsquela en la fuente antes de aprobar.
  - expression: len(unclear_fields) = 0
    name: reader_was_sure
    severity: warning
    where: source_id not like 'archive_%'
    advice: El lector no estuvo seguro de algún campo. Léala y complételo al aprobar.
  - expression: not list_contains(accepted_applicant_types, 'other') and funding_instrument is distinct from 'other'
    name: terms_say_something
    severity: warning
    advice: Un dato quedó en «Otros». Mire qué dice la página; si el caso se repite, proponga un término nuevo para el vocabulario.
  - max_rise: {home_eligibility_is_known: 0.15, closing_is_known: 0.15, reader_was_sure: 0.15, terms_say_something: 0.15, link_is_official: 0.15}
    severity: warning
    advice: La parte de oportunidades con este aviso subió más de 15 puntos frente a lo publicado antes. Mire qué fuente, lector o vocabulario cambió estos días.
publish: [powerbi]
--- */
select
    o.opportunity_id,
    o.code,
    o.opportunity_number,
    o.title,
    -- what no reader could say a person said when approving it
    coalesce(o.title_es, r.content ->> '$.title_es') as title_es,
    coalesce(o.summary_es, r.content ->> '$.summary_es') as summary_es,
    coalesce(o.eligibility_es, r.content ->> '$.eligibility_es') as eligibility_es,
    coalesce(o.opportunity_type, r.content ->> '$.opportunity_type') as opportunity_type,
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
