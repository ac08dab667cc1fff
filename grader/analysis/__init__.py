"""Pure readings of traces. Layer 1."""
