"""The process that draws: ``python -m boi_pipeline.warehouse.dashboard.vega``, a Vega-Lite specification a line in, an SVG a line out.

Vega brings a JavaScript engine with threads and some hundred megabytes: both go with this process, and neither is in the
one that publishes. It has no network. What reads the answers is ``drawing``.
"""

import json
import os
import signal
import sys


def main() -> None:
    """Answer ``{"svg": …}`` or ``{"error": …}`` to each specification until the input ends, or nobody reads any more."""
    import vl_convert

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the group: who asked ends, and so does the input
    for line in sys.stdin:
        try:
            answer = {"svg": vl_convert.vegalite_to_svg(json.loads(line), allowed_base_urls=[])}
        except ValueError as error:
            answer = {"error": str(error)}
        try:
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:  # who asked was killed: there is nobody to tell, at the end of the interpreter neither
            os._exit(0)


if __name__ == "__main__":
    main()
