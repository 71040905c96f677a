import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, toInstant } from '../kernel/index.js';
import type { Unit, UnitOfWork } from '../persistence/index.js';
import type { DataKey, DataKeyRing, LookupHasher, Vault } from '../privacy/index.js';
import { type ExchangeEnd, type ExchangeStore, type StoredExchange, unended } from './exchange-store.js';
import { isCredential } from './outbound-target-shape.js';
import { recordedMessage } from './recorded-message.js';
import type { Hop } from './redirect.js';
import type { Answer } from './try-result.js';

export interface RecorderPorts {
  readonly unitOfWork: UnitOfWork;
  readonly exchanges: ExchangeStore;
  readonly dataKeys: DataKeyRing;
  readonly vault: Vault;
  readonly hasher: LookupHasher;
  readonly clock: Clock;
}

/** What a record says before the request is sent. */
export type NewExchange = Pick<
  StoredExchange,
  'id' | 'target' | 'purpose' | 'subject' | 'actor' | 'correlationId' | 'path'
>;

export interface OpenRecord {
  readonly id: string;
  readonly key: DataKey | null;
}

const hashPurpose = 'exchange';
const bytesAtOnce = 1_000_000;

/** Writes what is to be asked before it is asked, and what became of it after. */
export class ExchangeRecorder {
  readonly #ports: RecorderPorts;
  readonly #keptBytes: number;

  /** @param keptBytes how much of a body is kept at most */
  constructor(ports: RecorderPorts, keptBytes: number) {
    this.#ports = ports;
    this.#keptBytes = keptBytes;
  }

  /**
   * When it resolves, the record is durable: only then may the request be sent.
   * @param spend what is written in the same unit; what it throws leaves no record
   * @param secret headers whose values are never written down
   */
  async begin(
    exchange: NewExchange,
    hop: Hop,
    { spend, secret }: { readonly spend: (unit: Unit) => Promise<void>; readonly secret: ReadonlySet<string> },
  ): Promise<OpenRecord> {
    const { unitOfWork, exchanges, clock } = this.#ports;
    const key = await this.#keyOf(exchange.subject);
    const body = bytesOf(hop.body);
    const headers = maskedHeaders(hop.headers, (name) => secret.has(name));
    const record: StoredExchange = {
      ...exchange,
      method: hop.method,
      host: hop.url.host,
      startedAt: toInstant(clock.now()),
      requestBytes: body.length,
      requestHash: await this.#hashOf(body),
      sealedRequest: this.#sealed(key, { url: hop.url.href, headers, body }),
      ...unended,
    };
    await unitOfWork.run('ledger', async (unit) => {
      await spend(unit);
      await exchanges.insert(unit, record);
    });
    return { id: exchange.id, key };
  }

  /** @throws what the store throws: the record then stays open */
  async end(
    { id, key }: OpenRecord,
    ended: {
      readonly end: ExchangeEnd;
      readonly attempts: number;
      readonly status: number | null;
      readonly answer: Answer | null;
      /** Where a redirect led that was followed; null where none was. */
      readonly url: string | null;
    },
  ): Promise<void> {
    const { unitOfWork, exchanges, clock } = this.#ports;
    const { end, attempts, status, answer, url } = ended;
    const outcome = {
      end,
      attempts,
      status,
      finishedAt: toInstant(clock.now()),
      responseBytes: answer?.body.length ?? null,
      responseHash: answer === null ? null : await this.#hashOf(answer.body),
      sealedResponse:
        answer === null
          ? null
          : this.#sealed(key, { url, headers: maskedHeaders(answer.headers, isCredential), body: answer.body }),
    };
    await unitOfWork.run('ledger', (unit) => exchanges.finish(unit, id, outcome));
  }

  /** None where the call is about nothing, or about what has no key or was erased: then no content is kept. */
  async #keyOf(subject: StoredExchange['subject']): Promise<DataKey | null> {
    if (subject === null) return null;
    return (await this.#ports.dataKeys.keysFor(null, subject.kind, [subject.id])).get(subject.id) ?? null;
  }

  #sealed(key: DataKey | null, message: Parameters<typeof recordedMessage>[0]): string | null {
    if (key === null) return null;
    return this.#ports.vault.seal(key, JSON.stringify(recordedMessage(message, this.#keptBytes)));
  }

  /** Keyed, as a short body could be found by trying all there are. */
  async #hashOf(body: Uint8Array): Promise<string | null> {
    return body.length === 0 ? null : this.#ports.hasher.hash(hashPurpose, await digestOf(body));
  }
}

/** SHA-256 in hexadecimal, a megabyte (two milliseconds) at a time: others have their turn in between. */
async function digestOf(body: Uint8Array): Promise<string> {
  const digest = createHash('sha256');
  for (let from = 0; from < body.length; from += bytesAtOnce) {
    if (from > 0) await nextTurn();
    digest.update(body.subarray(from, from + bytesAtOnce));
  }
  return digest.digest('hex');
}

function maskedHeaders(
  headers: Readonly<Record<string, string>>,
  isSecret: (name: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isSecret(name) ? '***' : value]));
}

function bytesOf(body: string | Uint8Array | null): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : (body ?? new Uint8Array());
}
