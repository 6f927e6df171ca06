"""No personal value in what a run prints, logs or names: values are planted everywhere, then searched for."""

import csv
import subprocess

from riverside import AS_AT, COMMAND

PLANT = "QZXPLANT"


def plant(folder) -> int:
    """Put a marked word into every cell of every CSV that holds a name, a place or an identifier; the number put."""
    planted = 0
    for path in (folder / "sources").rglob("*.csv"):
        encoding = "cp1252" if "missing" in path.parts[-2] else "utf-8-sig"
        text = path.read_text(encoding=encoding, errors="replace")
        delimiter = ";" if text.split("\n", 1)[0].count(";") > 3 else ","
        rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
        for i, row in enumerate(rows[1:], start=1):
            rows[i] = [f"{PLANT}{cell}" if i % 3 == 0 and cell and not cell[0].isdigit() else cell for cell in row]
            planted += i % 3 == 0
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, delimiter=delimiter).writerows(rows)
    return planted


def test_nothing_planted_is_printed_or_named(small, tmp_path):
    assert plant(small) > 100
    said = []
    for command in (
        ["run", str(small), "--as-at", str(AS_AT)],
        ["export", str(small), "counts", "-o", str(tmp_path / "counts.csv")],
        ["run", str(small), "--as-at", str(AS_AT)],
    ):
        done = subprocess.run([*COMMAND, *command], check=False, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        said += [done.stdout, done.stderr]
    assert PLANT not in "".join(said)
    assert PLANT not in (tmp_path / "counts.csv").read_text()
    assert not [path for path in small.rglob("*") if PLANT in path.name]
    report = (small / "report.html").read_text()
    assert PLANT not in report, "the report shows children under pseudonymous keys"
    logs = [path for path in (small / ".trigpoint").rglob("*.json") if "model" not in path.name]
    assert logs
    assert not [path for path in logs if PLANT in path.read_text()]


def test_an_error_about_a_file_shows_no_cell_of_it(small):
    path = next((small / "sources" / "police").glob("arrests*.csv"))
    path.write_text(f"Surname\n{PLANT}\n")
    done = subprocess.run([*COMMAND, "run", str(small)], check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1
    assert "has no column" in done.stderr
    assert PLANT not in done.stdout + done.stderr
