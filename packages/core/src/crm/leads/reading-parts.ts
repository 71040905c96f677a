import type { AccessService } from '../../foundation/access/index.js';
import type { Clock } from '../../foundation/kernel/index.js';
import { DataKeyRing, type DataKeyStore, type LookupHasher, type Vault } from '../../foundation/privacy/index.js';
import type { FieldSchemaEngine } from '../fields/index.js';
import type { PipelineReader } from '../pipeline/index.js';
import { LeadCodec } from './lead-codec.js';
import type { LeadFactsStore } from './lead-facts-store.js';
import { LeadLookup } from './lead-lookup.js';
import { LeadReader } from './lead-reader.js';
import type { LeadSettings } from './lead-settings.js';
import type { LeadStore } from './lead-store.js';
import { LineReader } from './line-reader.js';

/** What reading leads stands on. */
export interface ReadingPorts {
  readonly access: AccessService;
  readonly leads: LeadStore;
  readonly facts: LeadFactsStore;
  readonly dataKeyStore: DataKeyStore;
  readonly schemas: FieldSchemaEngine;
  readonly pipelines: PipelineReader;
  readonly vault: Vault;
  readonly hasher: LookupHasher;
  readonly settings: LeadSettings;
  readonly clock: Clock;
}

export interface ReadingParts {
  readonly lines: LineReader;
  readonly lookup: LeadLookup;
  readonly reader: LeadReader;
}

export function readingParts(ports: ReadingPorts): ReadingParts {
  const lines = new LineReader(ports.schemas, ports.pipelines);
  const lookup = new LeadLookup(ports);
  const codec = new LeadCodec(ports.vault, ports.hasher);
  const dataKeys = new DataKeyRing(ports.vault, ports.dataKeyStore);
  return { lines, lookup, reader: new LeadReader({ ...ports, lines, lookup, codec, dataKeys }) };
}
