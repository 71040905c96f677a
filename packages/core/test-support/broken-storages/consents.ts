import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of consents. */
export const brokenConsents: Readonly<Record<string, Breakage>> = {
  // Each of them writes a record of its own.
  'consents/give-once': breaking('consents', (real) => {
    let written = 0;
    return {
      async insert(unit, consent) {
        written += 1;
        return real.insert(unit, { ...consent, partner: `${consent.partner}-${written}` });
      },
    };
  }),
  // What is there already is taken for all that is to be written.
  'consents/insert-missing': breaking('consents', (real) => ({
    async insertMissing(unit, consents) {
      for (const consent of consents) if (!(await real.insert(unit, consent))) return;
    },
  })),
  'consents/withdraw-once': breaking('consents', (real) => ({
    async withdraw(unit, id, withdrawal) {
      await real.withdraw(unit, id, withdrawal);
      return true;
    },
  })),
  'consents/person': breaking('consents', (real) => ({
    ofPerson: (unit, person, purpose, limit) => real.ofPerson(unit, { ...person, emailHash: null }, purpose, limit),
  })),
  'consents/rehash': breaking('consents', (real) => ({
    async rehash(unit, hashes) {
      await real.rehash(unit, hashes);
      return hashes.length;
    },
  })),
  'contact-blocks/rehash': breaking('contactBlocks', (real) => ({
    async rehash(unit, hashes) {
      await real.rehash(unit, hashes);
      return hashes.length;
    },
  })),
  'consents/list': breaking('consents', (real) => ({ list: ({ after: _after, ...query }) => real.list(query) })),
  // Two that find no block each write one; the second stands beside the first.
  'contact-blocks/once': breaking('contactBlocks', (real) => {
    let written = 0;
    return {
      async insert(unit, block) {
        written += 1;
        const { subject } = block.person;
        return real.insert(unit, {
          ...block,
          person: { ...block.person, subject: { ...subject, kind: `lead-${written}` } },
        });
      },
    };
  }),
  // A block that was lifted is made once more.
  'contact-blocks/insert-missing': breaking('contactBlocks', (real) => ({
    insertMissing: (unit, blocks) =>
      real.insertMissing(
        unit,
        blocks.map((block) => ({ ...block, id: `${block.id.slice(0, -1)}${block.id.endsWith('0') ? 1 : 0}` })),
      ),
  })),
  'contact-blocks/lift-once': breaking('contactBlocks', (real) => ({
    async lift(unit, id, lifted) {
      await real.lift(unit, id, lifted);
      return true;
    },
  })),
  'consent-wordings/versions': breaking('consentWordings', (real) => ({
    async newest(unit, purpose, language) {
      const wordings = await real.list({ purpose, language, limit: 100 });
      return wordings.at(-1) ?? real.newest(unit, purpose, language);
    },
  })),
};
