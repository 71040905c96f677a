/** Which rows an actor may see; all given conditions are joined by OR. `everything` sees all. */
export type RowScope =
  | { readonly everything: true }
  | {
      readonly everything: false;
      /** Leads owned by any of these users. */
      readonly ownerIds: readonly string[];
      readonly unowned: boolean;
      /** Leads this user collaborates on. */
      readonly collaboratorId: string | null;
      /** Leads sent to this partner. */
      readonly partner: string | null;
    };

/** A scope that does not see everything. */
export type LimitedScope = Exclude<RowScope, { readonly everything: true }>;

/** Who has a row: what decides whether it is in a scope. */
export interface RowHolders {
  readonly ownerId: string | null;
  readonly collaboratorIds: readonly string[];
  readonly partner: string | null;
}

/** The same answer for one row that a list filtered by the scope gives. */
export function rowScopeIncludes(scope: RowScope, row: RowHolders): boolean {
  if (scope.everything) return true;
  return (
    (row.ownerId === null ? scope.unowned : scope.ownerIds.includes(row.ownerId)) ||
    (scope.collaboratorId !== null && row.collaboratorIds.includes(scope.collaboratorId)) ||
    (scope.partner !== null && scope.partner === row.partner)
  );
}
