"""What decides `udp_chat`. Chapter section 1.4; wire specification: one datagram is one message of 0 to 1024 bytes."""

# The engine finds checks by looking at what stands in this module: the server's first, then the client's.
from .answering import *
from .asking import *
from .losses import *
from .mistakes import MISTAKES
