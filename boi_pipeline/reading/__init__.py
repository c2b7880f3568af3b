"""Notice to reading: what an announcement says, with the words that prove it."""
