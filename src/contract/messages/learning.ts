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
} as const satisfies Record<string, Message>
