# @attack  an import hook and patched builtins, for whatever is imported after it
# @expect  zero
import builtins
import importlib.abc
import sys


class Empty(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__getattr__ = lambda name: lambda *args, **options: True


sys.meta_path.insert(0, Empty())
builtins.len = lambda x: 0
builtins.isinstance = lambda *_: True


def send_message(sock, text):
    sock.send(text.encode())


def recv_message(sock):
    return sock.recv(1024).decode("utf-8", "replace")
