/* ---
description: "Lo que cada canal informa de un día o de una publicación; de lo que se recibió más de una vez, lo último."
grain: [import_id, row_number]
grows: true
columns:
  import_id:
  row_number:
  layout:
  metric_date:
  channel:
  scope: {type: text, label: Alcance, description: "day: lo que pasó ese día; post: lo que una publicación de ese día ha reunido desde entonces."}
  reference_id: {type: bigint, label: Referencia, description: "Número de lo que el canal nombra (tabla stg_metric_references); nulo si es la fila del canal entero."}
  impressions:
  clicks:
  interactions:
checks:
  - in_vocabulary: {channel: channels}
    scope: set
    advice: Un canal no está en el vocabulario channels. Corrija la tabla de medidas o añada el canal.
--- */
with files as (
    select import_id, layout, channel, replaces, imported_at, first_day, last_day from raw.imports where kind = 'metrics'
),
-- what one file tells of one day of one channel: far fewer than rows
slices as (select distinct import_id, imported_at, layout, channel, scope, metric_date from raw.metrics),
outdated as (
    select distinct s.import_id, s.channel, s.metric_date
    from slices s
    join files f on
        f.layout = s.layout
        and (f.imported_at, f.import_id) > (s.imported_at, s.import_id)
        and coalesce(f.channel, s.channel) = s.channel
        and (f.replaces = 'all' or (f.replaces = 'days' and s.metric_date between f.first_day and f.last_day))
),
-- a post may be told on any day anew
told as (
    select distinct import_id, imported_at, layout, channel, scope, case when scope = 'day' then metric_date end as corrected_date
    from slices
),
-- where a file may correct rows of one before it
meetings as (
    select distinct n.import_id, n.channel, n.scope, n.corrected_date
    from told n
    join files f on f.import_id = n.import_id and f.replaces = 'rows'
    join told o on
        o.layout = n.layout
        and o.channel = n.channel
        and o.scope = n.scope
        and o.corrected_date is not distinct from n.corrected_date
        and (o.imported_at, o.import_id) < (n.imported_at, n.import_id)
),
corrections as (
    select m.*
    from raw.metrics m
    join meetings w on
        w.import_id = m.import_id
        and w.channel = m.channel
        and w.scope = m.scope
        and w.corrected_date is not distinct from case when m.scope = 'day' then m.metric_date end
)
select
    m.import_id,
    m.row_number,
    m.layout,
    m.metric_date,
    m.channel,
    m.scope,
    -- years of days of every call stand here: a number is a tenth of the words, and is joined in a third of the time
    case when m.reference is not null then (hash(m.channel, m.reference_kind, m.reference, coalesce(m.title, '')) >> 1)::bigint end
        as reference_id,
    m.impressions,
    m.clicks,
    m.interactions
from raw.metrics m
anti join outdated o on o.import_id = m.import_id and o.channel = m.channel and o.metric_date = m.metric_date
anti join corrections c on
    c.layout = m.layout
    and c.channel = m.channel
    and c.scope = m.scope
    and coalesce(c.reference_kind, '') = coalesce(m.reference_kind, '')
    and coalesce(c.reference, '') = coalesce(m.reference, '')
    and case when c.scope = 'day' then c.metric_date end is not distinct from case when m.scope = 'day' then m.metric_date end
    and (c.imported_at, c.import_id) > (m.imported_at, m.import_id)
