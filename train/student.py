"""The small model that ships: pieces, phrases of three, attentions over phrases, one hidden layer.

Pieces have meanings; a piece and its neighbours make a phrase, and phrases around it change it;
attentions weigh the phrases by what they are and where; what these find changes the phrases once
more, and two more attentions ask for what they found wanting; a hidden layer reads the sums and the
shape; pairs of neighbours add directly.
"""
import random

import numpy as np
import torch
from torch import nn
import torch.nn.functional as F

HEADS = 4
HOPS = 2
HOP_RANK = 24
WIDTH = 80
HIDDEN = 64
PAIRS = 1 << 15
PLACES = 12
MOST_TEXT, MOST_CONTEXT = 384, 128
SPECIALS = 8
THOUGHT_WEIGHT = 0.3
# What is left out at random while it learns: whole pieces, numbers of meanings, inputs and hidden units.
PIECES_OUT, MEANINGS_OUT, UNITS_OUT = 0.12, 0.15, 0.2
# The product holds the table in four bits: whole numbers up to this, with one scale for each row.
LARGEST = 7


def place(index, length):
    """Which of PLACES buckets a piece stands in: near the beginning, the middle, near the end."""
    for bucket, limit in enumerate((2, 6, 14, 30, 62)):
        if index < limit:
            return bucket
    rest = length - 1 - index
    for bucket, limit in enumerate((2, 6, 14, 30, 62)):
        if rest < limit:
            return PLACES - 1 - bucket
    return 5


PLACE_OF = [np.array([place(i, n) for i in range(n)], np.int64) for n in range(MOST_TEXT + 1)]


