import type { UserStore } from '../../foundation/access/index.js';
import type { IdSource } from '../../foundation/kernel/index.js';
import type { CurrentPlacements } from '../leads/index.js';
import { confirmedPlacement } from './confirmed-placement.js';
import type { PlacementStore } from './placement-store.js';

export interface CurrentPlacementsPorts {
  readonly placements: Pick<PlacementStore, 'newest' | 'insert'>;
  readonly users: Pick<UserStore, 'get'>;
  readonly ids: IdSource;
}

/** Who has leads, as their placements say it. */
export function currentPlacements({ placements, users, ids }: CurrentPlacementsPorts): CurrentPlacements {
  return {
    async restore(unit, { id: leadId, placementVersion: version, createdAt: at, createdBy: by }, holderId) {
      const team = (await users.get(unit, holderId))?.teams[0] ?? null;
      const id = ids.next<'placement'>();
      return placements.insert(unit, confirmedPlacement({ id, leadId, holderId, team, version, at, by }));
    },
    async current(unit, leadIds) {
      const newest = await placements.newest(unit, leadIds);
      return new Map(
        newest.map(({ leadId, holderId, team, status, version }) => {
          const active = status !== 'released';
          const held = { ownerId: active ? holderId : null, team: active ? team : null };
          return [leadId, { leadId, ...held, partner: null, placementVersion: version }];
        }),
      );
    },
  };
}
