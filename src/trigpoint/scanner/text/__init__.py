"""Raw text to words: disguised spellings seen through, every place kept."""
