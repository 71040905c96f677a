/** What kind of thing is done: a method that was called, or work that goes on by itself. */
export type OperationKind = 'command' | 'unit' | 'job' | 'consumer' | 'housekeeping';

/** One thing that is done. Its words are few and known, so that they can be labels of a metric: no ids, no personal data. */
export interface Operation {
  readonly kind: OperationKind;
  /** Of a command `leads.create`, of a unit its home, of a job its kind, of a consumer its name. */
  readonly name: string;
  /** What else tells traces apart, such as the shape of the store or the try of a job. */
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** A number that says how the store fares. */
export interface Gauge {
  /** `lms.outbox.waiting`; what ends in `lag`, `overdue`, `behind` or `age` is in seconds. */
  readonly name: string;
  readonly value: number;
  /** Tells rows of one name apart, such as `{ home: 'ledger' }`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Hears what is done and how it ends: `openTelemetry()` of `@lms/core/telemetry/opentelemetry` makes spans and metrics of it, `logTo(logger)`
 * lines of a log. What it does must neither fail nor wait.
 */
export interface Telemetry {
  /** Does the work, and gives what it gives or throws what it throws. */
  watch<Result>(operation: Operation, work: () => Promise<Result>): Promise<Result>;
  /**
   * Told once, when a store is opened, which gauges it has and how they are read, which costs a few statements.
   * @returns called when the store is closed
   */
  observe?(names: readonly string[], read: () => Promise<readonly Gauge[]>): () => void;
}
