"""A Piper voice whose graph also gives its durations, and a voice card. usage: convert_piper.py IN.onnx OUT_DIR ID NAME GENDER

The model is copied byte for byte and protobuf bytes are appended: a repeated message field merges with the first, so that
ModelProto.graph (7) { GraphProto.output (12) } adds an output to the graph without parsing 60 MB. The tensor is the one
that the voice itself uses to lay out frames: frames x hop = samples, exactly.
"""

import json
import os
import shutil
import sys

from protobuf import FLOAT, field_bytes, value_info

DURATIONS, HOP = "/Ceil_output_0", 256


def main():
    source, target, voice, name, gender = sys.argv[1:6]
    with open(source + ".json", encoding="utf-8") as f:
        card = json.load(f)
    if card["num_speakers"] != 1 or card["phoneme_type"] != "espeak":
        raise SystemExit(source + ": only single-speaker voices on espeak phonemes are understood")
    model = os.path.join(target, "model.onnx")
    shutil.copyfile(source, model)
    with open(model, "r+b") as f:
        f.seek(0, os.SEEK_END)
        if DURATIONS.encode() not in open(source, "rb").read():
            raise SystemExit(source + ": has no tensor " + DURATIONS)
        f.write(field_bytes(7, field_bytes(12, value_info(DURATIONS, FLOAT))))
    inference = card["inference"]
    out = {
        "format": 1, "id": voice, "name": name, "gender": gender,
        "language": card["language"]["code"] if "language" in card else card["espeak"]["voice"],
        "espeak_voice": card["espeak"]["voice"], "sample_rate": card["audio"]["sample_rate"],
        "hop": HOP, "durations": DURATIONS, "noise_scale": inference["noise_scale"],
        "length_scale": inference["length_scale"], "noise_w": inference["noise_w"],
        "symbols": {symbol: ids[0] for symbol, ids in card["phoneme_id_map"].items()},
    }
    with open(os.path.join(target, "voice.json"), "w", encoding="utf-8") as f:
        json.dump(out, f, ensure_ascii=False, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
