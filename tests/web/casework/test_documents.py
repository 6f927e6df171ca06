"""Documents: what is kept, what is refused and why, and who may open them."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from casework_world import World
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import documents
from trigpoint_web.casework.documents.scanning import TEST_FILE
from trigpoint_web.casework.models import Child, Document

PAGE = "/children/CAAA/documents/"


@pytest.fixture
def robin(world: World, settings: Any, tmp_path: Path) -> Child:
    settings.DOCUMENTS_FOLDER = tmp_path / "documents"
    return world.child()


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "invented")
    return held.getvalue()


def sent(content: bytes = b"%PDF-1.7 invented", name: str = "plan.pdf", **more: Any) -> dict[str, Any]:
    return {"title": "Plan", "about": "", "file": SimpleUploadedFile(name, content), "request_key": str(uuid4())} | more


GOOD = [
    ("plan.pdf", b"%PDF-1.7 x"), ("photo.PNG", b"\x89PNG\r\n\x1a\n..."), ("photo.jpeg", b"\xff\xd8\xff\xe0.."),
    ("letter.docx", packed("word/document.xml")), ("list.xlsx", packed("xl/workbook.xml")),
    ("letter.odt", packed("content.xml")), ("note.txt", "Siân: nodyn".encode()),
    ("cut.txt", b"a" * (64 * 1024 - 1) + "â".encode()),
]  # fmt: skip
BAD = [
    ("plan.exe", b"MZ", "none of these"), ("plan.pdf", b"MZ this is a program", "none of these"),
    ("plan.docx", packed("word/document.xml", "word/vbaProject.bin"), "none of these"),
    ("plan.docx", b"PK\x03\x04 broken", "none of these"), ("note.txt", b"a\x00b", "none of these"),
    ("note.txt", b"\xff\xfe\xfa", "none of these"), ("plan", b"%PDF-1.7", "none of these"),
    ("page.html", b"<script>", "none of these"), ("plan.pdf", b"", "is empty"),
    ("note.txt", TEST_FILE, "Something harmful"), ("plan.pdf", b"%PDF-1.7" + b"x" * 70_000 + TEST_FILE, "harmful"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), GOOD)
def test_kinds_that_are_kept(robin: Child, world: World, signed_in: Any, name: str, content: bytes) -> None:
    browser = signed_in(world.person())
    assert browser.post(PAGE, sent(content, name))["Location"] == PAGE
    kept = Document.objects.get()
    answer = browser.get(f"{PAGE}{kept.pk}/")
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert AuditRow.objects.filter(thing_kind="document", act="read", child_id=robin.pk).count() == 1


@pytest.mark.parametrize(("name", "content", "said"), BAD)
def test_what_is_refused_is_refused_in_words_and_not_kept(
    robin: Child, world: World, signed_in: Any, settings: Any, name: str, content: bytes, said: str
) -> None:
    page = signed_in(world.person()).post(PAGE, sent(content, name))
    assert said in page.content.decode()
    assert not Document.objects.exists()
    assert not list(Path(settings.DOCUMENTS_FOLDER).glob("*"))


def test_a_file_that_is_too_large(robin: Child, world: World, signed_in: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(documents, "AT_MOST_MB", 0)
    page = signed_in(world.person()).post(PAGE, sent())
    assert "larger than 0 MB" in page.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"title": "x" * 300}, {"about": "x" * 3000}, {"request_key": ""}, {"title": "a\x00"}]
)
def test_a_form_with_a_fault(robin: Child, world: World, signed_in: Any, wrong: dict[str, str]) -> None:
    page = signed_in(world.person()).post(PAGE, sent(**wrong))
    assert "There is a problem" in page.content.decode()
    assert not Document.objects.exists()


def test_sent_twice_is_kept_once(robin: Child, world: World, signed_in: Any, settings: Any) -> None:
    browser, key = signed_in(world.person()), str(uuid4())
    for _ in range(2):
        assert browser.post(PAGE, sent(request_key=key)).status_code == 302
    assert Document.objects.count() == 1
    assert len(list(Path(settings.DOCUMENTS_FOLDER).glob("*"))) == 1


def test_the_name_on_the_disk_says_nothing(robin: Child, world: World, signed_in: Any, settings: Any) -> None:
    signed_in(world.person()).post(PAGE, sent(name='../..\\Robin "Invented";.pdf'))
    kept = Document.objects.get()
    (file,) = Path(settings.DOCUMENTS_FOLDER).glob("*")
    assert file.name == str(kept.stored_as)
    assert "/" not in kept.file_name
    assert '"' not in kept.file_name


@pytest.mark.parametrize(("code", "said"), [(0, None), (1, "Something harmful"), (2, "does not answer")])
def test_the_scanners_command_decides(
    robin: Child, world: World, signed_in: Any, settings: Any, code: int, said: str | None
) -> None:
    settings.DOCUMENT_SCANNER = f'"{sys.executable}" -c "import sys; sys.stdin.read(); sys.exit({code})"'
    page = signed_in(world.person()).post(PAGE, sent())
    assert page.status_code == (302 if said is None else 200)
    assert said is None or said in page.content.decode()
    assert Document.objects.count() == int(said is None)


def test_whoever_may_not_write_adds_nothing_and_whoever_may_not_see_opens_nothing(
    robin: Child, world: World, signed_in: Any
) -> None:
    signed_in(world.person()).post(PAGE, sent())
    kept = Document.objects.get()
    analyst = signed_in(world.person(role=Role.ANALYST, serves=("RV",)))
    assert analyst.post(PAGE, sent()).status_code == 403
    assert 'type="file"' not in analyst.get(PAGE).content.decode()
    stranger = signed_in(world.person("bank"))
    assert (stranger.get(PAGE).status_code, stranger.get(f"{PAGE}{kept.pk}/").status_code) == (404, 404)
    world.child("CBBB")
    assert signed_in(world.person()).get(f"/children/CBBB/documents/{kept.pk}/").status_code == 404


def test_a_file_that_is_gone_is_said(robin: Child, world: World, signed_in: Any, settings: Any) -> None:
    browser = signed_in(world.person())
    browser.post(PAGE, sent())
    for file in Path(settings.DOCUMENTS_FOLDER).glob("*"):
        file.unlink()
    page = browser.get(f"{PAGE}{Document.objects.get().pk}/", follow=True)
    assert "file is not there" in page.content.decode()
