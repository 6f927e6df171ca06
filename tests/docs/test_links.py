"""Every link inside the repository leads to something that is there, and every page can be come to."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from manual_pages import ROOT, name, pages, read, without_code

LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)|<(?:img|a)\s[^>]*?(?:src|href)=\"([^\"]+)\"")
START = {"README.md", "docs/index.md"}  # where a reader begins
TO_COME = {"src/trigpoint_web"}  # named in decisions; built by a later issue
BY_CUSTOM = {"examples/riverside/README.md"}


def links(path: Path) -> list[str]:
    found = [one[1] or one[2] for one in LINK.finditer(without_code(read(path)))]
    return [unquote(one) for one in found if not re.match(r"[a-z]+:", one)]


def anchors(path: Path) -> set[str]:
    """Ids that stand on the page, and those that GitHub makes of its headings."""
    text = read(path)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def leads(page: Path, link: str) -> bool:
    target, _, anchor = link.partition("#")
    there = (page.parent / target).resolve() if target else page
    if not there.exists() or not there.is_relative_to(ROOT):
        return False
    return not anchor or there.suffix != ".md" or anchor in anchors(there)


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_leads_somewhere(page):
    broken = [link for link in links(page) if not leads(page, link)]
    assert broken == []


def test_every_path_that_a_page_names_is_there():
    named = re.compile(r"`((?:tests|docs|src|examples|benchmarks|requirements)/[\w./-]*)`")
    found = {(name(page), path) for page in pages() for path in named.findall(read(page)) if path not in TO_COME}
    assert sorted((page, path) for page, path in found if not (ROOT / path).exists()) == []


def test_every_page_is_linked_from_another():
    linked = {
        (page.parent / link.partition("#")[0]).resolve()
        for page in pages()
        for link in links(page)
        if link[0] != "#" and (page.parent / link.partition("#")[0]).resolve() != page
    }
    lost = [name(page) for page in pages() if page not in linked and name(page) not in START | BY_CUSTOM]
    assert lost == []


def test_the_front_door_leads_to_the_manual():
    assert "docs/index.md" in links(ROOT / "README.md")
