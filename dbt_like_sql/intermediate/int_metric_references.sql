/* ---
description: "Cada anuncio, código, dirección o título con que un canal nombra algo, y la oportunidad que es: unknown si no se conoce a la fecha de corte."
grain: [reference_id]
columns:
  reference_id: {type: bigint, label: Referencia, description: Número de lo que el canal nombra.}
  channel:
  reference_kind: {type: text, label: Clase de referencia, description: "item, code, url o title."}
  reference: {type: text, label: Con qué se nombra, description: "Anuncio, código, dirección o título."}
  title: {type: text, label: Texto, description: Código o comienzo del texto de una publicación nombrada por su dirección; vacío si no se da.}
  is_post: {type: boolean, label: Es una publicación, description: Si alguna fila habla de una publicación y no de un día.}
  row_count: {type: bigint, label: Filas, description: Filas que la nombran así.}
  opportunity_id:
  source_id:
  funder_id:
checks:
  - expression: reference_kind not in ('item', 'code') or opportunity_id <> 'unknown'
    name: metric_reference_is_known
    severity: warning
    advice: Unas medidas nombran un anuncio o un código que no se conoce a la fecha de corte; se cuentan en el total del canal. Corrija la referencia en la tabla de medidas.
--- */
with told as (
    select reference_id, bool_or(scope = 'post') as is_post, count(*) as row_count
    from staging.stg_metrics
    where reference_id is not null
    group by reference_id
),
asked as (
    select r.*, t.is_post, t.row_count
    from staging.stg_metric_references r
    join told t using (reference_id)
),
named as (
    select
        *,
        case
            when reference_kind = 'code' then reference
            when regexp_full_match(title, '[A-Z]{2,6}-[0-9]{4}-[0-9]{5,}') then title
        end as code,
        -- as words alone: what people and platforms change in a title are accents, case and signs
        trim(regexp_replace(lower(strip_accents(case reference_kind when 'title' then reference when 'url' then title end)), '[^a-z0-9]+', ' ', 'g'))
            as said
    from asked
),
titles as (
    select distinct
        p.channel,
        star.star_id,
        trim(regexp_replace(lower(strip_accents(unnest([s.content ->> '$.title_es', s.content ->> '$.title']))), '[^a-z0-9]+', ' ', 'g'))
            as told
    from staging.stg_publications p
    join staging.stg_snapshots s using (snapshot_sha256)
    join intermediate.int_star star on star.opportunity_id = p.opportunity_id
    where star.star_id <> 'unknown'
),
-- a text that may be about two calls is about neither
by_title as (
    select
        n.channel,
        n.said,
        case
            when count(distinct t.star_id) filter (t.told = n.said) = 1 then any_value(t.star_id) filter (t.told = n.said)
            when count(distinct t.star_id) = 1 then any_value(t.star_id)
        end as star_id
    from (select distinct channel, said from named where said <> '' and code is null) n
    join titles t on
        t.channel = n.channel
        and (
            t.told = n.said
            -- a short title is a word of many texts, and a text cut short by its platform may end within the title
            or (length(t.told) >= 15 and contains(' ' || n.said || ' ', ' ' || t.told || ' '))
            or (length(n.said) >= 30 and starts_with(t.told, n.said))
        )
    group by n.channel, n.said
),
-- where people, or the archive, said that a call was posted
posted as (
    select p.channel, p.address, star.star_id
    from staging.stg_publications p
    join intermediate.int_star star on star.opportunity_id = p.opportunity_id
    where p.address is not null
    union all
    select a.channel, a.address, star.star_id
    from staging.stg_archived_publications a
    join staging.stg_matches m using (item_id)
    join intermediate.int_star star on star.opportunity_id = m.opportunity_id
    where a.address is not null
),
-- one post has many addresses: by the number its platform gives it where there is one, else by host and path
addresses as (
    select
        address,
        coalesce(
            'activity ' || nullif(regexp_extract(spelled, '^https?://[a-z.]*linkedin\.com/.*[:-]activity[:-]([0-9]{10,})', 1), ''),
            replace(nullif(regexp_extract(spelled, '^https?://[a-z.]*linkedin\.com/.*?((share|ugcPost)[:-][0-9]{10,})', 1), ''), '-', ':'),
            'status ' || nullif(regexp_extract(spelled, '^https?://(?:[a-z]+\.)?(?:x|twitter)\.com/.*?/status(?:es)?/([0-9]+)', 1), ''),
            'instagram ' || nullif(regexp_extract(spelled, '^https?://(?:www\.)?instagram\.com/(?:[^/]+/)?(?:p|reel|reels|tv)/([A-Za-z0-9_-]+)', 1), ''),
            regexp_extract(spelled, '^https?://(?:www\.|m\.)?(.*?)/*$', 1)
        ) as post
    from (
        select address, regexp_replace(address, '%3a', ':', 'gi') as spelled
        from (
            select reference as address from named where reference_kind = 'url' and starts_with(reference, 'http')
            union
            select address from posted
        )
    )
),
-- a post of several calls is of none of them
by_address as (
    select
        n.channel,
        n.reference,
        case when count(distinct p.star_id) = 1 then any_value(nullif(p.star_id, 'unknown')) end as star_id
    from (select distinct channel, reference from named where reference_kind = 'url') n
    join addresses a on a.address = n.reference
    join addresses other using (post)
    join posted p on p.address = other.address and p.channel = n.channel
    group by n.channel, n.reference
)
select
    n.reference_id,
    n.channel,
    n.reference_kind,
    n.reference,
    n.title,
    n.is_post,
    n.row_count,
    coalesce(star.star_id, 'unknown') as opportunity_id,
    coalesce(star.source_id, 'unknown') as source_id,
    coalesce(star.funder_id, 'unknown') as funder_id
from named n
left join staging.stg_matches by_item on n.reference_kind = 'item' and by_item.item_id = n.reference
left join staging.stg_identities by_code on by_code.code = n.code
left join by_address on by_address.channel = n.channel and by_address.reference = n.reference and n.code is null
left join by_title on
    by_title.channel = n.channel and by_title.said = n.said and n.code is null and by_address.reference is null
left join intermediate.int_star star
    on star.opportunity_id = coalesce(by_item.opportunity_id, by_code.opportunity_id, by_address.star_id, by_title.star_id)
