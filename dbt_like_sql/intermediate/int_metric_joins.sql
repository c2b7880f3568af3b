/* ---
description: De lo que cada canal dice de publicaciones y convocatorias, qué parte se sabe de qué oportunidad es.
grain: [channel]
columns:
  channel:
  reference_count: {type: bigint, label: Referencias, description: "Publicaciones, códigos y títulos que el canal nombra; las páginas del sitio que no son de una convocatoria no cuentan."}
  joined_count: {type: bigint, label: Referencias unidas, description: "De ellas, las que se sabe de qué oportunidad son."}
  row_count: {type: bigint, label: Filas, description: Filas que las nombran.}
  joined_row_count: {type: bigint, label: Filas unidas, description: Filas de las referencias unidas.}
  joined_share: {type: "decimal(18,4)", label: Parte unida, description: "Referencias unidas, de las que hay."}
checks:
  - expression: joined_share >= 0.5
    where: reference_count >= 10
    name: most_is_joined
    severity: warning
    advice: "De menos de la mitad de lo que este canal nombra se sabe de qué convocatoria es; lo demás se cuenta en el total del canal. Publique con el enlace que lleva el código, o use el título publicado."
--- */
select
    channel,
    count(*) as reference_count,
    count(*) filter (opportunity_id <> 'unknown') as joined_count,
    sum(row_count)::bigint as row_count,
    coalesce(sum(row_count) filter (opportunity_id <> 'unknown'), 0)::bigint as joined_row_count,
    (count(*) filter (opportunity_id <> 'unknown') / count(*))::decimal(18, 4) as joined_share
from intermediate.int_metric_references
where is_post or reference_kind <> 'url' or title <> ''
group by channel
