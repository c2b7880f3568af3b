"""Parts of a page that tell of other calls or of news: "Other funding you may be interested in", "Noticias recientes".

What is said there is read of nothing. Which parts speak of applicants belongs to ``sections``.
"""

import re

_THINGS = (
    r"(?:vacanc(?:y|ies)|jobs|positions|calls|funding|opportunities|grants|scholarships|fellowships|awards|courses|events|news|posts|articles|stories|programmes|programs|programme|"
    r"convocatorias|becas|oportunidades|noticias|ayudas|premios|cursos|eventos|vacantes|articulos|publicaciones|"
    r"appels|bourses|offres|actualites|articles|prix|formations|evenements|"
    r"programas|chamadas|bolsas|vagas|editais|noticias|premios|concursos|artigos|ausschreibungen|stellen|stipendien|nachrichten|meldungen|termine)"
)
_HEAD = re.compile(
    rf"[\W_]*(?:(?:more|other|further|related|similar|recent|latest|current|all|past|upcoming) (?:[a-z]+ )?{_THINGS}|(?:you may|you might) (?:also )?(?:like|be interested)|read (?:also|next|more)|see also|also open|"
    rf"(?:otras|otros|mas|ultimas|ultimos) {_THINGS}|{_THINGS} (?:relacionad[oa]s|recientes|similares|recentes|associees|similaires|recentes|relacionadas)|(?:tambien )?te puede interesar|lea (?:tambien|mas)|le puede interesar|"
    rf"(?:les |nos )?autres {_THINGS}|dernieres {_THINGS}|a lire (?:aussi|egalement)|voir aussi|"
    rf"(?:outras|outros|mais|ultimas|ultimos) {_THINGS}|(?:leia|veja) (?:tambem|mais)|weitere {_THINGS}|aktuelle {_THINGS}|siehe auch|das konnte sie)(?![^\W_])"
)
_LONG = 70  # such a heading is a short line, or leads a line of its own with a colon
_HEADING = re.compile(r"[^.:;|·]{3,60}$")


def parts_apart(folded: str, title_end: int) -> list[tuple[int, int]]:
    """Where folded text tells of other calls: (start, end), to the end of the line or of the list under the heading."""
    found: list[tuple[int, int]] = []
    at = title_end + 1
    while at < len(folded):
        stop = folded.find("\n", at)
        stop = len(folded) if stop < 0 else stop
        head = _HEAD.match(folded, at, stop)
        if head and (
            stop - at <= _LONG
            or folded[head.end() : head.end() + 24].lstrip(" a-z").startswith(":")
            or ":" in folded[at : at + _LONG]
        ):
            inline = ":" in folded[at : min(stop, at + _LONG)] and stop - at > head.end() - at + 12
            end = stop if inline else _list_end(folded, stop)
            found.append((at, end))
            stop = end
        at = stop + 1
    return found


def _list_end(folded: str, at: int) -> int:
    """Where the lines under a heading end: before a line that ends a sentence, or eight lines on."""
    for _ in range(8):
        stop = folded.find("\n", at + 1)
        stop = len(folded) if stop < 0 else stop
        line = folded[at + 1 : stop].strip()
        if len(line) > 160 or (len(line) > 60 and line.endswith(".")):
            return at
        if at >= len(folded):
            break
        at = stop
    return min(at, len(folded))
