"""What decides `task_modes`. Chapter sections 1.4.6 and 1.4.7."""

# The engine finds checks by looking at what stands in this module.
# isort: off
from .alone import *
from .overlapping import *
from .mistakes import MISTAKES
