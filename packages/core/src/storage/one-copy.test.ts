import { describe, expect, it } from 'vitest';
import { oneCopyAtATime } from './one-copy.js';

/** Counts the snapshots that are begun and not let go of. */
function counted(fails = 0) {
  const state = { begun: 0, open: 0 };
  const copy = oneCopyAtATime(async () => {
    state.begun += 1;
    if (state.begun <= fails) throw new Error('the server is away');
    state.open += 1;
    return {
      batches: async function* () {},
      close: async () => {
        state.open -= 1;
      },
    };
  });
  return { state, copy };
}

describe('copies of one store', () => {
  it('begin one after the other, as the one before is let go of, also where it failed to begin', async () => {
    const { state, copy } = counted(1);
    const [failed, first, second] = [copy(), copy(), copy()];
    await expect(failed).rejects.toThrow('the server is away');
    const open = await first;
    expect(state).toEqual({ begun: 2, open: 1 });
    await open.close();
    await (await second).close();
    expect(state).toEqual({ begun: 3, open: 0 });
  });

  it('that are stopped while they wait end at once, and take no turn', async () => {
    const { state, copy } = counted();
    const open = await copy();
    const stop = new AbortController();
    const waiting = copy(stop.signal);
    const next = copy();
    stop.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await expect(copy(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    await open.close();
    await (await next).close();
    expect(state).toEqual({ begun: 2, open: 0 });
  });
});
