import { type Actor, createLms, LmsError } from '../src/index.js';
import { testKey } from '../src/testing/index.js';
import { openAddress, type StoreAddress } from './shapes.js';

/** One call of many that a process makes at once. */
export type RaceCall =
  | { readonly what: 'create'; readonly mobile: string; readonly key?: string }
  | { readonly what: 'note'; readonly lead: string; readonly text: string; readonly key: string }
  | {
      readonly what: 'set';
      readonly lead: string;
      readonly property: string;
      readonly expectedVersion?: number;
    }
  /** Reads the lead, adds one to what it read, and does so again as long as the lead was changed meanwhile. */
  | { readonly what: 'count'; readonly lead: string }
  | { readonly what: 'phone'; readonly lead: string; readonly mobile: string }
  | { readonly what: 'delete' | 'restore'; readonly lead: string };

export interface RaceQuestion {
  readonly calls: readonly RaceCall[];
}

export type RaceOutcome =
  | { readonly ok: true; readonly id: string; readonly number: string; readonly version: number }
  | { readonly ok: false; readonly code: string };

const address: StoreAddress = JSON.parse(process.argv[2] ?? '{}');
const actor: Actor = { kind: 'user', id: 'root' };
const lms = await createLms({ storage: openAddress(address), key: testKey });
await lms.ready();
const { leads } = lms.as(actor);

process.on('message', async ({ calls }: RaceQuestion) => {
  process.send?.(await Promise.all(calls.map(outcomeOf)));
});
process.on('disconnect', async () => {
  await lms.close();
  process.exit(0);
});
process.send?.('ready');

async function outcomeOf(call: RaceCall): Promise<RaceOutcome> {
  try {
    const { id, number, version } = await made(call);
    return { ok: true, id, number, version };
  } catch (error) {
    return { ok: false, code: LmsError.isInstance(error) ? error.code : String(error) };
  }
}

function made(call: RaceCall): ReturnType<typeof leads.get> {
  switch (call.what) {
    case 'create': {
      const fields = { fullName: 'Asha Rao', mobile: call.mobile };
      return leads.create({ productLine: 'personal-loan', fields }, keyed(call.key));
    }
    case 'note':
      return leads.addActivity(call.lead, { type: 'NOTE', text: call.text }, keyed(call.key));
    case 'set': {
      const { expectedVersion } = call;
      const options = expectedVersion === undefined ? {} : { expectedVersion };
      return leads.update(call.lead, { properties: { [call.property]: 'set' } }, options);
    }
    case 'count':
      return counted(call.lead);
    case 'phone':
      return leads.update(call.lead, { fields: { mobile: call.mobile } });
    case 'delete':
      return leads.delete(call.lead);
    case 'restore':
      return leads.restore(call.lead);
  }
}

function keyed(idempotencyKey: string | undefined): { idempotencyKey?: string } {
  return idempotencyKey === undefined ? {} : { idempotencyKey };
}

async function counted(lead: string): ReturnType<typeof leads.get> {
  for (;;) {
    const { properties, version } = await leads.get(lead);
    const count = String(Number(properties['count'] ?? 0) + 1);
    try {
      return await leads.update(lead, { properties: { count } }, { expectedVersion: version });
    } catch (error) {
      if (!LmsError.isInstance(error) || error.code !== 'LEAD_VERSION_STALE') throw error;
    }
  }
}
