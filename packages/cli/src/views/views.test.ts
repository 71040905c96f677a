import { describe, expect, it } from 'vitest';
import { commandLine, withFlag } from '../output/command-line.js';
import { formatFor } from '../output/format.js';
import { styleFor, textWidth } from '../output/index.js';
import { boardView } from './board-view.js';
import { funnelView } from './funnel-view.js';

const format = formatFor({ currency: 'INR', timeZone: 'Asia/Kolkata' });
const style = styleFor(false, {});

const card = {
  number: 'LEAD-202601-00001',
  name: 'आशा राव',
  amountPaise: 50_000_000,
  tasksDone: 1,
  tasksTotal: 3,
  ownerId: 'asha',
  ageDays: 3,
};
const columns = ['New', 'Contacted', 'Qualified', 'Won'].map((name, index) => ({
  name,
  colour: '#2563eb',
  count: index === 0 ? 12 : 0,
  amountPaise: index === 0 ? 450_000_000 : 0,
  cards: index === 0 ? [card, { ...card, name: null, ownerId: null, tasksTotal: 0, amountPaise: null }] : [],
}));

describe('the board', () => {
  it('shows stages side by side with count, value and cards', () => {
    const lines = boardView(columns, { width: 100, style, format }).split('\n');
    expect(lines[0]?.split(/\s+/)).toEqual(['New', 'Contacted', 'Qualified', 'Won']);
    expect(lines[1]).toMatch(/^12 leads · ₹45 L +0 leads/);
    expect(lines.slice(3, 6).map((line) => line.trim())).toEqual([
      'आशा राव',
      'LEAD-202601-00001',
      '₹5 L · 3d · 1/3 · asha',
    ]);
    expect(lines).toContain('(no name)');
    expect(lines).toContain('3d · unowned');
    expect(lines.at(-1)).toBe('+ 10 more');
  });

  it.each([40, 60, 80, 100, 160])('never takes more than %i columns', (width) => {
    for (const line of boardView(columns, { width, style, format }).split('\n')) {
      expect(textWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('puts below what does not fit beside', () => {
    expect(boardView(columns, { width: 50, style, format })).toMatch(/New +Contacted[\s\S]*\n\nQualified +Won/);
  });
});

describe('the funnel', () => {
  const stages = [
    {
      name: 'New',
      entered: 200,
      current: 50,
      currentAmountPaise: 100_000_000,
      conversionFromPrevious: null,
      conversionFromFirst: '100',
    },
    {
      name: 'Contacted',
      entered: 100,
      current: 100,
      currentAmountPaise: 0,
      conversionFromPrevious: '50',
      conversionFromFirst: '50',
    },
    {
      name: 'Won',
      entered: 0,
      current: 0,
      currentAmountPaise: 0,
      conversionFromPrevious: '0',
      conversionFromFirst: '0',
    },
  ].map((stage) => ({ ...stage, colour: '#2563eb' }));

  it('draws bars in proportion', () => {
    const [, first, second, third] = funnelView(stages, { width: 100, style, format }).split('\n');
    const drawn = (line: string | undefined) => line?.match(/█/g)?.length ?? 0;
    expect(drawn(first)).toBe(2 * drawn(second));
    expect(drawn(first)).toBeGreaterThan(20);
    expect(drawn(third)).toBe(0);
    expect(second).toContain('50 %');
    expect(first).toContain('₹10 L');
  });

  it.each([40, 60, 80, 120, 200])('fits a terminal of %i columns, however long the names of stages are', (width) => {
    const longNames = stages.map((stage) => ({ ...stage, name: `${stage.name} after the first call of a rep` }));
    for (const line of funnelView(longNames, { width, style, format }).split('\n')) {
      expect(textWidth(line)).toBeLessThanOrEqual(width);
    }
  });

  it('shows fewer numbers where there is little room, and always how many there were and are', () => {
    expect(funnelView(stages, { width: 40, style, format })).toMatch(/^Stage +Entered +Now\nNew +█+ +200 +50\n/);
  });
});

describe('the next command', () => {
  it('is what was typed, with one flag changed, quoted for the shell', () => {
    const typed = ['leads', 'list', '--where', 'city=New Delhi', '--cursor', 'old', '--json'];
    expect(commandLine(['lms', ...withFlag(typed, '--cursor', 'a.b_c')])).toBe(
      "lms leads list --where 'city=New Delhi' --json --cursor a.b_c",
    );
    expect(withFlag(['--cursor=old'], '--cursor', 'new')).toEqual(['--cursor', 'new']);
    expect(commandLine(["it's"])).toBe(String.raw`'it'\''s'`);
  });
});
