import { LmsError } from '../../../foundation/kernel/index.js';
import type { NoticeBook, NoticeRule } from './notice-book.js';
import type { NotificationStore } from './notification-store.js';

/** The rule that a notification goes by, and what it was published with. */
export interface PublishedRule {
  readonly book: NoticeBook;
  readonly rule: NoticeRule;
}

/** Published versions that are kept at hand: those that notifications go by before and after a publication. */
const mostBooks = 2;

/** Templates and rules by their version, which never change. */
export class NoticeBooks {
  readonly #store: Pick<NotificationStore, 'book'>;
  readonly #known = new Map<number, NoticeBook>();

  constructor(store: Pick<NotificationStore, 'book'>) {
    this.#store = store;
  }

  /** @throws LmsError `STORE_CORRUPT` where the version or the rule is not there, `STORE_*` */
  async ruleOf({
    bookVersion,
    rule: name,
  }: {
    readonly bookVersion: number;
    readonly rule: string;
  }): Promise<PublishedRule> {
    const book = await this.#book(bookVersion);
    const rule = book?.rules.find((each) => each.name === name);
    if (book === undefined || rule === undefined) {
      throw new LmsError('STORE_CORRUPT', { message: `version ${bookVersion} of the notices has no rule ${name}` });
    }
    return { book, rule };
  }

  async #book(version: number): Promise<NoticeBook | undefined> {
    const known = this.#known.get(version);
    if (known !== undefined) return known;
    const stored = await this.#store.book(null, version);
    if (stored === null) return undefined;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= mostBooks) this.#known.delete(oldest);
    this.#known.set(version, stored.book);
    return stored.book;
  }
}
