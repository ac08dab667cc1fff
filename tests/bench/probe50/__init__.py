"""The ten probes as check50 checks."""

import sys
from pathlib import Path

import check50

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from probes import TEXTS, probe


@check50.check()
def probe0():
    """probe 0"""
    if not probe(TEXTS[0], 1):
        raise check50.Failure("wrong echo")


@check50.check()
def probe1():
    """probe 1"""
    if not probe(TEXTS[1], 2):
        raise check50.Failure("wrong echo")


@check50.check()
def probe2():
    """probe 2"""
    if not probe(TEXTS[2], 3):
        raise check50.Failure("wrong echo")


@check50.check()
def probe3():
    """probe 3"""
    if not probe(TEXTS[3], 4):
        raise check50.Failure("wrong echo")


@check50.check()
def probe4():
    """probe 4"""
    if not probe(TEXTS[4], 1):
        raise check50.Failure("wrong echo")


@check50.check()
def probe5():
    """probe 5"""
    if not probe(TEXTS[5], 2):
        raise check50.Failure("wrong echo")


@check50.check()
def probe6():
    """probe 6"""
    if not probe(TEXTS[6], 3):
        raise check50.Failure("wrong echo")


@check50.check()
def probe7():
    """probe 7"""
    if not probe(TEXTS[7], 4):
        raise check50.Failure("wrong echo")


@check50.check()
def probe8():
    """probe 8"""
    if not probe(TEXTS[8], 1):
        raise check50.Failure("wrong echo")


@check50.check()
def probe9():
    """probe 9"""
    if not probe(TEXTS[9], 2):
        raise check50.Failure("wrong echo")
