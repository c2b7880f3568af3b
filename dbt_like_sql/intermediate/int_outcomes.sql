/* ---
description: "Los resultados con la oportunidad a que se refieren (unknown si no se conoce a la fecha de corte) y lo obtenido en moneda local."
grain: [outcome_row_id]
columns:
  outcome_row_id:
  outcome_date: {description: "Día en que se contó, en la zona de la entidad."}
  opportunity_id:
  source_id:
  funder_id:
  reference: {type: text, label: Referencia, description: Anuncio o código con que se nombra la oportunidad.}
  reported_by:
  referred_count:
  answered_count:
  applied_count:
  awarded_count:
  people_count:
  award_amount:
  currency:
  home_award_amount:
  rate: {type: "decimal(18,6)", label: Tasa de cambio, description: "La más reciente a ese día, de una semana antes como mucho; nula si no se necesita o no se conoce."}
  rate_date:
  rate_source:
checks:
  - expression: opportunity_id <> 'unknown'
    name: outcome_reference_is_known
    severity: warning
    advice: Este resultado nombra un anuncio o un código que no se conoce a la fecha de corte; no se cuenta. Corrija la referencia en la tabla de resultados.
  - expression: award_amount is null or currency is not null
    name: currency_present
    severity: warning
    advice: Falta la moneda del monto, que no se cuenta. Complétela en la tabla de resultados.
  - expression: award_amount is null or currency is null or home_award_amount is not null
    name: rate_present
    severity: warning
    advice: No hay tasa de cambio de esa moneda para ese día ni para los siete anteriores, y el monto no se cuenta en moneda local. Añádala a rates.csv, con su fuente oficial.
--- */
select
    o.outcome_row_id,
    o.outcome_date,
    coalesce(star.star_id, 'unknown') as opportunity_id,
    coalesce(star.source_id, 'unknown') as source_id,
    coalesce(star.funder_id, 'unknown') as funder_id,
    coalesce(o.item_id, o.code) as reference,
    o.reported_by,
    o.referred_count,
    o.answered_count,
    o.applied_count,
    o.awarded_count,
    o.people_count,
    o.award_amount,
    o.currency,
    case
        when o.currency = r.home_currency then o.award_amount
        -- exact, and null where the product is more than an amount can be
        else try_cast(round(o.award_amount::decimal(38, 2) * rates.rate, 2) as decimal(18, 2))
    end as home_award_amount,
    case when o.award_amount is not null then rates.rate end as rate,
    case when o.award_amount is not null then rates.rate_date end as rate_date,
    case when o.award_amount is not null then rates.rate_source end as rate_source
from staging.stg_outcomes o
left join staging.stg_matches by_item on by_item.item_id = o.item_id
left join staging.stg_identities by_code on by_code.code = o.code
left join intermediate.int_star star on star.opportunity_id = coalesce(by_item.opportunity_id, by_code.opportunity_id)
left join staging.stg_rates rates
    on rates.currency = o.currency and rates.rate_date between o.outcome_date - 7 and o.outcome_date
cross join staging.stg_run r
qualify row_number() over (partition by o.outcome_row_id order by rates.rate_date desc) = 1
