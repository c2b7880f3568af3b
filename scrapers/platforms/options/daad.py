"""Options of the platform ``daad``: ``json_api`` with what DAAD's course finder answers filled in."""

from pydantic import Field

from scrapers.platforms.options.json_api import ByPage, JsonApiOptions, Paging, Path, Scalar, Template, UrlTemplate


class DaadOptions(JsonApiOptions):
    """International programmes and courses in Germany; ``url`` is the finder's ``search.json``."""

    query: dict[str, Scalar | list[Scalar]] = Field(default={"limit": 100})
    items: str = "courses"
    total: Path | None = "numResults"
    paging: Paging | None = ByPage(style="page", key="page")
    pages: int = Field(default=50, ge=1)
    id: Path = "id"
    title: Path = "courseName"
    url: UrlTemplate | None = "link"
    facts: dict[str, Template] = Field(
        default={
            "University": "academy",
            "City": "city",
            "Subject": "subject",
            "Language of instruction": "languages",
            "German language level": "languageLevelGerman",
            "English language level": "languageLevelEnglish",
            "Application deadline": "applicationDeadline",
            "Registration deadline": "date.registrationDeadline",
            "Course starts": "date.start",
            "Course ends": "date.end",
            "Beginning": "beginning",
            "Duration": "programmeDuration",
            "Course fee": "EUR {date.costs}",
            "Costs": "costString",
            "Tuition fees": "tuitionFees",
            "Financial support": "financialSupport",
        }
    )
    categories: list[Path] = Field(default=["courseName", "subject"])
