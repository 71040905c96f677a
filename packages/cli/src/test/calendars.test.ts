import { writeFile } from 'node:fs/promises';
import { createLms, keyFile } from '@lms/core';
import { sqlite } from '@lms/core/storage/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LmsFolder } from './lms-process.js';

const office = `slug: office
name: Head office
hours:
  fri: [["09:30", "18:30"]]
  sat: [["22:00", "02:00"]]
holidays:
  - { date: 2026-01-30, name: Audit }
`;

let folder: LmsFolder;

describe('calendars', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = await LmsFolder.make();
    await folder.lms(['init', '--yes']);
    await writeFile(folder.file('office.yaml'), office);
    await writeFile(folder.file('wrong.yaml'), office.replace('"09:30"', '"9.30"'));
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('are published from a file, shown as one, and replaced only where nobody else has meanwhile', async () => {
    const wrong = await folder.lms(['calendars', 'publish', 'wrong.yaml']);
    expect(wrong).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/wrong\.yaml.*\n(.*\n)*.*line 4/) });
    const published = await folder.lms(['calendars', 'publish', 'office.yaml', '--replaces', '0']);
    expect(published).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^office version 1;/) });
    const again = await folder.lms(['calendars', 'publish', 'office.yaml', '--replaces', '7']);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^office version 1 already reads so/) });
    const shown = await folder.lms(['calendars', 'show', 'office', '--definition']);
    await writeFile(folder.file('again.yaml'), shown.stdout.replace('Head office', 'Branch'));
    expect((await folder.lms(['calendars', 'publish', 'again.yaml', '--replaces', '1'])).stdout).toMatch(/version 2/);
    const late = await folder.lms(['calendars', 'publish', 'office.yaml', '--replaces', '1']);
    expect(late).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('CALENDAR_CONFLICT') });
    expect((await folder.lms(['calendars', 'show', 'office'])).stdout).toMatch(
      /Branch[\s\S]*sat +22:00-02:00[\s\S]*Audit/,
    );
    const { items } = JSON.parse((await folder.lms(['calendars', 'versions', 'office', '--json'])).stdout);
    expect(items).toMatchObject([
      { version: 2, name: 'Branch' },
      { version: 1, name: 'Head office' },
    ]);
  });

  it('take holidays from a list', async () => {
    await writeFile(folder.file('days.csv'), 'date,name\r\n2026-02-06,"Fair, spring"\r\n\r\n2026-01-30,Inventory\r\n');
    await writeFile(folder.file('bad.csv'), 'date,name\n06.02.2026,Fair\n');
    const bad = await folder.lms(['calendars', 'publish', 'office.yaml', '--holidays', 'bad.csv']);
    expect(bad).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('line 2') });
    for (const first of ['06/02/2026,Fair', '2026-2-6', '2026-02-06Fair']) {
      await writeFile(folder.file('bad.csv'), `${first}\n2026-01-30,Inventory\n`);
      const refused = await folder.lms(['calendars', 'publish', 'office.yaml', '--holidays', 'bad.csv']);
      expect(refused, first).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('line 1') });
    }
    const published = await folder.lms(['calendars', 'publish', 'office.yaml', '--holidays', 'days.csv', '--json']);
    expect(JSON.parse(published.stdout).holidays).toEqual([
      { date: '2026-01-30', name: 'Inventory' },
      { date: '2026-02-06', name: 'Fair, spring' },
    ]);
    const event = (start: string) => `BEGIN:VEVENT\r\nDTSTART${start}\r\nSUMMARY:Inventory\r\nEND:VEVENT`;
    const ics = (start: string) => `BEGIN:VCALENDAR\r\n${event(start)}\r\nEND:VCALENDAR\r\n`;
    await writeFile(folder.file('timed.ics'), ics(':20260130T093000Z'));
    const timed = await folder.lms(['calendars', 'publish', 'office.yaml', '--holidays', 'timed.ics']);
    expect(timed).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('line 3') });
    await writeFile(folder.file('days.ics'), ics(';VALUE=DATE:20260130'));
    const read = await folder.lms(['calendars', 'publish', 'office.yaml', '--holidays', 'days.ics', '--json']);
    expect(JSON.parse(read.stdout).holidays).toContainEqual({ date: '2026-01-30', name: 'Inventory' });
  });

  it('say when working time is over, and timers wait for it', async () => {
    const check = ['calendars', 'check', 'office', '--from', '2026-01-23T18:00+05:30'];
    expect((await folder.lms([...check, '--after', '90m'])).stdout).toMatch(/^2026-01-24 23:00 {2}90m of working time/);
    expect((await folder.lms([...check, '--to', '2026-02-01'])).stdout).toMatch(/^6 h 30 min {2}from/);
    expect(await folder.lms([...check, '--after', '1d'])).toMatchObject({ exitCode: 3 });
    expect(await folder.lms(check)).toMatchObject({ exitCode: 2 });
    const set = ['timers', 'set', 'recall/1', '--after-working', '2h', '--calendar', 'office', '--json'];
    expect(JSON.parse((await folder.lms(set)).stdout)).toMatchObject({ working: { version: 4, millis: 7_200_000 } });
    const from = [...set, '--from', '2100-01-29T10:00Z', '--data'];
    expect(JSON.parse((await folder.lms([...from, '{"case":17}'])).stdout)).toMatchObject({
      working: { from: '2100-01-29T10:00:00.000Z' },
      data: { data: { case: 17 } },
    });
    expect(await folder.lms([...from, '{case'])).toMatchObject({ exitCode: 3 });
    expect((await folder.lms(['timers', 'set', 'recall/2', '--at', '2100-01-31', '--from', '2100-01-30'])).exitCode).toBe(2);
    expect((await folder.lms(['timers', 'set', 'recall/2', '--at', '2100-01-31'])).stdout).toBe(
      'The timer is due at 2100-01-31 00:00.\n',
    );
    expect((await folder.lms(['timers', 'set', 'recall/3'])).exitCode).toBe(2);
  });

  it('are published again, and lms tick says how many timers it counted anew', async () => {
    const [timer] = JSON.parse((await folder.lms(['timers', 'list', '--json'])).stdout).items;
    const me = String(timer.actor).slice('user:'.length);
    const storage = sqlite({ file: folder.file('lms.db') });
    const lms = await createLms({ storage, key: keyFile(folder.file('lms.key')) });
    await lms
      .as({ kind: 'user', id: me })
      .calendars.publish({ slug: 'office', name: 'Moved', hours: { sun: [['09:00', '10:00']] } });
    await lms.close();
    const { stdout } = await folder.lms(['tick', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ recounted: 1 });
    expect(JSON.parse((await folder.lms(['tick', '--json'])).stdout)).toMatchObject({ recounted: 0 });
  });
});
