import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { serverUrl } from '../../../../test-support/servers.js';
import { LocalWakeup, type Wakeup } from '../queue/wakeup.js';
import { bullmqWakeup } from './bullmq-wakeup.js';

const patience = { timeout: 20_000 };
const made: Wakeup[] = [];

function kept<Kind extends Wakeup>(wakeup: Kind): Kind {
  made.push(wakeup);
  return wakeup;
}

/** Where jobs are added, and two places where workers are. */
type Places = Readonly<Record<'here' | 'there' | 'elsewhere', Wakeup>>;

const places: Readonly<Record<string, () => Places>> = {
  'within a process'() {
    const one = kept(new LocalWakeup());
    return { here: one, there: one, elsewhere: one };
  },
  'through BullMQ'() {
    const prefix = `test-${randomBytes(5).toString('hex')}`;
    const another = (): Wakeup => kept(bullmqWakeup({ url: serverUrl('REDIS_URL'), prefix }));
    return { here: another(), there: another(), elsewhere: another() };
  },
};

afterEach(async () => {
  await Promise.all(made.splice(0).map((wakeup) => wakeup.close()));
});

/** A listener that says what it heard, and has room when told. */
function listening(wakeup: Wakeup, kinds: readonly string[], isFull = false) {
  const heard: string[] = [];
  const stop = wakeup.onWake(kinds, (told) => {
    heard.push(...told);
    return isFull ? new Promise(() => undefined) : Promise.resolve();
  });
  return { heard, stop };
}

describe.each(Object.keys(places))('a wake-up %s', { timeout: 60_000 }, (name) => {
  const make = (): Places => places[name]?.() ?? expect.fail('no such place');

  it('tells a listener of the kinds it knows, and of no others', async () => {
    const { here, there } = make();
    await here.open();
    const { heard } = listening(there, ['test.one', 'test.two']);
    here.notify(['test.two', 'test.unknown']);
    await expect.poll(() => heard, patience).toEqual(['test.two']);
    here.notify(['test.one']);
    await expect.poll(() => heard, patience).toEqual(['test.two', 'test.one']);
  });

  it('tells nobody who has stopped, and somebody else instead', async () => {
    const { here, there, elsewhere } = make();
    const gone = listening(there, ['test.one']);
    here.notify(['test.one']);
    await expect.poll(() => gone.heard, patience).toEqual(['test.one']);
    const stays = listening(elsewhere, ['test.one']);
    gone.stop();
    here.notify(['test.one']);
    await expect.poll(() => stays.heard, patience).toContain('test.one');
    expect(gone.heard).toEqual(['test.one']);
  });

  it('leaves what a full listener does not take to others', async () => {
    const { here, there, elsewhere } = make();
    const full = listening(there, ['test.one'], true);
    here.notify(['test.one']);
    await expect.poll(() => full.heard, patience).toEqual(['test.one']);
    const other = listening(elsewhere, ['test.one']);
    for (let told = 1; told <= 3; told += 1) {
      here.notify(['test.one']);
      await expect.poll(() => other.heard.length, patience).toBe(told);
    }
  });

  it('is let go of twice, and takes no offence at what comes afterwards', async () => {
    const { here, there } = make();
    const { heard } = listening(there, ['test.one']);
    await there.close();
    await there.close();
    await here.close();
    here.notify(['test.one']);
    await here.passOn(['test.one']);
    expect(heard).toEqual([]);
  });
});

it('through BullMQ, what a full listener holds that stops is told to another', async () => {
  const { here, there, elsewhere } = places['through BullMQ']?.() ?? expect.fail('no such place');
  const full = listening(there, ['test.one'], true);
  here.notify(['test.one']);
  await expect.poll(() => full.heard, patience).toEqual(['test.one']);
  full.stop();
  const other = listening(elsewhere, ['test.one']);
  await expect.poll(() => other.heard, patience).toEqual(['test.one']);
}, 60_000);

it('of another prefix is not heard, and only kinds are in Redis', async () => {
  const url = serverUrl('REDIS_URL');
  const { here, there } = places['through BullMQ']?.() ?? expect.fail('no such place');
  const apart = listening(kept(bullmqWakeup({ url, prefix: `test-${randomBytes(5).toString('hex')}` })), ['test.one']);
  const near = listening(there, ['test.one']);
  here.notify(['test.one']);
  await expect.poll(() => near.heard, patience).toEqual(['test.one']);
  expect(apart.heard).toEqual([]);
});

it.each([
  [{ url: 'redis://:secret@cache.example.test:6379' }, /cache\.example\.test is reached without TLS/],
  [{ url: 'http://127.0.0.1:6379' }, /expected redis:/],
  [{ url: 'redis://127.0.0.1:6379/zero' }, /expected redis:/],
  [{ url: 'redis://127.0.0.1:6379?db=2' }, /more than it may/],
  [{ url: 'redis://127.0.0.1', prefix: 'a:b' }, /prefix/],
  [{ connection: { host: '127.0.0.1', port: 70_000 } }, /port/],
])('refuses %j with the reason, and never shows a password', (options, reason) => {
  const make = (): Wakeup => bullmqWakeup(options);
  expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(reason) }));
  expect(make).not.toThrow(/secret/);
});

it('takes a server away from this machine with TLS, or where somebody answers for the link', () => {
  expect(() => bullmqWakeup({ url: 'rediss://cache.example.test' })).not.toThrow();
  expect(() => bullmqWakeup({ url: 'redis://cache.example.test', allowInsecure: true })).not.toThrow();
});
