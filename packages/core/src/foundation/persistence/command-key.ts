import { hash } from 'node:crypto';
import { type ActorRef, type Clock, canonicalJson, type Json, LmsError, toInstant } from '../kernel/index.js';
import type { CommandRecord } from './commands.js';

/** What identifies a command for its caller: who, which operation, under which key, with which request. */
export interface CommandKey {
  readonly scope: string;
  readonly key: string;
  readonly bodyHash: string;
}

const keptMillis = 24 * 60 * 60 * 1000;
const maxKeyLength = 255;

/** @throws LmsError `INPUT_INVALID` for an empty key or one of more than 255 characters */
export function commandKey(actor: ActorRef, operation: string, key: string, request: Json): CommandKey {
  const length = typeof key === 'string' ? key.length : 0;
  if (length === 0 || length > maxKeyLength) {
    throw new LmsError('INPUT_INVALID', {
      message: `the idempotency key has ${length} characters; expected 1 to ${maxKeyLength}`,
      path: 'idempotencyKey',
    });
  }
  return {
    scope: `${actor} ${operation}`,
    key,
    bodyHash: hash('sha256', canonicalJson(request), 'base64url'),
  };
}

/**
 * What an earlier command with this key did, or null when the key is free or its record has expired.
 * @throws LmsError `IDEMPOTENCY_KEY_REUSED` when the key stood for another request
 */
export function replayOf(command: CommandKey, record: CommandRecord | undefined, clock: Clock): CommandRecord | null {
  if (record === undefined || record.expiresAt <= toInstant(clock.now())) return null;
  if (record.bodyHash !== command.bodyHash) {
    throw new LmsError('IDEMPOTENCY_KEY_REUSED', {
      message: `the idempotency key "${command.key}" was used before with another request; use a new key for a new request`,
      path: 'idempotencyKey',
    });
  }
  return record;
}

/** The record to keep beside the effect; kept 24 hours. */
export function commandRecord(
  command: CommandKey,
  aggregate: { readonly kind: string; readonly id: string; readonly version: number },
  clock: Clock,
): CommandRecord {
  return {
    ...command,
    aggregateKind: aggregate.kind,
    aggregateId: aggregate.id,
    version: aggregate.version,
    at: toInstant(clock.now()),
    expiresAt: toInstant(clock.now() + keptMillis),
  };
}
