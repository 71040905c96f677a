/** How many errors behind an error are kept. */
const deepest = 4;
const longestMessage = 300;

/** Where a server or the driver begins to repeat what it was given. */
const repeated = /["'{[(`]|First element|:\/\//;

/**
 * An error of the driver without the documents, filters and addresses that the server and the driver put into it, for causes are logged:
 * its name, codes and labels, and of each message what stands before the first value.
 */
export function withoutDocuments(error: Error, depth: number = deepest): Error {
  const behind = error.cause instanceof Error && depth > 0 ? { cause: withoutDocuments(error.cause, depth - 1) } : {};
  const kept = new Error(withoutValues(error.message), behind);
  return Object.assign(kept, { name: error.name }, plain(error));
}

function withoutValues(message: string): string {
  const [said = ''] = message.split(repeated);
  return said.slice(0, longestMessage).trimEnd();
}

/** Numbers and fixed words of the server, the driver or Node.js. */
function plain(error: Error): Record<string, unknown> {
  const code: unknown = Reflect.get(error, 'code');
  const codeName: unknown = Reflect.get(error, 'codeName');
  const labels: unknown = Reflect.get(error, 'errorLabels');
  return {
    ...(typeof code === 'number' || typeof code === 'string' ? { code } : {}),
    ...(typeof codeName === 'string' ? { codeName } : {}),
    ...(Array.isArray(labels) && labels.length > 0 ? { errorLabels: labels.map(String) } : {}),
  };
}
