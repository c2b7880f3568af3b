/* ---
description: "Las fuentes vigiladas, y las que se dejaron de vigilar y aún se nombran, con su última visita."
grain: [source_id]
columns:
  source_id:
  name: {type: text, label: Nombre de la fuente, description: Nombre de la fuente.}
  authority_label: {type: text, label: Autoridad, description: "Si la fuente es oficial o un agregador."}
  platform: {type: text, label: Plataforma, description: Plataforma de publicación.}
  cadence: {type: text, label: Cadencia, description: Cada cuánto se visita.}
  language: {description: "Idioma de la fuente (BCP-47)."}
  url:
  last_good_at: {type: timestamptz, label: Última visita buena, description: Cuándo respondió bien por última vez.}
  last_new_at: {type: timestamptz, label: Última novedad, description: Cuándo trajo algo nuevo por última vez.}
  item_count: {type: bigint, label: Anuncios, description: Anuncios leídos en ella.}
checks:
  - not_null: [name, authority_label, platform, cadence, language]
    scope: set
publish: [powerbi]
version: 2
--- */
with visits as (
    select source_id, max(crawled_at) filter (is_good) as last_good_at from staging.stg_crawls group by source_id
),
items as (
    select source_id, max(valid_from_at) as last_new_at, count(distinct item_id)::bigint as item_count
    from staging.stg_item_notices
    group by source_id
),
named as (
    select source_id from staging.stg_sources
    union
    select source_id from visits
    union
    select source_id from items
)
select
    n.source_id,
    coalesce(s.source_name, n.source_id) as name,
    coalesce(term.label, 'Sin dato') as authority_label,
    coalesce(s.platform, 'Sin dato') as platform,
    coalesce(map {'hourly': 'Cada hora', 'daily': 'Diaria', 'weekly': 'Semanal', 'monthly': 'Mensual'}[s.cadence], s.cadence, 'Sin dato') as cadence,
    coalesce(s.language, 'Sin dato') as language,
    s.url,
    v.last_good_at,
    i.last_new_at,
    coalesce(i.item_count, 0) as item_count
from named n
left join staging.stg_sources s using (source_id)
left join staging.stg_terms term on term.vocabulary = 'authorities' and term.code = s.authority
left join visits v using (source_id)
left join items i using (source_id)
union all
select 'unknown', 'Sin dato', 'Sin dato', 'Sin dato', 'Sin dato', 'Sin dato', null, null, null, 0
