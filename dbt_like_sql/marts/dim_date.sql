/* ---
description: El calendario, sin huecos, de los años en que hay fechas.
grain: [calendar_date]
columns:
  calendar_date: {type: date, label: Fecha, description: Día.}
  calendar_year: {type: bigint, label: Año, description: Año.}
  month_number: {type: bigint, label: Número de mes, description: De 1 a 12.}
  month_name: {type: text, label: Mes, description: Nombre del mes.}
  week_label: {type: text, label: Semana, description: "Semana ISO, por ejemplo 2026-W48."}
  weekday_number: {type: bigint, label: Día de la semana, description: "1 es lunes."}
publish: [powerbi]
--- */
with dates as (
    select as_of_date as d from staging.stg_run
    union
    select close_date from intermediate.int_deadlines
    union
    select edition_date from staging.stg_editions
),
bounds as (
    select date_trunc('year', min(d))::date as first_day, (date_trunc('year', max(d)) + interval 1 year)::date as last_day
    from dates
)
select
    day::date as calendar_date,
    year(day) as calendar_year,
    month(day) as month_number,
    ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre',
     'diciembre'][month(day)] as month_name,
    strftime(day, '%G-W%V') as week_label,
    isodow(day) as weekday_number
from (select unnest(generate_series(first_day, last_day - interval 1 day, interval 1 day)) as day from bounds)
