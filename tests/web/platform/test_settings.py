"""Settings say all that is wrong at once, how to mend it, and never a value."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trigpoint.errors import SettingsError
from trigpoint_web.settings.environment import Environment, database_settings

GOOD = {
    "DATABASE_URL": "postgresql://web:hush@db.invalid/casework",
    "TRIGPOINT_WEB_SECRET_KEY": "x" * 50,
    "TRIGPOINT_WEB_HOSTS": "casework.invalid",
    "TRIGPOINT_WEB_SCANNER": "none",
    "TRIGPOINT_WEB_MAIL_HOST": "mail.invalid",
    "TRIGPOINT_WEB_MAIL_FROM": "casework@example.invalid",
}
READ = "from trigpoint_web.settings import production as p; print(p.ALLOWED_HOSTS, p.SESSION_COOKIE_SECURE, p.DEBUG)"


def read_production(tmp_path: Path, **given: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    known = kept | {"TRIGPOINT_WEB_DATA": str(tmp_path)} | GOOD | given
    return subprocess.run([sys.executable, "-c", READ], env=known, capture_output=True, text=True, check=False)


def test_production_stands_with_what_the_page_of_deployment_names(tmp_path: Path) -> None:
    done = read_production(tmp_path)
    assert done.stdout.strip() == "['casework.invalid'] True False", done.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TRIGPOINT_WEB_SECRET_KEY", "", "TRIGPOINT_WEB_SECRET_KEY is not set"),
        ("TRIGPOINT_WEB_SECRET_KEY", "hush", "TRIGPOINT_WEB_SECRET_KEY is too short"),
        ("TRIGPOINT_WEB_HOSTS", "*", "does not name the hosts"),
        ("DATABASE_URL", "mysql://web:hush@db/casework", "DATABASE_URL cannot be read"),
        ("DATABASE_URL", "postgresql://web:hush@db:port/casework", "DATABASE_URL cannot be read"),
        ("TRIGPOINT_WEB_SESSION_MINUTES", "hush", "TRIGPOINT_WEB_SESSION_MINUTES cannot be read"),
        ("TRIGPOINT_WEB_SESSION_MINUTES", "0", "TRIGPOINT_WEB_SESSION_MINUTES cannot be read"),
        ("TRIGPOINT_WEB_MAIL_TLS", "hush", "TRIGPOINT_WEB_MAIL_TLS cannot be read"),
        ("TRIGPOINT_WEB_MAIL_HOST", "", "TRIGPOINT_WEB_MAIL_HOST is not set"),
        ("TRIGPOINT_WEB_OIDC_ISSUER", "https://id.invalid", "TRIGPOINT_WEB_OIDC_CLIENT is not set"),
    ],
)
def test_what_is_wrong_is_said_without_its_value(tmp_path: Path, name: str, value: str, words: str) -> None:
    done = read_production(tmp_path, **{name: value})
    assert words in done.stderr
    assert "hush" not in done.stderr
    assert "mend:" in done.stderr


def test_all_is_said_at_once() -> None:
    environment = Environment({"A": "nonsense"})
    environment.needed("B", "Set B")
    environment.number("A", 3)
    with pytest.raises(SettingsError) as told:
        environment.check()
    assert "B is not set; A cannot be read" in str(told.value)
    assert "Set B. Write a whole number above 0" in str(told.value)


def test_an_address_of_a_database_is_read_whole() -> None:
    read = database_settings("postgresql://us%40er:p%2Fw@db.invalid:5433/case?sslmode=verify-full")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == ("us@er", "p/w", "db.invalid", "5433")
    assert read["OPTIONS"] == {"sslmode": "verify-full"}
    assert database_settings("postgresql://web@/case?host=%2Frun%2Fpg")["HOST"] == "/run/pg"
