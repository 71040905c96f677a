import type { ConsumerStart } from '@lms/core';
import { InvalidArgumentError } from 'commander';

/** Reads a flag that says where in the events to begin; for commander, which names the flag in its message. */
export function eventStart(text: string): ConsumerStart {
  if (text === 'now' || text === 'beginning') return text;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected now, beginning, or the position after which to begin.');
}
