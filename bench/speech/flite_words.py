"""Speech of flite (another maker, three other voices) with the time of each word. Needs libflite1; used by words.py."""

import ctypes
import re

import numpy as np


class _Wave(ctypes.Structure):  # cst_wave.h
    _fields_ = [("type", ctypes.c_char_p), ("rate", ctypes.c_int), ("n", ctypes.c_int), ("channels", ctypes.c_int),
                ("samples", ctypes.POINTER(ctypes.c_short))]


class Flite:
    VOICES = ("slt", "rms", "awb")  # US female, US male, Scottish male

    def __init__(self, voice):
        lib = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
        for name in ("usenglish", "cmulex"):
            ctypes.CDLL("libflite_%s.so.1" % name, mode=ctypes.RTLD_GLOBAL)
        own = ctypes.CDLL("libflite_cmu_us_%s.so.1" % voice)
        for f, result in (("flite_synth_text", ctypes.c_void_p), ("utt_wave", ctypes.POINTER(_Wave)), ("utt_relation", ctypes.c_void_p),
                          ("relation_head", ctypes.c_void_p), ("item_next", ctypes.c_void_p), ("ffeature_float", ctypes.c_float),
                          ("ffeature_string", ctypes.c_char_p)):
            getattr(lib, f).restype = result
        register = getattr(own, "register_cmu_us_" + voice)
        register.restype = ctypes.c_void_p
        lib.flite_init()
        self.lib, self.voice = lib, ctypes.c_void_p(register(None))

    def say(self, text):
        """Samples at 16 kHz in -1..1, and [(word, start, end)] of its words as they are written."""
        lib, words = self.lib, []
        utterance = ctypes.c_void_p(lib.flite_synth_text(text.encode(), self.voice))
        wave = lib.utt_wave(utterance).contents
        assert wave.rate == 16000
        pcm = np.ctypeslib.as_array(wave.samples, (wave.n,)).astype(np.float32) / 32768
        item = lib.relation_head(ctypes.c_void_p(lib.utt_relation(utterance, b"Word")))
        while item:
            i = ctypes.c_void_p(item)
            start = lib.ffeature_float(i, b"R:SylStructure.daughter1.daughter1.R:Segment.p.end")
            end = lib.ffeature_float(i, b"R:SylStructure.daughtern.daughtern.R:Segment.end")
            words.append((lib.ffeature_string(i, b"name").decode(), start, end))
            item = lib.item_next(i)
        return pcm, words
