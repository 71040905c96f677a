import { type Breakage, breaking } from './breaking.js';

/** Storages that break what is promised of consents. */
export const brokenConsents: Readonly<Record<string, Breakage>> = {
  'consents/give-once': breaking('consents', (real) => ({
    async insert(unit, consent) {
      await real.insert(unit, consent);
      return true;
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
  'consents/list': breaking('consents', (real) => ({ list: ({ after: _after, ...query }) => real.list(query) })),
  'contact-blocks/once': breaking('contactBlocks', (real) => ({
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
