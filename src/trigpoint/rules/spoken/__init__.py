"""What rules say, in the language of the pack that is asked: phrases, lists, and sentences read back and said again."""
