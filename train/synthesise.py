"""Makes unlabelled prompts of the shapes that real traffic has, from texts in the repository.

usage: synthesise.py DATA WORK COUNT; writes WORK/synthetic.jsonl
Small asks beside long texts, rambles before an ask, excerpts, follow-ups, words exchanged for others
of like meaning (WORK/pieces.json and meanings.npy of `vocabulary.py`). The teacher labels them; rows
made of one writer's texts name that writer, so that a held-out writer stays held out.
"""
import glob
import gzip
import json
import os
import random
import re
import sys

import numpy as np

data, work, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
order = random.Random(5)


def read(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf8") as file:
        return [json.loads(line) for line in file if line.strip()]


labels = [
    {"writer": os.path.basename(p)[:-6], **row} for p in sorted(glob.glob(f"{data}/labels/*.jsonl")) for row in read(p)
]
pool = read(f"{data}/pool.jsonl.gz")
text = lambda row: row.get("prompt") or row["messages"][-1]["content"]
writer = lambda row: row.get("writer", "").split(":")[0]
is_zh = lambda s: len(re.findall(r"[\u4e00-\u9fff]", s[:400])) > 8

ASKS = {
    False: """translate the last sentence into {lang}|what's the date mentioned in here?|who is this addressed to?|give me the total, nothing else|
is this spam, yes or no|fix the typo in the first line|which language is this written in|what does the abbreviation in the second paragraph stand for|
give this a title|summarise in one sentence|pull the names out of this|how many items are listed here|just give me the phone number|
summarise this for my boss, half a page, bullet points|rewrite it so that it's friendlier and shorter|turn this into a table with columns name, value, remark|
write a reply to this, polite but firm|make 10 quiz questions with answers from this|translate all of this into {lang}|turn this into a blog post, 600 words|
compare the two options in it, pros and cons|write unit tests for this|refactor this into smaller functions and explain what you changed|add error handling and comments|
convert this to typescript|explain what this does line by line|write a linkedin post about this|make a meeting agenda out of this|
find every contradiction in this and say which of the claims can't both hold, with the argument|is the reasoning in this valid? go step by step and find the hidden assumptions|
what could be the root cause given all of the above, rank the hypotheses and say which evidence would tell them apart|prove or refute the claim in the second paragraph|
work out the worst case cost and how it changes if the first number doubles, derive it|design a migration plan from this with rollback at every stage and no downtime|
give the optimal schedule under these constraints and prove nothing better exists|where does this break when two users do it at the same time, list the interleavings and fix the design|
solve all parts with full justification|build a model that predicts this, list the assumptions, and test how robust the conclusion is|
thoughts?|can you check this|what does it mean|continue this|make it shorter|make it sound more professional|eli5""".replace("\n", "").split("|"),
    True: """翻译一下最后一句|里面提到的日期是哪天|这个是发给谁的|就告诉我总数|这条是不是诈骗，回是或否|第一行错别字改一下|第二段那个缩写啥意思|给起个标题|一句话总结|
把人名列出来|一共几条|只要电话号码|这句啥语气|整理成表格，列：名称、数值、备注|写个回复，客气但坚决|按这个出10道选择题带答案|全部翻成英文|改成公众号文章，800字|
两个方案对比一下优缺点|给领导写个半页的要点|改得口语一点短一点|给这段代码写单元测试|拆成小函数并说明改了啥|加上异常处理和注释|改成 TypeScript 版|逐行解释|写个小红书文案|做成会议议程|
找出里面自相矛盾的地方，说明哪些说法不能同时成立并论证|这个推理站得住吗，一步一步来，把隐含的假设都挖出来|根据上面这些推断根因，给假设排序，并说明什么证据能区分它们|
证明或者反驳第二段的结论|推导最坏情况下的代价，第一个数翻倍会怎样|据此设计迁移方案，每一步都能回滚且不停机|在这些约束下给出最优排班并证明没有更优的|两个人同时操作会怎么坏，列出交错并改设计|
每一问都要完整过程|建一个模型预测一下，列出假设并做敏感性分析|帮我看看|啥意思|接着写|改短点|正式一点|说人话""".replace("\n", "").split("|"),
}
RAMBLES = {
    False: """hey hope ur doing well, quick one, |sorry if this is a dumb question but |so my boss just told me at 5pm that i need this by tomorrow and i have no clue. |hi!! long day lol. anyway |
ok so context: i run a small shop with my sister and we're not technical at all. |i've been staring at this for three hours and my coffee is cold. |good morning, first of all thanks for yesterday, that worked. now: |
I know you are a very powerful AI capable of deep reasoning and complex architecture work, but |this is probably very hard and needs a phd: |should be trivial for you: |easy one: |
As an expert with 20 years of experience in distributed systems, mathematics and law, |not urgent, |my kid asked me this and i had no answer. |for a friend: |be brief. |take your time and think about it. """.replace("\n", "").split("|"),
    True: """在吗，问个事，|不好意思打扰了，可能有点傻，|老板刚才五点跟我说明天就要，我一点头绪都没有。|哈喽，今天累死了哈哈，对了，|背景说一下：我和我姐开了个小店，都不懂技术。|盯了三个小时了，咖啡都凉了。|早上好，先谢谢昨天的帮忙，好使。现在：|
我知道你是非常强大的人工智能，擅长深度推理和复杂架构设计，不过|这个估计特别难，得博士水平：|对你来说应该很简单：|简单问一下：|作为一名有二十年经验的分布式系统、数学和法律专家，|不急，|孩子问我这个我答不上来。|帮朋友问的：|简短点。|慢慢想，想清楚再答。""".replace("\n", "").split("|"),
}
LANGS = ["French", "German", "Spanish", "Chinese", "Japanese"]

own = [r for r in labels if writer(r) != "public"]
short = [r for r in labels + pool if len(text(r)) <= 400]
shortown = [r for r in own if len(text(r)) <= 500]
long = [r for r in labels + pool if 250 <= len(text(r)) <= 3500]
longown = [r for r in own if 250 <= len(text(r)) <= 3500]


def origin(*parts):
    names = {writer(r) for r in parts if writer(r) not in ("", "public")}
    return "+".join(sorted(names))


def pick(a, b):
    return order.choice(a if a and order.random() < 0.6 else b)


def sentences(value):
    return [s for s in re.split(r"(?<=[.!?。！？；;\n])\s*", value) if s.strip()]


def beside():
    document = pick(longown, long)
    body = text(document)
    ask = order.choice(ASKS[is_zh(body) if order.random() < 0.85 else order.random() < 0.5]).format(lang=order.choice(LANGS))
    if order.random() < 0.5:
        body = "".join(sentences(body)[: order.randint(2, 40)])
    glue = order.choice(["\n\n", "\n", "\n---\n", ":\n\n"])
    return {"prompt": ask + glue + body if order.random() < 0.5 else body + glue + ask}, (document,)


def rambling():
    ask = pick(shortown, short)
    body = text(ask)
    return {"prompt": order.choice(RAMBLES[is_zh(body)]) + body}, (ask,)


def excerpt():
    source = pick(own, pool)
    parts = sentences(text(source))
    size = order.randint(1, max(1, min(8, len(parts) - 1)))
    start = order.randint(0, max(0, len(parts) - size))
    return {"prompt": " ".join(parts[start : start + size]).strip() or text(source)}, (source,)


def follow():
    first, second = pick(shortown, short), pick(shortown, short)
    said = text(pick(longown, long))[: order.randint(80, 400)]
    messages = [
        {"role": "user", "content": text(first)},
        {"role": "assistant", "content": said},
        {"role": "user", "content": text(second)},
    ]
    return {"messages": messages}, (first, second)


def mixed():
    first, second = pick(shortown, short), pick(shortown, short)
    glue = order.choice([" ", "\n", ". also ", "，另外", "\n\n"])
    return {"prompt": text(first) + glue + text(second)}, (first, second)


def cutup():
    source = pick(own, pool)
    words = re.findall(r"\w+|\W", text(source)[:1500])
    return {"prompt": "".join(w for w in words if order.random() > 0.12)}, (source,)


def neighbours():
    """For each word up to EXCHANGES words of the same script with a like meaning."""
    pieces = json.load(open(f"{work}/pieces.json", encoding="utf8"))
    meanings = np.load(f"{work}/meanings.npy")
    known = {}
    for script in (r"[a-z]{3,}", r"[\u4e00-\u9fff]{2,4}"):
        places = [i for i, piece in enumerate(pieces) if re.fullmatch(script, piece)]
        vectors = meanings[places] / np.linalg.norm(meanings[places], axis=1, keepdims=True)
        for start in range(0, len(places), 1000):
            like = vectors[start : start + 1000] @ vectors.T
            best = np.argsort(-like, axis=1, kind="stable")[:, 1 : EXCHANGES + 1]
            for row, others in enumerate(best):
                near = [pieces[places[i]] for i in others if like[row, i] > LIKE_MIN]
                if near:
                    known[pieces[places[start + row]]] = near
    return known


EXCHANGES, LIKE_MIN, SHARE = 8, 0.74, 0.2
NEAR = neighbours()


def exchanged(value):
    def han(run):
        out, at = [], 0
        while at < len(run):
            size = next((n for n in (4, 3, 2) if run[at : at + n] in NEAR), 1)
            piece = run[at : at + size]
            out.append(order.choice(NEAR[piece]) if size > 1 and order.random() < SHARE else piece)
            at += size
        return "".join(out)

    def latin(match):
        near = NEAR.get(match[0].lower())
        return order.choice(near) if near and order.random() < SHARE else match[0]

    value = re.sub(r"[A-Za-z]{3,}", latin, value)
    return re.sub(r"[\u4e00-\u9fff]+", lambda match: han(match[0]), value)


def swapped():
    source = pick(own, pool)
    if "messages" not in source:
        return {"prompt": exchanged(source["prompt"])}, (source,)
    messages = [{**m, "content": exchanged(m["content"]) if m["role"] == "user" else m["content"]} for m in source["messages"]]
    return {"messages": messages}, (source,)


KINDS = {beside: 4, rambling: 1, excerpt: 5, follow: 2, mixed: 2, cutup: 2, swapped: 9}
with open(f"{work}/synthetic.jsonl", "w", encoding="utf8") as file:
    for _ in range(count):
        row, parts = order.choices(list(KINDS), list(KINDS.values()))[0]()
        if not row.get("prompt", "-").strip():
            continue
        file.write(json.dumps({**row, "writer": origin(*parts), "source": "synthetic"}, ensure_ascii=False) + "\n")
