/** As many bytes as file systems give the name of a file. */
export const mostNameBytes = 255;

export function isNameTooLong(name: string): boolean {
  return Buffer.byteLength(name) > mostNameBytes;
}

/** A name made from another: its middle loses characters at its end where the whole would be longer than a name may be. */
export function fittingName(before: string, middle: string, after: string): string {
  const characters = [...middle];
  while (characters.length > 0 && isNameTooLong(before + characters.join('') + after)) characters.pop();
  return before + characters.join('') + after;
}
