"""What decides `process_basics`. Chapter sections 1.4.1 to 1.4.3 and 1.4.8."""

# The engine finds checks by looking at what stands in this module.
# isort: off
from .starting import *
from .writing import *
from .ending import *
from .mistakes import MISTAKES
