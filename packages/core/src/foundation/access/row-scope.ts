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
