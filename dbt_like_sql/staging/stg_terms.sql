/* ---
description: Los términos de todos los vocabularios.
grain: [vocabulary, code]
columns:
  vocabulary: {type: text, label: Vocabulario, description: Nombre del vocabulario.}
  code: {description: Código del término.}
  position:
  label:
  plural: {type: text, label: Plural, description: Nombre en plural.}
  label_en:
--- */
select vocabulary, code, position, label, plural, label_en from raw.terms
