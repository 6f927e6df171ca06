"""The border: a run comes in whole, once, as citations that never change; what people decided goes back."""
