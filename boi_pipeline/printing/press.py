"""The process in which Typst runs: documents as lines of JSON come in, PDFs as lines of JSON go out. Run as a module.

Its threads would not survive a fork of ours, and whatever a text does to it ends here. Who starts it is ``printer``.
"""

import base64
import json
import sys
from pathlib import Path

import typst

_ROOT = Path(__file__).resolve().parents[1]  # templates of every package read ``/printing/paper.typ``
STANDARD = "ua-1"


def main() -> None:
    """Answer each document with ``{"pdf": base64}`` or ``{"error": words}`` until standard input ends.

    The one argument is the template's path, below this project's package.
    """
    # a path, not bytes: a compiler given bytes loses them after a dozen documents
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    compiler = typst.Compiler(Path(sys.argv[1]), root=_ROOT, font_paths=fonts)
    for line in sys.stdin:
        try:
            made = compiler.compile(format="pdf", pdf_standards=[STANDARD], sys_inputs={"data": line.rstrip("\n")})
            assert isinstance(made, bytes)  # noqa: S101 — one document, no output path: bytes
            answer = {"pdf": base64.b64encode(made).decode()}
        except typst.TypstError as error:
            answer = {"error": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
