/* ---
description: El registro público de cada oportunidad como lo lee la máquina hoy, en JSON; vacío lo imprescindible que una persona debe decir.
grain: [opportunity_id]
partitioned: true
columns:
  opportunity_id:
  public_json: {type: text, label: Registro público, description: "Registro PublicOpportunity, claves en orden alfabético."}
--- */
with used as (
    select i.opportunity_id, e.field, e.quote, e.kind, e.start_offset, e.end_offset, e.confidence, i.url
    from intermediate.int_items i
    join staging.stg_evidence e using (notice_id)
    semi join (select * from intermediate.int_values where is_current) v
        on v.opportunity_id = i.opportunity_id and v.field = e.field and v.notice_id = e.notice_id
),
proofs as (
    select
        opportunity_id,
        list_sort(list({
            'field': field, 'quote': quote, 'doubt': -confidence, 'start': start_offset, 'end': end_offset, 'kind': kind,
            'url': url
        })) as proofs
    from used
    where
        -- a warning that was dropped (an official page gives the deadline too) proves nothing
        field <> 'red_flags'
        or opportunity_id in (select opportunity_id from intermediate.int_opportunities where len(red_flags) > 0)
    group by opportunity_id
),
openings as (
    -- what opens after its last close is an exhibition or a course
    select
        o.opportunity_id,
        a.opening_date,
        case
            when length(a.quote) <= 300
                then [{'field': 'opening_date', 'kind': 'stated', 'quote': a.quote, 'url': o.source_url}]
            else []
        end as evidence
    from intermediate.int_opportunities o
    join staging.stg_openings a on a.notice_id = o.lead_notice_id
    left join (
        select opportunity_id, max(close_date) as last_date from intermediate.int_deadlines group by opportunity_id
    ) d using (opportunity_id)
    where a.opening_date <= coalesce(d.last_date, a.opening_date)
),
evidence as (
    -- one quote a field is what a person reads, the surest; the rest stays in field_evidence. As lists: groups of quotes cost more
    select
        opportunity_id,
        list_transform(
            list_sort(list_transform(
                list_filter(
                    proofs,
                    lambda proof, place:
                        place = 1 or proofs[place - 1].quote <> proof.quote or proofs[place - 1].field <> proof.field
                ),
                lambda proof: {
                    'field': proof.field, 'start': proof.start, 'end': proof.end, 'kind': proof.kind, 'quote': proof.quote,
                    'url': proof.url
                }
            )),
            lambda proof: {'field': proof.field, 'kind': proof.kind, 'quote': proof.quote, 'url': proof.url}
        ) as evidence
    from proofs
),
deadlines as (
    select
        opportunity_id,
        list({
            'basis': basis,
            'close_at': strftime(close_at, '%Y-%m-%dT%H:%M:%SZ'),
            'close_date': close_date::varchar,
            'close_time': close_time::varchar,
            'seq': seq,
            'stage': stage,
            'timezone': close_timezone
        } order by seq) as deadlines
    from intermediate.int_deadlines
    group by opportunity_id
)
select
    o.opportunity_id,
    to_json({
        'accepted_applicant_types': o.accepted_applicant_types,
        'application_fee': o.application_fee,
        'apply_url': o.apply_url,
        'attendance_mode': o.attendance_mode,
        'audiences': o.audiences,
        'channel_texts': coalesce(t.channel_texts, '[]')::json,
        'close_date_description': o.close_date_description,
        'close_model': o.close_model,
        'code': o.code,
        'cost_sharing_required': o.cost_sharing_required,
        'coverage': o.coverage,
        'currency': o.currency,
        'deadlines': coalesce(d.deadlines, []),
        'digital_source_type': coalesce(o.digital_source_type, 'algorithmicMedia'),
        'drafting_tool': t.drafting_tool,
        'eligibility_es': coalesce(o.eligibility_es, ''),
        'eligible_regions': o.eligible_regions,
        'estimated_award_count': o.estimated_award_count,
        'evidence': list_concat(coalesce(e.evidence, []), coalesce(opens.evidence, [])),
        'funder_country': o.funder_country,
        'funder_name': o.funder_name,
        'funding_instrument': o.funding_instrument,
        'funding_level': o.funding_level,
        'home_eligible': o.home_eligible,
        'host_countries': o.host_countries,
        'isced_levels': o.isced_levels,
        'language': o.language,
        'max_award_amount': o.max_award_amount::varchar,
        'min_award_amount': o.min_award_amount::varchar,
        'opening_date': opens.opening_date::varchar,
        'opportunity_id': o.opportunity_id,
        'opportunity_number': o.opportunity_number,
        'opportunity_type': coalesce(o.opportunity_type, ''),
        'plan_objectives': o.plan_objectives,
        'red_flags': o.red_flags,
        'required_languages': o.required_languages,
        'sdg_goals': o.sdg_goals,
        'source_name': o.source_name,
        'source_url': o.source_url,
        'summary_es': coalesce(o.summary_es, ''),
        'title': o.title,
        'title_es': coalesce(o.title_es, ''),
        'total_amount_available': o.total_amount_available::varchar,
        'typical_age_range': o.typical_age_range
    })::varchar as public_json
from intermediate.int_opportunities o
left join deadlines d using (opportunity_id)
left join evidence e using (opportunity_id)
left join openings opens using (opportunity_id)
left join staging.stg_drafts t on t.notice_id = o.lead_notice_id
where o.is_opportunity
