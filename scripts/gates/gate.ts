/** A check of the whole workspace: it returns, or throws an error that says everything that is wrong. */
export interface Gate {
  readonly name: string;
  run(): Promise<void>;
}
