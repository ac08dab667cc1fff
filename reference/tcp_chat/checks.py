"""What decides `tcp_chat`. Chapter section 1.3; the two speak in turns, the server first, until one of them says Q."""

# The engine finds checks by looking at what stands in this module: a check after those that it needs.
from .client import *
from .mistakes import MISTAKES
from .server import *
from .upkeep import *
