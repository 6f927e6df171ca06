"""Exports of the apps that people use."""
