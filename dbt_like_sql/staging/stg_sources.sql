/* ---
description: Una fila por fuente vigilada.
grain: [source_id]
columns:
  source_id:
  source_name:
  platform: {type: text, label: Plataforma, description: Plataforma de publicación.}
  url:
  language:
  country: {type: text, label: País, description: "País de la fuente (ISO 3166-1)."}
  authority:
  cadence: {type: text, label: Cadencia, description: Cada cuánto se visita.}
  complete_listing: {type: boolean, label: Lista completa, description: Si lo que deja de listarse se ha retirado.}
checks:
  - in_vocabulary: {authority: authorities}
    scope: set
--- */
select source_id, name as source_name, platform, url, language, country, authority, cadence, complete_listing
from raw.sources
