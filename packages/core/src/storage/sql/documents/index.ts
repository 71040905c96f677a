import type { DefinitionStore } from '../../../crm/fields/definition-store.js';
import type { SavedMappingStore } from '../../../crm/imports/mappings/saved-mapping-store.js';
import type { ImportReceiptStore } from '../../../crm/imports/receipts/import-receipt-store.js';
import type { LeadStore } from '../../../crm/leads/lead-store.js';
import type { Numbers, UniqueKeys } from '../../../foundation/persistence/index.js';
import type { DataKeyStore, StoreKeyStore } from '../../../foundation/privacy/data-key-store.js';
import type { SqlContext } from '../sql-unit.js';
import { definitionStore } from './definitions.js';
import { importReceiptStore } from './import-receipts.js';
import { dataKeyStore, storeKeyStore } from './keys.js';
import { leadStore } from './leads.js';
import { numberStore } from './numbers.js';
import { savedMappingStore } from './saved-mappings.js';
import { uniqueKeyStore } from './unique-keys.js';

/** The stores of the documents home, kept in tables. */
export interface DocumentStores {
  readonly uniqueKeys: UniqueKeys;
  readonly numbers: Numbers;
  readonly dataKeys: DataKeyStore;
  readonly storeKeys: StoreKeyStore;
  readonly definitions: DefinitionStore;
  readonly leads: LeadStore;
  readonly importReceipts: ImportReceiptStore;
  readonly savedMappings: SavedMappingStore;
}

export function documentStores(context: SqlContext): DocumentStores {
  return {
    uniqueKeys: uniqueKeyStore(context),
    numbers: numberStore(context),
    dataKeys: dataKeyStore(context),
    storeKeys: storeKeyStore(context),
    definitions: definitionStore(context),
    leads: leadStore(context),
    importReceipts: importReceiptStore(context),
    savedMappings: savedMappingStore(context),
  };
}
