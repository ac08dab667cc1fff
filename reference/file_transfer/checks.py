"""What decides `file_transfer`. Chapter section 1.7; wire: 4-byte length, JSON header, the bytes of the file."""

# The engine finds checks by looking at what stands in this module.
from .mistakes import MISTAKES
from .receiving import *
from .refusing import *
from .sending import *
