"""The entity's brand as a Power BI theme: every colour that carries text has its contrast computed, not guessed.

Colours are the palette's, so that the dashboards look like the site. Names of properties are those of report themes.
"""

from typing import Any

from boi_pipeline.palette import palette, series

Json = dict[str, Any]
_SERIES = 8
_FONT = "Segoe UI"


def theme(primary: str, accent: str) -> Json:
    """The theme of two brand colours, without its name."""
    tokens = palette(primary, accent, dark=False)
    ink, soft, line, deep = (tokens[name] for name in ("ink", "ink-soft", "line", "brand"))
    paper, surface = tokens["paper"], tokens["surface"]

    def solid(colour: str) -> Json:
        return {"solid": {"color": colour}}

    unframed = {"background": [{"show": False}], "border": [{"show": False}]}
    return {
        "dataColors": series(primary, accent, _SERIES, dark=False),
        "good": tokens["yes-ink"],
        "neutral": tokens["maybe-ink"],
        "bad": tokens["no-ink"],
        "foreground": ink,
        "foregroundNeutralSecondary": soft,
        "foregroundNeutralTertiary": soft,
        "background": surface,
        "backgroundLight": paper,
        "backgroundNeutral": line,
        "tableAccent": deep,
        "hyperlink": tokens["link"],
        "textClasses": {
            "label": {"fontFace": _FONT, "fontSize": 10, "color": ink},
            "title": {"fontFace": f"{_FONT} Semibold", "fontSize": 12, "color": ink},
            "header": {"fontFace": f"{_FONT} Semibold", "fontSize": 12, "color": ink},
            "callout": {"fontFace": _FONT, "fontSize": 24, "color": deep},
        },
        "visualStyles": {
            "*": {
                "*": {
                    "title": [{"show": True, "fontSize": 12, "fontColor": solid(ink), "titleWrap": True}],
                    "background": [{"show": True, "color": solid(surface), "transparency": 0}],
                    "border": [{"show": True, "color": solid(line), "radius": 6}],
                }
            },
            "page": {
                "*": {
                    "background": [{"color": solid(paper), "transparency": 0}],
                    "outspace": [{"color": solid(paper), "transparency": 0}],
                }
            },
            "textbox": {"*": unframed},
            "actionButton": {"*": unframed},
        },
    }
