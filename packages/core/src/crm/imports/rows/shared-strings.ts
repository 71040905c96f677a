import { ownCopy } from './cells.js';
import type { RowLimits } from './row-source.js';
import { StringSpill } from './string-spill.js';
import { beyondLimit } from './unreadable.js';

export type SharedStringLimits = Pick<RowLimits, 'sharedTexts' | 'sharedTextMemoryBytes'>;

/** What a text takes beside its characters. */
const bytesBeside = 32;

/** The texts that cells of a workbook refer to by number: in memory while they are few, else on the disk. */
export class SharedStrings {
  readonly #limits: SharedStringLimits;
  #texts: string[] = [];
  #bytes = 0;
  #count = 0;
  #spill: StringSpill | null = null;
  #isComplete = false;

  constructor(limits: SharedStringLimits) {
    this.#limits = limits;
  }

  /** @throws LmsError `LIMIT_EXCEEDED`, `DISK_FULL` */
  add(text: string): void {
    const most = this.#limits.sharedTexts;
    if (this.#count >= most) throw beyondLimit(`The spreadsheet has more than ${most} texts.`, 'sharedTexts', most);
    this.#count += 1;
    if (this.#spill !== null) {
      this.#spill.add(text);
      return;
    }
    this.#texts.push(ownCopy(text));
    this.#bytes += text.length + bytesBeside;
    if (this.#bytes > this.#limits.sharedTextMemoryBytes) this.#spillAll();
  }

  /** To be called before texts that were added are asked for, while more may come. */
  flush(): void {
    this.#spill?.flush();
  }

  /** To be called after the last text. */
  finish(): void {
    this.#isComplete = true;
    this.#spill?.finish();
  }

  get(index: number): string | undefined {
    return this.#spill === null ? this.#texts[index] : this.#spill.get(index);
  }

  get count(): number {
    return this.#count;
  }

  /** False while more texts may come. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  close(): void {
    this.#texts = [];
    this.#spill?.close();
  }

  #spillAll(): void {
    this.#spill = new StringSpill();
    for (const text of this.#texts) this.#spill.add(text);
    this.#texts = [];
  }
}
