/* ---
description: "Quién convoca cada oportunidad, con una clave que no depende de cómo se escriba su nombre."
grain: [opportunity_id]
columns:
  opportunity_id:
  funder_id:
  funder_name:
  funder_type:
  country_code:
--- */
with slugs as (
    select
        opportunity_id, funder_name, funder_type, funder_country,
        trim(regexp_replace(lower(strip_accents(funder_name)), '[^\p{L}\p{N}]+', '-', 'g'), '-') as slug
    from intermediate.int_opportunities
)
select
    s.opportunity_id,
    case
        when coalesce(s.slug, '') = '' then 'unknown'
        when length(s.slug) <= 80 then s.slug
        else left(s.slug, 71) || '-' || left(sha256(s.slug), 8)
    end as funder_id,
    s.funder_name,
    s.funder_type,
    coalesce(c.country_code, 'unknown') as country_code
from slugs s
left join staging.stg_countries c on c.country_code = s.funder_country
