/** `AB12` is 27; null for what is no reference. */
export function columnOf(reference: string): number | null {
  let column = 0;
  for (let at = 0; at < 4; at += 1) {
    const code = reference.charCodeAt(at);
    if (code >= 65 && code <= 90) column = column * 26 + code - 64;
    else return at > 0 && code >= 48 && code <= 57 ? column - 1 : null;
  }
  return null;
}
