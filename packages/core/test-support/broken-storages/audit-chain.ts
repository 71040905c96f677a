import type { SignedHead } from '../../src/foundation/audit/audit-chain-store.js';
import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of the sealed trail. */
export const brokenAuditChain: Readonly<Record<string, Breakage>> = {
  // Two that have read the same head both extend it: the second gets free positions, and its rows follow the head of the first.
  'audit-chain/race': breaking('auditChain', (real) => {
    let read: SignedHead | null = null;
    let times = 0;
    return {
      async head(unit) {
        times += 1;
        if (times % 2 === 1) read = await real.head(unit);
        return read;
      },
      async extend(unit, { places, head, after }) {
        const now = (await real.head(unit))?.position ?? 0;
        const moved = places.map((place) => ({ ...place, position: place.position - after + now }));
        return real.extend(unit, {
          places: moved,
          head: { ...head, position: head.position - after + now },
          after: now,
        });
      },
    };
  }),
  'audit-chain/stale-head': breaking('auditChain', (real) => ({
    async extend(unit, extension) {
      await real.extend(unit, extension);
      return true;
    },
  })),
  // Goes on after the last id that it has seen.
  'audit-chain/late-rows': breaking('auditChain', (real) => {
    let seen = '';
    return {
      async unsealed(unit, limit) {
        const rows = (await real.unsealed(unit, limit)).filter(({ id }) => id > seen);
        seen = rows.at(-1)?.id ?? seen;
        return rows;
      },
    };
  }),
  'audit-chain/of-aggregates': breaking('auditChain', (real) => ({
    unsealedAbout: (unit, aggregates, _after, limit) => real.unsealedAbout(unit, aggregates, '', limit),
  })),
  'audit-chain/read': breaking('auditChain', (real) => ({
    dailyHeads: (_day, limit) => real.dailyHeads('', limit),
  })),
  // Takes the latest day for the furthest.
  'audit-chain/last-day': breaking('auditChain', (real) => ({
    lastDay: async () => (await real.dailyHeads('', 1_000)).at(-1) ?? null,
  })),
  'audit-chain/odd-places': breaking('auditChain', (real) => ({
    strays: async (limit) => (await real.rows(0, limit)).filter(({ position }) => position < 1),
  })),
};
