/* ---
description: "Datos con valor que ninguna cita prueba: de lo que la máquina lee hoy, y de lo aprobado que nadie enmendó. Lo normal es que no haya ninguno."
grain: [opportunity_id, field, record]
columns:
  opportunity_id:
  field:
  record: {type: text, label: Registro, description: "read (lo leído hoy) o approved (lo aprobado)."}
  notice_id: {description: Aviso del que se tomó el valor; nulo en lo aprobado.}
checks:
  - expression: "false"
    name: every_fact_is_proved
    severity: warning
    advice: Este dato no tiene palabras que lo prueben y no se publica. Vuelva a leer el aviso (`boi run --reread all`); si sigue igual, avise a quien mantiene el lector.
--- */
with provable as (
    -- title, page, language and date of a notice are its own: its record proves them
    select field from staging.stg_fields where kind in ('stated', 'inferred') and unit <> 'lead'
),
valued as (
    select opportunity_id, field, notice_id
    from intermediate.int_values
    where is_current and field <> 'red_flags'
    union all
    -- a warning of any page counts
    select i.opportunity_id, f.field, f.notice_id
    from intermediate.int_items i
    join staging.stg_facts f on f.notice_id = i.notice_id and f.field = 'red_flags'
),
approved as (
    select opportunity_id, f.key as field, proved
    from (
        -- as a map: a lateral json_each keeps the whole record beside each of its fields
        select
            opportunity_id,
            unnest(map_entries(from_json(content, '"MAP(VARCHAR, JSON)"'))) as f,
            json_extract(content, '$.evidence[*].field')::varchar[] as proved
        from intermediate.int_reviews
        where content is not null
    )
    where f.value::varchar not in ('null', '[]', '"unclear"')
),
amended as (
    select distinct opportunity_id, unnest(json_keys(changed)) as field from staging.stg_decisions
)
select opportunity_id, field, 'read' as record, notice_id
from valued
join provable using (field)
anti join staging.stg_evidence using (notice_id, field)
union all
select opportunity_id, field, 'approved' as record, null::varchar as notice_id
from approved
join provable using (field)
anti join amended using (opportunity_id, field)
where not list_contains(proved, '"' || field || '"')
