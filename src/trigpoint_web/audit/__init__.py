"""The record of who looked, searched, wrote, exported or was refused."""
