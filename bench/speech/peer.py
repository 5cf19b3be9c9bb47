"""faster-whisper, greedy, int8: the peer that the recogniser is measured beside. usage: peer.py MODEL_DIR THREADS FILE...
The same columns as `bench_speech ... stt`; loading and file decoding are not timed."""

import sys
import time

from faster_whisper import WhisperModel, decode_audio

model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=int(sys.argv[2]))
for path in sys.argv[3:]:
    sound = decode_audio(path)
    start = time.monotonic()
    segments, info = model.transcribe(sound, beam_size=1, condition_on_previous_text=False)
    text = "".join(s.text for s in segments).strip()
    print(path, "%.3f" % (len(sound) / 16000), "%.3f" % (time.monotonic() - start), info.language, text, sep="\t", flush=True)
