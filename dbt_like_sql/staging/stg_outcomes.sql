/* ---
description: Lo que se obtuvo de cada convocatoria, contado por una clase de informante.
grain: [outcome_id]
columns:
  outcome_id:
  outcome_date:
  item_id:
  code: {description: "Código público con que se nombra la oportunidad; nulo si se nombra por su anuncio."}
  reported_by:
  referred_count:
  answered_count:
  applied_count:
  awarded_count:
  people_count:
  award_amount:
  currency:
checks:
  - in_vocabulary: {reported_by: outcome_reporters}
    scope: set
    advice: Una clase de informante no está en el vocabulario outcome_reporters. Corrija la tabla de resultados.
--- */
select
    import_id || '#' || row_number as outcome_id, outcome_date, item_id, code, reported_by, referred_count, answered_count, applied_count, awarded_count,
    people_count, award_amount, currency
from raw.outcomes
