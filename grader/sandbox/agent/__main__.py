"""Makes a package of the folder that this file lies in, and starts the agent. Run by its path, with `python -I -B`.

The parts import each other relatively, as parts of a package that has no place on sys.path: its name is known to this
process alone, and a run forgets it before the student's code comes (child.py). So a module of the student's may have
the name of any part, and sys.path and sys.modules hold nothing of ours there.

Arguments: the folder for the student's files, and folders for temporary ones; without any, those of a pod.
"""

import importlib
import os
import sys
import types

NAME = "grader_agent"

package = types.ModuleType(NAME)
package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
sys.modules[NAME] = package
importlib.import_module(f"{NAME}.agent").main()
