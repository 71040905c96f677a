/** A command line that can be typed as it stands, and what it is for. */
export interface Example {
  readonly line: string;
  readonly what: string;
}

/** By the words of the command after `lms`. */
export type Examples = Readonly<Record<string, readonly Example[]>>;
