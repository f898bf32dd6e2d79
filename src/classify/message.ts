/** One message as the classifiers see it: texts cut, images counted, results of tools marked. */
export interface Message {
  readonly role: string
  readonly text: string
  readonly images: number
  /** The message carries results of tools, whatever its role. */
  readonly isToolResult: boolean
}
