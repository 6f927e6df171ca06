"""The demo's secret key: made once, kept in the data folder, read by nobody else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret(folder: Path) -> str:
    """The key kept in `folder`, made where there is none."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()
