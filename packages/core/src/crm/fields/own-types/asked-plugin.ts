/** What a function of a plugin answers; or, in words that quote nothing, why that is none. */
export type Asked<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: string; readonly cause?: unknown };

export function failed(failure: string, cause?: unknown): Asked<never> {
  return { ok: false, failure, ...(cause === undefined ? {} : { cause }) };
}

/** Asks a function of a plugin, whatever it does; nobody waits for one that is async. */
export function asked(what: string, ask: () => unknown): Asked<unknown> {
  try {
    const answer = ask();
    if (!(answer instanceof Promise)) return { ok: true, answer };
    // What it rejects with must not end the process.
    answer.catch(() => undefined);
    return failed(`${what} is async`);
  } catch (cause) {
    return failed(`${what} failed`, cause);
  }
}

/** The same for a text, which is neither blank nor longer than so many characters. */
export function askedText(what: string, most: number, ask: () => unknown): Asked<string> {
  const given = asked(what, ask);
  if (!given.ok) return given;
  const { answer } = given;
  if (typeof answer !== 'string') return failed(`${what} gave no text`);
  if (answer.trim() === '' || answer.length > most) return failed(`${what} gave a text that is blank or too long`);
  return answer.isWellFormed() ? { ok: true, answer } : failed(`${what} gave a text that cannot be stored`);
}
