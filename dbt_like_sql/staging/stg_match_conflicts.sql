/* ---
description: "Lo que no se quiso decidir al unir anuncios, y los descuidos de las fuentes: una fila por anuncio al que toca."
grain: [kind, item_id, detail]
columns:
  kind: {description: "hub, large_cluster, contradictory_answers, absurd_date, empty_title o moved_links."}
  item_id:
  detail: {type: text, label: Qué pasa, description: Qué es y qué hacer.}
  shared_count: {type: bigint, label: Anuncios a los que toca, description: Cuántos anuncios toca lo mismo.}
  source_id:
  title:
  url:
--- */
with each as (
    select distinct kind, unnest(item_ids) as item_id, detail, len(item_ids)::bigint as shared_count
    from raw.match_conflicts
),
newest as (
    -- from raw: a notice without title is put aside on its way through staging, and it is what is to be shown
    select
        item_id,
        arg_max(source_id, (fetched_at, crawl_id)) as source_id,
        arg_max(title, (fetched_at, crawl_id)) as title,
        arg_max(url, (fetched_at, crawl_id)) as url
    from raw.notices
    where item_id in (select item_id from each)
    group by item_id
)
select e.kind, e.item_id, e.detail, e.shared_count, n.source_id, n.title, n.url
from each e
left join newest n using (item_id)
