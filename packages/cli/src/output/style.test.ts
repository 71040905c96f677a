import { describe, expect, it } from 'vitest';
import { type ColourWishes, colourLevelOf } from './colour-level.js';
import { styleFor } from './style.js';

describe('colour', () => {
  const pipe = false;
  const terminal = true;
  const cases: readonly (readonly [isTerminal: boolean, NodeJS.ProcessEnv, boolean | undefined, number])[] = [
    [terminal, {}, undefined, 1],
    [terminal, { TERM: 'xterm-256color' }, undefined, 2],
    [terminal, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, undefined, 3],
    [terminal, { TERM: 'dumb' }, undefined, 0],
    [pipe, { TERM: 'xterm-256color' }, undefined, 0],
    [terminal, { NO_COLOR: '1' }, undefined, 0],
    [terminal, { NO_COLOR: '0' }, undefined, 0],
    [terminal, { NO_COLOR: '' }, undefined, 1],
    [pipe, { FORCE_COLOR: '1' }, undefined, 1],
    [pipe, { FORCE_COLOR: '2' }, undefined, 2],
    [pipe, { FORCE_COLOR: '3' }, undefined, 3],
    [pipe, { FORCE_COLOR: 'true' }, undefined, 1],
    [terminal, { FORCE_COLOR: '0' }, undefined, 0],
    [terminal, { FORCE_COLOR: '3', TERM: 'dumb' }, undefined, 3],
    [pipe, { FORCE_COLOR: '' }, undefined, 0],
    [pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, undefined, 0],
    [pipe, {}, true, 1],
    [pipe, { COLORTERM: '24bit' }, true, 3],
    [pipe, { NO_COLOR: '1', FORCE_COLOR: '2' }, true, 2],
    [terminal, { FORCE_COLOR: '3' }, false, 0],
  ];

  it.each(cases)('terminal %s, %o, flag %s: level %i', (isTerminal, environment, flag, level) => {
    const wishes: ColourWishes = { isTerminal, environment, flag };
    expect(colourLevelOf(wishes)).toBe(level);
    const style = styleFor(isTerminal, environment, flag);
    expect(style.red('x') !== 'x').toBe(level > 0);
    expect(style.hex('#2563eb', 'x') !== 'x').toBe(level > 0);
  });

  it.each([
    ['3', '#2563eb', '\u001B[38;2;37;99;235mx\u001B[39m'],
    ['2', '#2563eb', '\u001B[38;5;27mx\u001B[39m'],
    ['1', '#2563eb', '\u001B[94mx\u001B[39m'],
    ['1', '#800000', '\u001B[31mx\u001B[39m'],
    ['1', '#000000', '\u001B[30mx\u001B[39m'],
    ['1', '#ffffff', '\u001B[97mx\u001B[39m'],
  ])('of a pipeline is the nearest that level %s has: %s', (level, colour, text) => {
    expect(styleFor(false, { FORCE_COLOR: level }).hex(colour, 'x')).toBe(text);
  });

  it('is left out where it is not one', () => {
    expect(styleFor(true, {}).hex('blue', 'x')).toBe('x');
  });
});
