import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type ProgressForm, progressOn } from './progress.js';

function recorded(form: ProgressForm, columns?: number) {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), columns === undefined ? {} : { columns });
  const clock = { now: 0 };
  return { progress: progressOn(stream, form, () => clock.now), clock, read: (): unknown => stream.read() };
}

describe('progress', () => {
  it('writes nothing when told to be silent', () => {
    const { progress, clock, read } = recorded('none');
    clock.now = 60_000;
    progress.show('half');
    progress.clear();
    expect(read()).toBeNull();
  });

  it('writes over one line in a terminal, at most ten times a second, and takes it away again', () => {
    const { progress, clock, read } = recorded('line');
    progress.show('one');
    clock.now = 50;
    progress.show('two');
    clock.now = 150;
    progress.show('three');
    progress.clear();
    expect(read()).toBe('\r\u001B[2Kone\r\u001B[2Kthree\r\u001B[2K');
  });

  it('clears nothing where nothing stands', () => {
    const { progress, read } = recorded('line');
    progress.clear();
    expect(read()).toBeNull();
  });

  it('stays within the terminal, so that it can be written over', () => {
    const { progress, read } = recorded('line', 10);
    progress.show('1,000 rows: 900 created\u001B[2J');
    expect(read()).toBe('\r\u001B[2K1,000 ro…');
  });

  it('says a line every few seconds elsewhere, and none where it is done before', () => {
    const { progress, clock, read } = recorded('log');
    for (const now of [0, 100, 4_900, 5_100, 6_000, 10_200]) {
      clock.now = now;
      progress.show(`at ${now}`);
    }
    progress.clear();
    expect(read()).toBe('at 5100\nat 10200\n');
  });
});
