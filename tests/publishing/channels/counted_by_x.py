"""The length X itself counts, by twitter-text's own parser."""

import sys
from importlib.resources import files
from types import ModuleType


def weighted_by_x(text: str) -> tuple[int, int]:
    """(weighted length, number of addresses X sees)."""
    if "pkg_resources" not in sys.modules:  # the parser asks it for one file of its own; setuptools no longer has it
        shim = ModuleType("pkg_resources")
        shim.resource_string = lambda package, name: (files(package.rpartition(".")[0]) / name).read_bytes()  # type: ignore[attr-defined]
        sys.modules["pkg_resources"] = shim
    from twitter_text import parse_tweet
    from twitter_text.extract_urls import extract_urls_with_indices

    return parse_tweet(text).weightedLength, len(extract_urls_with_indices(text))
