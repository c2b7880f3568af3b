"""Options of the platform ``world_bank``: ``json_api`` with what its procurement notices answer filled in."""

from pydantic import Field

from scrapers.platforms.options.json_api import ByOffset, JsonApiOptions, Paging, Path, Scalar, Template, UrlTemplate


class WorldBankOptions(JsonApiOptions):
    """The World Bank's procurement notices, newest first; ``url`` is ``…/api/v2/procnotices``."""

    notice_types: list[str] = Field(default=["Request for Expression of Interest"], min_length=1)
    # no order: the place refuses it
    query: dict[str, Scalar | list[Scalar]] = Field(default={"format": "json", "rows": 100, "srt": "noticedate"})
    items: str = "procnotices"
    total: Path | None = "total"
    paging: Paging | None = ByOffset(style="offset", key="os")
    id: Path = "id"
    title: Path = "bid_description"
    url: UrlTemplate | None = "https://projects.worldbank.org/en/projects-operations/procurement-detail/{id}"
    text: list[Path] = Field(default=["notice_text"])
    facts: dict[str, Template] = Field(
        default={
            "Notice type": "notice_type",
            "Country": "project_ctry_name",
            "Project": "project_name",
            "Project number": "project_id",
            "Reference number": "bid_reference_no",
            "Procurement method": "procurement_method_name",
            "Organization": "contact_organization",
            "Deadline": "{submission_deadline_date} {submission_deadline_time}",
        }
    )
    links: dict[str, Template] = Field(default={"Website": "contact_web_url"})
    published: Path | None = "noticedate"
    language: Path | None = "notice_lang_name"
    categories: list[Path] = Field(default=["project_ctry_name", "procurement_method_name"])
