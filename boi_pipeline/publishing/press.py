"""The process in which Typst runs: documents as lines of JSON come in, PDFs as lines of JSON go out. Run as a module.

Its threads would not survive a fork of ours, and whatever a text does to it ends here. What a document says belongs to ``pdf``.
"""

import base64
import json
import sys
from pathlib import Path

import typst

_TEMPLATES = Path(__file__).resolve().parent / "typst"
STANDARD = "ua-1"


def main() -> None:
    """Answer each document with ``{"pdf": base64}`` or ``{"error": words}`` until standard input ends."""
    # a path, not bytes: a compiler given bytes loses them after a dozen documents
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    compiler = typst.Compiler(_TEMPLATES / "bulletin.typ", root=_TEMPLATES, font_paths=fonts)
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
