import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Storage, sqlite } from '../../sqlite.js';

/**
 * What another process runs: units that each draw a number and claim a key that all processes want, one line of output after each
 * commit.
 */
const program = `
import { sqlite } from './sqlite.js';
const [file = '', name = '', count = '0'] = process.argv.slice(2);
const storage = sqlite({ file, busyTimeoutMillis: 15000 });
const one = async (index) => {
  const holderId = name + '-' + index;
  const [number, conflicts] = await storage.unitOfWork.run('documents', async (unit) => [
    await storage.numbers.draw(unit, 'shared', 1),
    await storage.uniqueKeys.claim(unit, [
      { scope: '*', rule: 'shared', hash: 'key-' + index, holderId },
      { scope: '*', rule: 'own', hash: holderId, holderId },
    ]),
  ]);
  console.log(JSON.stringify({ index, number, holder: conflicts[0]?.holderId ?? holderId }));
};
let next = 0;
await Promise.all(Array.from({ length: 10 }, async () => {
  while (next < Number(count)) await one(next++);
}));
await storage.close();
`;

interface Line {
  readonly index: number;
  readonly number: number;
  readonly holder: string;
}

let folder: string;
let script: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lms-processes-'));
  script = join(folder, 'writer.mjs');
  await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('../../', import.meta.url)), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
    logLevel: 'silent',
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(
  file: string,
  name: string,
  count: number,
  nodeOptions: readonly string[] = [],
): { child: ChildProcess; lines: Line[]; ended: Promise<void> } {
  const child = spawn(process.execPath, ['--no-warnings', ...nodeOptions, script, file, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  const reading = createInterface({ input: child.stdout });
  // Whoever is killed may have told half of its last line: that one is not acknowledged.
  reading.on('line', (line) => line.endsWith('}') && lines.push(JSON.parse(line)));
  const ended = Promise.all([once(child, 'exit'), once(reading, 'close')]).then(() => undefined);
  return { child, lines, ended };
}

describe('several processes on one file', () => {
  it('make the file together, never draw a number twice, and give each key to one of them', async () => {
    const file = join(folder, 'shared.db');
    const count = 150;
    const processes = ['one', 'two', 'three'].map((name) => start(file, name, count));
    await Promise.all(processes.map((each) => each.ended));
    expect(processes.map((each) => each.child.exitCode)).toEqual([0, 0, 0]);
    const lines = processes.flatMap((each) => each.lines);
    expect(lines.map((line) => line.number).sort((left, right) => left - right)).toEqual(
      Array.from({ length: 3 * count }, (_, index) => index + 1),
    );
    for (let index = 0; index < count; index += 1) {
      const holders = new Set(lines.filter((line) => line.index === index).map((line) => line.holder));
      expect(holders.size).toBe(1);
    }
  }, 60_000);

  it('lose nothing that was acknowledged and keep nothing half when one is killed at any moment', async () => {
    const file = join(folder, 'killed.db');
    const acknowledged: Line[] = [];
    for (const delay of [0, 15, 40]) {
      const { child, lines, ended } = start(file, `run-${delay}`, 1_000_000);
      while (lines.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill('SIGKILL');
      await ended;
      const storage = sqlite({ file });
      for (const line of lines) await expectWhole(storage, `run-${delay}-${line.index}`, line);
      expect((await storage.check()).filter((finding) => !finding.ok)).toEqual([]);
      await storage.close();
      acknowledged.push(...lines);
    }
    const numbers = acknowledged.map((line) => line.number);
    expect(new Set(numbers).size).toBe(numbers.length);
  }, 60_000);
});

it('a process that may not start threads writes on, as fast as it likes', async () => {
  const file = join(folder, 'no-threads.db');
  const permitted = ['--permission', `--allow-fs-read=${folder}`, `--allow-fs-write=${folder}`];
  const { child, lines, ended } = start(file, 'alone', 1_500, permitted);
  await ended;
  expect(child.exitCode).toBe(0);
  expect(lines).toHaveLength(1_500);
}, 60_000);

/** The unit of a line wrote its own key, and the shared key has the holder that the unit was told. */
async function expectWhole(storage: Storage, holderId: string, line: Line): Promise<void> {
  const shared = { scope: '*', rule: 'shared', hash: `key-${line.index}` };
  const own = { scope: '*', rule: 'own', hash: holderId };
  expect(await storage.uniqueKeys.holders(null, [own])).toEqual([{ ...own, holderId }]);
  expect(await storage.uniqueKeys.holders(null, [shared])).toEqual([{ ...shared, holderId: line.holder }]);
}
