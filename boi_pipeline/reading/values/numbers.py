"""Numbers as people write them: thousands and decimals in either style, multipliers, small numbers in words."""

import re
from decimal import Decimal

NUMBER = r"[0-9]{1,3}(?:(?:[.,' \u00a0\u202f][0-9]{3})+(?![0-9]))(?:[.,][0-9]{1,2}(?![0-9]))?|[0-9]+(?:[.,][0-9]{1,2}(?![0-9]))?|[0-9]+"
MULTIPLIERS = {
    "billion": 10**9, "bn": 10**9, "milliard": 10**9, "milliards": 10**9, "mil millones": 10**9, "bilhoes": 10**9, "bilhao": 10**9,
    "million": 10**6, "millions": 10**6, "mio": 10**6, "mn": 10**6, "m": 10**6, "millon": 10**6, "millones": 10**6, "milhao": 10**6,
    "milhoes": 10**6, "millionen": 10**6, "thousand": 10**3, "mil": 10**3, "mille": 10**3, "k": 10**3, "tausend": 10**3,
}  # fmt: skip
MULTIPLIER = "|".join(sorted(MULTIPLIERS, key=len, reverse=True))
_WORDS = {
    1: "one un uno una une um uma ein eine a", 2: "two dos deux dois duas zwei", 3: "three tres trois drei", 4: "four cuatro quatre quatro vier",
    5: "five cinco cinq funf", 6: "six seis sechs", 7: "seven siete sept sete sieben", 8: "eight ocho huit oito acht",
    9: "nine nueve neuf nove neun", 10: "ten diez dix dez zehn", 11: "eleven once onze elf", 12: "twelve doce douze doze zwolf",
    15: "fifteen quince quinze", 20: "twenty veinte vingt vinte zwanzig", 25: "twenty-five veinticinco vingt-cinq",
    30: "thirty treinta trente trinta", 40: "forty cuarenta quarante quarenta", 50: "fifty cincuenta cinquante cinquenta",
    100: "hundred cien cent cem",
}  # fmt: skip
NUMBER_WORDS = {word: number for number, words in _WORDS.items() for word in words.split()}
_ARTICLES = frozenset(["a", "un", "una", "une", "um", "uma", "ein", "eine", "uno"])
COUNT_WORD = "|".join(sorted((w for w in NUMBER_WORDS if w not in _ARTICLES), key=len, reverse=True))


def parse_number(text: str) -> Decimal | None:
    """``1.400,50``, ``1,400.50``, ``350.000.000``, ``1 400``, ``12,5`` → a number; None when it is none.

    The last separator is the decimal one when one or two digits follow it; groups of three are thousands.
    """
    digits = re.sub(r"[ '\u00a0\u202f]", "", text)
    if not re.fullmatch(r"[0-9][0-9.,]*", digits):
        return None
    tail = re.search(r"[.,]([0-9]{1,2})$", digits)
    whole = digits[: tail.start()] if tail else digits
    whole = re.sub(r"[.,]", "", whole)
    if not whole or len(whole) > 16:
        return None
    return Decimal(f"{whole}.{tail[1]}" if tail else whole)


def parse_count(text: str) -> int | None:
    """A count in digits or in a word; None when it is none."""
    if text in NUMBER_WORDS:
        return NUMBER_WORDS[text]
    number = parse_number(text)
    return int(number) if number is not None and number == int(number) else None
