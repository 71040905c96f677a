import { printable, type Style } from '../output/index.js';
import { reasonLines } from './import-view.js';

/** What became of many leads. `matched = changed + already + refused` when it went to its end and nobody interfered. */
export interface BulkResult {
  readonly action: 'move' | 'assign';
  readonly to: string;
  readonly dryRun: boolean;
  /** How many leads the filter named when it began. */
  readonly matched: number;
  readonly changed: number;
  /** Those that were there already. */
  readonly already: number;
  readonly refused: number;
  /** How often each reason refused a lead. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly firstRefused: readonly RefusedLead[];
  readonly stopped: boolean;
}

export interface RefusedLead {
  readonly number: string;
  readonly code: string;
  readonly reasons: readonly string[];
}

const mostRefused = 20;

/** Counts outcomes as they come. */
export class BulkTally {
  readonly #begun: Pick<BulkResult, 'action' | 'to' | 'dryRun' | 'matched'>;
  readonly #reasons = new Map<string, number>();
  readonly #firstRefused: RefusedLead[] = [];
  #changed = 0;
  #already = 0;
  #refused = 0;
  #stopped = false;

  constructor(begun: Pick<BulkResult, 'action' | 'to' | 'dryRun' | 'matched'>) {
    this.#begun = begun;
  }

  get seen(): number {
    return this.#changed + this.#already + this.#refused;
  }

  addChanged(): void {
    this.#changed += 1;
  }

  addAlready(count: number): void {
    this.#already += count;
  }

  addRefused(number: string, reasons: readonly string[], code: string): void {
    this.#refused += 1;
    for (const reason of reasons) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    if (this.#firstRefused.length < mostRefused) this.#firstRefused.push({ number, code, reasons });
  }

  stop(): void {
    this.#stopped = true;
  }

  result(): BulkResult {
    return {
      ...this.#begun,
      changed: this.#changed,
      already: this.#already,
      refused: this.#refused,
      reasons: Object.fromEntries(this.#reasons),
      firstRefused: this.#firstRefused,
      stopped: this.#stopped,
    };
  }
}

const done = { move: ['Moved', 'To move'], assign: ['Assigned', 'To assign'] } as const;

/** Counts, and why leads were refused. */
export function bulkView(result: BulkResult, style: Style): string {
  const changed = done[result.action][result.dryRun ? 1 : 0];
  const lines = [
    ['Leads', String(result.matched)],
    [changed, style.green(String(result.changed))],
    ['There already', String(result.already)],
    ['Refused', result.refused > 0 ? style.red(String(result.refused)) : '0'],
  ].map(([name = '', count = '']) => `${name.padEnd(14)} ${count}`);
  const numbers = result.firstRefused.slice(0, 5).map(({ number }) => number);
  return [
    style.bold(printable(`${result.dryRun ? 'Dry run: ' : ''}${result.action} to ${result.to}`)),
    ...lines,
    ...(result.refused === 0 ? [] : ['', ...reasonLines(result.reasons, 10), `First refused: ${numbers.join(', ')}`]),
  ].join('\n');
}
