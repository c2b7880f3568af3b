/* ---
description: "Lo que se obtuvo gracias al boletín, por oportunidad e informante, sin cuentas de menos de cinco personas ni de las que se puedan deducir (docs/decisions/0015). Lo que se reserva se suma en la fila unknown de su año e informante, si eso no lo descubre."
grain: [outcome_id]
columns:
  outcome_id:
  outcome_date:
  opportunity_id: {description: "Oportunidad de que se trata; unknown en la fila que suma lo reservado de varias."}
  source_id:
  funder_id:
  reported_by:
  reported_by_label: {type: text, label: Quién informa, description: Clase de informante.}
  referred_count: {description: "Personas o entidades a quienes el boletín o su equipo llevó a la convocatoria; nulo si no se sabe o se reserva."}
  answered_count: {description: "De las remitidas, cuántas contaron qué pasó; nulo si no se sabe o se reserva."}
  applied_count: {description: Cuántas se postularon; nulo si no se sabe o se reserva.}
  awarded_count: {description: Cuántas obtuvieron lo que pedían; nulo si no se sabe o se reserva.}
  people_count: {description: Cuántas personas se benefician de lo obtenido; nulo si no se sabe o se reserva.}
  withheld_count: {type: bigint, label: Cuentas reservadas, description: "Cuántas de sus cinco cuentas se saben y no se dicen, por ser de pocas personas."}
  withheld_fields: {type: text, label: Qué se reserva, description: "Las cuentas que se saben y no se dicen; nulo si ninguna."}
  award_amount: {description: "Suma de lo obtenido, en la moneda indicada; nulo si hay varias monedas, o si no se dice cuántas lo obtuvieron."}
  currency: {description: "Moneda ISO 4217 del monto; nula si hay varias."}
  home_award_amount: {description: "Suma de lo obtenido en la moneda del país de la entidad, sin lo que no tiene tasa de cambio; nulo si no se dice cuántas lo obtuvieron."}
  exchange_rate:
  rate_day: {type: text, label: Día de la tasa, description: "Día de la tasa de cambio; nulo si no se necesita, no se conoce o son varios."}
  rate_source:
  has_amount_without_rate:
checks:
  - not_null: [outcome_date, opportunity_id, source_id, funder_id, reported_by, withheld_count, has_amount_without_rate]
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
  - expression: referred_count not between 1 and 4 and answered_count not between 1 and 4 and applied_count not between 1 and 4 and awarded_count not between 1 and 4 and people_count not between 1 and 4
    name: no_small_cell
    scope: set
    advice: Se iba a publicar una cuenta de menos de cinco personas. Avise a quien mantiene el sistema.
  - expression: answered_count <= referred_count
    where: opportunity_id <> 'unknown'
    name: answers_come_from_those_referred
    severity: warning
    advice: De esta convocatoria respondieron, en total, más de las que se remitieron. Revise sus filas en la tabla de resultados.
  - expression: awarded_count <= applied_count
    where: opportunity_id <> 'unknown'
    name: awards_come_from_applications
    severity: warning
    advice: De esta convocatoria obtuvieron, en total, más de las que se postularon. Revise sus filas en la tabla de resultados.
publish: [powerbi]
version: 2
--- */
with withheld as (
    select
        opportunity_id,
        reported_by,
        count(*) as withheld_count,
        string_agg(label, ', ' order by position) as withheld_fields
    from intermediate.int_outcome_counts
    where is_withheld
    group by opportunity_id, reported_by
),
by_opportunity as (
    select
        c.opportunity_id || '/' || c.reported_by as outcome_id,
        c.outcome_date,
        c.opportunity_id,
        c.source_id,
        c.funder_id,
        c.reported_by,
        c.referred_told as referred_count,
        c.answered_told as answered_count,
        c.applied_told as applied_count,
        c.awarded_told as awarded_count,
        c.people_told as people_count,
        coalesce(w.withheld_count, 0) as withheld_count,
        w.withheld_fields,
        c.award_amount,
        c.currency,
        c.home_award_amount,
        c.exchange_rate,
        c.rate_date,
        c.rate_source,
        c.has_amount_without_rate
    from intermediate.int_outcome_cells c
    left join withheld w using (opportunity_id, reported_by)
),
-- what was obtained where it is not told how many obtained it, added up as those are
money as (
    select
        n.outcome_year,
        c.reported_by,
        case when count(distinct c.currency) = 1 and bool_and(c.currency is not null) then try_cast(sum(c.award_amount) as decimal(18, 2)) end as award_amount,
        case when count(distinct c.currency) = 1 and bool_and(c.currency is not null) then any_value(c.currency) end as currency,
        try_cast(sum(c.home_award_amount) as decimal(18, 2)) as home_award_amount,
        string_agg(distinct c.rate_source, '; ' order by c.rate_source) as rate_source,
        bool_or(c.has_amount_without_rate) as has_amount_without_rate
    from intermediate.int_outcome_cells c
    join intermediate.int_outcome_counts n
        on n.opportunity_id = c.opportunity_id and n.reported_by = c.reported_by and n.position = 4 and n.is_withheld
    where c.home_award_amount is not null or c.award_amount is not null or c.has_amount_without_rate
    group by n.outcome_year, c.reported_by
),
folded as (
    select
        'unknown/' || f.reported_by || '/' || f.outcome_year as outcome_id,
        max(f.outcome_date) as outcome_date,
        'unknown' as opportunity_id,
        'unknown' as source_id,
        'unknown' as funder_id,
        f.reported_by,
        max(f.told) filter (where f.position = 1) as referred_count,
        max(f.told) filter (where f.position = 2) as answered_count,
        max(f.told) filter (where f.position = 3) as applied_count,
        max(f.told) filter (where f.position = 4) as awarded_count,
        max(f.told) filter (where f.position = 5) as people_count,
        count(*) filter (where f.told is null) as withheld_count,
        string_agg(f.label, ', ' order by f.position) filter (where f.told is null) as withheld_fields,
        any_value(m.award_amount) as award_amount,
        any_value(m.currency) as currency,
        any_value(m.home_award_amount) as home_award_amount,
        null::decimal(18, 4) as exchange_rate,
        null::date as rate_date,
        any_value(m.rate_source) as rate_source,
        coalesce(any_value(m.has_amount_without_rate), false) as has_amount_without_rate
    from intermediate.int_outcome_folds f
    left join money m using (outcome_year, reported_by)
    group by f.outcome_year, f.reported_by
    having count(f.told) > 0
),
safe as (
    select * from by_opportunity
    union all
    select * from folded
)
select
    s.outcome_id,
    s.outcome_date,
    s.opportunity_id,
    s.source_id,
    s.funder_id,
    s.reported_by,
    coalesce(term.label, s.reported_by) as reported_by_label,
    s.referred_count,
    s.answered_count,
    s.applied_count,
    s.awarded_count,
    s.people_count,
    s.withheld_count,
    s.withheld_fields,
    -- an amount goes where the count of those who obtained it goes
    case when s.awarded_count > 0 then s.award_amount end as award_amount,
    case when s.awarded_count > 0 then s.currency end as currency,
    case when s.awarded_count > 0 then s.home_award_amount end as home_award_amount,
    case when s.awarded_count > 0 then s.exchange_rate end as exchange_rate,
    case when s.awarded_count > 0 then s.rate_date::varchar end as rate_day,
    case when s.awarded_count > 0 then s.rate_source end as rate_source,
    coalesce(s.awarded_count > 0 and s.has_amount_without_rate, false) as has_amount_without_rate
from safe s
left join staging.stg_terms term on term.vocabulary = 'outcome_reporters' and term.code = s.reported_by
