"""Was not written; it is here so that the other one is played."""
