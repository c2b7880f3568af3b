/* ---
description: Quienes convocan las oportunidades de hoy; una fila por nombre, sin importar mayúsculas ni tildes.
grain: [funder_id]
columns:
  funder_id:
  funder_name: {description: "Nombre de quien convoca, como más se escribe."}
  funder_type_label: {type: text, label: Tipo de convocante, description: "Tipo de organización según IATI OrganisationType; «Sin dato» si no se sabe."}
  country_code: {description: "País de quien convoca; unknown si no se sabe."}
  country_label: {type: text, label: País del convocante, description: "País de quien convoca, en español; «Sin dato» si no se sabe."}
checks:
  - not_null: [funder_name, funder_type_label, country_code, country_label]
    scope: set
  - references: {country_code: marts.dim_country.country_code}
    scope: set
publish: [powerbi]
--- */
with seen as (
    select f.funder_id, regexp_replace(trim(f.funder_name), '\s+', ' ', 'g') as funder_name, f.funder_type, f.country_code
    from intermediate.int_funders f
    join intermediate.int_star star on star.star_id = f.opportunity_id and star.opportunity_id = f.opportunity_id
    where f.funder_id <> 'unknown'
),
names as (
    select funder_id, funder_name
    from seen
    group by funder_id, funder_name
    qualify row_number() over (partition by funder_id order by count(*) desc, upper(funder_name) = funder_name, funder_name) = 1
),
types as (
    select funder_id, funder_type
    from seen
    where funder_type is not null
    group by funder_id, funder_type
    qualify row_number() over (partition by funder_id order by count(*) desc, funder_type) = 1
),
countries as (
    select funder_id, country_code
    from seen
    where country_code <> 'unknown'
    group by funder_id, country_code
    qualify row_number() over (partition by funder_id order by count(*) desc, country_code) = 1
)
select
    n.funder_id,
    n.funder_name,
    coalesce(term.label, 'Sin dato') as funder_type_label,
    coalesce(c.country_code, 'unknown') as country_code,
    coalesce(country.label, 'Sin dato') as country_label
from names n
left join types t using (funder_id)
left join countries c using (funder_id)
left join staging.stg_countries country on country.country_code = c.country_code
left join staging.stg_terms term on term.vocabulary = 'funder_types' and term.code = t.funder_type::varchar
union all
select 'unknown', 'Sin dato', 'Sin dato', 'unknown', 'Sin dato'
