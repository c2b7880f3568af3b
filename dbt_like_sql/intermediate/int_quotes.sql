/* ---
description: Todo lo que un aviso dice para probar un campo, en una sola celda.
grain: [notice_id, field]
columns:
  notice_id:
  field:
  quote: {description: "Palabras de la fuente que prueban el campo, en su orden; las que no son seguidas se separan con «…»."}
--- */
select notice_id, field, string_agg(quote, ' … ' order by start_offset) as quote
from (
    select notice_id, field, quote, min(start_offset) as start_offset
    from staging.stg_evidence
    group by notice_id, field, quote
)
group by notice_id, field
