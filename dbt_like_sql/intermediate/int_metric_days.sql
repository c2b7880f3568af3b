/* ---
description: "Cada día de cada canal: lo que el canal informa del día entero y lo que de ello no es de ninguna oportunidad conocida."
grain: [channel, metric_date]
columns:
  channel:
  metric_date:
  told_impressions: {type: bigint, label: Impresiones del día, description: Las del canal entero; nulo si el canal no las informa.}
  usual_impressions: {type: double, label: Impresiones usuales, description: Mediana de los 28 días anteriores; nulo si de ellos se conocen menos de siete.}
  rest_impressions: {type: bigint, label: Impresiones sin atribuir, description: Las que no son de ninguna oportunidad conocida; nulo si nada se informa de ellas.}
  rest_clicks: {type: bigint, label: Clics sin atribuir, description: Los que no son de ninguna oportunidad conocida; nulo si nada se informa de ellos.}
  rest_interactions: {type: bigint, label: Interacciones sin atribuir, description: Las que no son de ninguna oportunidad conocida; nulo si nada se informa de ellas.}
  layout_count: {type: bigint, label: Formatos, description: "Cuántos formatos de archivo informan lo mismo de ese día."}
checks:
  - expression: layout_count <= 1
    name: no_day_is_told_twice
    severity: warning
    advice: "Dos clases de archivo informan lo mismo de este canal y día, y puede contarse dos veces. Deje una sola: la exportación de la plataforma o la tabla escrita a mano."
  - expression: told_impressions between usual_impressions / 10 and usual_impressions * 10
    where: usual_impressions >= 100
    name: a_day_is_like_those_before
    severity: warning
    advice: "Las impresiones de este día son menos de la décima parte o más de diez veces las usuales del canal. Compare con la plataforma: el archivo puede estar incompleto o haber leído mal los números."
--- */
with parts as (
    select
        m.channel,
        m.metric_date,
        m.layout,
        m.scope,
        case
            when m.reference_id is null and m.scope = 'day' then 'channel'
            when r.opportunity_id <> 'unknown' then 'call'
            else 'other'
        end as part,
        [sum(m.impressions), sum(m.clicks), sum(m.interactions)]::bigint[] as counts
    from staging.stg_metrics m
    left join intermediate.int_metric_references r using (reference_id)
    group by all
),
-- the three counts are each told or not, and worked out alike
counted as (
    select * exclude (counts), unnest(['impressions', 'clicks', 'interactions']) as measure, unnest(counts) as n from parts
),
doubled as (
    select
        channel,
        metric_date,
        unnest(['impressions', 'clicks', 'interactions']) as measure,
        unnest([sum(impressions), sum(clicks), sum(interactions)]::bigint[]) as n
    from intermediate.int_metric_doubles
    group by channel, metric_date
),
-- what was typed of a call and its platform tells as well is told by the platform
netted as (
    select c.* replace (c.n - coalesce(d.n, 0) as n)
    from counted c
    left join doubled d on
        c.layout = 'plain' and c.scope = 'day' and c.part = 'call'
        and d.channel = c.channel and d.metric_date = c.metric_date and d.measure = c.measure
),
days as (
    select
        channel,
        metric_date,
        measure,
        max(n) filter (part = 'channel' and layout <> 'plain') as told,
        sum(n) filter (part = 'channel' and layout = 'plain') as typed,
        sum(n) filter (part = 'call' and scope = 'day') as of_calls,
        sum(n) filter (part = 'other' and scope = 'day') as of_others,
        sum(n) filter (part = 'call' and scope = 'post') as of_call_posts,
        sum(n) filter (part = 'other' and scope = 'post') as of_other_posts,
        -- a nought is no telling: the table typed by hand has to say something in each column
        greatest(
            count(distinct layout) filter (part = 'channel' and n > 0),
            count(distinct layout) filter (part = 'call' and scope = 'day' and n > 0),
            count(distinct layout) filter (part = 'call' and scope = 'post' and n > 0)
        ) as layout_count
    from netted
    group by all
),
-- on a day of which a platform tells the whole channel, all else is part of it; what a post gathered after its day is
-- taken from the whole of the days that follow
steps as (
    select
        *,
        case
            when told is not null then told - coalesce(of_calls, 0) - coalesce(of_call_posts, 0)
            when metric_date > min(metric_date) filter (told is not null) over (partition by channel, measure)
            then -coalesce(of_call_posts, 0) - coalesce(of_other_posts, 0)
            else 0
        end as step
    from days
),
reached as (
    select *, sum(step) over (partition by channel, measure order by metric_date) as reach from steps
),
covered as (
    select *, greatest(0, max(reach) over (partition by channel, measure order by metric_date)) as cover from reached
),
rests as (
    select
        *,
        case
            when told is not null
            then cover - lag(cover, 1, 0) over (partition by channel, measure order by metric_date)
            when coalesce(typed, of_others, of_other_posts) is not null
            then coalesce(typed, 0) + coalesce(of_others, 0) + coalesce(of_other_posts, 0)
        end as rest,
        coalesce(told, case when coalesce(typed, of_calls, of_others) is not null
            then coalesce(typed, 0) + coalesce(of_calls, 0) + coalesce(of_others, 0) end) as seen
    from covered
),
usual as (
    select
        *,
        case when count(seen) over before >= 7 then median(seen) over before end as usual
    from rests
    window before as (
        partition by channel, measure order by metric_date
        range between interval 28 days preceding and interval 1 day preceding
    )
)
select
    channel,
    metric_date,
    (max(seen) filter (measure = 'impressions'))::bigint as told_impressions,
    (max(usual) filter (measure = 'impressions'))::double as usual_impressions,
    (max(rest) filter (measure = 'impressions'))::bigint as rest_impressions,
    (max(rest) filter (measure = 'clicks'))::bigint as rest_clicks,
    (max(rest) filter (measure = 'interactions'))::bigint as rest_interactions,
    max(layout_count) as layout_count
from usual
group by channel, metric_date
