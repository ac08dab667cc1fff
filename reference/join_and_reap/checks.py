"""What decides `join_and_reap`. Chapter sections 1.4.3 to 1.4.5."""

# The engine finds checks by looking at what stands in this module.
# isort: off
from .waiting import *
from .choosing import *
from .deadline import *
from .mistakes import MISTAKES
