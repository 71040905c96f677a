import { afterAll, expect, it } from 'vitest';
import { makePlace } from '../../../test-support/shapes.js';
import { loanLead, newStore, root } from '../../../test-support/store.js';
import { AccessService } from '../../foundation/access/index.js';
import { Dispatcher } from '../../foundation/jobs/index.js';
import { businessTime, cryptoRandom, systemClock, uuidV7Source } from '../../foundation/kernel/index.js';
import { consentRules, openLookupKeys, Vault } from '../../foundation/privacy/index.js';
import { testKey } from '../../testing/index.js';
import { FieldSchemaEngine } from '../fields/index.js';
import { PipelinePart, PipelineReader } from '../pipeline/index.js';
import { HeldKeys } from './held-keys.js';
import { LeadOccupants } from './lead-occupants.js';
import { leadFactsProjection } from './lead-projections.js';
import { LeadService } from './lead-service.js';
import { LeadSettings } from './lead-settings.js';

const place = await makePlace('sqlite');
afterAll(() => place.remove());

it('can be made from its ports, without createLms', async () => {
  await (await newStore(place.handle())).lms.close();
  const storage = place.handle();
  await storage.open();
  const clock = systemClock;
  const random = cryptoRandom();
  const vault = new Vault(await testKey.load());
  const access = new AccessService({ users: storage.users, clock });
  const settings = new LeadSettings(businessTime(), 'INR');
  const dispatcher = new Dispatcher({
    unitOfWork: storage.unitOfWork,
    outbox: storage.outbox,
    projections: [leadFactsProjection(storage)],
    clock,
    ids: uuidV7Source(clock, random),
  });
  const common = { unitOfWork: dispatcher, events: dispatcher, access, clock };
  const rules = consentRules(storage, clock);
  const schemas = new FieldSchemaEngine({
    ...common,
    store: storage.definitions,
    parts: [
      new PipelinePart({
        occupants: new LeadOccupants({
          facts: storage.facts,
          leads: () => leads,
          catchUp: async () => undefined,
          definitions: storage.definitions,
        }),
      }),
    ],
    context: (epochMillis) => settings.fieldContext(epochMillis),
    hasLeads: async () => true,
  });
  const { storeKeys, unitOfWork } = storage;
  const lookupKeys = await openLookupKeys({ vault, storeKeys, unitOfWork });
  const leads: LeadService = new LeadService({
    ...storage,
    ...common,
    dataKeyStore: storage.dataKeys,
    leads: storage.leads,
    schemas,
    pipelines: new PipelineReader(schemas),
    vault,
    hasher: lookupKeys.hasher,
    settings,
    ids: uuidV7Source(clock, random),
    guards: [],
    consentRules: rules,
    termsReader: rules.termsReader,
    commands: storage.commands,
    heldKeys: new HeldKeys(storage.uniqueKeys, lookupKeys),
    numbers: storage.numbers,
    facts: storage.facts,
    users: storage.users,
  });
  const made = await leads.create(root, loanLead());
  expect((await leads.list(root).page()).items.map(({ number }) => number)).toEqual([made.number]);
  await storage.close();
});