def clip(ids):
    """Of a long text the pieces of its two ends."""
    if len(ids) <= MOST_TEXT:
        return ids
    return ids[: MOST_TEXT // 2] + ids[-MOST_TEXT // 2 :]


def coarse(rows):
    """The table's rows as the product will have them, and their scales; WIDTH numbers share one."""
    parts = rows.view(len(rows), 3, WIDTH)
    scale = (parts.abs().amax(-1, keepdim=True) / LARGEST).clamp(min=1e-9)
    return (parts / scale).round().clamp(-LARGEST, LARGEST), scale


class Phrases(torch.autograd.Function):
    """Sums what a piece, the one before and the one after add; torch's own slices would clear memory for each."""

    @staticmethod
    def forward(_, parts):
        before, here, after = parts.split(WIDTH, -1)
        y = here.clone()
        y[:, 1:] += before[:, :-1]
        y[:, :-1] += after[:, 1:]
        return y

    @staticmethod
    def backward(_, slope):
        parts = torch.zeros(*slope.shape[:2], 3 * WIDTH)
        before, here, after = parts.split(WIDTH, -1)
        before[:, :-1] = slope[:, 1:]
        here[:] = slope
        after[:, 1:] = slope[:, :-1]
        return parts


class Around(torch.autograd.Function):
    """Every phrase and the two on either side, each number weighed by `reach` (5, WIDTH)."""

    @staticmethod
    def forward(ctx, y, reach):
        ctx.save_for_backward(y, reach)
        z = y * reach[2]
        for k in (1, 2):
            z[:, k:].addcmul_(y[:, :-k], reach[2 - k])
            z[:, :-k].addcmul_(y[:, k:], reach[2 + k])
        return z

    @staticmethod
    def backward(ctx, slope):
        y, reach = ctx.saved_tensors
        of_y, of_reach = slope * reach[2], torch.empty_like(reach)
        of_reach[2] = (slope * y).sum((0, 1))
        for k in (1, 2):
            of_y[:, :-k].addcmul_(slope[:, k:], reach[2 - k])
            of_y[:, k:].addcmul_(slope[:, :-k], reach[2 + k])
            of_reach[2 - k] = (slope[:, k:] * y[:, :-k]).sum((0, 1))
            of_reach[2 + k] = (slope[:, :-k] * y[:, k:]).sum((0, 1))
        return of_y, of_reach


class Student(nn.Module):
    """What a piece adds to a phrase is linear in its meaning, so it is a look-up at run time."""

    def __init__(self, meanings, shapes, thoughts=0):
        super().__init__()
        vocabulary, size = meanings.shape
        self.register_buffer("base", meanings)
        self.delta = nn.Embedding(vocabulary, size, padding_idx=0)
        nn.init.zeros_(self.delta.weight)
        self.mix = nn.Parameter(torch.randn(3, size, WIDTH) * size**-0.5)
        self.mix_bias = nn.Parameter(torch.zeros(WIDTH))
        self.reach = nn.Parameter(torch.randn(5, WIDTH) * 0.3)
        self.across = nn.Linear(WIDTH, WIDTH)
        self.reach_again = nn.Parameter(torch.randn(5, WIDTH) * 0.3)
        self.across_again = nn.Linear(WIDTH, WIDTH)
        self.told = nn.Linear(HOP_RANK, WIDTH, bias=False)
        self.query = nn.Parameter(torch.randn(HEADS, WIDTH) * 0.1)
        self.bias = nn.Parameter(torch.zeros(HEADS, PLACES))
        self.context = nn.Parameter(torch.randn(WIDTH) * 0.1)
        # The second look asks for what the first one found wanting.
        self.want = nn.Linear(HEADS * WIDTH + shapes, HOP_RANK)
        self.hop = nn.Linear(HOP_RANK, HOPS * WIDTH)
        inputs = (HEADS + HOPS + 3) * WIDTH + shapes
        self.hidden = nn.Linear(inputs, HIDDEN)
        self.out = nn.Linear(HIDDEN, 3)
        self.skip = nn.Linear(inputs, 3, bias=False)
        nn.init.zeros_(self.skip.weight)
        self.pairs = nn.Embedding(PAIRS, 3)
        nn.init.zeros_(self.pairs.weight)
        self.dropout = nn.Dropout(UNITS_OUT)
        # Only while training: what the teacher thinks, guessed from what the student knows.
        self.guess = nn.Linear(HIDDEN + inputs, thoughts) if thoughts else None

    def rows(self, meanings):
        """What pieces of these meanings add to the phrase after them, their own, and the one before."""
        exact = meanings @ self.mix.transpose(0, 1).flatten(1)
        whole, scale = coarse(exact.detach())
        # Rounding has no slope; learning goes on as if it were not there.
        return exact + ((whole * scale).flatten(1) - exact.detach())

    def phrases(self, ids, mask, rows):
        y = Phrases.apply(F.embedding(ids, rows) * mask[..., None])
        mask = mask[..., None].float()
        y = F.relu((y + self.mix_bias).mul_(mask), inplace=True)
        return F.relu(self.across(Around.apply(y, self.reach)).add_(y).mul_(mask), inplace=True)

    def forward(self, batch):
        ids, places, mask, context, context_mask, shape, pairs, pair_mask = batch
        if self.training:
            ids = torch.where((torch.rand(ids.shape) < PIECES_OUT) & mask, torch.ones_like(ids), ids)
            shape = shape * (torch.rand(shape.shape) > 0.1)
        # The batch's own pieces: a gradient of the whole table would take longer than all the rest.
        own, numbers = torch.cat([ids.flatten(), context.flatten()]).unique(return_inverse=True)
        ids, context = numbers[: ids.numel()].view(ids.shape), numbers[ids.numel() :].view(context.shape)
        change = self.delta.weight.detach()[own].requires_grad_(self.training)
        if self.training:
            self.touched = own, change
        rows = self.rows(F.dropout(self.base[own] + change, MEANINGS_OUT, self.training))
        y = self.phrases(ids, mask, rows)
        score = y @ self.query.T + self.bias.T[places]
        score = score.masked_fill(~mask[..., None], -1e4)
        weight = torch.softmax(score, 1) * mask.any(1)[:, None, None]
        pooled = torch.einsum("blh,bld->bhd", weight, y).flatten(1)
        wanted = self.want(torch.cat([pooled, shape], 1))
        second = torch.tanh(self.hop(wanted)).view(-1, HOPS, WIDTH)
        # The whole of the text tells its phrases what they mean in it.
        told = self.told(torch.tanh(wanted))[:, None, :]
        y = self.across_again(Around.apply(y, self.reach_again)).add_(y).add_(told)
        y = F.relu(y.mul_(mask[..., None].float()), inplace=True)
        much = torch.log1p(y.sum(1)) * 0.25
        score = torch.einsum("blw,bhw->blh", y, second).masked_fill(~mask[..., None], -1e4)
        weight = torch.softmax(score, 1) * mask.any(1)[:, None, None]
        again = torch.einsum("blh,bld->bhd", weight, y).flatten(1)
        inputs = [pooled, again, y.amax(1), much]
        around = torch.zeros(len(ids), WIDTH)
        if context_mask.any():
            some = context_mask.any(1)
            context_mask = context_mask[some]
            z = self.phrases(context[some], context_mask, rows)
            weight = torch.softmax((z @ self.context).masked_fill(~context_mask, -1e4), 1)
            around[some] = (weight[..., None] * z).sum(1)
        inputs = torch.cat([*inputs, around, shape], 1)
        hidden = F.relu(self.hidden(self.dropout(inputs)))
        direct = (self.pairs(pairs) * pair_mask[..., None]).sum(1) / pair_mask.sum(1, keepdim=True).clamp(min=1).sqrt()
        logits = self.out(self.dropout(hidden)) + self.skip(inputs) + direct
        if self.guess is None or not self.training:
            return logits, None
        return logits, self.guess(torch.cat([hidden, self.dropout(inputs)], 1))


class Data:
    def __init__(self, cut, seen):
        self.text = [np.array(clip(row["text"]), np.int64) for row in cut]
        self.context = [np.array(row["context"][:MOST_CONTEXT], np.int64) for row in cut]
        self.pairs = [((t[:-1] * 40503 + t[1:] * 10007) & 0xFFFFFFFF) % PAIRS for t in self.text]
        self.shape = torch.tensor(np.array([row["shape"] for row in seen], np.float32))
        self.length = np.array([len(t) for t in self.text])

    def batch(self, group):
        def pad(lists):
            longest = max(1, max(len(lists[i]) for i in group))
            value = np.zeros((len(group), longest), np.int64)
            mask = np.zeros((len(group), longest), bool)
            for k, i in enumerate(group):
                value[k, : len(lists[i])] = lists[i]
                mask[k, : len(lists[i])] = True
            return torch.from_numpy(value), torch.from_numpy(mask)

        ids, mask = pad(self.text)
        places = np.zeros(ids.shape, np.int64)
        for k, i in enumerate(group):
            places[k, : self.length[i]] = PLACE_OF[self.length[i]]
        context, context_mask = pad(self.context)
        pairs, pair_mask = pad(self.pairs)
        shape = self.shape[torch.as_tensor(np.asarray(group))]
        return ids, torch.from_numpy(places), mask, context, context_mask, shape, pairs, pair_mask.float()


def predict(model, data):
    model.eval()
    count = len(data.text)
    out = np.zeros((count, 3), np.float32)
    order = np.argsort(data.length, kind="stable")
    with torch.inference_mode():
        for start in range(0, count, 256):
            group = order[start : start + 256]
            out[group] = F.log_softmax(model(data.batch(group))[0], -1).numpy()
    return out


def batches(length, size, order):
    ranked = np.argsort(length + np.array([order.random() * 20 for _ in length]), kind="stable")
    groups = [ranked[i : i + size] for i in range(0, len(ranked), size)]
    order.shuffle(groups)
    return groups


def fit(model, data, goals, weights, thoughts, epochs, seed, size=64):
    """Lowers the cross entropy to `goals`; the learning rates rise once and fall."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    fast = [p for n, p in model.named_parameters() if n not in ("delta.weight", "pairs.weight")]
    groups = [
        {"params": fast, "lr": 2e-3, "weight_decay": 1e-2},
        {"params": [model.delta.weight], "lr": 2e-3, "weight_decay": 0.0},
        {"params": [model.pairs.weight], "lr": 4e-3, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, fused=True)
    steps = epochs * ((len(goals) + size - 1) // size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [g["lr"] for g in groups], total_steps=steps + 1, pct_start=0.1
    )
    total = 0.0
    for _ in range(epochs):
        model.train()
        total = 0.0
        for group in batches(data.length, size, order):
            logits, guess = model(data.batch(group))
            logs = F.log_softmax(logits, -1)
            loss = (F.kl_div(logs, goals[group], reduction="none").sum(1) * weights[group]).mean()
            if guess is not None:
                loss = loss + THOUGHT_WEIGHT * (guess - thoughts[group]).pow(2).mean()
            optimiser.zero_grad()
            loss.backward()
            own, change = model.touched
            model.delta.weight.grad = model.delta.weight.detach() * 4e-6
            model.delta.weight.grad[own] += change.grad
            # The squares of both tables are lowered too.
            model.pairs.weight.grad.add_(model.pairs.weight.detach(), alpha=2e-6)
            optimiser.step()
            schedule.step()
            total += loss.item()
    return total * epochs / max(1, steps)
