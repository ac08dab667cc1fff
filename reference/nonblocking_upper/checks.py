"""What decides `nonblocking_upper`. Chapter part 2, section 1.2; wire specification: bytes come back through
bytes.upper(), until EOF, and no client ever waits for another."""

# The engine finds checks by looking at what stands in this module.
from .alone import *
from .beside import *
from .jammed import *
from .leaving import *
from .mistakes import MISTAKES
from .upkeep import *
