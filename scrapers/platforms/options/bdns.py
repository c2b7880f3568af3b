"""Options of the platform ``bdns``: ``json_api`` with what Spain's grants database answers filled in."""

from pydantic import Field

from scrapers.platforms.options.json_api import (
    ByPage,
    JsonApiOptions,
    JsonDetail,
    Paging,
    Path,
    Scalar,
    UrlTemplate,
)

_DETAIL = JsonDetail(
    url="https://www.infosubvenciones.es/bdnstrans/api/convocatorias?vpd=GE&numConv={numeroConvocatoria}",
    text=["descripcionLeng", "descripcionBasesReguladoras"],
    facts={
        "Código BDNS": "codigoBDNS",
        "Órgano convocante": "organo",
        "Tipo de convocatoria": "tipoConvocatoria",
        "Instrumento": "instrumentos.descripcion",
        "Finalidad": "descripcionFinalidad",
        "Beneficiarios": "tiposBeneficiarios.descripcion",
        "Sectores": "sectores.descripcion",
        "Región": "regiones.descripcion",
        "Presupuesto total": "EUR {presupuestoTotal}",
        "Inicio del plazo de solicitud": "fechaInicioSolicitud",
        "Inicio del plazo, según el texto": "textInicio",
        "Fin del plazo de solicitud": "fechaFinSolicitud",
        "Fin del plazo, según el texto": "textFin",
        "Fondos": "fondos.descripcion",
    },
    links={"Sede electrónica": "sedeElectronica", "Bases reguladoras": "urlBasesReguladoras"},
)


class BdnsOptions(JsonApiOptions):
    """Calls for grants of every Spanish administration, newest first; ``url`` is the search of the database's API."""

    query: dict[str, Scalar | list[Scalar]] = Field(
        default={"vpd": "GE", "pageSize": 50, "order": "numeroConvocatoria", "direccion": "desc"}
    )
    items: str = "content"
    total: Path | None = "totalElements"
    paging: Paging | None = ByPage(style="page", key="page", first=0)
    id: Path = "numeroConvocatoria"
    title: Path = "descripcion"
    url: UrlTemplate | None = "https://www.infosubvenciones.es/bdnstrans/GE/es/convocatorias/{numeroConvocatoria}"
    not_stated: list[str] = Field(default=["0"])
    published: Path | None = "fechaRecepcion"
    categories: list[Path] = Field(default=["nivel1", "nivel2", "nivel3"])
    detail: JsonDetail | None = _DETAIL
