"""What a run says of itself: what is for a person to answer, what had to be parted, what blocking left out."""

from __future__ import annotations

from dataclasses import dataclass

from trigpoint.linkage.scoring.blocking import BlockReport


@dataclass(frozen=True)
class LinkQuality:
    """Numbers for the report. Nobody is named.

    `lost_at_least`: the share of true pairs that blocking lost, a lower bound without labels (a run that only adds
    keeps the estimate of the last that went through everybody).
    `needs_attention`: questions by kind. `parted`: components that contradicted themselves in this run.
    """

    needs_attention: dict[str, int]
    parted: int
    blocks: tuple[BlockReport, ...]
    lost_at_least: float = 0.0

    @property
    def pairs_left_out(self) -> int:
        """Pairs of blocks that were too large to compare (such a pair may have met in another block)."""
        return sum(block.pairs_left_out for block in self.blocks)
