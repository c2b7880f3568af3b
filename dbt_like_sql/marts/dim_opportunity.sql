/* ---
description: "La oportunidad para el modelo en estrella, con etiquetas en español. La fila unknown («Sin dato») recibe los hechos que no se pueden atribuir a ninguna: no se cuenta como oportunidad."
grain: [opportunity_id]
columns:
  opportunity_id:
  code:
  title_es:
  type_label: {type: text, label: Tipo, description: Tipo de oportunidad.}
  status_label: {type: text, label: Estado, description: Estado a la fecha de corte.}
  home_eligible_label: {type: text, label: ¿Puedo aplicar?, description: Si se puede aplicar desde el país de la entidad.}
  review_label: {type: text, label: Revisión, description: Qué ha decidido el equipo.}
  funding_label: {type: text, label: Financiación, description: Cuánto cubre.}
  attendance_label: {type: text, label: Modalidad, description: Modalidad de asistencia.}
  days_left:
  days_left_band: {type: text, label: Plazo, description: "Días restantes en tramos: 0 a 7, 8 a 15, 16 a 30, Más de 30, Aún no abre, Cerrada o Sin fecha."}
  band_position: {type: bigint, label: Orden del plazo, description: Orden de los tramos de días restantes.}
  close_date:
  funder_name: {description: Entidad que convoca; «Sin dato» si no se sabe.}
  source_id:
  currency:
  max_award_amount:
  first_seen_at:
  apply_url:
  source_url:
  has_sdg: {type: boolean, label: Tiene ODS, description: Si contribuye a algún Objetivo de Desarrollo Sostenible.}
checks:
  - not_null:
      - code
      - title_es
      - type_label
      - status_label
      - home_eligible_label
      - review_label
      - funding_label
      - attendance_label
      - days_left_band
      - source_id
  - references: {source_id: marts.dim_source.source_id}
    scope: set
  - unique: [code]
publish: [powerbi]
--- */
with bands as (
    select
        o.*,
        case
            when status in ('closed', 'cancelled') then 'Cerrada'
            when status = 'forecasted' then 'Aún no abre'
            when days_left is null then 'Sin fecha'
            when days_left <= 7 then '0 a 7'
            when days_left <= 15 then '8 a 15'
            when days_left <= 30 then '16 a 30'
            else 'Más de 30'
        end as days_left_band
    from marts.opportunities o
)
select
    o.opportunity_id,
    o.code,
    o.title_es,
    coalesce(type.label, 'Sin dato') as type_label,
    coalesce(status.label, 'Sin dato') as status_label,
    coalesce(eligible.label, 'Sin dato') as home_eligible_label,
    coalesce(review.label, 'Sin dato') as review_label,
    coalesce(funding.label, 'Sin dato') as funding_label,
    coalesce(attendance.label, 'Sin dato') as attendance_label,
    o.days_left,
    o.days_left_band,
    list_position(['0 a 7', '8 a 15', '16 a 30', 'Más de 30', 'Aún no abre', 'Cerrada', 'Sin fecha'], o.days_left_band)::bigint
        as band_position,
    o.close_date,
    coalesce(o.funder_name, 'Sin dato') as funder_name,
    coalesce(o.source_id, 'unknown') as source_id,
    o.currency,
    o.max_award_amount,
    o.first_seen_at,
    o.apply_url,
    o.source_url,
    len(o.sdg_goals) > 0 as has_sdg
from bands o
left join staging.stg_terms type on type.vocabulary = 'opportunity_types' and type.code = o.opportunity_type
left join staging.stg_terms status on status.vocabulary = 'statuses' and status.code = o.status
left join staging.stg_terms eligible on eligible.vocabulary = 'home_eligible' and eligible.code = o.home_eligible
left join staging.stg_terms review on review.vocabulary = 'review_statuses' and review.code = o.review_status
left join staging.stg_terms funding on funding.vocabulary = 'funding_levels' and funding.code = o.funding_level
left join staging.stg_terms attendance
    on attendance.vocabulary = 'attendance_modes' and attendance.code = o.attendance_mode
union all
select
    'unknown', 'Sin dato', 'Sin dato', 'Sin dato', 'Sin dato', 'Sin dato', 'Sin dato', 'Sin dato', 'Sin dato', null,
    'Sin dato', 8, null, 'Sin dato', 'unknown', null, null, null, null, null, false
