/* ---
description: Una fila por oportunidad con sus datos de hoy, antes de toda decisión.
grain: [opportunity_id]
partitioned: true
columns:
  opportunity_id:
  code:
  opportunity_number:
  title:
  title_es:
  summary_es:
  eligibility_es:
  is_opportunity: {type: boolean, label: Es oportunidad, description: Si el anuncio que manda anuncia todavía una oportunidad.}
  opportunity_type:
  funding_instrument:
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
  close_model:
  close_date_description:
  apply_url:
  source_url:
  source_id:
  source_name:
  authority:
  language:
  post_date:
  sdg_goals:
  sdg_targets:
  plan_objectives:
  red_flags:
  digital_source_type:
  first_seen_at:
  last_verified_at:
  last_modified_at:
  version_number:
  is_vanished:
  lead_notice_id: {type: text, label: Aviso que manda, description: Aviso del que se toman título y página.}
  item_count: {type: bigint, label: Anuncios, description: Anuncios que hablan de ella.}
  unclear_fields:
checks:
  - not_null: [code, title]
  - in_vocabulary: {opportunity_type: opportunity_types, home_eligible: home_eligible, audiences: audiences}
--- */
with wide as (
    select
        opportunity_id,
        max(value) filter (field = 'opportunity_number') ->> '$' as opportunity_number,
        max(value) filter (field = 'title') ->> '$' as title,
        (max(value) filter (field = 'is_opportunity') ->> '$')::boolean as is_opportunity,
        max(value) filter (field = 'opportunity_type') ->> '$' as opportunity_type,
        max(value) filter (field = 'funding_instrument') ->> '$' as funding_instrument,
        max(value) filter (field = 'funder_name') ->> '$' as funder_name,
        (max(value) filter (field = 'funder_type') ->> '$')::bigint as funder_type,
        max(value) filter (field = 'funder_country') ->> '$' as funder_country,
        from_json(max(value) filter (field = 'host_countries'), '["VARCHAR"]') as host_countries,
        max(value) filter (field = 'attendance_mode') ->> '$' as attendance_mode,
        from_json(max(value) filter (field = 'accepted_applicant_types'), '["VARCHAR"]') as accepted_applicant_types,
        from_json(max(value) filter (field = 'audiences'), '["VARCHAR"]') as audiences,
        from_json(max(value) filter (field = 'eligible_regions'), '["VARCHAR"]') as eligible_regions,
        max(value) filter (field = 'home_eligible') ->> '$' as home_eligible,
        from_json(max(value) filter (field = 'isced_levels'), '["BIGINT"]') as isced_levels,
        from_json(max(value) filter (field = 'isced_fields'), '["VARCHAR"]') as isced_fields,
        from_json(max(value) filter (field = 'required_languages'), '["VARCHAR"]') as required_languages,
        max(value) filter (field = 'typical_age_range') ->> '$' as typical_age_range,
        max(value) filter (field = 'funding_level') ->> '$' as funding_level,
        from_json(max(value) filter (field = 'coverage'), '["VARCHAR"]') as coverage,
        max(value) filter (field = 'currency') ->> '$' as currency,
        (max(value) filter (field = 'min_award_amount') ->> '$')::decimal(18, 2) as min_award_amount,
        (max(value) filter (field = 'max_award_amount') ->> '$')::decimal(18, 2) as max_award_amount,
        (max(value) filter (field = 'total_amount_available') ->> '$')::decimal(18, 2) as total_amount_available,
        (max(value) filter (field = 'estimated_award_count') ->> '$')::bigint as estimated_award_count,
        (max(value) filter (field = 'cost_sharing_required') ->> '$')::boolean as cost_sharing_required,
        (max(value) filter (field = 'application_fee') ->> '$')::boolean as application_fee,
        max(value) filter (field = 'close_model') ->> '$' as close_model,
        max(value) filter (field = 'close_date_description') ->> '$' as close_date_description,
        max(value) filter (field = 'apply_url') ->> '$' as apply_url,
        max(value) filter (field = 'source_url') ->> '$' as source_url,
        max(value) filter (field = 'language') ->> '$' as language,
        (max(value) filter (field = 'post_date') ->> '$')::date as post_date,
        from_json(max(value) filter (field = 'sdg_goals'), '["BIGINT"]') as sdg_goals,
        from_json(max(value) filter (field = 'sdg_targets'), '["VARCHAR"]') as sdg_targets,
        from_json(max(value) filter (field = 'plan_objectives'), '["VARCHAR"]') as plan_objectives
    from intermediate.int_values
    where is_current
    group by opportunity_id
),
leads as (
    select
        w.opportunity_id, w.item_id, w.notice_id, i.source_id, i.authority, s.source_name
    from intermediate.int_winners w
    join intermediate.int_items i using (item_id)
    left join staging.stg_sources s on s.source_id = i.source_id
    where w.unit = 'lead' and w.is_current
),
eligibility as (
    select opportunity_id, notice_id from intermediate.int_winners where unit = 'eligibility' and is_current
),
items as (
    select
        opportunity_id,
        min(first_seen_at) as first_seen_at,
        max(last_verified_at) as last_verified_at,
        max(last_modified_at) as last_modified_at,
        -- an aggregator that still lists it does not keep it alive when its own page is gone, nor does one end it
        coalesce(bool_and(is_vanished) filter (authority = 'official'), bool_and(is_vanished)) as is_vanished,
        count(*)::bigint as item_count
    from intermediate.int_items
    group by opportunity_id
),
aggregator_deadlines as (
    select w.opportunity_id
    from intermediate.int_winners w
    join staging.stg_notices n using (notice_id)
    where w.unit = 'deadlines' and w.is_current and n.authority = 'aggregator'
),
flags as (
    -- a warning on any of its pages counts; a deadline is an aggregator's only where no official page gives one
    select opportunity_id, list(distinct flag order by flag) as red_flags
    from (
        select i.opportunity_id, unnest(from_json(f.value, '["VARCHAR"]')) as flag
        from intermediate.int_items i
        join staging.stg_facts f on f.notice_id = i.notice_id and f.field = 'red_flags'
        union all
        select opportunity_id, 'aggregator_deadline' from aggregator_deadlines
    )
    where flag <> 'aggregator_deadline' or opportunity_id in (from aggregator_deadlines)
    group by opportunity_id
),
versions as (
    select opportunity_id, count(distinct moment_at) filter (is_public)::bigint as changes
    from intermediate.int_changes
    group by opportunity_id
)
select
    w.opportunity_id,
    identity.code,
    w.opportunity_number,
    w.title,
    draft.title_es,
    draft.summary_es,
    coalesce(who.eligibility_es, draft.eligibility_es) as eligibility_es,
    coalesce(w.is_opportunity, list_contains(reading.unclear_fields, 'is_opportunity'), false) as is_opportunity,
    w.opportunity_type,
    w.funding_instrument,
    w.funder_name,
    w.funder_type,
    w.funder_country,
    coalesce(w.host_countries, []) as host_countries,
    w.attendance_mode,
    coalesce(w.accepted_applicant_types, []) as accepted_applicant_types,
    coalesce(w.audiences, []) as audiences,
    coalesce(w.eligible_regions, []) as eligible_regions,
    coalesce(w.home_eligible, 'unclear') as home_eligible,
    coalesce(w.isced_levels, []) as isced_levels,
    coalesce(w.isced_fields, []) as isced_fields,
    coalesce(w.required_languages, []) as required_languages,
    w.typical_age_range,
    w.funding_level,
    coalesce(w.coverage, []) as coverage,
    w.currency,
    w.min_award_amount,
    w.max_award_amount,
    w.total_amount_available,
    w.estimated_award_count,
    w.cost_sharing_required,
    w.application_fee,
    w.close_model,
    w.close_date_description,
    w.apply_url,
    w.source_url,
    lead.source_id,
    lead.source_name,
    lead.authority,
    w.language,
    w.post_date,
    coalesce(w.sdg_goals, []) as sdg_goals,
    coalesce(w.sdg_targets, []) as sdg_targets,
    coalesce(w.plan_objectives, []) as plan_objectives,
    coalesce(flags.red_flags, []) as red_flags,
    draft.digital_source_type,
    items.first_seen_at,
    items.last_verified_at,
    items.last_modified_at,
    1 + coalesce(versions.changes, 0) as version_number,
    items.is_vanished,
    lead.notice_id as lead_notice_id,
    items.item_count,
    coalesce(reading.unclear_fields, []) as unclear_fields
from wide w
join staging.stg_identities identity using (opportunity_id)
join leads lead using (opportunity_id)
join items using (opportunity_id)
left join eligibility using (opportunity_id)
left join staging.stg_readings reading on reading.notice_id = lead.notice_id
left join staging.stg_drafts draft on draft.notice_id = lead.notice_id
left join staging.stg_drafts who on who.notice_id = eligibility.notice_id
left join flags using (opportunity_id)
left join versions using (opportunity_id)
