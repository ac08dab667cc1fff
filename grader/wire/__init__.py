"""Sans-IO protocols and payloads: bytes in, events out. Layer 1, standard library only; used on both sides."""
