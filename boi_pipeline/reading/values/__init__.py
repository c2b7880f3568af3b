"""Values read from a few words: dates, hours, zones, money, numbers, languages, ages.

Pure grammars over folded text (see ``quotes.fold``), used twice: by the rules to read a page, and by the gate to read a
value again from its quote. Where on a page to look, and what a value is for, belongs to the readers.
"""
