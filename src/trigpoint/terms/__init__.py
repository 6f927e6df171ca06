"""The words as data: packs of event kinds, codes, indicators and policy, their loader and their checker."""
