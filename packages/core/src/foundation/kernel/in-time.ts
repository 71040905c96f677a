/**
 * What the work comes to, if it does in time. Work that is late goes on, and what comes of it is not looked at.
 * @param late what is thrown when it takes longer than `millis`
 */
export async function inTime<Result>(millis: number, work: Promise<Result>, late: () => Error): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), millis);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
