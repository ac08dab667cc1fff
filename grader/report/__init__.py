"""What a person or another program reads, rendered from results by pure functions. Layer 3: no I/O."""
