import { createHmac } from 'node:crypto';
import type { RandomSource } from '../../../foundation/kernel/index.js';

const prefix = 'whsec_';
/** The standard asks for 24 to 64 bytes. */
const secretBytes = 32;

/** A new secret as its owner keeps it: `whsec_` and base64. */
export function newWebhookSecret(random: RandomSource): string {
  return `${prefix}${Buffer.from(random.bytes(secretBytes)).toString('base64')}`;
}

/** What is signed of a message. */
export interface SignedMessage {
  readonly id: string;
  /** Of the try, in seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/** The headers of Standard Webhooks 1.0.0: one signature a secret, so that both sides of a rotation can verify. */
export function webhookHeaders(message: SignedMessage, secrets: readonly string[]): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    'user-agent': 'lms-webhooks',
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': secrets.map((secret) => signatureOf(message, secret)).join(' '),
  };
}

function signatureOf({ id, timestamp, body }: SignedMessage, secret: string): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
