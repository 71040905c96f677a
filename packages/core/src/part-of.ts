/**
 * Does one of several things of which none waits for another's success.
 * @returns what gives its result, or throws what it met; never rejects
 */
export async function partOf<Result>(part: () => Promise<Result>): Promise<() => Result> {
  try {
    const result = await part();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
