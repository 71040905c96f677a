/** The file name that keeps a store in memory alone. */
export const inMemory = ':memory:';
