/* ---
description: "Lo publicado, para el modelo en estrella, con lo de años anteriores que trae el archivo: lo que se unió a otra oportunidad cuenta en la que sigue; el código es el que se publicó."
grain: [publication_id]
columns:
  publication_id:
  opportunity_id:
  code:
  channel:
  source_id:
  funder_id:
  edition_id:
  edition_date:
  close_date: {description: "Próximo cierre cuando se publicó, como se aprobó; si todos habían pasado, el último. Nulo si no tenía."}
  position:
  state: {type: text, label: Estado, description: "planned, sending, sent, failed o uncertain."}
  published_at:
  first_seen_at:
  hours_to_publication: {type: "decimal(18,4)", label: Horas hasta publicar, description: "Horas corridas desde que se vio por primera vez hasta que se publicó."}
  days_left_at_publication: {type: bigint, label: Días restantes al publicar, description: Días que faltaban para el cierre el día de la edición.}
  is_within_target: {type: boolean, label: A tiempo, description: Si se publicó dentro de la meta de horas de la entidad; nulo si no se sabe cuándo se vio.}
  snapshot_sha256:
  is_archived: {type: boolean, label: Del archivo, description: "Si lo dice un archivo de años anteriores; si no, consta en el libro."}
checks:
  - not_null: [opportunity_id, channel, source_id, funder_id, edition_date, published_at]
    scope: set
  - references:
      opportunity_id: marts.dim_opportunity.opportunity_id
      channel: marts.dim_channel.channel
      source_id: marts.dim_source.source_id
      funder_id: marts.dim_funder.funder_id
      edition_date: marts.dim_date.calendar_date
      close_date: marts.dim_date.calendar_date
    scope: set
    advice: Una fila nombra algo que no está en su dimensión. Avise a quien mantiene el sistema.
  - expression: opportunity_id <> 'unknown'
    name: opportunity_is_still_known
    severity: warning
    advice: Se publicó algo que ya no está entre las oportunidades. Revise si sus avisos están en cuarentena.
  - expression: is_archived or days_left_at_publication >= 0
    name: published_before_closing
    severity: warning
    advice: Se publicó después de su cierre. Revise por qué se aprobó tarde.
  - expression: hours_to_publication >= 0
    name: seen_before_publication
    severity: warning
    advice: "Se publicó antes de haberse visto. Quizá se perdieron avisos guardados: recupérelos de una copia, o avise a quien mantiene el sistema."
publish: [powerbi]
version: 2
--- */
with closing as (
    select p.publication_id, d.close_date, d.open_until_at > p.published_at as is_ahead
    from marts.publications p
    join intermediate.int_snapshot_deadlines d using (snapshot_sha256)
    qualify row_number() over (
        partition by p.publication_id
        order by
            (d.open_until_at > p.published_at) desc,
            case when d.open_until_at > p.published_at then epoch(d.open_until_at) else -epoch(d.open_until_at) end,
            d.seq
    ) = 1
),
timed as (
    select
        p.*, star.star_id, star.source_id, star.funder_id, star.first_seen_at, c.close_date, c.is_ahead,
        ((epoch_us(p.published_at) - epoch_us(star.first_seen_at)) / 3600000000)::decimal(18, 4) as hours_to_publication
    from marts.publications p
    join intermediate.int_star star using (opportunity_id)
    left join closing c using (publication_id)
)
select
    t.publication_id,
    t.star_id as opportunity_id,
    t.code,
    t.channel,
    t.source_id,
    t.funder_id,
    t.edition_id,
    t.edition_date,
    t.close_date,
    t.position,
    t.state,
    t.published_at,
    t.first_seen_at,
    t.hours_to_publication,
    -- a day that is over here may not be where the deadline is
    greatest(t.close_date - t.edition_date, case when t.is_ahead then 0 end)::bigint as days_left_at_publication,
    t.hours_to_publication <= r.publication_target_hours as is_within_target,
    t.snapshot_sha256,
    false as is_archived
from timed t
cross join staging.stg_run r
union all
select
    a.publication_id,
    star.star_id,
    lives.survivor_code,
    a.channel,
    star.source_id,
    star.funder_id,
    a.edition_id,
    a.edition_date,
    now.close_date,
    null, -- nobody wrote down its place, nor when it was first seen
    'sent',
    a.edition_date::timestamp at time zone r.entity_timezone,
    null,
    null,
    (now.close_date - a.edition_date)::bigint,
    null,
    null,
    true
from staging.stg_archived_publications a
join staging.stg_matches m using (item_id)
join intermediate.int_star star using (opportunity_id)
join intermediate.int_survivors lives using (opportunity_id)
left join intermediate.int_status now on now.opportunity_id = lives.survivor_id
cross join staging.stg_run r
