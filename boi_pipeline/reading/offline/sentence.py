"""One sentence of a notice, and how far it speaks of those who may apply."""

import re

from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.offline.placewords import ASKED
from boi_pipeline.reading.offline.sections import people, says_whom

# A sentence that begins with who may; "nous ne pouvons recevoir que des …".
_MAY = re.compile(
    r"[\W_]*(?:(?:tu )?(?:puedes|podes|podras)|you (?:can|may)|vous pouvez|voce pode|pueden|podran|puede|podra|peuvent|pourront|podem|poderao|pode|podera|konnen|participan|postulan|concursan|concorrem|participam|participent|teilnehmen|bewerben)(?![^\W_])"
)
_NOTHING_BUT = re.compile(
    r"(?<![^\W_])n(?:e |')[\w' ]{1,30}(?<![^\W_])qu(?:e (?:les?|des?|du|aux?)|'(?:aux?|a|en|un|une))(?![^\W_])"
)
_MUST_NOT = re.compile(
    r"(?<![^\W_])(?:must not|need not|no deben?|no debera\w*|ne doi(?:t|vent) pas|nao devem?|mussen nicht)(?![^\W_])"
)
_NOWHERE = re.compile(
    r"(?<![^\W_])(?:nulle part ailleurs|nowhere else|en ningun otro (?:lugar|pais)|em nenhum outro (?:lugar|pais))(?![^\W_])"
)

# Who will be taken: "serão selecionados oito …", "gefördert werden …".
_CHOSEN = re.compile(
    r"(?<![^\W_])(?:(?:seran|se|seremos) (?:seleccion|elig|escog|invit|becar|premi)\w+|serao (?:selecion|escolh|convid|contempl|premi)\w+|seront (?:selectionn|choisi|retenu|invite|accueilli|prim)\w+|"
    r"will be (?:selected|chosen|invited|awarded to|hosted|funded)|(?:gefordert|ausgewahlt|eingeladen|aufgenommen) werden|werden [^.;\n]{0,60}(?:gefordert|ausgewahlt|eingeladen|aufgenommen)|"
    r"seleccionar(?:emos|a|an)|selecionar(?:emos|a|ao)|selectionner(?:ons|a)|we (?:will )?(?:select|choose|host|invite|fund))(?![^\W_])"
)

# "Our office in Bogotá supports partners in …": what a convener does in general.
_OUR_WORK = re.compile(
    r"[\W_]*(?:our|nuestr[oa]s?|notre|nos|noss[oa]s?|unsere?) (?:office|team|organi[sz]ation|foundation|network|members?|partners?|oficina|equipo|organizacion|fundacion|red|bureau|equipe|organisation|fondation|reseau|escritorio|organizacao|fundacao|rede)(?![^\W_])[^.;\n]{0,60}"
    r"(?<![^\W_])(?:supports?|helps?|works?|serves?|apoya\w*|ayuda\w*|trabaja\w*|soutien\w*|aide\w*|travaill\w*|apoia\w*|ajuda\w*|trabalha\w*)(?![^\W_])"
)

_IF_YOU = re.compile(
    r"[\W_]*(?:all you need|you only need|basta(?: con)?|il suffit|es reicht|if you|si (?:tu|vous|usted|[^\W_]+[aei]s)|se (?:voce|tu)|wenn (?:du|sie|ihr))(?![^\W_])"
)


class Sentence:
    """One sentence, and how far it speaks of applicants."""

    def __init__(self, page: Page, segment: Span, inside: int | None, title: bool, loose: bool = False) -> None:
        self.page, self.segment, self.title = page, segment, title
        self.value = segment[0] if inside is None else max(inside, segment[0])
        self.inside = inside is not None
        self.asks = _IF_YOU.match(page.folded, *segment) is not None
        self.opens = (
            self.inside
            or loose
            or self.asks
            or _CHOSEN.search(page.folded, *segment) is not None
            or page.any("eligibility.open", segment)
            or _MAY.match(page.folded, *segment) is not None
            or ASKED.match(page.folded, *segment) is not None
        )
        self.told = (
            self.opens
            or title
            or (page.any("eligibility.gives", segment) and _OUR_WORK.match(page.folded, *segment) is None)
            or page.any("eligibility.cue", segment)
            or says_whom(page, segment)
        )
        self.must = page.any("eligibility.must", segment) or page.any("eligibility.only", segment)
        self.must = self.must and not _MUST_NOT.search(page.folded, *segment)
        self.must = self.must or _NOTHING_BUT.search(page.folded, *segment) is not None
        self.must = self.must or _NOWHERE.search(page.folded, *segment) is not None

    def begins(self, at: int) -> bool:
        """Whether nothing of the sentence, or of the section's first value, stands before ``at``."""
        return not self.page.folded[self.value : at].strip(" -*•–·▪►✓✅→.:")

    def proper(self, at: int) -> bool:
        """Whether a word is part of a name: a capital within a sentence (German nouns and titles tell nothing)."""
        page = self.page
        if page.language == "de" or not page.text[at].isupper() or self.begins(at) or page.text[at : at + 3].isupper():
            return False
        return not (self.title and page.language == "en") and page.text[at - 2 : at] not in ("¿", ": ", "• ")

    def people(self, span: Span, most: int, exact: bool = False) -> list[Hit]:
        """Words for applicants in a span, not of names, at most ``most`` words (in the same clause) before its end."""
        folded = self.page.folded
        found = [hit for hit in people(self.page, span) if not self.proper(hit.start)]
        if exact:
            return found
        found = [hit for hit in found if len(folded[hit.end : span[1]].split()) <= most]
        return [hit for hit in found if not re.search(r"[;:(]|\.(?![0-9])", folded[hit.end : span[1]])]
