import { hasCode } from '../../src/index.js';
import { testKey } from '../../src/testing/index.js';
import { newLead, root } from './leads-of-point.js';
import type { CrashOperation } from './operation.js';

const { id: firstKey } = await testKey.load();

/** The master key of a store is changed for another. */
export const keyOperations: readonly CrashOperation[] = [
  {
    name: 'rotate the master key',
    alone: true,
    inParts: true,
    /** Two leads that the key before wraps, and one that is erased. */
    async prepare({ before }, subject) {
      const { leads } = before.lms.as(root);
      const made: string[] = [];
      for (const at of [0, 1, 2]) made.push((await leads.create(newLead(subject, at))).id);
      const [, , erased] = made;
      if (erased !== undefined) await leads.erase(erased, { reason: 'person-asked' });
      await before.lms.settle();
      await before.wrapStoreKeys();
      return made;
    },
    async run(lms) {
      const { rotated, damagedCount } = await lms.as(root).keys.rotate();
      if (!rotated || damagedCount > 0) throw new Error('the rotation ended, and not all is rotated');
    },
    signs: ({ dataKeys, storeKeys, audit }, { leads: [one, other] }) => ({
      'the keys of the store': storeKeys.every(({ masterKeyId }) => masterKeyId === firstKey),
      'the data keys': dataKeys
        .filter(({ id }) => id === one || id === other)
        .every(({ masterKeyId }) => masterKeyId === firstKey),
      'its row of the trail': audit.some(({ eventType }) => eventType === 'store.keys_rotated'),
    }),
    async look(lms, { leads: [one = '', other = '', erased = ''] }) {
      const { leads } = lms.as(root);
      const names = [(await leads.get(one)).name, (await leads.get(other)).name];
      const refused = await leads.update(erased, { fields: {} }).catch((error: unknown) => error);
      return [
        ...(names.includes(null) ? ['a lead cannot be read'] : []),
        ...(hasCode(refused, 'KEY_DESTROYED') ? [] : ['an erased lead is back']),
      ];
    },
  },
];
