"""Paper: documents become tagged PDFs (PDF/UA-1) in a process in which Typst runs. What a document says is its maker's."""
