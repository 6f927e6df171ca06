"""Nothing in a bundle can be changed unseen, and a force needs neither a network nor our software to see it."""

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from invented_chat import CHAT

from trigpoint.errors import ExtractError, SettingsError
from trigpoint.services.bundle_evidence import bundle_evidence
from trigpoint.services.keep_custody import hand_over
from trigpoint.services.verify_bundle import verify_bundle

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "evidence.zip"
    made = bundle_evidence(CHAT, path, by="An invented worker", reason="case INV-1")
    hand_over(path, by="An invented worker", to="An invented officer", reason="handed in")
    return made


def changed(bundle: Path, tmp_path: Path, change: Change) -> Path:
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    path = tmp_path / "changed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_a_bundle_is_whole_and_says_who_had_it(bundle):
    checked = verify_bundle(bundle.path, seal=bundle.seal)
    assert checked.faults == ()
    assert [(e.number, e.act, e.by, e.to) for e in checked.custody] == [
        (1, "made", "An invented worker", ""),
        (2, "handed over", "An invented worker", "An invented officer"),
    ]
    assert checked.files["original/received.txt"] == CHAT.read_bytes()
    assert checked.messages == 19


def test_it_can_be_checked_without_us(bundle, tmp_path):
    with zipfile.ZipFile(bundle.path) as archive:
        archive.extractall(tmp_path)
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, check=True, capture_output=True)
    assert hashlib.sha256((tmp_path / "manifest.json").read_bytes()).hexdigest() == bundle.seal


def swap(name: str, old: bytes, new: bytes) -> Change:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def drop(name: str) -> Change:
    return lambda files: files.pop(name) and None


def without_the_last_message(files: dict[str, bytes]) -> None:
    files["messages.jsonl"] = b"".join(files["messages.jsonl"].splitlines(keepends=True)[:-1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (swap("original/received.txt", b"200", b"900"), "changed: original/received.txt"),
        (swap("messages.jsonl", b"200", b"900"), "Message number 2"),
        (without_the_last_message, "missing at the end"),
        (swap("answers.json", b"debt", b"dept"), "changed: answers.json"),
        (swap("SHA256SUMS", b"a", b"b"), "sums"),
        (drop("review.html"), "missing: review.html"),
        (lambda files: files.update({"extra.txt": b"x"}), "added"),
        (drop("custody/0001.json"), "custody is broken at entry 1"),
        (swap("custody/0001.json", b"worker", b"walker"), "custody is broken at entry 2"),
        (swap("custody/0002.json", b'"number":2', b'"number":"two"'), "custody is broken at entry 2"),
    ],
)
def test_whatever_is_changed_is_seen(bundle, tmp_path, change, said):
    faults = verify_bundle(changed(bundle.path, tmp_path, change)).faults
    assert any(said in fault for fault in faults), faults


def test_a_bundle_made_anew_is_seen_by_the_seal_that_was_noted(bundle, tmp_path):
    other = tmp_path / "chat.txt"
    other.write_bytes(CHAT.read_bytes().replace(b"200", b"900"))
    forged = bundle_evidence(other, tmp_path / "forged.zip", by="An invented worker", reason="case INV-1")
    assert verify_bundle(forged.path).faults == ()
    assert "seal" in verify_bundle(forged.path, seal=bundle.seal).faults[0]


def test_messages_that_the_original_does_not_give_are_seen(bundle, tmp_path):
    """Every hash made right again around a message that was never sent: reading the original anew shows it."""

    def change(files: dict[str, bytes]) -> None:
        from trigpoint.services.bundle_shape import canonical, sha, sums
        from trigpoint.services.keep_custody import first_entry

        rows, previous = [], ""
        for line in files["messages.jsonl"].splitlines():
            row = json.loads(line)
            row.pop("hash")
            row |= {"text": row["text"].replace("200", "900"), "previous": previous}
            previous = row["hash"] = sha(canonical(row))
            rows.append(canonical(row) + b"\n")
        files["messages.jsonl"] = b"".join(rows)
        manifest = json.loads(files["manifest.json"])
        manifest["messages"]["last"] = previous
        for one in manifest["files"]:
            one |= {"size": len(files[one["name"]]), "sha256": sha(files[one["name"]])}
        files["manifest.json"] = json.dumps(manifest).encode()
        files["SHA256SUMS"] = sums({n: d for n, d in files.items() if not n.startswith("custody/")})
        entry = first_entry(by="x", reason="", seal=sha(files["manifest.json"]), at="")
        files[entry.name] = entry.data
        files.pop("custody/0002.json")

    assert verify_bundle(changed(bundle.path, tmp_path, change)).faults == (
        "The original, read again, gives other messages. Another version of Trigpoint may have made the bundle.",
    )


def test_a_damaged_bundle_is_not_passed_on(bundle, tmp_path):
    path = changed(bundle.path, tmp_path, swap("answers.json", b"debt", b"dept"))
    before = path.read_bytes()
    with pytest.raises(ExtractError, match="not whole"):
        hand_over(path, by="a", to="b", reason="")
    assert path.read_bytes() == before


def test_what_is_no_bundle_says_so(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK")
    with pytest.raises(ExtractError, match="cannot be opened"):
        verify_bundle(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", "[1]")
    with pytest.raises(ExtractError, match="no bundle"):
        verify_bundle(path)
    with pytest.raises(ExtractError, match="no such file"):
        verify_bundle(tmp_path / "gone.zip")


def test_nobody_makes_a_bundle_without_a_name(tmp_path):
    with pytest.raises(SettingsError, match="name"):
        bundle_evidence(CHAT, tmp_path / "e.zip", by=" ", reason="")
    assert not (tmp_path / "e.zip").exists()
