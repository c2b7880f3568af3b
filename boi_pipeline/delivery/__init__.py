"""Delivery: approved publications sent to their channels through Apprise, where the environment holds credentials.

``message`` says what is sent, ``courier`` is the process that sends it, ``post`` its parent's side, ``outcome`` what an
answer means, ``deliver`` the states in the ledger. What the texts say belongs to ``publishing.channels``.
"""
