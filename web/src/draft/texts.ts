import { defineTexts } from '@/texts/texts.ts'

export const draftTexts = defineTexts({
  unsaved: ['Changes not applied yet', '有尚未应用的更改'],
  review: ['Review and apply', '检查并应用'],
  discard: ['Discard', '放弃'],
  title: ['Review the changes', '检查更改'],
  note: ['Why (goes into the history)', '原因（记入历史）'],
  notePlaceholder: ['e.g. cheaper model for small talk', '例如：闲聊改用更便宜的模型'],
  apply: ['Apply now', '立即应用'],
  applied: ['Applied. New requests use it from now on.', '已应用，新请求立即生效。'],
  valid: ['Valid. It takes effect at once, without a restart.', '有效。无需重启，立即生效。'],
  invalid: [
    (count: number) =>
      `${count} mistake${count === 1 ? '' : 's'}: nothing can be applied until they are mended.`,
    (count: number) => `有 ${count} 处错误，修正后才能应用。`,
  ],
  line: [(line: number) => `line ${line}`, (line: number) => `第 ${line} 行`],
  nothing: ['The file would be the same.', '文件没有变化。'],
  diff: ['What changes in the file', '文件中的变化'],
  conflictTitle: ['The file has changed meanwhile', '文件在此期间已被修改'],
  conflictText: [
    'Somebody edited the configuration file since you began. Green is yours, red is what is in the file now. Edit until it is right, then apply.',
    '在你编辑期间配置文件被修改过。绿色是你的内容，红色是文件当前内容。编辑到正确后再应用。',
  ],
  applyMerged: ['Apply the merged text', '应用合并后的文本'],
  takeTheirs: ['Drop mine, keep the file', '放弃我的修改，保留文件'],
  discardQuestion: ['Discard all changes that are not applied?', '放弃所有未应用的更改？'],
  discardText: ['The running configuration stays as it is.', '正在运行的配置保持不变。'],
})
