"""Files on the disk: whole or absent after a power cut, under names that tell nothing."""

import hashlib
import os
import stat
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from app.gateways.files import FileStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def files_of(store: FileStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_a_file_lies_under_a_random_key_with_no_right_for_others(store: FileStore) -> None:
    first, second = (store.save(BytesIO("Паспорт".encode())) for _ in range(2))
    assert first.key != second.key
    assert first.sha256 == second.sha256 == hashlib.sha256("Паспорт".encode()).hexdigest()
    assert first.size == len("Паспорт".encode())
    for path in files_of(store):
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o750
        assert len(path.relative_to(store.root).parts) == 3


def test_a_file_is_on_the_disk_before_it_has_its_name_and_the_name_before_the_answer(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def noting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            folder = name == "fsync" and stat.S_ISDIR(os.fstat(arguments[0]).st_mode)
            calls.append("fsync of the folder" if folder else name)
            return real(*arguments)

        return call

    monkeypatch.setattr(os, "fsync", noting("fsync", os.fsync))
    monkeypatch.setattr(os, "rename", noting("rename", os.rename))
    store.save(BytesIO(b"x" * 600_000))
    # Before these the folders of the file are made and synced.
    assert calls[-3:] == ["fsync", "rename", "fsync of the folder"]


def test_a_source_that_breaks_off_leaves_nothing(store: FileStore) -> None:
    class Broken(BytesIO):
        def read(self, *_size: int | None) -> bytes:
            raise OSError(28, "no space")

    with pytest.raises(OSError, match="no space"):
        store.save(Broken())
    assert files_of(store) == []


def test_a_deleted_file_is_gone_and_deleting_it_again_is_no_error(store: FileStore) -> None:
    kept = store.save(BytesIO(b"1"))
    store.delete(kept.key)
    store.delete(kept.key)
    assert files_of(store) == []
