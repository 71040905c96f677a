/** A place in a JSON document as people write it: `fields[3].validation.min`; keys that are no plain words in quotes. */
export function jsonPath(parts: readonly PropertyKey[]): string {
  let path = '';
  for (const part of parts) {
    if (typeof part === 'number') path += `[${part}]`;
    else if (typeof part === 'string' && !/^[A-Za-z_][\w-]*$/.test(part))
      path += `[${JSON.stringify(part.slice(0, 60))}]`;
    else path += path === '' ? String(part) : `.${String(part)}`;
  }
  return path;
}
