"""What decides `producer_consumer`. Chapter section 1.4.12."""

# The engine finds checks by looking at what stands in this module.
# isort: off
from .alone import *
from .orders import *
from .kitchens import *
from .mistakes import MISTAKES
