import type { AccessService, Principal } from '../../foundation/access/index.js';
import { type Actor, type ActorRef, type Clock, LmsError, quoted } from '../../foundation/kernel/index.js';
import type { ImportRun, ImportRunStore } from './import-run-store.js';
import { actorsSeen } from './runs-seen.js';
import { shownRun } from './shown-run.js';

export interface ImportListQuery {
  readonly productLine?: string;
  /** Runs before the one with this id. */
  readonly after?: string;
  /** 1 to 200; 50 when absent. */
  readonly limit?: number;
}

export interface ImportRunsPorts {
  readonly access: AccessService;
  readonly runs: ImportRunStore;
  readonly clock: Clock;
}

/** Runs that there were, as far as an actor may see them: everybody's, or where the scope is a team its own and those of who shares a team with it. */
export class ImportRuns {
  readonly #ports: ImportRunsPorts;

  constructor(ports: ImportRunsPorts) {
    this.#ports = ports;
  }

  /** Newest first. */
  async list(actor: Actor, query: ImportListQuery): Promise<readonly ImportRun[]> {
    const principal = await this.#ports.access.require(actor, 'imports.read');
    const limit = Math.min(200, Math.max(1, Math.trunc(query.limit ?? 50)));
    const { productLine, after } = query;
    const runs = await this.#ports.runs.list({
      ...(productLine === undefined ? {} : { productLine }),
      ...(after === undefined ? {} : { after }),
      ...(await this.#actorsSeen(principal)),
      limit,
    });
    return runs.map((run) => shownRun(run, this.#ports.clock));
  }

  /** @throws LmsError `IMPORT_NOT_FOUND`, also for a run that {@link list} does not give to the actor */
  async get(actor: Actor, id: string): Promise<ImportRun> {
    const principal = await this.#ports.access.require(actor, 'imports.read');
    const run = await this.#ports.runs.get(id);
    const { actors } = await this.#actorsSeen(principal);
    const isSeen = run !== null && (actors === undefined || actors.includes(run.actor));
    if (isSeen) return shownRun(run, this.#ports.clock);
    throw new LmsError('IMPORT_NOT_FOUND', { message: `there is no import ${quoted(id)}` });
  }

  /** Newest first, at most 10. */
  async ofFile(
    principal: Principal,
    file: { readonly productLine: string; readonly fileSha256: string },
  ): Promise<readonly ImportRun[]> {
    const runs = await this.#ports.runs.ofFile({ ...file, ...(await this.#actorsSeen(principal)) });
    return runs.map((run) => shownRun(run, this.#ports.clock));
  }

  async #actorsSeen(principal: Principal): Promise<{ readonly actors?: readonly ActorRef[] }> {
    const actors = await actorsSeen(this.#ports.access, principal);
    return actors === null ? {} : { actors };
  }
}
