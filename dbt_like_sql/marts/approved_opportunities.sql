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
  - in_vocabulary: {opportunity_type: opportunity_types, status: statuses, home_eligible: home_eligible}
  - expression: review_status = 'approved'
    name: only_approved
    scope: set
    advice: Hay algo no aprobado entre lo aprobado. No publique y avise a quien mantiene el sistema.
  - expression: regexp_matches(source_url, '^https?://') and (apply_url is null or regexp_matches(apply_url, '^https?://'))
    name: links_are_http
    advice: Un enlace no es http(s). No lo publique.
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
            "opportunity_number": "VARCHAR", "opportunity_type": "VARCHAR", "plan_objectives": ["VARCHAR"],
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
    case when not coalesce(n.is_ahead, true) then 'closed' else 'open' end as status,
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
    n.close_date,
    n.close_time,
    n.close_at,
    n.close_timezone,
    a.c.close_model,
    a.c.close_date_description,
    (n.close_date - run.as_of_date)::bigint as days_left,
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
cross join staging.stg_run run
where lives.survivor_id = a.opportunity_id or lives.survivor_id not in (select opportunity_id from approved)
