"""The files of a release, drawn from what may be published and nothing else."""

from trigpoint.report.release.data import ReleaseData, ReleasedTable
from trigpoint.report.release.files import draw_release

__all__ = ["ReleaseData", "ReleasedTable", "draw_release"]
