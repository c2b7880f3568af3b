"""Why an imported file is not read, in the words that the team acts on (Spanish)."""


class SheetRefused(Exception):
    """The file is not read: what it is, where it shows, what was expected and what to do, in Spanish."""


def column_letters(number: int) -> str:
    """The name a spreadsheet gives its nth column, from 1: 28 → AB."""
    letters = ""
    while number:
        number, left = divmod(number - 1, 26)
        letters = chr(65 + left) + letters
    return letters


def too_wide(where: str, most: int) -> SheetRefused:
    """A row or sheet with more columns than any export has."""
    return SheetRefused(
        f"{where}: hay más de {most} columnas. "
        "Compruebe que es la exportación que describe la guía, o deje solo sus columnas."
    )


def formula(where: str) -> SheetRefused:
    """A cell that is worked out: its value would be whatever the file says it was."""
    return SheetRefused(
        f"{where}: hay una fórmula. Solo se reciben valores: copie la hoja, péguela como valores y guárdela de nuevo."
    )


def locked() -> SheetRefused:
    """A workbook that asks for a password."""
    return SheetRefused("El libro está protegido con contraseña. Guárdelo sin contraseña y vuelva a dejarlo.")


def broken(error: object) -> SheetRefused:
    """A workbook that its reader does not understand."""
    return SheetRefused(
        f"El libro está dañado o incompleto ({str(error)[:120]}). Ábralo, guárdelo de nuevo como .xlsx y vuelva a dejarlo."
    )


def too_long(where: str, most: int) -> SheetRefused:
    """A file of more rows than are read."""
    return SheetRefused(f"{where}: hay más de {most} filas. Expórtelo por períodos más cortos.")
