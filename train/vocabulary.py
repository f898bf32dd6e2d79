"""Chooses the pieces that the product knows and gives each a meaning.

usage: vocabulary.py WORK [TEACHER.pt]
The meaning of a piece is what the fine-tuned encoder makes of it alone, reduced to DIMENSIONS by PCA.
"""
import collections
import json
import re
import sys

import numpy as np
import torch

from e5 import E5, META, pool
from folds import rows
from teacher import CUT

DIMENSIONS = 192
SIZE = 30_000
COMMON = 6
HAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~。，、；：？！“”‘’（）《》「」『』【】…—–·•→≤≥≠×÷±√∞∑∏∫∈∀∃∂∇θπλμσΩωαβγδε°²³£€¥"
INSIDE = "\u0001"
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéèàçñабвгдежзийклмнопрстуфхцчшщъыьэюя"


def is_han(character):
    return HAN.match(character) is not None


def is_letter(character):
    code = ord(character)
    return character.isalpha() and not is_han(character) and code < 0xD800


def counted(texts, tokenizer):
    words, hans = collections.Counter(), collections.Counter()
    for text in texts:
        seen = set()
        for run in re.findall(r"[^\W\d_]+", text):
            for part in re.findall(
                r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+|[^\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+", run
            ):
                if is_han(part[0]):
                    for i in tokenizer.encode(part):
                        piece = tokenizer.pieces[i].replace(META, "")
                        if 0 < len(piece) <= 4:
                            seen.add(("h", piece))
                    seen.update(("h", part[i : i + 2]) for i in range(len(part) - 1))
                elif len(part) <= 24:
                    seen.add(("w", part))
        # In an order of its own: pieces that are as frequent as one another are ranked by who came first.
        for kind, piece in sorted(seen):
            (hans if kind == "h" else words)[piece] += 1
    return words, hans


def choose(texts, tokenizer):
    words, hans = counted(texts, tokenizer)
    chosen = dict.fromkeys(MARKS)
    for c in LETTERS:
        chosen[c] = None
        chosen[INSIDE + c] = None
    # No character that a few texts have is unknown, whatever it stands beside.
    for c, count in sorted(collections.Counter(c for text in texts for c in set(text)).items()):
        if count < COMMON or c.isspace() or c.isdigit() or not "\u0080" <= c < "\ud800" or c != c.lower():
            continue
        chosen[c] = None
        if is_letter(c):
            chosen[INSIDE + c] = None
    for piece, count in hans.most_common(9_000):
        if count >= (2 if len(piece) == 1 else 8):
            chosen[piece] = None
    for word, count in words.most_common():
        if count >= 4 and all(is_letter(c) for c in word):
            chosen[word] = None
    # The encoder's own pieces, most frequent first, for what our texts do not hold.
    room = {"latin": 6_000, "inside": 4_500, "han": 3_500, "other": 2_500}
    used = collections.Counter()
    order = np.argsort(-tokenizer.scores, kind="stable")
    for index in order:
        raw = tokenizer.pieces[index]
        piece = raw.replace(META, "")
        if piece == "" or piece != piece.lower() or raw.startswith("<"):
            continue
        if all(is_han(c) for c in piece):
            kind, entry = "han", piece
            if len(piece) > 4:
                continue
        elif all(is_letter(c) for c in piece) and len(piece) <= 24:
            latin = all(ord(c) < 0x250 for c in piece)
            if raw.startswith(META):
                kind, entry = ("latin" if latin else "other"), piece
            else:
                if len(piece) > 10 or not (latin or ord(piece[0]) < 0x500 or 0xAC00 <= ord(piece[0]) <= 0xD7AF):
                    continue
                kind, entry = "inside", INSIDE + piece
        else:
            continue
        if kind == "other" and not (0x370 <= ord(piece[0]) < 0x500 or 0xAC00 <= ord(piece[0]) <= 0xD7AF):
            continue
        if used[kind] >= room[kind] or entry in chosen:
            continue
        used[kind] += 1
        chosen[entry] = None
    return list(chosen)[:SIZE]


def meanings(encoder, pieces):
    tokenizer = encoder.tokenizer
    encoded = []
    for piece in pieces:
        ids = tokenizer.word(piece[1:]) if piece.startswith(INSIDE) else tokenizer.word(META + piece)
        encoded.append([tokenizer.bos, *ids, tokenizer.eos])
    out = np.zeros((len(pieces), encoder.size), np.float32)
    order = sorted(range(len(pieces)), key=lambda i: len(encoded[i]))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 256):
            group = order[start : start + 256]
            longest = max(len(encoded[i]) for i in group)
            ids = torch.ones(len(group), longest, dtype=torch.long)
            mask = torch.zeros(len(group), longest, dtype=torch.bool)
            for k, i in enumerate(group):
                ids[k, : len(encoded[i])] = torch.tensor(encoded[i])
                mask[k, : len(encoded[i])] = True
            out[group] = pool(encoder(ids, mask), mask).float().numpy()
    return out


def main():
    work, *weights = sys.argv[1:]
    torch.set_num_threads(2)
    encoder = E5().eval()
    if weights:
        state = torch.load(weights[0])
        encoder.layers[CUT:].load_state_dict(
            {name.removeprefix("layers."): value for name, value in state.items() if name.startswith("layers.")}
        )
    texts = [row["text"] + " " + row["context"] for n in ("labels", "pool") for row in rows(f"{work}/{n}.jsonl")]
    pieces = choose(texts, encoder.tokenizer)
    vectors = meanings(encoder, pieces)
    centred = vectors - vectors.mean(0)
    _, spread, axes = np.linalg.svd(centred.T @ centred)
    reduced = centred @ axes[:DIMENSIONS].T
    kept = spread[:DIMENSIONS].sum() / spread.sum()
    print(f"{len(pieces)} pieces, {DIMENSIONS} dimensions keep {kept:.2f} of the variance")
    reduced /= np.abs(reduced).mean() * 4
    with open(f"{work}/pieces.json", "w", encoding="utf8") as file:
        json.dump(pieces, file, ensure_ascii=False)
    np.save(f"{work}/meanings.npy", reduced.astype(np.float32))


if __name__ == "__main__":
    main()
