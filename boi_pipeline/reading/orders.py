"""Orders to a machine that stand in a page, in any of the languages read: what they say proves nothing but their flag.

Used on both sides of every reader: such sentences are not sent to a model, and the gate takes no quote from them.
"""

import functools
import re

from boi_pipeline.reading.offline.lexicon import entries
from boi_pipeline.reading.offline.phrases import PhraseIndex, words_of
from boi_pipeline.reading.quotes import TextView

Span = tuple[int, int]

_TOLD = r"(?:instruc\w+|instrucoes|prompts?|anweisungen|consignes|rules above|reglas anteriores|regras anteriores|regles precedentes)"
_MACHINE = (
    r"(?<![^\W_])(?:ai|a\.i\.|ia|i\.a\.|ki|llms?|gpt|chatgpt|chatbots?|language models?|modelos? de lenguaje|modelos? de linguagem|"
    r"modeles? de langage|sprachmodelle?|(?:inteligencia|inteligencias) artificial(?:es)?|intelligences? artificielles?|artificial intelligence|"
    r"(?:ai|virtual|digital) assistants?|as?sistentes? (?:de ia|virtual(?:es)?|digital(?:es)?)|assistants? (?:ia|virtuels?|numeriques?)|bots?|crawlers?|parsers?|classifiers?|clasificador\w*|sistemas? automatic\w+|"
    r"systemes? automati\w+|automated (?:systems?|readers?|tools?|agents?)|agentes? automatic\w+|lectores? automatic\w+|leitores? automatic\w+)(?![^\W_])"
)
_MODAL = r"(?:must|should|shall|have to|has to|need to|debe\w*|deve\w*|tienen? que|doit|doivent|soll\w*|muss|mussen|please|por favor|veuillez|bitte)"
_ACT = (
    r"(?:classif\w+|clasif\w+|mark|marcar|marquen?|marquer|marquez|report|answer|respond\w*|repond\w*|reply|say|state|output|return|record|treat|"
    r"trat(?:ar|en|e)|traiter|traitez|rate|rank|label|etiquet\w+|indic\w+|indiqu\w+|decir|digan?|dire|dizer|digam?|declar\w+|einstufen|antworten|angeben|"
    r"kennzeichnen|write|escrib\w+|ecrire|ecrivez|escrev\w+|set|approv\w+|aprob\w+|apprueb\w+|approuv\w+|aprov\w+|consider\w*|ignor\w*|recommend\w*|recomend\w+|publish|publi\w+)"
)
ORDERS = re.compile(
    rf"(?:ignor[aeiz]\w*|disregard\w*|forget|override|overrule|bypass|olvid[ae]\w*|oubli\w+|esquec\w+|desconsider\w+|omit[ae]\w*|vergiss|vergesst|descart[ae]\w*|"
    rf"negligez|faites abstraction)\s+(?:\w+\s+){{0,5}}?{_TOLD}"
    r"|<\|?(?:im_start|im_end|system|endoftext|eot_id|start_header_id)\|?>|\[/?(?:inst|system|sys)\]|<</?sys>>|^(?:system|assistant|sistema)\s?:"
    rf"|{_MACHINE}[^.\n]{{0,50}}(?<![^\W_]){_MODAL}(?![^\W_])[^.\n]{{0,30}}(?<![^\W_]){_ACT}(?![^\W_])|{_MACHINE}[^.\n]{{0,40}}[,:;] ?(?:\w+ ){{0,3}}?{_ACT}(?![^\W_])"
    r"|(?<![^\W_])(?:home_eligible|is_opportunity|opportunity_type|apply_url|sdg_goals|close_date|max_award_amount|funder_name)(?![^\W_])"
    r"|\{\s*\"(?:is_opportunity|home_eligible|opportunity_type|value|deadlines|facts)\""
    r"|(?:system|sistema|systeme) prompt|prompt (?:del |de |du |do )(?:sistema|systeme)"
    rf"|(?<![^\W_])(?:note|nota|attention|atencion|atencao|hinweis|message|mensaje|mensagem)s? (?:to|for|para|a|pour|aux?|an|fur|ao|aos)s? (?:the |el |la |los |las |l'|les |o |as |all |todos |any )*{_MACHINE}"
    rf"|(?:if you are|si (?:usted )?(?:eres|es|sos)|si vous etes|se (?:voce )?(?:e|for)|wenn du|falls du) (?:an? |una? |une? |uma? |eine? )?{_MACHINE}",
    re.MULTILINE,
)


@functools.cache
def _phrases() -> PhraseIndex[None]:
    return PhraseIndex((phrase, None) for phrase, entry in entries() if entry.key == "flag.instructs_reader")


def order_spans(view: TextView) -> list[Span]:
    """Where the words of orders stand (view positions), sorted."""
    found = [(start, end) for start, end, _ in _phrases().find(view.folded, words_of(view.folded))]
    return sorted({*found, *(match.span() for match in ORDERS.finditer(view.folded) if match.group().strip())})


def silenced(view: TextView, orders: list[Span]) -> list[Span]:
    """What is not believed for these orders: from the sentence each stands in to the end of its line (view positions)."""
    spans = []
    for start, _ in orders:
        end = view.text.find("\n", start)
        spans.append((view.segments[view.segment_at(start)][0], len(view.text) if end < 0 else end))
    return spans
