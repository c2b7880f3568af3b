from importlib.util import find_spec

needed = ("lightgbm", "rapidfuzz", "splink", "zingg")  # of the group `models`, which `make test` installs
missing = any(find_spec(name) is None for name in needed)
collect_ignore = ["test_public_sets.py", "test_similarity.py"] if missing else []
