import { calendarOperations } from './calendar-operations.js';
import { consentOperations } from './consent-operations.js';
import { definitionOperations } from './definition-operations.js';
import { deliveryOperations } from './delivery-operations.js';
import { eventOperations } from './event-operations.js';
import { fileOperations } from './file-operations.js';
import { importOperations } from './import-operations.js';
import { jobOperations } from './job-operations.js';
import { jobWorkerOperations } from './job-worker-operations.js';
import { keyOperations } from './key-operations.js';
import { leadOperations } from './lead-operations.js';
import { leadsOf, newLead, root } from './leads-of-point.js';
import { manyLeadOperations } from './many-lead-operations.js';
import { mappingOperations } from './mapping-operations.js';
import { noticeOperations } from './notice-operations.js';
import type { CrashOperation } from './operation.js';
import { outboundOperations } from './outbound-operations.js';
import { placementOperations } from './placement-operations.js';
import { relayOperations } from './relay-operations.js';
import { timerOperations } from './timer-operations.js';
import { userOperations } from './user-operations.js';
import { webhookOperations } from './webhook-operations.js';
import { wholeStoreOperations } from './whole-store-operations.js';

/** The writing operations of the matrix. Adding one is one entry here. */
export const crashOperations: readonly CrashOperation[] = [
  ...leadOperations,
  ...manyLeadOperations,
  ...placementOperations,
  ...importOperations,
  ...mappingOperations,
  ...definitionOperations,
  ...userOperations,
  ...relayOperations,
  ...outboundOperations,
  ...consentOperations,
  ...eventOperations,
  ...jobOperations,
  ...jobWorkerOperations,
  ...timerOperations,
  ...calendarOperations,
  ...webhookOperations,
  ...deliveryOperations,
  ...noticeOperations,
  ...keyOperations,
  ...fileOperations,
  ...wholeStoreOperations,
];

/** What the matrix must not pass: two units that call themselves one. */
export const torn: CrashOperation = {
  name: 'two units that should be one',
  async run(lms, subject) {
    const { leads } = lms.as(root);
    const { id } = await leads.create(newLead(subject), { idempotencyKey: subject.tag });
    await leads.addActivity(id, { type: 'NOTE', text: 'welcome' }, { idempotencyKey: subject.tag });
  },
  signs(state, { tag }) {
    const [lead] = leadsOf(state, tag);
    return {
      'the lead': lead !== undefined,
      'its note': lead?.activities.some(({ type }) => type === 'NOTE') === true,
    };
  },
};

/** @throws where there is none of that name */
export function crashOperation(name: string): CrashOperation {
  const found = [...crashOperations, torn].find((operation) => operation.name === name);
  if (found === undefined) throw new Error(`there is no operation ${name}`);
  return found;
}
