import type { UnitOfWork } from '../../persistence/index.js';
import type { PersonHashes, PersonHashStore, RehashedPerson } from '../consent/index.js';
import type { LookupRing } from '../lookup-ring.js';
import type { LookupRowKind, LookupRows, LookupStep } from './lookup-rows.js';

interface PersonRowPorts {
  readonly kind: Extract<LookupRowKind, 'consents' | 'contactBlocks'>;
  readonly store: PersonHashStore;
  readonly unitOfWork: UnitOfWork;
}

const pageSize = 500;
const recordsOfUnit = 100;

/**
 * Records of people. What an erased person was known by is taken over like all others, as nothing of it needs to be known. A record says itself by
 * which key it was hashed, and is asked for under each, so it is changed whatever the other units do.
 */
export function personRows({ kind, store, unitOfWork }: PersonRowPorts): LookupRows {
  return {
    kind,
    async step(after, work, ring): Promise<LookupStep> {
      const page = await store.personHashes(after, pageSize);
      const behind = page.filter((record) => hashesBehind(record, ring).length > 0);
      let changed = 0;
      if (work !== 'count') {
        for (let start = 0; start < behind.length; start += recordsOfUnit) {
          const part = behind.slice(start, start + recordsOfUnit);
          const hashes = part.flatMap((record) => hashesBehind(record, ring));
          await unitOfWork.run('ledger', (unit) => store.rehash(unit, hashes));
          changed += part.length;
        }
      }
      return { next: page.at(-1)?.id ?? null, looked: page.length, found: behind.length, changed };
    },
  };
}

function hashesBehind({ id, ...hashes }: PersonHashes, ring: LookupRing): readonly RehashedPerson[] {
  return (['phoneHash', 'emailHash'] as const).flatMap((by) => {
    const from = hashes[by];
    return from === null || !ring.isBehind(from) ? [] : [{ id, by, from, to: ring.newest(from) }];
  });
}
