/**
 * Lets one caller at a time do what would be wasted if two did it. A courtesy between processes, not a lock to rest on: where a
 * server ends the connection behind it, another caller gets the turn while the first still works. An embedded file knows the turns of
 * its own process alone.
 */
export interface Turns {
  /**
   * Runs `work` while this caller alone has the turn of that name, without waiting for others. The turn of a process that dies is
   * free at once.
   * @param name at most 40 characters of ASCII
   * @returns false when another has the turn; `work` was not called then
   */
  alone(name: string, work: () => Promise<void>): Promise<boolean>;
}
