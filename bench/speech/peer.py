"""faster-whisper, greedy, int8: the peer that the recogniser is measured beside. usage: peer.py MODEL_DIR THREADS FILE...
The same columns as `bench_speech ... stt`; loading and file decoding are not timed."""

import sys
import time

from faster_whisper import WhisperModel, decode_audio

model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=int(sys.argv[2]))
for path in sys.argv[3:]:
    sound = decode_audio(path)
    start, start_cpu = time.monotonic(), time.process_time()
    segments, info = model.transcribe(sound, beam_size=1, condition_on_previous_text=False)
    text = "".join(s.text for s in segments).strip()
    taken = ["%.3f" % (time.monotonic() - start), "%.3f" % (time.process_time() - start_cpu)]
    print(path, "%.3f" % (len(sound) / 16000), *taken, info.language, text, sep="\t", flush=True)
