"""What each channel says of approved opportunities: posts and the e-mail of an edition, as pure functions of a Bulletin.

``posts`` makes a post, ``mail`` an e-mail, ``checks`` says what is wrong with either. Sending belongs to ``delivery``,
what a person posts by hand to ``publishing.outbox``.
"""
