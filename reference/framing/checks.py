"""What decides `framing`. Chapter section 1.5; wire specification: 4-byte signed length, then UTF-8."""

# The engine finds checks by looking at what stands in this module.
from .mistakes import MISTAKES
from .receiving import *
from .sending import *
