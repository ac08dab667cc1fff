"""Where a submission runs: two programs that talk in lines of JSON, and a way to end both. Layer 5."""
