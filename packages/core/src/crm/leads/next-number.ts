import type { AccessService } from '../../foundation/access/index.js';
import type { Actor, Clock } from '../../foundation/kernel/index.js';
import type { Numbers, UnitOfWork } from '../../foundation/persistence/index.js';
import { leadNumber } from './lead-number.js';
import type { LeadSettings } from './lead-settings.js';

interface NumberPorts {
  readonly access: AccessService;
  readonly numbers: Numbers;
  readonly settings: LeadSettings;
  readonly clock: Clock;
  readonly unitOfWork: UnitOfWork;
}

/** Draws a lead number that no lead will get. */
export async function nextNumber(
  { access, numbers, settings, clock, unitOfWork }: NumberPorts,
  actor: Actor,
): Promise<string> {
  await access.require(actor, 'leads.create');
  const month = settings.month(clock.now());
  const sequence = numbers.inUnit
    ? await unitOfWork.run('documents', (unit) => numbers.draw(unit, month, 1))
    : await numbers.draw(null, month, 1);
  return leadNumber(month, sequence);
}
