"""What decides `large_transfer`. Chapter section 1.6; frames of 1 to 65,536 bytes, and one of length 0 as the end."""

# The engine finds checks by looking at what stands in this module.
from .mistakes import MISTAKES
from .pieces import *
from .receiving import *
from .receiving_trouble import *
from .sending import *
