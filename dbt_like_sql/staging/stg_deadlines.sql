/* ---
description: Los cierres que indica cada aviso.
grain: [notice_id, seq]
columns:
  notice_id:
  seq:
  stage:
  close_date:
  close_time:
  timezone: {type: text, label: Zona horaria, description: "Zona IANA; nula si no se indica."}
  basis:
checks:
  - in_vocabulary: {stage: deadline_stages}
  - expression: timezone in (select name from pg_timezone_names())
    name: timezone_is_known
    advice: La zona horaria del cierre no existe, y el cierre no cuenta. Búsquela en la página, complétela al aprobar y avise a quien mantiene el lector.
  - expression: close_date between date '2000-01-01' and date '2100-12-31'
    name: close_date_is_plausible
    advice: La fecha de cierre es absurda y no cuenta. Búsquela en la página y escríbala al aprobar; si la fuente da mal todas, corrija date_order en su archivo.
--- */
select r.notice_id, d.seq, d.stage, d.close_date, d.close_time, d.timezone, d.basis
from (
    select raw.readings.notice_id, unnest(raw.readings.deadlines) as d
    from raw.readings
    join staging.stg_readings using (notice_id, reader, reader_version, input_hash)
) r
