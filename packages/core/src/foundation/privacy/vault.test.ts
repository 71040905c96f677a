import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cryptoRandom } from '../kernel/index.js';
import { masterKeyOf } from './master-key.js';
import { Vault } from './vault.js';

const newVault = (): Vault => new Vault(masterKeyOf(cryptoRandom().bytes(32), 'test'));
const vault = newVault();
const { key, stored } = vault.createDataKey('lead', 'lead-1');
const changedAt = (text: string, index: number): string =>
  `${text.slice(0, index)}${text[index] === 'A' ? 'B' : 'A'}${text.slice(index + 1)}`;

describe('a sealed value', () => {
  test('opens to what was sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(vault.open(key, vault.seal(key, text))).toBe(text);
        expect(vault.open(key, vault.seal(key, Buffer.from(text)))).toBe(text);
      }),
    );
  });

  test('is versioned base64url and 28 bytes longer than the text', () => {
    const envelope = vault.seal(key, 'x'.repeat(400));
    expect(envelope).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(envelope.slice(3), 'base64url')).toHaveLength(428);
  });

  test('differs each time and does not hold the text', () => {
    const envelopes = Array.from({ length: 1000 }, () => vault.seal(key, 'Asha Rao'));
    expect(new Set(envelopes).size).toBe(1000);
    expect(Buffer.from(envelopes[0]?.slice(3) ?? '', 'base64url').toString('latin1')).not.toContain('Asha');
  });

  test('does not open once any character of it is changed', () => {
    const envelope = vault.seal(key, 'ABCPK1234F');
    for (let index = 0; index < envelope.length; index += 1) {
      expect(() => vault.open(key, changedAt(envelope, index))).toThrow(
        expect.objectContaining({ code: 'ENVELOPE_INVALID' }),
      );
    }
  });

  test.each(['', 'v1.', 'v1.AAAA', 'v2.AAAA', 'Asha', 'v1.%%%'])('does not open from %j', (envelope) => {
    expect(() => vault.open(key, envelope)).toThrow(expect.objectContaining({ code: 'ENVELOPE_INVALID' }));
  });

  test('does not open for another aggregate, also not under the same secret', () => {
    const envelope = vault.seal(key, 'secret');
    const other = vault.createDataKey('lead', 'lead-2').key;
    for (const wrong of [other, { ...key, id: 'lead-2' }, { ...key, kind: 'client' }, { ...key, keyId: other.keyId }]) {
      expect(() => vault.open(wrong, envelope)).toThrow(expect.objectContaining({ code: 'ENVELOPE_INVALID' }));
    }
  });
});

describe('a data key', () => {
  test('opens from what is stored', () => {
    const opened = vault.openDataKey(stored);
    expect(opened).toMatchObject({ kind: 'lead', id: 'lead-1', keyId: key.keyId });
    expect(vault.open(opened, vault.seal(key, 'secret'))).toBe('secret');
  });

  test('does not open in the place of another aggregate', () => {
    for (const swapped of [
      { ...stored, id: 'lead-2' },
      { ...stored, kind: 'client' },
    ]) {
      expect(() => vault.openDataKey(swapped)).toThrow(expect.objectContaining({ code: 'ENVELOPE_INVALID' }));
    }
    // "lead" "1:2" and "lead:1" "2" share a name; the envelopes inside still tell them apart
    const first = vault.createDataKey('lead', '1:2');
    const second = vault.openDataKey({ ...first.stored, kind: 'lead:1', id: '2' });
    expect(() => vault.open(second, vault.seal(first.key, 'secret'))).toThrow(
      expect.objectContaining({ code: 'ENVELOPE_INVALID' }),
    );
  });

  test('once destroyed is gone', () => {
    const destroyed = { ...stored, wrapped: '', destroyedAt: '2026-01-31T09:30:00.000Z' };
    expect(() => vault.openDataKey(destroyed)).toThrow(expect.objectContaining({ code: 'KEY_DESTROYED' }));
    expect(() => vault.openDataKey({ ...stored, destroyedAt: destroyed.destroyedAt })).toThrow(
      expect.objectContaining({ code: 'KEY_DESTROYED' }),
    );
  });

  test('under another master key names both keys', () => {
    const other = newVault();
    expect(() => other.openDataKey(stored)).toThrow(
      expect.objectContaining({
        code: 'KEY_INVALID',
        message: expect.stringMatching(`${vault.masterKeyId}.*${other.masterKeyId}`),
      }),
    );
    expect(() => other.openDataKey({ ...stored, masterKeyId: other.masterKeyId })).toThrow(
      expect.objectContaining({ code: 'ENVELOPE_INVALID' }),
    );
  });

  test('shows its secret in no log', () => {
    const secret = key.secret.export();
    for (const shown of [
      JSON.stringify(key),
      inspect(key, { depth: 5 }),
      inspect(vault, { depth: 5, showHidden: true }),
    ]) {
      expect(shown).not.toContain(secret.toString('hex'));
      expect(shown).not.toContain(secret.toString('base64'));
      expect(shown).not.toContain(inspect(secret).slice(8, 32));
    }
  });
});
