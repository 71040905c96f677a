import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkInput } from './check-input.js';

const shape: z.ZodType<{ name: string; tags: string[] }> = z.strictObject({
  name: z.string().trim().min(1),
  tags: z.array(z.string()),
});

test('gives what the shape reads', () => {
  expect(checkInput(shape, { name: ' Asha ', tags: [] }, 'cannot')).toEqual({ name: 'Asha', tags: [] });
});

test('names every wrong place at once', () => {
  const read = (): unknown => checkInput(shape, { tags: ['a', 2], more: true }, 'the user cannot be created');
  expect(read).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(/^the user cannot be created: /) }),
  );
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ details: { problems: [{ path: 'name' }, { path: 'tags.1' }, { path: '(input)' }] } });
  }
});

test('a value that is no object is one problem', () => {
  expect(() => checkInput(shape, null, 'cannot')).toThrow(expect.objectContaining({ path: '(input)' }));
});
