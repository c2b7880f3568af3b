/* ---
description: "De quién es el sitio del enlace para aplicar de cada oportunidad."
grain: [opportunity_id]
columns:
  opportunity_id:
  apply_url:
  link_host: {type: text, label: Sitio del enlace, description: Sitio al que lleva el enlace para aplicar.}
  link_kind: {type: text, label: De quién es, description: "own (el del aviso oficial), named (lo nombra un aviso oficial, o el texto como sitio oficial), watched (fuente oficial vigilada), platform (plataforma conocida), institution (solo lo recibe una institución), convener (lleva el nombre del convocante), aggregator (el del agregador), free (formulario o página que cualquiera abre), social, shortened o unknown."}
  is_official: {type: boolean, label: Es oficial, description: Si el enlace puede darse al público sin más comprobación.}
--- */
with links as (
    select
        o.opportunity_id,
        o.apply_url,
        o.funder_name,
        n.notice_id,
        n.authority,
        n.url as page_url,
        -- a backslash ends a host as a slash does; what stands before an @ is no host
        regexp_extract(lower(o.apply_url), '^https?://(?:[^/?#@\\]*@)?(?:www\.)?([^/?#:\\]+)', 1) as link_host,
        regexp_extract(lower(n.url), '^https?://(?:[^/?#@\\]*@)?(?:www\.)?([^/?#:\\]+)', 1) as page_host
    from intermediate.int_opportunities o
    join intermediate.int_winners w using (opportunity_id)
    join staging.stg_notices n on n.notice_id = w.notice_id
    where w.is_current and w.unit = 'apply_url' and o.apply_url is not null
),
watched as (
    select regexp_extract(lower(url), '^https?://(?:www\.)?([^/?#:]+)', 1) as host
    from staging.stg_sources
    where authority = 'official'
),
hosts as (
    select link_host as host from links
    union
    select page_host from links
    union
    select host from watched
),
below as (
    -- the lists a host is in: it, or a name it stands below
    select h.host, list(distinct l.host_kind) as kinds, max(len(string_split(l.host, '.'))) filter (l.host_kind in ('free', 'tenants')) as shared_labels
    from (select host, unnest(range(1, len(string_split(host, '.')) + 1)) as place from hosts) h
    join staging.stg_link_hosts l on l.host = array_to_string(string_split(h.host, '.')[h.place:], '.')
    group by h.host
),
sites as (
    -- the part of a name that one owner has: two labels, three below endings such as gov.co, one more on a shared host
    select
        h.host,
        coalesce(b.kinds, []) as kinds,
        array_to_string(h.labels[-least(len(h.labels), coalesce(
            b.shared_labels + 1,
            case
                when len(h.labels[-1]) = 2
                    and h.labels[-2] in ('ac', 'co', 'com', 'edu', 'go', 'gob', 'gouv', 'gov', 'govt', 'gub', 'mil', 'ne', 'net', 'nom', 'or', 'org')
                then 3
                else 2
            end
        ))::bigint:], '.') as site
    from (select host, string_split(host, '.') as labels from hosts) h
    left join below b using (host)
),
judged as (
    select
        l.*,
        s.kinds,
        s.site = p.site as is_own,
        s.site in (select o.site from watched join sites o using (host)) as is_watched,
        regexp_replace(string_split(s.site, '.')[1], '[^a-z0-9]', '', 'g') as site_name,
        list_filter(
            regexp_split_to_array(lower(strip_accents(coalesce(l.funder_name, ''))), '[^a-z0-9]+'),
            lambda word: len(word) > 0
        ) as funder_words
    from links l
    join sites s on s.host = l.link_host
    left join sites p on p.host = l.page_host
),
decided as (
    select
        *,
        case
            when list_contains(kinds, 'shorteners') then 'shortened'
            when list_contains(kinds, 'social') then 'social'
            when list_contains(kinds, 'platforms') then 'platform'
            when list_contains(kinds, 'free') then 'free'
            when is_own then case authority when 'official' then 'own' else 'aggregator' end
            when authority = 'official' then 'named'
            when is_watched then 'watched'
            when list_contains(kinds, 'institutions') then 'institution'
            when
                len(list_filter(
                    funder_words,
                    lambda word: len(word) >= 4 and contains(site_name, word)
                        and word not in (
                            'agencia', 'agency', 'asociacion', 'association', 'award', 'awards', 'centre', 'centro', 'center',
                            'council', 'consejo', 'embassy', 'embajada', 'foundation', 'fondo', 'fund', 'fundacion', 'fundacao',
                            'fondation', 'global', 'grant', 'grants', 'institute', 'instituto', 'international', 'internacional',
                            'network', 'program', 'programa', 'programme', 'project', 'research', 'school', 'scholarship',
                            'scholarships', 'study', 'the', 'trust', 'universidad', 'university', 'world', 'youth'
                        )
                )) > 0
                or (len(site_name) >= 3 and site_name = array_to_string(list_transform(
                    list_filter(funder_words, lambda word: word not in ('de', 'del', 'la', 'las', 'los', 'el', 'y', 'e', 'of', 'the', 'and', 'for', 'des', 'et', 'du', 'da', 'do', 'dos', 'para')),
                    lambda word: word[1]
                ), ''))
                or (len(site_name) >= 5 and contains(array_to_string(funder_words, ''), site_name))
            then 'convener'
        end as kind
    from judged
)
select
    d.opportunity_id,
    d.apply_url,
    d.link_host,
    coalesce(d.kind, case when t.is_named then 'named' else 'unknown' end) as link_kind,
    coalesce(d.kind in ('own', 'named', 'watched', 'platform', 'institution', 'convener') or (d.kind is null and t.is_named), false) as is_official
from decided d
left join (
    -- only what nothing else decided is looked for in its text
    select
        u.opportunity_id,
        regexp_matches(
            substring(n.text, greatest(1, strpos(lower(n.text), u.link_host) - 120)::bigint, length(u.link_host) + 200),
            '(?i)(?:sitio|p[aá]gina|web|portal|sede)[^.]{0,20} oficial|official[^.]{0,20} (?:web ?site|site|page|portal)|site[^.]{0,20} officiel|(?:s[ií]tio|p[aá]gina)[^.]{0,20} oficial|offizielle'
        ) as is_named
    from decided u
    join staging.stg_notices n using (notice_id)
    where u.kind is null and contains(lower(n.text), u.link_host)
) t using (opportunity_id)
