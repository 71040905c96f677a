import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of the sealed trail. */
export const brokenAuditChain: Readonly<Record<string, Breakage>> = {
  // Takes the last rows first, so that places follow in another order than ids.
  'audit-chain/race': breaking('auditChain', (real) => ({
    unsealed: async (unit, limit) => [...(await real.unsealed(unit, 1_000))].reverse().slice(0, limit),
  })),
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
  'audit-chain/read': breaking('auditChain', (real) => ({
    dailyHeads: (_day, limit) => real.dailyHeads('', limit),
  })),
};
