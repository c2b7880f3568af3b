"""``boi publish``: what goes to the channels, what became of it, and what a person found out. Thin over ``delivery``."""

import typer

publish_app = typer.Typer(help="Send what was approved to its channels, and say what became of it.")
