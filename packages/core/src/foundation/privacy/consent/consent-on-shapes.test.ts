import { expect, test } from 'vitest';
import { loanLine } from '../../../../test-support/loan-line.js';
import { allShapes, makePlace } from '../../../../test-support/shapes.js';
import { loanLead, newStore, openStore } from '../../../../test-support/store.js';

const bureau = { purpose: 'credit-bureau', wording: { language: 'en' }, source: 'web' } as const;

/** The loan line, whose leads are qualified only with a consent. */
const consentLine = {
  ...loanLine,
  pipeline: {
    stages: loanLine.pipeline.stages.map((stage) =>
      stage.slug === 'qualified' ? { ...stage, requiresConsent: ['credit-bureau', 'kyc'] } : stage,
    ),
  },
};

test.each(allShapes)(
  'two processes on %s give, withdraw and block at once: what is decided last counts, each effect is told once, nothing personal is at rest',
  async (shape) => {
    const place = await makePlace(shape);
    try {
      const one = await newStore(place.handle());
      const other = await openStore(place.handle());
      const both = [one.admin.consents, other.admin.consents] as const;
      const made = await Promise.all(
        both.map(({ wordings }) => wordings.add({ purpose: 'credit-bureau', language: 'en', text: 'You may ask.' })),
      );
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      const { id } = await one.admin.leads.create(loanLead({ email: 'kavya@example.test' }));
      const evidence = { otpReference: 'OTP-99817' };
      const gifts = await Promise.all(
        Array.from({ length: 8 }, (_, at) => both[at % 2 === 0 ? 0 : 1].give(id, { ...bureau, evidence })),
      );
      expect(new Set(gifts.map((gift) => gift.id)).size).toBe(1);
      for (const { clock } of [one, other]) clock.advance('1m');
      // Of a consent and its withdrawal at the same moment the withdrawal counts, whichever was first.
      const raced = await Promise.allSettled([
        both[0].give(id, bureau),
        both[1].withdraw(id, { purpose: 'credit-bureau', source: 'call', reason: 'no more calls from Kavya' }),
        both[0].withdraw(id, { purpose: 'credit-bureau', source: 'call' }),
      ]);
      expect(raced.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
      for (const { check } of both) {
        expect(await check(id, { purpose: 'credit-bureau' })).toMatchObject({ code: 'CONSENT_WITHDRAWN' });
      }
      const blocks = await Promise.all(both.map(({ block }) => block(id, { channel: 'sms', source: 'sms' })));
      expect(new Set(blocks.map((block) => block.id)).size).toBe(1);
      await Promise.all([one.lms.settle(), other.lms.settle()]);
      const { consents } = await both[1].list(id);
      const { rows } = await one.admin.audit.list({ limit: 200 });
      const told = (type: string): number => rows.filter(({ eventType }) => eventType === type).length;
      expect(told('consent.given')).toBe(consents.length);
      expect(told('consent.withdrawn')).toBe(consents.filter(({ withdrawal }) => withdrawal !== null).length);
      expect([told('consent.blocked'), told('consent.wording_added')]).toEqual([1, 1]);
      const atRest = await place.raw();
      expect(atRest).toContain('You may ask.');
      expect(['OTP-99817', 'no more calls', 'kavya@example'].filter((text) => atRest.includes(text))).toEqual([]);
      await one.lms.close();
      await other.lms.close();
    } finally {
      await place.remove();
    }
  },
  60_000,
);

test.each(allShapes)(
  'a stage on %s that requires consents takes a lead only with them, and says which are missing',
  async (shape) => {
    const place = await makePlace(shape);
    try {
      const { admin, lms, clock } = await newStore(place.handle());
      await admin.schemas.publish(consentLine);
      for (const purpose of ['credit-bureau', 'kyc']) {
        await admin.consents.wordings.add({ purpose, language: 'en', text: `Yes to ${purpose}.` });
      }
      const { id } = await admin.leads.create(loanLead());
      await admin.leads.completeTask(id, 'first-call', { fields: { outcome: 'reached' } });
      await admin.leads.move(id, { to: 'contacted' });
      const missing = async (): Promise<readonly unknown[]> =>
        (await admin.leads.checkMove(id, 'qualified')).map(({ code, details }) => [code, details?.['purpose']]);
      expect(await missing()).toEqual([
        ['CONSENT_MISSING', 'credit-bureau'],
        ['CONSENT_MISSING', 'kyc'],
      ]);
      await expect(admin.stages.retire('personal-loan', 'contacted', { moveTo: 'qualified' })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        path: 'moveTo',
      });
      await admin.consents.give(id, { ...bureau, purpose: 'kyc' });
      await expect(admin.leads.move(id, { to: 'qualified' })).rejects.toMatchObject({
        code: 'MOVE_REFUSED',
        details: { reasons: [{ code: 'CONSENT_MISSING', details: { purpose: 'credit-bureau' } }] },
      });
      await admin.consents.give(id, bureau);
      expect(await missing()).toEqual([]);
      clock.advance('1m');
      await admin.consents.withdraw(id, { purpose: 'kyc', source: 'call' });
      expect(await missing()).toEqual([['CONSENT_WITHDRAWN', 'kyc']]);
      clock.advance('1m');
      await admin.consents.give(id, { ...bureau, purpose: 'kyc' });
      expect((await admin.leads.move(id, { to: 'qualified' })).stage).toBe('qualified');
      await lms.close();
    } finally {
      await place.remove();
    }
  },
  60_000,
);
