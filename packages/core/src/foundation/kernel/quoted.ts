const longest = 60;

/** The text in double quotes for a message, cut to 60 characters, control characters made visible. */
export function quoted(text: string): string {
  const characters = Array.from(text.slice(0, longest * 2));
  const cut = characters.length > longest || text.length > longest * 2;
  const shown = cut ? `${characters.slice(0, longest).join('')}…` : text;
  return JSON.stringify(shown);
}
