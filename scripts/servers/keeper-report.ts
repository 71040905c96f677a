/** What runs, and where. */
export interface ServersReady {
  /** Environment variables with the addresses: MONGO_URL, MYSQL_URL, MARIADB_URL, REDIS_URL. */
  readonly urls: Readonly<Record<string, string>>;
  /** Where tests should have their temporary files; null where the usual place is as good. Removed with the servers. */
  readonly testsFolder: string | null;
}

/** What a keeper tells its owner, once, as one line of JSON. */
export type KeeperReport =
  | ({ readonly kind: 'ready' } & ServersReady)
  | { readonly kind: 'failed'; readonly reason: string };
