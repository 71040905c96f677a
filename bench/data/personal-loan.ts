import { readFileSync } from 'node:fs';
import type { ActorServices, Lms } from '#core';
import { parseDefinitionText } from '#core';

export const productLine = 'personal-loan';

const file = new URL('../../examples/product-lines/personal-loan.yaml', import.meta.url);
const requiredCall = 'name: First call\n          required: true';

/** The example line as it stands. */
function personalLoan(): unknown {
  return parseDefinitionText(readFileSync(file, 'utf8'), { format: 'yaml' });
}

/** The example line with its first task left open to choice, so that leads can be moved out of the first stage at once. */
export function personalLoanWithoutFirstCall(): unknown {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(requiredCall)) throw new Error(`${file.pathname} has no required task "First call" any more`);
  return parseDefinitionText(text.replace(requiredCall, requiredCall.replace('true', 'false')), { format: 'yaml' });
}

/** An admin in a new store that has the line. */
export async function adminWithLine(lms: Lms, definition: unknown = personalLoan()): Promise<ActorServices> {
  await lms.bootstrapAdmin({ id: 'root', name: 'Root' });
  const admin = lms.as({ kind: 'user', id: 'root' });
  await admin.schemas.publish(definition);
  return admin;
}
