import {
  type DataKey,
  type ErasedKey,
  isErased,
  type LookupHasher,
  type Vault,
} from '../../foundation/privacy/index.js';
import {
  type EnteredTexts,
  type FieldValues,
  indexValues,
  joinClasses,
  type LineSchema,
  projectRoles,
  splitByClass,
} from '../fields/index.js';
import { indexHash } from './lead-keys.js';
import { clearPart, openShell } from './lead-shell.js';
import type { LeadState, UnnumberedState } from './lead-state.js';
import type { LeadIndexEntry, StoredLead, UnnumberedLead } from './lead-store.js';

/** What a lead's envelope holds. */
interface SealedContent {
  readonly values: FieldValues;
  readonly entered: EnteredTexts;
  /** Values of completed tasks, by task id. */
  readonly tasks: Readonly<Record<string, { readonly values: FieldValues; readonly entered: EnteredTexts }>>;
}

/** Puts leads to rest and opens them again: what is personal travels in one envelope under the lead's own data key. */
export class LeadCodec {
  readonly #vault: Vault;
  readonly #hasher: LookupHasher;

  constructor(vault: Vault, hasher: LookupHasher) {
    this.#vault = vault;
    this.#hasher = hasher;
  }

  seal(state: LeadState, schema: LineSchema, key: DataKey): StoredLead;
  seal(state: UnnumberedState, schema: LineSchema, key: DataKey): UnnumberedLead;
  seal(state: UnnumberedState, schema: LineSchema, key: DataKey): UnnumberedLead {
    const { values, entered, tasks, ...rest } = state;
    const parts = splitByClass(schema, values, entered);
    const roles = projectRoles(schema, values);
    const content: SealedContent = { ...parts.sealed, tasks: taskValues(state) };
    return {
      ...rest,
      ...parts.clear,
      tasks: tasks.map(({ values: _values, entered: _entered, ...task }) => task),
      amountPaise: roles.amountPaise,
      region: roles.region,
      index: this.#indexOf(schema, values),
      sealed: this.#vault.seal(key, JSON.stringify(content)),
      sealedName: roles.name === null ? null : this.#vault.seal(key, roles.name),
    };
  }

  /** The lead as commands work on it; one that was erased as the shell that is left of it. */
  open(stored: StoredLead, schema: LineSchema, key: DataKey | ErasedKey): LeadState {
    if (isErased(key)) return openShell(stored);
    const content = this.#read(stored, key);
    const joined = joinClasses(schema, { values: stored.values, entered: stored.entered }, content);
    return {
      ...clearPart(stored),
      ...joined,
      tasks: stored.tasks.map((task) => ({ ...task, ...(content.tasks[task.id] ?? { values: {}, entered: {} }) })),
    };
  }

  /** Seals the free text of an activity. */
  sealText(key: DataKey, text: string): string {
    return this.#vault.seal(key, text);
  }

  openText(key: DataKey, envelope: string): string {
    return this.#vault.open(key, envelope);
  }

  #read(stored: StoredLead, key: DataKey): SealedContent {
    return JSON.parse(this.#vault.open(key, stored.sealed)) as SealedContent;
  }

  #indexOf(schema: LineSchema, values: FieldValues): readonly LeadIndexEntry[] {
    return indexValues(schema, values).map((entry) => ({
      field: entry.field,
      number: entry.kind === 'number' ? entry.number : null,
      text: entry.kind === 'text' ? entry.text : null,
      hash: entry.kind === 'hash' ? indexHash(this.#hasher, entry.field, entry.text) : null,
    }));
  }
}

function taskValues(state: UnnumberedState): SealedContent['tasks'] {
  return Object.fromEntries(
    state.tasks
      .filter((task) => Object.keys(task.values).length > 0)
      .map((task) => [task.id, { values: task.values, entered: task.entered }]),
  );
}
