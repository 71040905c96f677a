import { expect, it } from 'vitest';
import { isOff } from './notice-choices.js';

const subject = { rule: 'tell-owner', eventType: 'lead.assigned', channel: 'email' } as const;

it.each([
  [{}, false],
  [{ 'tell-owner/email': 'off' }, true],
  [{ 'tell-owner/in-app': 'off' }, false],
  [{ 'lead.assigned/*': 'off' }, true],
  [{ '*/email': 'off' }, true],
  [{ '*/*': 'off', 'lead.assigned/email': 'on' }, false],
  [{ 'lead.assigned/email': 'on', 'tell-owner/*': 'off' }, true],
  [{ 'tell-owner/*': 'off', 'tell-owner/email': 'on' }, false],
  [{ 'lead.created/*': 'off', 'tell-other/*': 'off' }, false],
] as const)('what is closest counts: of %j a user is not told: %s', (choices, off) => {
  expect(isOff({ choices }, subject)).toBe(off);
});
