/** Kinds of words that speak of what an answer takes, in English and Chinese, in lower case. */
const CUES = {
  proof:
    /\b(?:prov(?:e|ing)|proofs?|show that|deriv(?:e|ation)|deduce|lemma|theorem|rigorous(?:ly)?)\b|证明|求证|推导|定理/g,
  solving:
    /\b(?:solve|compute|calculate|find (?:the|all)|evaluate|determine|how many|minimi[sz]e|maximi[sz]e|integral|probability|equations?|polynomial|matrix)\b|求解|计算|求[出得]?|方程|概率|最[大小]值|函数|矩阵/g,
  design:
    /\b(?:design|architect(?:ure)?|scal(?:e|able|ability)|distributed|systems?|infrastructure|migrat(?:e|ion|ing)|trade-?offs?|latency|throughput|concurren(?:t|cy)|consistency)\b|设计|架构|系统|分布式|并发|迁移|权衡|一致性/g,
  diagnosis:
    /\b(?:optimi[sz](?:e|ation)|root cause|diagnos(?:e|is)|bottlenecks?|debug|performance|regression|intermittent|leak(?:s|ing)?)\b|优化|排查|诊断|瓶颈|根因|原因|性能/g,
  constraints:
    /\b(?:must|at least|at most|exactly|no more than|without|each|every|constraints?|subject to|ensure|cannot|can't|within|limit)\b|必须|至少|至多|不超过|不能|只能|每[个人天]|约束|满足|限制|保证|要求/g,
  planning:
    /\b(?:plan|roadmap|strategy|step[- ]by[- ]step|phases?|timeline|budget|schedule|weeks?|months?|milestones?)\b|计划|方案|规划|策略|步骤|阶段|预算|个月|时间表/g,
  writing:
    /\b(?:write|draft|compose|create|generate|story|poem|essay|article|e?mail|letter|blog|post|speech|lyrics|slogan)\b|写|撰|创作|生成|作文|文章|邮件|故事|诗|文案/g,
  code: /\b(?:functions?|code|class|python|javascript|typescript|java|rust|golang|sql|api|regex|html|css|docker|git|bug|error|exception|compile|implement|script|unit tests?)\b|代码|程序|编程|脚本|接口|报错|实现|算法/g,
  transforming:
    /\b(?:translate|rewrite|rephrase|paraphrase|summari[sz]e|summary|proofread|correct|grammar|shorten|extract|classify|convert|rename|typo)\b|翻译|改写|润色|总结|摘要|概括|提取|分类|纠正|转换|改成/g,
  facts:
    /\b(?:what(?:'s| is| are| was)|who(?:'s| is| was)|when(?:'s| is| was| did)|where(?:'s| is| was)|which|define|meaning|capital of|recommend|name (?:a|the|some)|synonyms?)\b|什么|是谁|哪[个里些]|多少|意思|推荐|几[点个]/g,
  explaining:
    /\b(?:explain|describe|compare|differences?|pros and cons|analy[sz](?:e|is)|discuss|overview|advantages|impact|why|how)\b|解释|说明|描述|比较|区别|优缺点|分析|讨论|论述|影响|如何|怎[么样]|为什么/g,
  brevity:
    /\b(?:just|only|nothing else|one (?:word|line|sentence)|yes or no|quick(?:ly)?|brief(?:ly)?|short|simple)\b|只要|就行|一句话|简短|简单|直接|是不是|对吗/g,
  thoroughness:
    /\b(?:detailed|comprehensive|thorough(?:ly)?|in[- ]depth|complete|full|complex(?:ity)?|advanced|edge cases?|production|professional)\b|详细|全面|深入|完整|严格|复杂|边界|专业/g,
  reasoning:
    /\b(?:if|then|given|suppose|assum(?:e|ing)|let|therefore|puzzle|logic(?:al)?|optimal|hypothes[ie]s|evidence|conclu(?:de|sion)|infer)\b|如果|假设|假如|已知|设|若|推理|逻辑|最优|证据|判断/g,
  role: /\b(?:act as|you are an?|you will|i want you to|pretend|role ?play|your task)\b|扮演|你是一|充当|担任|作为一/g,
  chat: /\b(?:hello|hi|hey|thanks|thank you|lol|haha|how are you|good (?:morning|night)|i feel|do you|are you|bye)\b|你好|谢谢|哈哈|早上好|晚安|你喜欢|你会|你是|心情/g,
} as const satisfies Readonly<Record<string, RegExp>>

export const CUE_NAMES = Object.keys(CUES) as readonly (keyof typeof CUES)[]

/** Of a long text its two ends are searched. */
const HEAD_CHARS = 1_000
const TAIL_CHARS = 600
/** More of one kind say nothing more. */
const HITS_MAX = 8

/** Writes how often each kind of cue stands in a lower-cased text, each about 0 to 1. */
export function writeCues(text: string, out: Float32Array, at: number): void {
  const searched =
    text.length <= HEAD_CHARS + TAIL_CHARS
      ? text
      : `${text.slice(0, HEAD_CHARS)}\n${text.slice(-TAIL_CHARS)}`
  for (const [index, name] of CUE_NAMES.entries()) {
    out[at + index] = Math.log1p(hits(CUES[name], searched)) / 2
  }
}

function hits(cue: RegExp, text: string): number {
  let count = 0
  cue.lastIndex = 0
  while (count < HITS_MAX && cue.test(text)) count++
  return count
}
