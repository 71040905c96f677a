/**
 * The commands of a block as a script that stops at the first one that ends otherwise than the page says: with 0, or with the
 * number in its comment `# exits 4`.
 */
export function scriptOf(block: string): string {
  const commands = block
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return commands.flatMap(checked).join('\n');
}

function checked(command: string): readonly string[] {
  const expected = /#[^#]*\bexits (\d+)/.exec(command)?.[1] ?? '0';
  const said = `${command}: ends with ${expected}, says the page`.replaceAll("'", "'\\''");
  return [
    command,
    'code=$?',
    `[ $code -eq ${expected} ] || { printf '%s; it ended with %s\\n' '${said}' "$code" >&2; exit 1; }`,
  ];
}
