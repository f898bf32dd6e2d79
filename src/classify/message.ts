/** One message as the classifiers see it: texts cut, images counted, results of tools marked. */
export interface Message {
  readonly role: string
  /** Who speaks, where several do in one role. */
  readonly name?: string
  readonly text: string
  readonly images: number
  /** The message carries results of tools, whatever its role. */
  readonly isToolResult: boolean
}

/** Messages, oldest first. Each may be read when it is asked for: a long talk is rarely needed whole. */
export interface Talk {
  readonly length: number
  at(index: number): Message | undefined
}
