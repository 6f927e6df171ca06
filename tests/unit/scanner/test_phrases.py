"""The phrase language, and errors that point at the phrase."""

import re
import shutil

import pytest

from trigpoint.errors import TermsError
from trigpoint.scanner import Scanner
from trigpoint.scanner.cues.alphabet import Alphabet
from trigpoint.scanner.cues.phrase import PhraseError, Words, expressions_of
from trigpoint.scanner.text.words import Words as Reading
from trigpoint.terms.pack import PACKS
from unit.scanner.talk import scanner

WORDS = Words({"you": ("u", "ya")}, {"app": ("snap", "insta story")})


def matches(phrase: str, text: str) -> bool:
    alphabet = Alphabet()
    expressions = expressions_of(phrase, WORDS, alphabet)
    signs = Reading(alphabet, {}).signs(text)
    return any(re.search(one.pattern, signs) for one in expressions)


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("send [me] (pin|card)", "send me card", True),
        ("send [me] (pin|card)", "send card", True),
        ("send [me] (pin|card)", "send him card", False),
        ("bring .. money", "bring me all that money", True),
        ("bring .. money", "bring me all of that money", False),
        ("bring ... money", "bring me all of that money", True),
        ("add @app", "add insta story", True),
        ("tell you", "tell ya", True),
        ("don't go", "dont go", True),
        ("sending it", "sendin it", True),
        ("$ # each", "£50 each", True),
        ("# days", "3 days", True),
        ("keep # %", "keep 20%", True),
        ("card", "cardigan", False),
    ],
)
def test_a_phrase_means_what_it_says(phrase, text, found):
    assert matches(phrase, scanner().pack.reader._fold(text).text) is found


@pytest.mark.parametrize("broken", ["(a|b", "a)", "[a]", "say @nothing", "a | "])
def test_a_broken_phrase_is_refused(broken):
    with pytest.raises(PhraseError):
        expressions_of(broken, WORDS, Alphabet())


def pack_with(tmp_path, file: str, old: str, new: str):
    folder = tmp_path / "mine"
    shutil.copytree(PACKS / "england_wales" / "scanner", folder / "scanner")
    path = folder / "scanner" / file
    path.write_text(path.read_text().replace(old, new, 1))
    return folder


def test_a_cue_that_is_not_there_is_pointed_at(tmp_path):
    folder = pack_with(tmp_path, "behaviours/debt.yaml", "- owe\n", "- owwe\n")
    with pytest.raises(TermsError, match=r"debt.yaml:\d+:\d+: there is no cue 'owwe'") as refused:
        Scanner.load(folder)
    assert refused.value.mend == "Did you mean 'owe'?"


def test_a_broken_phrase_of_a_pack_is_shown(tmp_path):
    folder = pack_with(tmp_path, "cues/money.yaml", "money on tap", "money (on tap")
    with pytest.raises(TermsError, match=r"money.yaml.*is not closed"):
        Scanner.load(folder)


def test_a_pack_that_is_not_there_is_named():
    with pytest.raises(TermsError, match="There is no pack 'england'"):
        Scanner.load("england")


def test_waking_only_what_may_match_finds_the_same_as_searching_for_everything():
    pack = scanner().pack
    texts = [e for b in pack.behaviours.values() for e in (*b.examples, *b.near_misses) if isinstance(e, str)]
    cues = list(pack.lexicon.cues.values())
    searches = [re.compile("|".join(f"(?:{e.pattern})" for e in cue.expressions)) for cue in cues]
    for text in texts:
        signs = "".join(w.sign for w in pack.reader.read(text).words)
        plain = sum(1 << i for i, search in enumerate(searches) if search.search(signs))
        assert pack.reader.matcher.cues(signs) == plain
