/* ---
description: "Los archivos que se han recibido, con lo que cada uno dice de sí mismo y lo que de él se guardó."
grain: [import_id]
columns:
  import_id:
  kind: {type: text, label: Clase, description: "metrics, outcomes o archive."}
  file_name: {type: text, label: Archivo, description: Nombre con que llegó.}
  layout:
  channel: {description: Canal del que es el archivo; nulo si habla de varios.}
  replaces: {type: text, label: Corrige, description: "Qué corrige de lo que se recibió antes: days, rows o all."}
  imported_at: {type: timestamptz, label: Recibido el, description: Cuándo se recibió.}
  first_day: {type: date, label: Desde, description: Primer día de que habla.}
  last_day: {type: date, label: Hasta, description: Último día de que habla.}
  row_count: {type: bigint, label: Filas recibidas, description: Filas que se tomaron del archivo.}
  refused_count: {type: bigint, label: Filas apartadas, description: "Filas que no se entendieron; el informe da la razón de cada una."}
  kept_count: {type: bigint, label: Filas guardadas, description: "Filas suyas que hay en las tablas; nulo si no es de medidas ni de resultados."}
  told_impressions: {type: bigint, label: Total de impresiones, description: El que da el propio archivo.}
  told_clicks: {type: bigint, label: Total de clics, description: El que da el propio archivo.}
  told_interactions: {type: bigint, label: Total de interacciones, description: El que da el propio archivo.}
  counted_impressions: {type: bigint, label: Impresiones contadas, description: "Suma de las filas que ese total resume: las del canal, las de publicaciones o todas."}
  counted_clicks: {type: bigint, label: Clics contados, description: "Suma de las filas que ese total resume: las del canal, las de publicaciones o todas."}
  counted_interactions: {type: bigint, label: Interacciones contadas, description: "Suma de las filas que ese total resume: las del canal, las de publicaciones o todas."}
checks:
  - expression: row_count = kept_count
    name: rows_are_in
    scope: set
    advice: Faltan filas de un archivo recibido. Recupérelas de una copia de los datos guardados; si no hay copia, vuelva a entregar el archivo.
  - expression: "refused_count > 0 or (coalesce(counted_impressions, 0) = coalesce(told_impressions, counted_impressions, 0) and coalesce(counted_clicks, 0) = coalesce(told_clicks, counted_clicks, 0) and coalesce(counted_interactions, 0) = coalesce(told_interactions, counted_interactions, 0))"
    name: totals_are_the_files_own
    severity: warning
    advice: "Lo que suman las filas no es el total que da el propio archivo. Descárguelo de nuevo completo y vuelva a entregarlo."
  - expression: refused_count <= 0.05 * (row_count + refused_count)
    name: few_rows_are_refused
    severity: warning
    advice: "De este archivo se apartó más de una fila de cada veinte. Lea su informe, corrija las filas y vuelva a entregarlo: no se cuenta dos veces."
--- */
with counted as (
    select
        import_id,
        count(*) as row_count,
        -- a total may sum up what is told of the channel, of posts, or the whole file
        [sum(impressions) filter (reference is null), sum(impressions) filter (reference is not null), sum(impressions)]::bigint[] as impressions,
        [sum(clicks) filter (reference is null), sum(clicks) filter (reference is not null), sum(clicks)]::bigint[] as clicks,
        [sum(interactions) filter (reference is null), sum(interactions) filter (reference is not null), sum(interactions)]::bigint[]
            as interactions
    from raw.metrics
    group by import_id
    union all
    select import_id, count(*), null, null, null
    from raw.outcomes
    group by import_id
)
select
    i.import_id,
    i.kind,
    i.file_name,
    i.layout,
    i.channel,
    i.replaces,
    i.imported_at,
    i.first_day,
    i.last_day,
    i.row_count,
    i.refused_count,
    case when i.kind in ('metrics', 'outcomes') then coalesce(c.row_count, 0) end as kept_count,
    i.told_impressions,
    i.told_clicks,
    i.told_interactions,
    coalesce(list_filter(c.impressions, lambda n: n = i.told_impressions)[1], c.impressions[3]) as counted_impressions,
    coalesce(list_filter(c.clicks, lambda n: n = i.told_clicks)[1], c.clicks[3]) as counted_clicks,
    coalesce(list_filter(c.interactions, lambda n: n = i.told_interactions)[1], c.interactions[3]) as counted_interactions
from raw.imports i
left join counted c using (import_id)
