"""How good a reader is: the labelled set, the comparison of readings with it, and the report.

How notices are labelled is in ``evaluation/GUIDE.md``. Readers know nothing of this folder.
"""
