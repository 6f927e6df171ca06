"""Extract to records and events, by mapping; readers for the formats that agencies already produce."""

from trigpoint.intake.drafting.suggest import suggest_mapping
from trigpoint.intake.extract import Extract
from trigpoint.intake.language import Mapping
from trigpoint.intake.mapping import parse_mapping, read_mapping
from trigpoint.intake.reading import read_extract
from trigpoint.intake.settle import settle
from trigpoint.intake.shape import Shaped, SourceFacts, discard, shape_extract

__all__ = [
    "Extract",
    "Mapping",
    "Shaped",
    "SourceFacts",
    "discard",
    "parse_mapping",
    "read_extract",
    "read_mapping",
    "settle",
    "shape_extract",
    "suggest_mapping",
]
