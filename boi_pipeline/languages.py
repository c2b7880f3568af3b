"""The language a text is written in, among a few: a trained model that knows only these.

Every package uses it; what follows from a text in another language is its own affair.
"""

import functools
import re
from typing import Any

DEFAULT = frozenset({"de", "en", "es", "fr", "pt"})
# Words of one of these languages alone: two of them and none of another's say enough, without the model.
_ONLY = {
    "es": "el los las una del y al según hasta desde pueden puede muy esta este estos fue cuando donde sí más también",
    "en": "the of and to for with by from is are this that which who will be on at an or",
    "fr": "le les des du et pour une dans sur avec qui est sont aux ou cette ce leur ses",
    "pt": "da do dos das em um uma não com ao pela pelo são também os uma seu sua até mais",
    "de": "der die das und für mit von den dem ein eine ist im zu auf des sich werden oder bei",
}
_OWNERS: dict[str, set[str]] = {}
for _code, _words in _ONLY.items():
    for _word in _words.split():
        _OWNERS.setdefault(_word, set()).add(_code)
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str, among: frozenset[str] = DEFAULT) -> str:
    """The code of the language of ``text``, one of ``among`` (ISO 639-1)."""
    seen: dict[str, set[str]] = {}
    for word in _WORD.findall(text.lower()):
        owners = _OWNERS.get(word)
        if owners is not None and len(owners) == 1:
            seen.setdefault(next(iter(owners)), set()).add(word)
    if len(seen) == 1:
        ((code, words),) = seen.items()
        if len(words) >= 2 and code in among:
            return code
    return _model(among).classify(text)[0]


@functools.cache
def _model(among: frozenset[str]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # slow to load, needed by few runs

    model = LanguageIdentifier.from_model_file(MODEL_FILE)  # not the one the whole process shares
    model.set_languages(sorted(among))
    return model
