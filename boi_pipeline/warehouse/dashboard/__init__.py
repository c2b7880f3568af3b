"""A page that shows the measures to people without Power BI: no script, no network, the same numbers.

``sections`` says what is shown, ``figures`` gives it numbers, ``charts``, ``drawing`` and ``vega`` give it pictures, ``page`` writes it.
Everything in it may be seen by anybody: calls are named only once they are approved and published, and counts of few
people are not in the set it reads (``fct_outcome``).
"""
