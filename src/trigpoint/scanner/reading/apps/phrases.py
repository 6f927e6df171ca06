"""Words that WhatsApp itself writes in a message's place, in the languages most met in England and Wales."""

from __future__ import annotations

import re
from typing import Literal

Placed = Literal["text", "media", "system", "deleted"]

_TAKEN_BACK = (
    "this message was deleted", "you deleted this message", "message deleted",
    "diese nachricht wurde gelöscht", "du hast diese nachricht gelöscht",
    "ce message a été supprimé", "vous avez supprimé ce message",
    "se eliminó este mensaje", "eliminaste este mensaje", "este mensaje fue eliminado",
    "mensagem apagada", "você apagou esta mensagem", "esta mensagem foi apagada",
    "questo messaggio è stato eliminato", "hai eliminato questo messaggio",
    "dit bericht is verwijderd", "je hebt dit bericht verwijderd",
    "ta wiadomość została usunięta", "usunięto tę wiadomość",
    "acest mesaj a fost șters", "ai șters acest mesaj", "bu mesaj silindi",
    "this message was deleted by admin .{1,60}",
)  # fmt: skip
_CHANGED = (
    "this message (?:was )?edited", "diese nachricht wurde bearbeitet", "ce message a été modifié",
    "se editó este mensaje", "mensagem editada", "dit bericht is bewerkt", "questo messaggio è stato modificato",
)  # fmt: skip
_THINGS = (
    "image", "video", "gif", "sticker", "audio", "document", "contact card", "photo", "voice message", "video note",
    "view once (?:photo|video|voice message)", "bild", "vidéo", "imagen", "imagem", "immagine", "afbeelding", "obraz",
    "imagine",
)  # fmt: skip
_LEFT_OUT = (
    "omitted", "weggelassen", "absente?", "omitid[ao]", "ocultad[ao]", "omess[ao]", "weggelaten", "pominięt[oya]",
    "omis[ăa]?",
)  # fmt: skip
_DELETED = re.compile(rf"^(?:{'|'.join(_TAKEN_BACK)})\.?$", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"^<[^<>\n]{3,60}>$")
_OMITTED = re.compile(rf"^(?:{'|'.join(_THINGS)}) (?:{'|'.join(_LEFT_OUT)})$", re.IGNORECASE)
_ATTACHED = re.compile(r"^(?:<[^<>:\n]{2,20}:\s?[^<>\n]+>|\S[^\n]{0,120}\.\w{2,5} \([^()\n]{4,40}\))(?:\n|$)")
_CALL = re.compile(r"^(?:missed |silenced )?(?:group )?(?:voice|video) call\b.{0,40}$|^null$", re.IGNORECASE)
_WRITTEN_TOO = ("POLL:", "OPTION:", "Location:", "Live location", "EVENT:")
_EDITED = re.compile(rf"\s?\u200e?<(?:{'|'.join(_CHANGED)})\.?>$", re.IGNORECASE)
_SUBJECT = re.compile(r"^\S.{0,80} (?:changed the (?:subject|group name|group description)|created group|named) ")


def edited(text: str, /) -> tuple[str, bool]:
    """The text without the remark that it was edited, and whether it stood there."""
    cut = _EDITED.sub("", text)
    return cut, cut != text


def placed(text: str, /) -> Placed:
    """What stands in a message's place. The app puts U+200E before what it writes itself on an iPhone."""
    own = text.startswith("\u200e")
    bare = text.replace("\u200e", "").strip()
    if _DELETED.match(bare):
        return "deleted"
    if not bare or _PLACEHOLDER.match(bare) or _OMITTED.match(bare):
        return "media"
    if attached := _ATTACHED.match(bare):
        return "text" if bare[attached.end() :].strip() else "media"
    if _CALL.match(bare):
        return "system"
    return "system" if own and not bare.startswith(_WRITTEN_TOO) else "text"


def speaks_of_the_chat(rest: str, /) -> bool:
    """Whether the line is the app's own although a colon stands in it (a new subject, a group's name)."""
    return bool(_SUBJECT.match(rest))
