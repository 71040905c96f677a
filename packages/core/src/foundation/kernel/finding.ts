/** One line of a health check, for people. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** What was found; when not ok, also what to change or to do. */
  readonly message: string;
}
