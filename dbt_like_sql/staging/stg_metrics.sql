/* ---
description: Lo que cada canal informa de un día, de una oportunidad o de todo lo demás del canal.
grain: [metric_id]
columns:
  metric_id: {type: text, label: Medida, description: Identificador de la medida.}
  metric_date:
  channel:
  item_id:
  code: {description: "Código público con que se nombra la oportunidad; nulo si se nombra por su anuncio, o ninguna."}
  impressions:
  clicks:
  interactions:
checks:
  - in_vocabulary: {channel: channels}
    scope: set
    advice: Un canal no está en el vocabulario channels. Corrija la tabla de medidas o añada el canal.
--- */
select
    import_id || '#' || row_number as metric_id,
    metric_date,
    channel,
    case when reference_kind = 'item' then reference end as item_id,
    case when reference_kind = 'code' then reference end as code,
    impressions,
    clicks,
    interactions
from raw.metrics
