import { describe, expect, test } from 'vitest';
import { checkInput } from '../kernel/index.js';
import { checkPartner, newUserShape } from './user-input.js';

const asha = { id: 'asha-rao', name: 'Asha Rao', roles: ['agent'] };
const read = (change: object): unknown => checkInput(newUserShape, { ...asha, ...change }, 'cannot');

describe('a new user', () => {
  test('is cleaned: name, email, roles and teams in one spelling', () => {
    expect(
      read({
        name: '  Asha \u00a0 Rao\u200b ',
        email: ' Asha.Rao@Example.IN ',
        roles: ['agent', 'manager', 'agent'],
        teams: ['west', 'east', 'west'],
      }),
    ).toEqual({
      id: 'asha-rao',
      name: 'Asha Rao',
      email: 'asha.rao@example.in',
      roles: ['manager', 'agent'],
      teams: ['east', 'west'],
    });
  });

  test.each([
    [{ id: 'Asha' }, 'id'],
    [{ id: 'asha--rao' }, 'id'],
    [{ id: '' }, 'id'],
    [{ id: '__proto__' }, 'id'],
    [{ id: { $gt: '' } }, 'id'],
    [{ id: 'a'.repeat(65) }, 'id'],
    [{ name: ' ' }, 'name'],
    [{ email: 'asha' }, 'email'],
    [{ email: 'asha@@example.in' }, 'email'],
    [{ email: 'asha@example' }, 'email'],
    [{ roles: [] }, 'roles'],
    [{ roles: ['owner'] }, 'roles.0'],
    [{ teams: ['West Team'] }, 'teams.0'],
    [{ password: 'x' }, '(input)'],
  ])('with %j is refused at %s', (change, path) => {
    expect(() => read(change)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', path }));
  });

  test('is refused without its email being shown', () => {
    expect(() => read({ email: 'asha rao@example.in' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('rao@') }),
    );
  });
});

test('the role partner and a partner go together', () => {
  checkPartner({ roles: ['partner'], partner: 'acme' });
  checkPartner({ roles: ['agent'], partner: null });
  for (const wrong of [
    { roles: ['partner'], partner: null } as const,
    { roles: ['agent'], partner: 'acme' } as const,
  ]) {
    expect(() => checkPartner(wrong)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', path: 'partner' }));
  }
});
