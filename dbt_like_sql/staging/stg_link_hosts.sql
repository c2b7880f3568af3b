/* ---
description: "Sitios por los que se juzga un enlace: acortadores, redes, formularios libres, plataformas de postulación y terminaciones que solo recibe una institución."
grain: [host_kind, host]
columns:
  host_kind: {type: text, label: Clase, description: "shorteners, social, free, platforms, institutions o tenants (cada nombre por debajo es de otro dueño)."}
  host: {type: text, label: Sitio, description: "Nombre del sitio; cuenta también para los que están por debajo."}
--- */
select host_kind, host from raw.link_hosts
