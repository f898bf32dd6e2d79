"""Who is held out together, and how a labelled row counts.

Two ways of holding out. `mixed`: written rows by writer, public rows by chance (near copies stay
together): what an unknown writer and known public sources look like. `source`: written rows by
writer, public rows by family: what a source never seen looks like.
"""
import hashlib
import json

import numpy as np

TIERS = {"T1": 0, "T2": 1, "T3": 2}
FOLDS = 3
WRITERS = {
    "dev": 0, "expert": 0, "founder": 0,
    "office": 1, "agent": 1, "ops": 1, "tester": 1, "world": 1, "instruct": 1, "hardshort": 1,
    "pairs": 1, "shorts": 1, "coder": 1, "zhexam": 1, "flows": 1, "power": 1,
    "student": 2, "mixed": 2, "life": 2, "campus": 2, "threads": 2, "zhinstruct": 2,
    "explain": 2, "street": 2, "zhchat": 2, "voices": 2, "maths": 2,
    "asken": 1, "taskzh": 1, "techen": 1, "sums": 1, "askzh": 2, "tasken": 2, "techzh": 2, "moves": 2,
    "quick": 1, "works": 1, "apps": 1, "reads": 1, "exams": 2, "codes": 2, "labs": 2,
    "forum": 1, "problems": 1, "instructzh": 1, "turns": 1, "minds": 1, "longs": 1, "pros": 1, "many": 1,
    "problemszh": 2, "instructen": 2, "curious": 2, "builds": 2, "crews": 2, "prozh": 2, "tables": 2, "pens": 2,
    "duels": 1, "zhask": 1, "papers": 1, "loops": 1, "homes": 1, "muses": 1, "plans": 1,
    "steps": 2, "lines": 2, "trades": 2, "tongues": 2, "codelab": 2, "pastes": 2, "asides": 2, "chores": 2, "wraps": 2,
    "kinops": 2, "kinmath": 2, "kinbiz": 2, "kincode": 2, "kinodd": 2, "kinlab": 2, "kinplain": 2,
    "kinsci": 2, "kinsoft": 2, "kinlife": 2,
    "kinhome": 2, "kintech": 2, "kinschool": 2, "kinoffice": 2,
    "kinzhsci": 2, "kinzhbiz": 2, "kinzhtech": 2, "kinzhlit": 2, "kinzhlife": 2,
    "kinzhexam": 2, "kinzhcode": 2, "kinzhcase": 2, "kinzhtext": 2,
}
FAMILIES = {
    "arena": 0, "autogpt": 0, "clinc": 0,
    "plexpt": 1, "awesome": 1, "code": 1, "math": 1,
    "belle": 2, "gaokao": 2, "school": 2, "facts": 2, "chatterbot": 2, "mtbench": 2, "alpaca": 2,
    "tools": 0, "suites": 1, "writing": 1, "issues": 1, "memory": 2, "fresh": 2, "personas": 0,
}

SETS = {"tools", "suites", "writing", "issues", "memory", "fresh", "personas"}


def rows(path):
    with open(path, encoding="utf8") as file:
        return [json.loads(line) for line in file if line.strip()]


def family(row):
    """The style that a public row comes from."""
    source = row.get("source", "").lower()
    for key, name in (
        ("evals:", "suites"), ("arena", "arena"), ("autogpt", "autogpt"), ("auto-gpt", "autogpt"), ("clinc", "clinc"),
        ("prompts-zh.json", "awesome"), ("awesome-chatgpt", "plexpt"), ("awesome", "awesome"),
        ("plexpt", "plexpt"), ("belle", "belle"), ("gaokao", "gaokao"), ("chatterbot", "chatterbot"),
        ("alpaca", "alpaca"), ("mt-bench", "mtbench"), ("huozi", "mtbench"),
        ("mbpp", "code"), ("human_eval", "code"), ("logicgrid", "math"), (":math", "math"),
        ("gsm8k", "school"), ("mmlu", "school"), ("arc_challenge", "school"), ("openbook", "school"),
        ("bfcl", "tools"), ("agentbench", "tools"), ("writingbench", "writing"),
        ("longbench", "writing"), ("swe-lancer", "issues"), ("persistbench", "memory"), ("freshqa", "fresh"),
        ("truthfulqa", "fresh"), ("medqa", "school"), ("gpqa", "school"), ("jailbreak", "personas"),
        ("do-not-answer", "personas"), ("trivia", "facts"), ("natural_qa", "facts"), ("commonsense", "school"), ("commongen", "facts"),
    ):
        if key in source:
            return name
    return "alpaca"


