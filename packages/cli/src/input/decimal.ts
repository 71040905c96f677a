/** A number such as 70, -3 or 82.5; null for what is none. */
export function readDecimal(text: string): number | null {
  return /^-?\d{1,12}(?:\.\d{1,6})?$/.test(text) ? Number(text) : null;
}
