/**
 * What every connection is set to, so that nothing depends on how a server or another user of it is configured. Text is
 * escaped by the driver, which NO_BACKSLASH_ESCAPES would break: the mode is set, not merely hoped for.
 */
export function sessionStatements(lockWaitSeconds: number): readonly string[] {
  return [
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE',
    `SET SESSION sql_mode = '${sessionMode}', time_zone = '+00:00', autocommit = 1, ` +
      `innodb_lock_wait_timeout = ${Math.max(1, Math.trunc(lockWaitSeconds))}`,
  ];
}

export const sessionMode =
  'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY';
