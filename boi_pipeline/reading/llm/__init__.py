"""The LLM reader and drafter: any OpenAI-compatible endpoint, within a budget, never asked the same thing twice.

Nothing here is believed: what comes back passes the same gate as every reading (``reading.proof``).
"""
