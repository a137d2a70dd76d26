/** What is sent of a text: without lines of nothing before it, and nothing after it. */
export function contentOf(text: string): string {
  return text.replace(/^\s*\n/, "").trimEnd();
}
