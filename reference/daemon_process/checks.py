"""What decides `daemon_process`. Chapter section 1.4.9."""

# The engine finds checks by looking at what stands in this module.
# isort: off
from .beating import *
from .beside import *
from .mistakes import MISTAKES
