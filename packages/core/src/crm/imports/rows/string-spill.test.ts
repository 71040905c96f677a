import { readdirSync, readlinkSync, readSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedStrings } from './shared-strings.js';
import { StringSpill } from './string-spill.js';

const texts = fc.array(
  fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.nat(40_000).map((length) => 'रx'.repeat(length / 2)),
    fc.constant(''),
  ),
  { maxLength: 300 },
);

/** Files of this process that have lost their name. */
function namelessFiles(): number[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return /lms-texts-.*\(deleted\)/.test(readlinkSync(`/proc/self/fd/${name}`)) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

describe('texts on the disk', () => {
  it('come back by their number, in any order', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(400)), (added, asked) => {
        const spill = new StringSpill();
        for (const text of added) spill.add(text);
        spill.finish();
        for (const index of [...added.keys(), ...asked]) expect(spill.get(index)).toBe(added[index]);
        spill.close();
      }),
      { numRuns: 30 },
    );
  });

  it('can be asked for while more are added', () => {
    const spill = new StringSpill();
    const added: string[] = [];
    for (let index = 0; index < 2_000; index += 1) {
      added.push(`text ${index}`.repeat(index % 50));
      spill.add(added[index] ?? '');
      if (index % 37 !== 0) continue;
      spill.flush();
      for (const asked of [0, index, index >> 1]) expect(spill.get(asked)).toBe(added[asked]);
    }
    spill.close();
  });

  it('are found among hundreds of thousands', () => {
    const spill = new StringSpill();
    for (let index = 0; index < 300_000; index += 1) spill.add(`text ${index}`);
    spill.finish();
    for (let step = 0; step < 20_000; step += 1) {
      const index = (step * 7_919) % 300_000;
      expect(spill.get(index)).toBe(`text ${index}`);
    }
    expect(spill.get(300_000)).toBeUndefined();
    expect(spill.get(-1)).toBeUndefined();
    expect(spill.get(Number.NaN)).toBeUndefined();
    spill.close();
  });

  it.runIf(process.platform === 'linux')(
    'stand in a file without a name, unreadable to others, and are encrypted',
    () => {
      const before = new Set(namelessFiles());
      const spill = new StringSpill();
      for (let index = 0; index < 50_000; index += 1) spill.add(`Asha Rao ${index}`);
      spill.finish();
      const [file = -1] = namelessFiles().filter((descriptor) => !before.has(descriptor));
      expect(readdirSync(tmpdir()).filter((name) => name.startsWith('lms-texts-'))).toEqual([]);
      expect(statSync(`/proc/self/fd/${file}`).mode & 0o777).toBe(0o600);
      const bytes = Buffer.alloc(200_000);
      expect(readSync(file, bytes, 0, bytes.length, 0)).toBe(bytes.length);
      expect(bytes.includes('Asha')).toBe(false);
      expect(spill.get(49_999)).toBe('Asha Rao 49999');
      spill.close();
      spill.close();
      expect(namelessFiles().filter((descriptor) => !before.has(descriptor))).toEqual([]);
    },
  );
});

describe('texts that cells refer to', () => {
  it('are the same in memory and on the disk', () => {
    fc.assert(
      fc.property(texts, fc.nat(2_000), (added, sharedTextMemoryBytes) => {
        const strings = new SharedStrings({ sharedTexts: 1_000, sharedTextMemoryBytes });
        for (const text of added) strings.add(text);
        strings.finish();
        for (const index of added.keys()) expect(strings.get(index)).toBe(added[index]);
        expect(strings.get(added.length)).toBeUndefined();
        strings.close();
      }),
      { numRuns: 30 },
    );
  });
});
