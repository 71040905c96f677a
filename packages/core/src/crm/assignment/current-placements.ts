import type { CurrentPlacements } from '../leads/index.js';
import type { PlacementStore } from './placement-store.js';

/** Who has leads, as their placements say it. */
export function currentPlacements(placements: Pick<PlacementStore, 'newest'>): CurrentPlacements {
  return {
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
