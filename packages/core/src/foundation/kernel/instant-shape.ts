import { z } from 'zod';
import type { Instant } from './clock.js';

/** An instant of a caller. Instants are compared as text, so another spelling would silently find others. */
export const instantShape: z.ZodType<Instant> = z.iso.datetime({
  precision: 3,
  error: 'expected an instant in UTC with milliseconds, such as 2026-01-31T09:30:00.000Z',
});
