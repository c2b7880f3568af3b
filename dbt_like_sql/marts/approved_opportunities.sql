/* ---
description: Las oportunidades aprobadas, con los campos tal como una persona los aprobó; es lo que leen los trabajos de publicación.
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
  funder_country:
  host_countries:
  attendance_mode:
  accepted_applicant_types:
  audiences:
  eligible_regions:
  home_eligible:
  isced_levels:
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
  opening_date:
  close_date:
  close_time:
  close_at:
  close_timezone:
  close_model:
  close_date_description:
  days_left:
  last_opened_date:
  apply_url:
  source_url:
  source_name:
  language:
  sdg_goals:
  plan_objectives:
  digital_source_type:
  review_status:
  reviewed_by_role:
  reviewed_at:
  has_unapproved_changes:
  is_vanished:
  first_seen_at:
  last_verified_at:
  snapshot_sha256:
checks:
  - not_null: [code, title, title_es, opportunity_type, source_url, reviewed_at, snapshot_sha256]
    advice: Falta un dato imprescindible en lo aprobado. Vuelva a aprobarla completa.
  - unique: [code]
    advice: Dos notas aprobadas tienen el mismo código, y su página sería la misma. No publique; ejecute `boi ledger verify` y avise a quien mantiene el sistema.
  - unique: [source_url, title_es]
    name: page_and_title_once
    severity: warning
    advice: "Hay dos notas aprobadas de la misma página con el mismo título. Si son la misma convocatoria, retire una y responda con los dos códigos: `boi review same`."
  - in_vocabulary: {opportunity_type: opportunity_types, status: statuses, home_eligible: home_eligible}
  - in_vocabulary:
      funding_instrument: funding_instruments
      funding_level: funding_levels
      attendance_mode: attendance_modes
      audiences: audiences
      accepted_applicant_types: applicant_types
      coverage: coverage
      close_model: close_models
      isced_levels: isced_levels
      plan_objectives: plan_objectives
      sdg_goals: sdg_goals
      digital_source_type: digital_source_types
    severity: warning
    advice: Se aprobó con un término que su vocabulario ya no tiene, y se publica sin etiqueta. Devuelva el término al vocabulario, o apruébela de nuevo con otro.
  - expression: status <> 'open' or coalesce(close_at, (close_date + interval 1 day) at time zone coalesce(close_timezone, (select entity_timezone from staging.stg_run))) > (select as_of from staging.stg_run)
    name: open_is_not_past_its_deadline
    advice: Está publicada como abierta con el cierre pasado. No la difunda y avise a quien mantiene el sistema.
  - expression: length(title_es) <= 90
    name: title_es_within_limits
    advice: El título aprobado pasa de 90 caracteres. Acórtelo con una enmienda y apruébela de nuevo.
  - expression: len(regexp_split_to_array(trim(summary_es), '\s+')) between 40 and 60
    name: summary_es_within_limits
    severity: warning
    advice: El resumen aprobado no tiene entre 40 y 60 palabras. Ajústelo con una enmienda y apruébela de nuevo.
  - language: {summary_es: es, eligibility_es: es}
    apart_from: [title, funder_name]
    advice: El texto aprobado no está en español y no se publica. Reescríbalo con una enmienda y apruébela de nuevo.
  - language: {title_es: es}
    apart_from: [funder_name]
    severity: warning
    advice: El título aprobado no parece español. Tradúzcalo con una enmienda, salvo que sea un nombre propio.
  - plain_language: [summary_es, eligibility_es]
    apart_from: [title, funder_name]
    severity: warning
    advice: Tiene frases de más de 20 palabras, párrafos de más de cinco líneas o siglas sin explicar. Dígalo más corto con una enmienda.
  - no_personal_data: [title, title_es, summary_es, eligibility_es, funder_name, opportunity_number, close_date_description, apply_url, source_url]
    advice: Lo aprobado lleva un correo, teléfono o número de documento de una persona y no se publica. Quítelo con una enmienda y apruébela de nuevo.
  - expression: currency is not null or coalesce(min_award_amount, max_award_amount, total_amount_available) is null
    name: amount_has_currency
    advice: Se aprobó un monto sin moneda. Complétela con una enmienda y apruébela de nuevo.
  - expression: least(min_award_amount, max_award_amount, total_amount_available, estimated_award_count) >= 0 and (max_award_amount is null or min_award_amount is null or min_award_amount <= max_award_amount)
    name: amounts_are_sane
    advice: Se aprobó un monto o número de cupos negativo, o un mínimo mayor que el máximo. Corríjalo con una enmienda y apruébela de nuevo.
  - expression: close_date between (select as_of_date - interval 5 year from staging.stg_run) and (select as_of_date + interval 6 year from staging.stg_run)
    name: close_date_is_sane
    severity: warning
    advice: Se aprobó un cierre a más de cinco años hacia atrás o de seis hacia adelante. Revíselo en la página.
  - expression: len(sdg_goals) <= 3 and len(list_distinct(sdg_goals)) = len(sdg_goals)
    name: one_primary_goal
    advice: Los ODS aprobados deben ser tres como máximo, sin repetir y con el principal primero. Corríjalos con una enmienda y apruébela de nuevo.
  - expression: opportunity_id not in (select opportunity_id from intermediate.int_unproved where record = 'approved')
    name: facts_are_proved
    advice: Se aprobó un dato sin palabras de la fuente que lo prueben; `boi table int_unproved` dice cuál. Confírmelo con una enmienda o quítelo.
  - expression: review_status = 'approved'
    name: only_approved
    scope: set
    advice: Hay algo no aprobado entre lo aprobado. No publique y avise a quien mantiene el sistema.
  - expression: regexp_matches(source_url, '^https?://') and (apply_url is null or regexp_matches(apply_url, '^https?://'))
    name: links_are_http
    advice: Un enlace aprobado no es http(s) y no se publica. Póngalo completo con una enmienda y apruébela de nuevo.
publish: {curated: opportunities, open_data: opportunities}
--- */
with approved as (
    select
        r.*,
        from_json(r.content, '{
            "accepted_applicant_types": ["VARCHAR"], "application_fee": "BOOLEAN", "apply_url": "VARCHAR",
            "attendance_mode": "VARCHAR", "audiences": ["VARCHAR"], "close_date_description": "VARCHAR",
            "close_model": "VARCHAR", "code": "VARCHAR", "cost_sharing_required": "BOOLEAN", "coverage": ["VARCHAR"],
            "currency": "VARCHAR", "digital_source_type": "VARCHAR", "eligibility_es": "VARCHAR",
            "eligible_regions": ["VARCHAR"],
            "estimated_award_count": "BIGINT", "funder_country": "VARCHAR", "funder_name": "VARCHAR",
            "funding_instrument": "VARCHAR", "funding_level": "VARCHAR", "home_eligible": "VARCHAR",
            "host_countries": ["VARCHAR"], "isced_levels": ["BIGINT"], "language": "VARCHAR",
            "max_award_amount": "DECIMAL(18,2)", "min_award_amount": "DECIMAL(18,2)",
            "opening_date": "DATE", "opportunity_number": "VARCHAR", "opportunity_type": "VARCHAR", "plan_objectives": ["VARCHAR"],
            "required_languages": ["VARCHAR"], "sdg_goals": ["BIGINT"], "source_name": "VARCHAR",
            "source_url": "VARCHAR", "summary_es": "VARCHAR", "title": "VARCHAR", "title_es": "VARCHAR",
            "total_amount_available": "DECIMAL(18,2)", "typical_age_range": "VARCHAR"
        }') as c
    from intermediate.int_reviews r
    where r.content is not null
),
next_deadline as (
    select a.opportunity_id, d.*, d.open_until_at > run.as_of as is_ahead
    from approved a
    join intermediate.int_snapshot_deadlines d using (snapshot_sha256)
    cross join staging.stg_run run
    qualify row_number() over (
        partition by a.opportunity_id
        order by
            (d.open_until_at > run.as_of) desc,
            case when d.open_until_at > run.as_of then epoch(d.open_until_at) else -epoch(d.open_until_at) end,
            d.seq
    ) = 1
),
over as (
    -- what the bulletin shows as over, since its source says so after the approval
    select distinct s.opportunity_id
    from intermediate.int_states s
    join intermediate.int_survivors l using (opportunity_id)
    join intermediate.int_status now on now.opportunity_id = l.survivor_id
    where
        s.state in ('closed_early', 'vanished')
        or (s.state in ('shortened', 'deadline_changed') and now.status = 'closed')
),
said as (
    -- that outweighs what was approved
    select
        opportunity_id,
        bool_or(state = 'cancelled') as is_cancelled,
        bool_or(state = 'opening_changed' and new_value is null) as is_undated,
        any_value(new_value) filter (state = 'opening_changed')::date as opening_date
    from intermediate.int_states
    where state in ('cancelled', 'opening_changed')
    group by opportunity_id
)
select
    a.opportunity_id,
    a.c.code,
    a.c.opportunity_number,
    a.c.title,
    a.c.title_es,
    a.c.summary_es,
    a.c.eligibility_es,
    a.c.opportunity_type,
    a.c.funding_instrument,
    case
        when said.is_cancelled then 'cancelled'
        when not coalesce(n.is_ahead, true) or over.opportunity_id is not null then 'closed'
        when
            said.is_undated
            or coalesce(said.opening_date, a.c.opening_date) > run.as_of_date
            and coalesce(coalesce(said.opening_date, a.c.opening_date) <= n.close_date, true)
            then 'forecasted'
        else 'open'
    end as status,
    a.c.funder_name,
    a.c.funder_country,
    a.c.host_countries,
    a.c.attendance_mode,
    a.c.accepted_applicant_types,
    a.c.audiences,
    a.c.eligible_regions,
    a.c.home_eligible,
    a.c.isced_levels,
    a.c.required_languages,
    a.c.typical_age_range,
    a.c.funding_level,
    a.c.coverage,
    a.c.currency,
    a.c.min_award_amount,
    a.c.max_award_amount,
    a.c.total_amount_available,
    a.c.estimated_award_count,
    a.c.cost_sharing_required,
    a.c.application_fee,
    a.c.opening_date,
    n.close_date,
    n.close_time,
    n.close_at,
    n.close_timezone,
    a.c.close_model,
    a.c.close_date_description,
    greatest(n.close_date - run.as_of_date, case when n.is_ahead then 0 end)::bigint as days_left,
    series.last_opened_date,
    a.c.apply_url,
    a.c.source_url,
    a.c.source_name,
    a.c.language,
    a.c.sdg_goals,
    a.c.plan_objectives,
    a.c.digital_source_type,
    a.review_status,
    a.reviewed_by_role,
    a.reviewed_at,
    a.has_unapproved_changes,
    o.is_vanished,
    o.first_seen_at,
    o.last_verified_at,
    a.snapshot_sha256
from approved a
-- what was merged into another stays as approved until that other is: its announcements are there
join intermediate.int_survivors lives on lives.opportunity_id = a.opportunity_id
join intermediate.int_opportunities o on o.opportunity_id = lives.survivor_id
join intermediate.int_series series on series.opportunity_id = lives.survivor_id
left join next_deadline n on n.opportunity_id = a.opportunity_id
left join said on said.opportunity_id = a.opportunity_id
left join over on over.opportunity_id = a.opportunity_id
cross join staging.stg_run run
where lives.survivor_id = a.opportunity_id or lives.survivor_id not in (select opportunity_id from approved)
