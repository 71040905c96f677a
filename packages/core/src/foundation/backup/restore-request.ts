export interface RestoreRequest {
  /** The backup. */
  readonly file: string;
  /** Lists of destroyed keys that do not lie beside the backup. */
  readonly destroyedKeys?: readonly string[];
  /**
   * Restores also where no list is found, or a newer one than those that can be read is damaged: what was erased since can then be read
   * again. Lists that can be read are heeded all the same.
   */
  readonly withoutDestroyedKeys?: boolean;
}
