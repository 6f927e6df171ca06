"""The invented conversation of the examples."""

from pathlib import Path

CHAT = Path(__file__).parents[3] / "examples" / "messages" / "WhatsApp Chat with Zed (invented).txt"
CHILD = "Robin (invented)"
