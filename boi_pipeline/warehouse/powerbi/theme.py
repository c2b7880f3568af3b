"""The entity's brand as a Power BI theme: every colour that carries text has its contrast computed, not guessed.

Series differ in lightness as well as in hue, so that they can be told apart without seeing colours; all of them stand
out from the white of the page. Names of properties are those of report themes.
"""

from typing import Any

from boi_pipeline.colour import GRAPHIC, ROBUST, TEXT, Oklch, readable, to_hex, to_oklch

Json = dict[str, Any]
_SERIES = 8
_FONT = "Segoe UI"


def theme(primary: str, accent: str) -> Json:
    """The theme of two brand colours, without its name."""
    brand, warm = to_oklch(primary), to_oklch(accent)
    paper = to_hex(Oklch(0.975, min(brand.chroma, 0.02) / 2.5, brand.hue))
    grounds = ["#ffffff", paper]
    ink = readable(Oklch(0.24, min(brand.chroma, 0.02), brand.hue), grounds, ROBUST, darker=True)
    soft = readable(Oklch(0.5, min(brand.chroma, 0.02), brand.hue), grounds, TEXT, darker=True)
    line = to_hex(Oklch(0.88, min(brand.chroma, 0.02), brand.hue))
    deep = readable(Oklch(min(brand.lightness, 0.42), brand.chroma, brand.hue), grounds, ROBUST, darker=True)

    def solid(colour: str) -> Json:
        return {"solid": {"color": colour}}

    return {
        "dataColors": series_colours(brand, warm, grounds),
        "good": readable(Oklch(0.5, 0.12, 152), grounds, TEXT, darker=True),
        "neutral": readable(Oklch(0.5, 0.1, 75), grounds, TEXT, darker=True),
        "bad": readable(Oklch(0.5, 0.16, 25), grounds, TEXT, darker=True),
        "foreground": ink,
        "foregroundNeutralSecondary": soft,
        "foregroundNeutralTertiary": soft,
        "background": "#ffffff",
        "backgroundLight": paper,
        "backgroundNeutral": line,
        "tableAccent": deep,
        "hyperlink": deep,
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
                    "background": [{"show": True, "color": solid("#ffffff"), "transparency": 0}],
                    "border": [{"show": True, "color": solid(line), "radius": 6}],
                }
            },
            "page": {
                "*": {
                    "background": [{"color": solid(paper), "transparency": 0}],
                    "outspace": [{"color": solid(paper), "transparency": 0}],
                }
            },
            "textbox": {"*": {"background": [{"show": False}], "border": [{"show": False}]}},
            "actionButton": {"*": {"background": [{"show": False}], "border": [{"show": False}]}},
        },
    }


def series_colours(brand: Oklch, warm: Oklch, grounds: list[str]) -> list[str]:
    """Eight colours for series: the brand's first, then hues around the wheel, light and dark in turn."""
    found = [readable(Oklch(min(brand.lightness, 0.5), brand.chroma, brand.hue), grounds, TEXT, darker=True)]
    chroma = max(brand.chroma, warm.chroma, 0.09)
    for place in range(1, _SERIES):
        hue = (warm.hue if place == 1 else brand.hue + place * 360 / _SERIES) % 360
        lightness = 0.62 if place % 2 else 0.42
        found.append(readable(Oklch(lightness, chroma, hue), grounds, GRAPHIC, darker=True))
    return found
