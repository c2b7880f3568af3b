"""What the system costs: `python -m benchmarks` measures it in temporary homes and prints one line a figure.

Ratios against peers and against limits, for people; no test asserts a timing. Nothing of the system may import this.
"""
