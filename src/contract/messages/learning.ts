import type { Message } from '../message.ts'

/** What goes wrong with the files that a gateway learns from. */
export const learningMessages = {
  unwritable: {
    en: 'Lessons cannot be written to {path}: {detail}. Requests go on, but what they teach is lost. Make it a file that the gateway may write, on a disk with room.',
    zh: '无法把反馈写入 {path}：{detail}。请求不受影响，但期间的反馈会丢失。请确保它是网关可写的普通文件，且磁盘有剩余空间。',
  },
  writable: {
    en: 'Lessons can be written to {path} again.',
    zh: '又可以把反馈写入 {path} 了。',
  },
  unreadable: {
    en: '{path} cannot be read: {detail}. No correction is in force. Let the user that the gateway runs as read and write it.',
    zh: '无法读取 {path}：{detail}。当前没有修正生效。请让运行网关的用户可以读写该文件。',
  },
  broken: {
    en: '{path} does not hold corrections. It was moved to {aside}; no correction is in force.',
    zh: '{path} 的内容不是有效的修正，已移动到 {aside}；当前没有修正生效。',
  },
  statusBroken: {
    en: '{path} does not hold corrections; "learn refit" and "learn rollback" move it aside',
    zh: '{path} 的内容不是有效的修正；"learn refit" 和 "learn rollback" 会把它移到一旁',
  },
  statusOthers: {
    en: '{lessons} lessons and {corrections} corrections of another version of the model, or of none, are ignored (this is {model})',
    zh: '忽略了属于其他模型版本或没有版本的 {lessons} 条反馈和 {corrections} 个修正（当前模型版本 {model}）',
  },
  statusEffect: {
    en: 'by humans and the second judge the local model was right in {right} of {lessons} lessons with the correction in force, in {heldRight} of {heldLessons} held out from it',
    zh: '按人工和第二评判的反馈，本地模型正确：使用当前修正的 {lessons} 条中 {right} 条，留出对照的 {heldLessons} 条中 {heldRight} 条',
  },
} as const satisfies Record<string, Message>
