/* ---
description: Todo lo que un aviso dice para probar un campo que cambió o no coincide, en una sola celda.
grain: [notice_id, field]
columns:
  notice_id:
  field:
  quote: {description: "Palabras de la fuente que prueban el campo, en su orden; las que no son seguidas se separan con «…»."}
--- */
with wanted as (
    select notice_id, field from intermediate.int_conflicts
    union
    select other_notice_id, field from intermediate.int_conflicts
    union
    select old_notice_id, field from intermediate.int_changes where old_value is not null
    union
    select notice_id, field from intermediate.int_changes where new_value is not null
)
select notice_id, field, string_agg(quote, ' … ' order by start_offset) as quote
from (
    select notice_id, field, quote, min(start_offset) as start_offset
    from staging.stg_evidence
    semi join wanted using (notice_id, field)
    group by notice_id, field, quote
)
group by notice_id, field
