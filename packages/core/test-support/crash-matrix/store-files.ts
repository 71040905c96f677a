/** The path that an operation writes to, beside the embedded store of its point. */
export function outputOf(store: string): string {
  return `${store}-output`;
}
