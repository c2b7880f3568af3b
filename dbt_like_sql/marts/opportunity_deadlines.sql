/* ---
description: Todos los cierres de cada oportunidad, con etapa e instante.
grain: [opportunity_id, seq]
columns:
  opportunity_id:
  seq:
  stage:
  close_date:
  close_time:
  close_timezone:
  close_at:
  open_until_at:
  basis:
checks:
  - in_vocabulary: {stage: deadline_stages}
  - expression: close_time is not null or close_at is null
    name: no_hour_no_instant
    advice: El cierre tiene una hora que la fuente no da, y no se publica. Avise a quien mantiene el lector.
publish: [powerbi]
--- */
select opportunity_id, seq, stage, close_date, close_time, close_timezone, close_at, open_until_at, basis
from intermediate.int_deadlines
