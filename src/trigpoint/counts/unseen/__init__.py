"""Who is on no list: multiple systems estimation from lists that were linked."""
