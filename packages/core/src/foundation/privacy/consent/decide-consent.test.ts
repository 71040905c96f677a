import { assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConsentPurpose } from './consent-purpose.js';
import type { ConsentPerson, StoredConsent, StoredContactBlock } from './consent-store.js';
import { type ConsentCase, decideConsent } from './decide-consent.js';

const asha: ConsentPerson = { subject: { kind: 'lead', id: 'lead-1' }, phoneHash: 'phone-a', emailHash: 'email-a' };
const bureau: ConsentPurpose = { slug: 'credit-bureau', name: 'Bureau' };
const calls: ConsentPurpose = { slug: 'contact-by-call', name: 'Calls', contact: 'call' };
const offers: ConsentPurpose = { slug: 'marketing', name: 'Offers', contact: 'any' };
const sharing: ConsentPurpose = { slug: 'share-with-partner', name: 'Sharing', perPartner: true };

function at(day: number): string {
  return `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
}

function consent(change: Partial<StoredConsent> = {}): StoredConsent {
  return {
    id: 'consent-1',
    person: asha,
    purpose: bureau.slug,
    partner: null,
    dataItems: [],
    wording: { language: 'en', version: 1, hash: 'hash' },
    source: 'web',
    givenAt: at(2),
    expiresAt: null,
    recordedAt: at(2),
    recordedBy: 'user:asha',
    sealedEvidence: null,
    withdrawal: null,
    version: 1,
    ...change,
  };
}

function withdrawn(day: number): Pick<StoredConsent, 'withdrawal' | 'version'> {
  return { withdrawal: { at: at(day), by: 'user:asha', source: 'call', sealedReason: null }, version: 2 };
}

function block(change: Partial<StoredContactBlock> = {}): StoredContactBlock {
  return {
    id: 'block-1',
    person: asha,
    channel: 'call',
    blockedAt: at(3),
    blockedBy: 'user:asha',
    source: 'call',
    sealedReason: null,
    liftedAt: null,
    liftedBy: null,
    version: 1,
    ...change,
  };
}

function decided(change: Partial<ConsentCase>): string {
  const decision = decideConsent({
    person: asha,
    purpose: bureau,
    partner: null,
    at: at(10),
    isNow: false,
    consents: [],
    blocks: [],
    ...change,
  });
  return decision.allowed ? decision.consentId : decision.code;
}

describe('a consent counts', () => {
  it('from when it was given until it expires', () => {
    const consents = [consent({ expiresAt: at(5) })];
    expect(decided({ consents, at: at(1) })).toBe('CONSENT_MISSING');
    expect(decided({ consents, at: at(2) })).toBe('consent-1');
    expect(decided({ consents, at: at(4) })).toBe('consent-1');
    expect(decided({ consents, at: at(5) })).toBe('CONSENT_EXPIRED');
  });

  it('until it is withdrawn, and again once given anew', () => {
    const consents = [consent(withdrawn(4))];
    expect(decided({ consents, at: at(3) })).toBe('consent-1');
    expect(decided({ consents, at: at(4) })).toBe('CONSENT_WITHDRAWN');
    expect(decided({ consents: [...consents, consent({ id: 'anew', givenAt: at(4) })] })).toBe('CONSENT_WITHDRAWN');
    expect(decided({ consents: [...consents, consent({ id: 'anew', givenAt: at(5) })] })).toBe('anew');
  });

  it('no more when a later one was withdrawn', () => {
    const consents = [consent(), consent({ id: 'later', givenAt: at(3), ...withdrawn(4) })];
    expect(decided({ consents })).toBe('CONSENT_WITHDRAWN');
  });

  it('for one partner when it was given for that one, for all when for none', () => {
    const forAcme = consent({ partner: 'acme', purpose: sharing.slug });
    expect(decided({ purpose: sharing, partner: 'acme', consents: [forAcme] })).toBe('consent-1');
    expect(decided({ purpose: sharing, partner: 'bharat', consents: [forAcme] })).toBe('CONSENT_MISSING');
    expect(decided({ purpose: sharing, partner: null, consents: [forAcme] })).toBe('CONSENT_MISSING');
    const forAll = consent({ id: 'all', purpose: sharing.slug });
    expect(decided({ purpose: sharing, partner: 'bharat', consents: [forAll] })).toBe('all');
    const takenBack = { ...forAcme, ...withdrawn(4) };
    expect(decided({ purpose: sharing, partner: 'acme', consents: [takenBack, forAll] })).toBe('CONSENT_WITHDRAWN');
    expect(decided({ purpose: sharing, partner: 'bharat', consents: [takenBack, forAll] })).toBe('all');
  });

  it('for the same person behind another lead where nothing says that it is somebody else', () => {
    const elsewhere = (change: Partial<ConsentPerson>): readonly StoredConsent[] => [
      consent({ person: { ...asha, subject: { kind: 'lead', id: 'lead-2' }, ...change } }),
    ];
    expect(decided({ consents: elsewhere({}) })).toBe('consent-1');
    expect(decided({ consents: elsewhere({ emailHash: null }) })).toBe('consent-1');
    expect(decided({ consents: elsewhere({ emailHash: 'email-b' }) })).toBe('CONSENT_MISSING');
    expect(decided({ consents: elsewhere({ phoneHash: null, emailHash: null }) })).toBe('CONSENT_MISSING');
    const taken = elsewhere({ emailHash: 'email-b' }).map((one) => ({ ...one, id: 'other', ...withdrawn(4) }));
    expect(decided({ consents: [consent(), ...taken] })).toBe('CONSENT_WITHDRAWN');
  });
});

describe('clocks that were ahead', () => {
  it('do not let a consent count that was withdrawn before it was given', () => {
    const consents = [consent({ givenAt: at(10), ...withdrawn(5) })];
    for (const day of [5, 9, 10, 12]) expect(decided({ consents, at: at(day) })).toBe('CONSENT_WITHDRAWN');
    expect(decided({ consents, at: at(4) })).toBe('CONSENT_MISSING');
  });

  it('do not delay what forbids, where it is asked for now', () => {
    const taken = [consent(withdrawn(20))];
    expect(decided({ consents: taken, at: at(15) })).toBe('consent-1');
    expect(decided({ consents: taken, at: at(15), isNow: true })).toBe('CONSENT_WITHDRAWN');
    const consents = [consent({ purpose: calls.slug })];
    const blocks = [block({ blockedAt: at(20) })];
    expect(decided({ purpose: calls, consents, blocks, at: at(15) })).toBe('consent-1');
    expect(decided({ purpose: calls, consents, blocks, at: at(15), isNow: true })).toBe('CONTACT_BLOCKED');
  });
});

describe('a block', () => {
  const consents = [consent({ purpose: calls.slug })];

  it('beats a consent for its channel while it stands', () => {
    expect(decided({ purpose: calls, consents, blocks: [block()], at: at(2) })).toBe('consent-1');
    expect(decided({ purpose: calls, consents, blocks: [block()], at: at(3) })).toBe('CONTACT_BLOCKED');
    const lifted = block({ liftedAt: at(6), liftedBy: 'user:asha' });
    expect(decided({ purpose: calls, consents, blocks: [lifted], at: at(5) })).toBe('CONTACT_BLOCKED');
    expect(decided({ purpose: calls, consents, blocks: [lifted], at: at(6) })).toBe('consent-1');
    expect(decided({ purpose: calls, consents, blocks: [block({ channel: 'sms' })] })).toBe('consent-1');
    expect(decided({ purpose: calls, consents, blocks: [block({ channel: 'all' })] })).toBe('CONTACT_BLOCKED');
  });

  it('stops what is for no one channel only when it is of all, and what contacts nobody never', () => {
    expect(decided({ purpose: offers, consents, blocks: [block()] })).toBe('consent-1');
    expect(decided({ purpose: offers, consents, blocks: [block({ channel: 'all' })] })).toBe('CONTACT_BLOCKED');
    expect(decided({ purpose: bureau, consents, blocks: [block({ channel: 'all' })] })).toBe('consent-1');
  });
});

it('never allows what was not given, was withdrawn since, or has expired', () => {
  const day = integer({ min: 1, max: 28 });
  const recorded = record({
    given: day,
    expires: constantFrom(null, 5, 10, 20, 28),
    withdrawn: constantFrom(null, null, 5, 15, 25),
  });
  assert(
    property(recorded, recorded, day, (one, other, now) => {
      const consents = [one, other].map(({ given, expires, withdrawn: taken }, place) =>
        consent({
          id: `consent-${place}`,
          givenAt: at(given),
          expiresAt: expires === null ? null : at(expires),
          ...(taken === null ? {} : withdrawn(taken)),
        }),
      );
      const answer = decided({ consents, at: at(now) });
      const takenBack = ({ withdrawn: taken }: typeof one): boolean => taken !== null && taken <= now;
      const lastTaken = Math.max(0, ...[one, other].filter(takenBack).map(({ withdrawn: taken }) => taken ?? 0));
      const holds = [one, other].map(
        (each) =>
          !takenBack(each) &&
          each.given <= now &&
          each.given > lastTaken &&
          (each.expires === null || each.expires > now),
      );
      // Which of two that hold is named does not matter, but never one that does not.
      return holds.includes(true) ? holds[Number(answer.at(-1))] === true : !answer.startsWith('consent-');
    }),
  );
});
