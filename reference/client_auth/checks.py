"""What decides `client_auth`. Chapter part 2, section 1.3; wire specification: exercises/client_auth/README.md."""
# ruff: noqa: I001  # in the order in which the checks are to stand, those before that others need

# The engine finds checks by looking at what stands in this module.
from .server_admission import *
from .server_conversation import *
from .server_refusal import *
from .server_upkeep import *
from .client_chat import *
from .client_end import *
from .mistakes import MISTAKES
