/* ---
description: "El calendario, sin huecos, de los años enteros en que hay fechas de hechos o de cierres."
grain: [calendar_date]
columns:
  calendar_date: {type: date, label: Fecha, description: Día.}
  calendar_year: {type: bigint, label: Año, description: Año.}
  quarter_label: {type: text, label: Trimestre, description: "Trimestre del año, por ejemplo 2026-T4."}
  month_number: {type: bigint, label: Número de mes, description: De 1 a 12.}
  month_name: {type: text, label: Nombre del mes, description: Nombre del mes.}
  month_label: {type: text, label: Mes, description: "Mes del año, por ejemplo 2026-11."}
  week_label: {type: text, label: Semana, description: "Semana ISO, por ejemplo 2026-W48."}
  weekday_number: {type: bigint, label: Número del día de la semana, description: "1 es lunes."}
  weekday_name: {type: text, label: Día de la semana, description: Nombre del día de la semana.}
  is_working_day: {type: boolean, label: Día laborable, description: "Si la entidad trabaja ese día: ni descanso semanal ni festivo de su país."}
checks:
  - min_rows: 365
publish: [powerbi]
--- */
with dates as (
    select as_of_date as d from staging.stg_run
    union
    select close_date from marts.opportunity_deadlines
    union
    select close_date from marts.dim_opportunity
    union
    select edition_date from marts.fct_publication
    union
    select close_date from marts.fct_publication
    union
    select metric_date from marts.fct_metric_daily
    union
    select outcome_date from marts.fct_outcome
    union
    select decided_date from marts.fct_review
    union
    select crawl_date from marts.fct_source_health
    union
    select call_date from marts.fct_reader_usage
),
bounds as (
    select date_trunc('year', min(d))::date as first_day, (date_trunc('year', max(d)) + interval 1 year)::date as last_day
    from dates
),
days as (
    select unnest(generate_series(first_day, last_day - interval 1 day, interval 1 day))::date as day from bounds
)
select
    day as calendar_date,
    year(day) as calendar_year,
    year(day) || '-T' || quarter(day) as quarter_label,
    month(day) as month_number,
    ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre',
     'diciembre'][month(day)] as month_name,
    strftime(day, '%Y-%m') as month_label,
    strftime(day, '%G-W%V') as week_label,
    isodow(day) as weekday_number,
    ['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado', 'domingo'][isodow(day)] as weekday_name,
    list_contains(r.working_weekdays, isodow(day)) and h.calendar_date is null as is_working_day
from days
left join staging.stg_holidays h on h.calendar_date = days.day
cross join staging.stg_run r
