"""One spider base per publishing platform."""
