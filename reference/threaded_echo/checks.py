"""What decides `threaded_echo`. Chapter part 2, section 1.1; wire specification: what goes in comes back, until EOF."""

# The engine finds checks by looking at what stands in this module.
from .alone import *
from .mistakes import MISTAKES
from .together import *
from .upkeep import *
