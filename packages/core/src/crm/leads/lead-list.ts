import type { Page, PageRequest } from './lead-reader.js';

/** A list that is read page by page, or item by item with `for await`; never all at once. */
export interface PagedList<Item> extends AsyncIterable<Item> {
  page(request?: PageRequest): Promise<Page<Item>>;
}

/** A list over a function that reads one page. */
export function pagedList<Item>(read: (request: PageRequest) => Promise<Page<Item>>): PagedList<Item> {
  return {
    page: (request = {}) => read(request),
    async *[Symbol.asyncIterator]() {
      let cursor: string | null = null;
      do {
        const page: Page<Item> = await read(cursor === null ? { limit: 200 } : { limit: 200, cursor });
        yield* page.items;
        cursor = page.nextCursor;
      } while (cursor !== null);
    },
  };
}
