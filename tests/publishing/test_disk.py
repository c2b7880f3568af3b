"""Files put below a folder, here and in a process of their own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from boi_pipeline.publishing.disk import Disk, disk_beside
from boi_pipeline.publishing.standing import Standing

Opened = Callable[[Path, Standing | None], AbstractContextManager[Disk]]


@contextmanager
def here(folder: Path, standing: Standing | None) -> Iterator[Disk]:
    yield Disk(folder, standing)


@pytest.fixture(params=[here, disk_beside], ids=["here", "beside"])
def opened(request: pytest.FixtureRequest) -> Opened:
    return request.param


def write(disk: Disk, **texts: str) -> None:
    """``name=text``, each made of its text; the last also under ``shared/`` and ``name``."""
    path = disk.folder
    for name, text in texts.items():
        path = disk.made(f"pages/{name}", text, lambda text=text: f"<p>{text}".encode())
    disk.link(path, "shared/last")


def day(opened: Opened, folder: Path, name: str, before: str, **texts: str) -> tuple[dict[str, str], int]:
    """What stands in ``folder/name`` when it was put there on the site in ``folder/before``, and how many were taken over."""
    standing = Standing(folder / before, folder / "manifest.json")
    with opened(folder / name, standing) as disk:
        write(disk, **texts)
    standing.save()
    found = {path.relative_to(folder / name).as_posix(): path for path in (folder / name).rglob("*") if path.is_file()}
    assert sorted(disk.written) == sorted(found.values())
    return {where: path.read_text() for where, path in found.items()}, standing.taken_count


def test_what_is_made_of_the_same_is_taken_over_and_the_rest_made(tmp_path: Path, opened: Opened) -> None:
    first, taken = day(opened, tmp_path, "first", "none", a="A", b="B")
    assert first == {"pages/a": "<p>A", "pages/b": "<p>B", "shared/last": "<p>B"}
    assert taken == 0
    second, taken = day(opened, tmp_path, "second", "first", a="A", b="other")
    assert second == {"pages/a": "<p>A", "pages/b": "<p>other", "shared/last": "<p>other"}
    assert taken == 1
    assert (tmp_path / "first/pages/a").stat().st_ino == (tmp_path / "second/pages/a").stat().st_ino


@pytest.mark.parametrize("harm", [lambda path: path.write_text("Pague aquí"), Path.unlink], ids=["changed", "gone"])
def test_what_is_not_what_was_written_is_made_again_under_both_its_names(
    tmp_path: Path, opened: Opened, harm: Callable[[Path], object]
) -> None:
    whole, _ = day(opened, tmp_path, "first", "none", a="A", b="B")
    harm(tmp_path / "first/pages/b")
    assert day(opened, tmp_path, "second", "first", a="A", b="B") == (whole, 1)
    assert day(opened, tmp_path, "third", "second", a="A", b="B") == (whole, 2)


def test_many_are_taken_over_one_after_another(tmp_path: Path, opened: Opened) -> None:
    texts = {f"p{number}": "x" * number for number in range(1, 30)}
    whole, _ = day(opened, tmp_path, "first", "none", **texts)
    assert day(opened, tmp_path, "second", "first", **texts) == (whole, 29)


def test_files_made_elsewhere_are_copied(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "elsewhere").write_bytes(bytes(range(256)))
    with opened(tmp_path / "site", None) as disk:
        disk.copy(tmp_path / "elsewhere", "data/set")
    assert (tmp_path / "site/data/set").read_bytes() == bytes(range(256))


def test_what_cannot_be_put_is_told_with_its_path(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "pages").write_text("a file where a folder should be")
    with pytest.raises(OSError, match="pages"), opened(tmp_path, None) as disk:
        disk.put("pages/index.html", b"<p>")
        disk.put("other", b"")


def test_an_error_of_the_work_is_the_works_own(
    tmp_path: Path, opened: Opened, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ZeroDivisionError), opened(tmp_path, None) as disk:
        disk.put("a", b"A")
        raise ZeroDivisionError
    assert capfd.readouterr() == ("", "")
