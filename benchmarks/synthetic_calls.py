"""Made announcements at any size, with the duplicates a field of aggregators has. Same seed and size, same rows.

Six in ten calls are told once; the others by up to five places that reword the title, tell it in another language, leave
out or round what they do not care for, and now and then write their own link. One call in six had an edition last year, with a number of its own.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.words import concepts

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_SYLLABLES = [
    "ba",
    "ca",
    "da",
    "fe",
    "ga",
    "jo",
    "ka",
    "lu",
    "ma",
    "no",
    "pa",
    "qui",
    "ra",
    "sa",
    "to",
    "va",
    "xe",
    "za",
    "bre",
    "cri",
    "dro",
    "fla",
    "gru",
    "pli",
    "stra",
    "tra",
    "vel",
    "mor",
    "tan",
    "del",
    "rin",
    "sol",
]
_FILL = ["Apply now: ", "Convocatoria: ", "Appel: ", "Chamada: ", "Call open: ", ""]
_TYPES = ("scholarship", "fellowship", "grant", "award", "contest", "course", "residency", "internship")
_VARIANTS = ("master", "phd", "undergraduate", "women", "summer", "documentary", "")
_SENTENCE = {
    "es": "La convocatoria de {funder} apoya a quienes trabajan en {topic} y cubre hasta {amount} {currency}. Cierra el {day}.",
    "en": "This call by {funder} supports those who work on {topic} and covers up to {amount} {currency}. It closes on {day}.",
    "fr": "Cet appel de {funder} soutient celles et ceux qui travaillent sur {topic} et couvre {amount} {currency}. Clôture le {day}.",
    "pt": "Esta chamada de {funder} apoia quem trabalha com {topic} e cobre até {amount} {currency}. Encerra em {day}.",
}


def announcements(count: int, seed: int = 1, *, field: int | None = None) -> Iterator[tuple[MatchItem, int]]:
    """``count`` announcements, each with the number of its call. ``field``: how many the funders are made for."""
    chance = random.Random(seed)
    by_concept: dict[str, list[str]] = {}
    topics: list[str] = []
    for word, (kind, concept) in concepts().items():
        by_concept.setdefault(concept, []).append(word)
        if kind == "topic" and concept not in topics:
            topics.append(concept)
    funders = [_name(chance, 2) for _ in range(max(20, (field or count) // 150))]
    made, call = 0, 0
    while made < count:
        call += 1
        facts = _Call(chance, call, funders, topics)
        copies = chance.choices((1, 2, 3, 4, 5), (60, 22, 10, 5, 3))[0]
        if chance.random() < 1 / 6 and made + 1 < count:
            yield facts.told(chance, by_concept, made, 0, last_year=True), -call
            made += 1
        for copy in range(min(copies, count - made)):
            yield facts.told(chance, by_concept, made, copy), call
            made += 1


def _name(chance: random.Random, words: int) -> str:
    return " ".join("".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).capitalize() for _ in range(words))


class _Call:
    def __init__(self, chance: random.Random, number: int, funders: list[str], topics: list[str]) -> None:
        self.number = number
        self.funder = chance.choice(funders)
        self.name = _name(chance, 1)
        self.type = chance.choice(_TYPES)
        self.variant = chance.choice(_VARIANTS)
        self.topics = chance.sample(topics, 2)
        self.close = date(2026, 6, 1) + timedelta(days=chance.randrange(400))
        self.amount = chance.choice((1, 2, 3, 5, 8, 12)) * 10 ** chance.randint(3, 5) + chance.choice((0, 0, 500, 250))
        self.currency = chance.choice(("EUR", "USD", "GBP"))
        self.reference = chance.randrange(10**6) if chance.random() < 0.2 else None

    def told(
        self, chance: random.Random, words: dict[str, list[str]], place: int, copy: int, *, last_year: bool = False
    ) -> MatchItem:
        """One place's way of telling it; the first copy is the convener's own."""
        official = copy == 0
        language = chance.choice(("es", "en", "fr", "pt"))
        parts = [chance.choice(words[self.type]), chance.choice(words[self.variant]) if self.variant else ""]
        parts += [self.name, *(chance.choice(words[topic]) for topic in self.topics)]
        if not official and chance.random() < 0.25:
            parts.pop(chance.randrange(3, 5))
        if chance.random() < 0.3:
            parts.append(self.funder)
        if not official and chance.random() < 0.3:
            chance.shuffle(parts)
        close = self.close - timedelta(days=365) if last_year else self.close
        if not official and chance.random() < 0.06:
            close -= timedelta(days=14)
        told_date, told_funder, told_amount = (official or chance.random() < share for share in (0.9, 0.85, 0.7))
        amount = self.amount if official or chance.random() < 0.9 else round(self.amount, -4) or self.amount
        own = f"https://{self.funder.split()[0].lower()}.example/{'2025' if last_year else '2026'}/{self.number}"
        source = self.funder.replace(" ", "_").lower() if official else f"aggregator_{chance.randrange(60)}"
        text = _SENTENCE[language].format(
            funder=self.funder if told_funder else "…",
            topic=parts[-1],
            amount=f"{amount:,}",
            currency=self.currency,
            day=close,
        )
        return MatchItem(
            item_id=f"{source}/{place:08d}",
            source_id=source,
            title=chance.choice(_FILL)
            + " ".join(part for part in parts if part).capitalize()
            + (f" {close.year}" if chance.random() < 0.3 else ""),
            text_sha256=f"{place:064x}",
            first_seen_at=FIRST_DAY + timedelta(hours=place % 8_000),
            language=language,
            authority="official" if official else "aggregator",
            funder_name=self.funder if told_funder else None,
            opportunity_number=self._number(last_year) if official or chance.random() < 0.5 else None,
            url=own if official else f"https://{source}.example/{place}",
            apply_url=own if official or chance.random() < 0.4 else None,
            deadlines=(close,) if told_date else (),
            text=f"{self.name}. {text}",
            opportunity_type=self.type if chance.random() < 0.9 else None,
            currency=self.currency if told_amount else None,
            amounts=(float(amount),) if told_amount else (),
        )

    def _number(self, last_year: bool) -> str | None:
        """The convener's number: each edition has its own."""
        if self.reference is None:
            return None
        return f"{self.name[:4].upper()}-{(self.reference + last_year * 10**5) % 10**6:06d}"
