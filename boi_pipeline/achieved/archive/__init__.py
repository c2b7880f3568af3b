"""What a bulletin published before this system: files of years gone by, taken in as closed calls.

A row becomes a notice of an archive source, kept where a crawl keeps its own, so that reading, identities, codes, matching
and tables follow as for any other. No network is touched: an archived link is text.
"""
