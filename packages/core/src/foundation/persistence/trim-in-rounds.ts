const atOnce = 1_000;
const mostRounds = 10;

/**
 * Forgets what is over, 1,000 at a time and at most 10,000, so that housekeeping ends. @returns how many
 * @param trim forgets at most so many, and says how many it forgot
 */
export async function trimInRounds(trim: (limit: number) => Promise<number>): Promise<number> {
  let trimmed = 0;
  for (let round = 0; round < mostRounds; round += 1) {
    const gone = await trim(atOnce);
    trimmed += gone;
    if (gone < atOnce) break;
  }
  return trimmed;
}
