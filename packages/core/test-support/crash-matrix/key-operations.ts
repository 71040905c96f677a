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
  {
    name: 'rotate the look-up key',
    alone: true,
    inParts: true,
    /** A lead that must not be called, another, and one that is erased and must not be called either. */
    async prepare({ lms }, subject) {
      const { leads, consents, keys } = lms.as(root);
      const made: string[] = [];
      for (const at of [0, 1, 2]) made.push((await leads.create(newLead(subject, at))).id);
      const [one = '', , erased = ''] = made;
      for (const id of [one, erased]) await consents.block(id, { channel: 'call', source: 'call' });
      await leads.erase(erased, { reason: 'person-asked' });
      await lms.settle();
      return [...made, String((await keys.status()).lookup.generation + 1)];
    },
    async run(lms, { leads: [, , , generation] }) {
      const { keys } = lms.as(root);
      const { lookup } = await keys.status();
      // Whoever heard nothing looks whether it ended.
      if (lookup.phase === 'settled' && String(lookup.generation) === generation) return;
      const { finished } = await keys.rotateLookup();
      if (!finished) throw new Error('the rotation ended, and not all is rotated');
    },
    signs: ({ uniqueKeys, leads, index, contactBlocks, audit }, { leads: [one, other, erased, generation = ''] }) => {
      const isNew = (hash: string | null): boolean => hash?.startsWith(`${generation}.`) === true;
      const isOne = (id: string): boolean => id === one || id === other;
      const held = uniqueKeys.filter(({ holderId }) => isOne(holderId));
      const kept = leads.filter(({ id }) => isOne(id)).flatMap((lead) => lead.index);
      const indexed = index.filter(({ leadId }) => isOne(leadId));
      const blocks = contactBlocks.filter(({ subjectId }) => isOne(subjectId) || subjectId === erased);
      return {
        'unique values held under the new key': held.filter(({ hash }) => isNew(hash)).length === 6,
        'unique values held under it alone': held.every(({ hash }) => isNew(hash)),
        'hashes of the leads': kept.every(({ hash }) => hash === null || isNew(hash)),
        'hashes of their index': indexed.every(({ hashValue }) => hashValue === null || isNew(hashValue)),
        'blocks, also of the erased': blocks.length === 2 && blocks.every(({ phoneHash }) => isNew(phoneHash)),
        'its row of the trail': audit.some(({ eventType }) => eventType === 'store.lookup_rotated'),
      };
    },
    async look(lms, subject) {
      const { leads, consents } = lms.as(root);
      const [one = '', , erased = ''] = subject.leads;
      const wanted = newLead(subject, 0).fields;
      const wrong: string[] = [];
      for (const text of [wanted['mobile'], wanted['pan'], wanted['mobile']?.slice(-4)]) {
        const found = (await leads.find(String(text), { limit: 200 })).leads;
        if (!found.some(({ lead }) => lead.id === one)) wrong.push(`nobody is found by ${text}`);
      }
      const twice = await leads.create(newLead(subject, 0)).catch((error: unknown) => error);
      if (!hasCode(twice, 'LEAD_DUPLICATE')) wrong.push('a unique value was taken twice');
      for (const id of [one, erased]) {
        if ((await consents.blocks(id)).length === 0) wrong.push(`${id} may be called`);
      }
      return wrong;
    },
  },
];
