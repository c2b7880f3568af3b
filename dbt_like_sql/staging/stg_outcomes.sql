/* ---
description: "Lo que se obtuvo de cada convocatoria, contado por una clase de informante; de lo que se recibió más de una vez, lo último."
grain: [outcome_row_id]
columns:
  outcome_row_id:
  outcome_date: {description: "Día en que se contó, en la zona de la entidad."}
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
with told as (
    select o.*, f.replaces
    from raw.outcomes o
    left join raw.imports f using (import_id)
),
-- a form's newer export holds all of the older one
newest_files as (
    select *
    from told
    qualify coalesce(replaces, '') <> 'all' or rank() over (partition by layout, replaces order by imported_at desc, import_id desc) = 1
)
select
    import_id || '#' || row_number as outcome_row_id, outcome_date, item_id, code, reported_by, referred_count, answered_count,
    applied_count, awarded_count, people_count, award_amount, currency
from newest_files
qualify coalesce(replaces, 'rows') <> 'rows' or rank() over (
    partition by coalesce(replaces, 'rows'), outcome_date, item_id, code, reported_by, body, currency
    order by imported_at desc, import_id desc
) = 1
