/* ---
description: Cada dato de cada aviso, una fila por campo con valor.
grain: [notice_id, field]
columns:
  notice_id:
  field:
  value:
checks:
  - references: {field: staging.stg_fields.field}
    scope: set
--- */
with counted as (
    select r.*
    from raw.readings r
    join staging.stg_readings using (notice_id, reader, reader_version, input_hash)
),
as_json as (
    select
        notice_id,
        to_json(columns(* exclude (
            notice_id, item_id, input_hash, reader, reader_version, fallback, failure, evidence, dropped, unclear
        )))::varchar
    from counted
),
long as (
    unpivot as_json on columns(* exclude (notice_id)) into name field value value
),
of_the_notice as (
    select notice_id, 'title' as field, to_json(title)::varchar as value from staging.stg_notices
    union all
    select notice_id, 'source_url', to_json(url)::varchar from staging.stg_notices
    union all
    select notice_id, 'language', to_json(language)::varchar from staging.stg_notices
    union all
    select notice_id, 'post_date', to_json((source_published_at at time zone entity_timezone)::date)::varchar
    from staging.stg_notices, staging.stg_run
    where source_published_at is not null
)
select notice_id, field, value from long where value not in ('null', '[]', '"unclear"')
union all
select notice_id, field, value from of_the_notice
