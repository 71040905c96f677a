/** What a keeper tells its owner, once, as one line of JSON. */
export type KeeperReport =
  | { readonly kind: 'ready'; readonly urls: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly reason: string };
