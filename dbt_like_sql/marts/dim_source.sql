/* ---
description: Las fuentes vigiladas y su última visita.
grain: [source_id]
columns:
  source_id:
  source_name:
  platform: {type: text, label: Plataforma, description: Plataforma de publicación.}
  url:
  language:
  authority:
  last_good_at: {type: timestamptz, label: Última visita buena, description: Cuándo respondió bien por última vez.}
  last_new_at: {type: timestamptz, label: Última novedad, description: Cuándo trajo algo nuevo por última vez.}
  item_count: {type: bigint, label: Anuncios, description: Anuncios leídos en ella.}
publish: [powerbi]
--- */
select
    s.source_id,
    s.source_name,
    s.platform,
    s.url,
    s.language,
    s.authority,
    (select max(c.crawled_at) from staging.stg_crawls c where c.source_id = s.source_id and c.is_good) as last_good_at,
    max(n.valid_from_at) as last_new_at,
    count(distinct n.item_id)::bigint as item_count
from staging.stg_sources s
left join staging.stg_item_notices n on n.source_id = s.source_id
group by s.source_id, s.source_name, s.platform, s.url, s.language, s.authority
