/* ---
description: "Los resultados sumados por oportunidad e informante, con lo que de cada cuenta se puede decir por sí solo (docs/decisions/0015)."
grain: [opportunity_id, reported_by]
columns:
  opportunity_id:
  reported_by:
  source_id:
  funder_id:
  outcome_date:
  referred_count:
  answered_count:
  applied_count:
  awarded_count:
  people_count:
  referred_told: {type: bigint, label: Remitidas que se dicen, description: "Nulo si no se sabe, o si se reserva."}
  answered_told: {type: bigint, label: Respondieron que se dicen, description: "Nulo si no se sabe, o si se reserva."}
  applied_told: {type: bigint, label: Se postularon que se dicen, description: "Nulo si no se sabe, o si se reserva."}
  awarded_told: {type: bigint, label: Obtuvieron que se dicen, description: "Nulo si no se sabe, o si se reserva."}
  people_told: {type: bigint, label: Personas que se dicen, description: "Nulo si no se sabe, o si se reserva."}
  award_amount:
  currency:
  home_award_amount:
  exchange_rate:
  rate_date:
  rate_source:
  has_amount_without_rate:
--- */
with summed as (
    select
        opportunity_id,
        reported_by,
        any_value(source_id) as source_id,
        any_value(funder_id) as funder_id,
        min(outcome_date) as outcome_date,
        sum(referred_count)::bigint as referred_count,
        sum(answered_count)::bigint as answered_count,
        sum(applied_count)::bigint as applied_count,
        sum(awarded_count)::bigint as awarded_count,
        sum(people_count)::bigint as people_count,
        count(distinct currency) filter (where award_amount is not null) as currencies,
        sum(award_amount) filter (where currency is not null) as amount,
        any_value(currency) filter (where award_amount is not null) as currency,
        sum(home_award_amount) as home_amount,
        count(distinct (rate, rate_date, rate_source)) filter (where rate is not null) as rates,
        any_value(rate) as rate,
        any_value(rate_date) as rate_date,
        string_agg(distinct rate_source, '; ' order by rate_source) as rate_source,
        bool_or(award_amount is not null and home_award_amount is null) as lacks_rate
    from intermediate.int_outcomes
    where opportunity_id <> 'unknown'
    group by opportunity_id, reported_by
),
-- each count after those it is a part of: what is told of them must not give it away
referred as (select *, case when referred_count not between 1 and 4 then referred_count end as referred_told from summed),
answered as (
    select
        *,
        case
            when answered_count between 1 and 4 or abs(answered_count - referred_told) between 1 and 4 then null
            else answered_count
        end as answered_told
    from referred
),
applied as (
    select
        *,
        case
            when applied_count between 1 and 4
                or abs(applied_count - referred_told) between 1 and 4
                or abs(applied_count - answered_told) between 1 and 4 then null
            else applied_count
        end as applied_told
    from answered
),
awarded as (
    select
        *,
        case
            when awarded_count between 1 and 4
                or abs(awarded_count - referred_told) between 1 and 4
                or abs(awarded_count - answered_told) between 1 and 4
                or abs(awarded_count - applied_told) between 1 and 4 then null
            else awarded_count
        end as awarded_told
    from applied
)
select
    opportunity_id,
    reported_by,
    source_id,
    funder_id,
    outcome_date,
    referred_count,
    answered_count,
    applied_count,
    awarded_count,
    people_count,
    referred_told,
    answered_told,
    applied_told,
    awarded_told,
    case
        when people_count between 1 and 4
            or abs(people_count - referred_told) between 1 and 4
            or abs(people_count - answered_told) between 1 and 4
            or abs(people_count - applied_told) between 1 and 4
            or abs(people_count - awarded_told) between 1 and 4 then null
        else people_count
    end as people_told,
    case when currencies = 1 then try_cast(amount as decimal(18, 2)) end as award_amount,
    case when currencies = 1 then currency end as currency,
    try_cast(home_amount as decimal(18, 2)) as home_award_amount,
    case when rates = 1 and currencies = 1 then try_cast(rate as decimal(18, 4)) end as exchange_rate,
    case when rates = 1 and currencies = 1 then rate_date end as rate_date,
    rate_source,
    lacks_rate as has_amount_without_rate
from awarded
