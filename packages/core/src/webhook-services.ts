import type { CommonParts } from './common-parts.js';
import {
  EndpointSecrets,
  LeadLines,
  WebhookCourier,
  WebhookFanOut,
  WebhookReplay,
  WebhookService,
  WebhookTester,
  WebhookWorker,
  webhookSettings,
} from './crm/notify/index.js';
import type { EventFeed } from './foundation/events/index.js';
import type { LeadId, RandomSource } from './foundation/kernel/index.js';
import { SingleSender } from './foundation/outbound/index.js';
import type { StoreKeyPorts } from './foundation/privacy/index.js';
import type { LmsOptions } from './lms-options.js';

export interface WebhookParts extends CommonParts {
  readonly random: RandomSource;
  readonly feed: EventFeed;
  /** Gives what has just happened its place in the feed. */
  readonly seal: () => Promise<unknown>;
  readonly keys: StoreKeyPorts;
}

/** Outgoing webhooks of an open store. */
export interface WebhookServices {
  readonly webhooks: WebhookService;
  readonly webhookReplay: WebhookReplay;
  readonly webhookTester: WebhookTester;
  readonly webhookWorker: WebhookWorker;
  readonly webhookSender: SingleSender;
}

/** @throws LmsError `CONFIG_INVALID` */
export function webhookServices(options: LmsOptions, parts: WebhookParts): WebhookServices {
  const { storage, outbound } = options;
  const { clock } = parts;
  const settings = webhookSettings(options.webhooks ?? {});
  const secretsOfTargets = outbound?.secrets;
  const sender = new SingleSender(settings.target, {
    clock,
    ...(secretsOfTargets === undefined ? {} : { secrets: secretsOfTargets }),
  });
  const secrets = new EndpointSecrets(parts.keys);
  const common = { ...parts, webhooks: storage.webhooks, secrets, sender };
  const lineOf = async (leadId: string): Promise<string | null> =>
    (await storage.facts.row(leadId as LeadId))?.productLine ?? null;
  const erased = async (leadIds: readonly string[]): Promise<ReadonlySet<string>> => {
    const keys = await storage.dataKeys.find(null, 'lead', [...new Set(leadIds)]);
    return new Set(keys.filter(({ destroyedAt }) => destroyedAt !== null).map(({ id }) => id));
  };
  return {
    webhooks: new WebhookService(common, settings),
    webhookReplay: new WebhookReplay(common),
    webhookTester: new WebhookTester(common),
    webhookWorker: new WebhookWorker(
      {
        fanOut: new WebhookFanOut({ ...common, lines: new LeadLines(lineOf) }),
        courier: () => new WebhookCourier({ ...common, erased }, settings),
      },
      settings,
    ),
    webhookSender: sender,
  };
}
