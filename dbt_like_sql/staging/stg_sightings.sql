/* ---
description: Cada anuncio que una fuente listó en un rastreo.
grain: [crawl_id, item_id]
columns:
  crawl_id:
  item_id:
  source_id:
  seen_at: {type: timestamptz, label: Visto el, description: Instante del rastreo.}
--- */
select crawl_id, item_id, any_value(source_id) as source_id, min(crawled_at) as seen_at
from raw.sightings
group by crawl_id, item_id
