/** The code of a system error, such as `ENOENT`; null where it has none. */
export function systemCode(cause: unknown): string | null {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : null;
}