def is_of_a_set(row):
    """A prompt that an evaluation set made up, not one that somebody typed."""
    return row["id"].startswith("sets-") or (row["id"].startswith("read-") and family(row) in SETS)


def writer(row):
    return row.get("writer", "public").split(":")[0]


def is_public(row):
    return writer(row) in ("public", "public-pool") or "source" in row


def is_kin(row):
    """Written in the manner of one real prompt."""
    return writer(row).startswith("kin")


def fold(row, way):
    if is_kin(row) and way == "source":
        # Where most of the prompts come from that they follow.
        return FAMILIES["alpaca" if writer(row).startswith(("kinplain", "kinzh")) else "arena"]
    if not is_public(row):
        return WRITERS[writer(row)]
    if way == "source":
        return FAMILIES[family(row)]
    # A translation stays with its original.
    start = "".join(c for c in row.get("original", row["text"]).lower() if c.isalnum())[:24]
    share = hashlib.md5(start.encode("utf8")).digest()[0] % 6
    # Fold 0 is the one that is held out when only one is: a sixth measures well and leaves more to learn from.
    return 0 if share == 0 else 1 + share % 2


def target(row):
    """A label is the word of one reader: some of it goes to the neighbouring tier."""
    value = np.array([[0.93, 0.065, 0.005], [0.04, 0.92, 0.04], [0.005, 0.065, 0.93]])[TIERS[row["tier"]]]
    if "votes" in row:
        # What most readers say counts as one reader more.
        return np.mean([target({"tier": vote}) for vote in [*row["votes"], row["tier"]]], 0)
    return value * 0.75 + np.array([1, 1.4, 1]) / 3.4 * 0.25 if row.get("note") else value


def even(data):
    """Weights that let each tier count a third, among public rows and among written ones."""
    out = np.ones(len(data), np.float32)
    tiers = np.array([TIERS[row["tier"]] for row in data])
    public = np.array([is_public(row) for row in data])
    for group in (public, ~public):
        for tier in range(3):
            part = group & (tiers == tier)
            if part.any():
                out[part] = group.sum() / 3 / part.sum()
    return out


def balance(data):
    """The same for training, where no row may count too much."""
    return np.clip(even(data), 0.4, 3.0)


# Written rows outnumber public ones; both kinds of traffic shall count about alike.
PUBLIC_WEIGHT = 3.5
# Rows in the manner of real ones are nearer to them, and few.
KIN_WEIGHT = 2.0
# Rows that the author of the guideline read: by them the others are measured.
MEASURE_WEIGHT = 3.0


def training_weights(data):
    out = balance(data)
    out[[is_public(row) for row in data]] *= PUBLIC_WEIGHT
    out[[is_kin(row) for row in data]] *= KIN_WEIGHT
    out[["measure" in row for row in data]] *= MEASURE_WEIGHT
    return out


def report(name, data, logs, weights=None):
    gold = np.array([TIERS[row["tier"]] for row in data])
    said = logs.argmax(1)
    hit = said == gold
    clear = np.array([not row.get("note") for row in data])
    zh = np.array([row.get("lang") == "zh" for row in data])
    en = np.array([row.get("lang") == "en" for row in data])
    recall = [hit[gold == t].mean() if (gold == t).any() else float("nan") for t in range(3)]
    weights = balance(data) if weights is None else weights
    print(
        f"{name:>16}: n={len(gold):5} acc={hit.mean():.3f} clear={hit[clear].mean():.3f} "
        f"balanced={np.average(hit, weights=weights):.3f} en={hit[en].mean() if en.any() else 0:.3f} "
        f"zh={hit[zh].mean() if zh.any() else 0:.3f} recall={recall[0]:.2f}/{recall[1]:.2f}/{recall[2]:.2f}",
        flush=True,
    )


def reports(data, logs):
    report("all", data, logs)
    public = np.array([is_public(row) for row in data])
    for name, part in (("public", public), ("written", ~public)):
        if part.any():
            report(name, [data[i] for i in np.flatnonzero(part)], logs[part])
    for name in sorted({writer(row) for row in data if not is_public(row)}):
        part = np.array([writer(row) == name and not is_public(row) for row in data])
        report(name, [data[i] for i in np.flatnonzero(part)], logs[part])
