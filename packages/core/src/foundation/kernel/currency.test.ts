import { describe, expect, it } from 'vitest';
import { actorRef, systemActor } from './actor.js';
import { currencyCodes, currencyOf, parseCurrencyCode } from './currency.js';

describe('currencies', () => {
  it('have the minor digits of ISO 4217', () => {
    const platform = (code: string): number | undefined =>
      new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions().maximumFractionDigits;
    for (const code of currencyCodes) expect(currencyOf(code).minorDigits, code).toBe(platform(code));
    expect(currencyCodes).toHaveLength(11);
  });

  it('are refused by name when unknown', () => {
    expect(parseCurrencyCode('INR')).toBe('INR');
    for (const code of ['inr', 'XXX', '__proto__', 'toString']) {
      expect(() => parseCurrencyCode(code)).toThrowError(/is not a known currency; expected one of INR/);
    }
  });
});

describe('actors', () => {
  it('have one text each', () => {
    expect(actorRef({ kind: 'user', id: 'asha' })).toBe('user:asha');
    expect(actorRef({ kind: 'partner', id: 'acme-nbfc' })).toBe('partner:acme-nbfc');
    expect(actorRef(systemActor('relay'))).toBe('system:relay');
  });
});
