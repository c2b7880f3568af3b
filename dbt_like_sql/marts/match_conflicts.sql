/* ---
description: "Lo que alguien debe mirar de la unión de anuncios: páginas demasiado generales, respuestas que se contradicen y descuidos de las fuentes. Una fila por clase y anuncio; nada de esto une convocatorias."
grain: [kind, item_id]
columns:
  kind: {description: "hub, large_cluster, contradictory_answers, absurd_date, empty_title o moved_links."}
  item_id:
  opportunity_id: {description: "Oportunidad a la que pertenece hoy; nulo si a ninguna (un anuncio del que solo habla una respuesta)."}
  code:
  title:
  url:
  source_id:
  source_name:
  detail: {type: text, label: Qué pasa, description: "Qué es y qué hacer; si son varias cosas de una clase, las tres primeras."}
  shared_count: {type: bigint, label: Anuncios a los que toca, description: "Cuántos anuncios toca lo mismo; si son varias cosas, los de la mayor."}
checks:
  - expression: kind in ('hub', 'large_cluster', 'contradictory_answers', 'absurd_date', 'empty_title', 'moved_links')
    name: kind_is_known
    scope: set
    advice: Hay una clase que esta tabla no conoce. Añádala a match_conflicts.sql con su comprobación.
  - expression: kind <> 'hub'
    name: no_hubs
    severity: warning
    advice: Demasiados anuncios comparten un dato o se parecen a uno solo; quedan separados. Abra el primero, mire si la fuente repite un dato general (un enlace a su portada, un número de programa) y corrija sus opciones.
  - expression: kind <> 'large_cluster'
    name: no_large_clusters
    severity: warning
    advice: "Una oportunidad llegaría al límite de anuncios. Compare los dos anuncios; si son la misma, responda con sus códigos: `boi review same`."
  - expression: kind <> 'contradictory_answers'
    name: answers_agree
    severity: warning
    advice: Dos respuestas de personas no pueden ser ciertas a la vez; los anuncios quedan separados. Abra las páginas y responda de nuevo, `boi review same` o `boi review not-same`; vale la respuesta más nueva.
  - expression: kind <> 'absurd_date'
    name: closing_years_are_sane
    severity: warning
    advice: Un cierre tiene un año imposible y no se usa para unir. Abra la página; si la fecha está bien escrita, corrija date_order de la fuente; si no, corríjala al aprobar.
  - expression: kind <> 'empty_title'
    name: titles_say_something
    severity: warning
    advice: El título no dice nada y no se usa para unir. Abra la página; si tiene título, corrija el selector de la fuente.
  - expression: kind <> 'moved_links'
    name: sources_keep_their_links
    severity: warning
    advice: Una fuente muestra con otras direcciones los textos que ya tenía; se reconocen por el texto. Mire si cambió de sitio y si item_key debe tomarse de otro dato.
publish: [powerbi]
--- */
with told as (
    select
        kind,
        item_id,
        array_to_string(list(detail order by detail)[1:3], ' ') as detail,
        max(shared_count) as shared_count,
        any_value(source_id) as source_id,
        any_value(title) as title,
        any_value(url) as url
    from staging.stg_match_conflicts
    group by kind, item_id
)
select
    t.kind,
    t.item_id,
    m.opportunity_id,
    identity.code,
    t.title,
    t.url,
    t.source_id,
    coalesce(s.source_name, t.source_id) as source_name,
    t.detail,
    t.shared_count
from told t
left join staging.stg_matches m using (item_id)
left join staging.stg_identities identity on identity.opportunity_id = m.opportunity_id
left join staging.stg_sources s on s.source_id = t.source_id
