"""Writes the student as the one file that the product reads.

usage: export.py WORK STUDENT.pt CALIBRATION.json TARGET VERSION
"""
import json
import struct
import sys

import numpy as np
import torch

from student import HEADS, HIDDEN, HOP_RANK, HOPS, PAIRS, WIDTH, coarse

work, student, calibrated, target, version = sys.argv[1:6]
calibration = json.load(open(calibrated))
state = torch.load(student)
pieces = json.load(open(f"{work}/pieces.json", encoding="utf8"))
table = (state["base"] + state["delta.weight"]) @ state["mix"].transpose(0, 1).flatten(1)
small, scale = (part.numpy() for part in coarse(table))
halves = small.astype(np.int8).reshape(-1, 2) & 15
pairs = state["pairs.weight"].numpy()
pair_scale = float(np.abs(pairs).max() / 127) or 1e-9
f32 = lambda name: state[name].numpy().astype("<f4")
arrays = {
    "scale": scale.astype("<f4"),
    "phraseBias": f32("mix_bias"),
    "reach": f32("reach"),
    "across": np.ascontiguousarray(f32("across.weight").T),
    "acrossBias": f32("across.bias"),
    "query": f32("query"),
    "placeBias": f32("bias"),
    "contextQuery": f32("context"),
    "want": f32("want.weight"),
    "wantBias": f32("want.bias"),
    "hop": f32("hop.weight"),
    "hopBias": f32("hop.bias"),
    "reachAgain": f32("reach_again"),
    "acrossAgain": np.ascontiguousarray(f32("across_again.weight").T),
    "acrossAgainBias": f32("across_again.bias"),
    "told": f32("told.weight"),
    "hidden": f32("hidden.weight"),
    "hiddenBias": f32("hidden.bias"),
    "out": f32("out.weight"),
    "outBias": f32("out.bias"),
    "skip": f32("skip.weight"),
    "table": halves[:, 0] | halves[:, 1] << 4,
    "pairTable": np.clip(np.round(pairs / pair_scale), -127, 127).astype(np.int8),
    "pieces": np.frombuffer("\n".join(pieces).encode("utf8"), np.uint8),
}
places, body = {}, b""
for name, array in arrays.items():
    places[name] = [len(body), int(array.size)]
    body += array.tobytes()
    body += b"\0" * (-len(body) % 4)
header = {
    "version": version,
    "width": WIDTH,
    "heads": HEADS,
    "hops": HOPS,
    "hopRank": HOP_RANK,
    "hidden": HIDDEN,
    "shapes": int(state["hidden.weight"].shape[1] - (HEADS + HOPS + 3) * WIDTH),
    "pairs": PAIRS,
    "pairScale": pair_scale,
    "temperature": calibration["temperature"],
    "shift": calibration["shift"],
    "arrays": places,
}
text = json.dumps(header).encode()
text += b" " * (-(len(text) + 12) % 4)
with open(target, "wb") as file:
    file.write(b"SRTIER04" + struct.pack("<I", len(text)) + text + body)
print(f"{target}: {12 + len(text) + len(body)} bytes")
