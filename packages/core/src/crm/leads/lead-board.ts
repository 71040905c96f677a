import type { AccessService } from '../../foundation/access/index.js';
import type { Actor, Clock } from '../../foundation/kernel/index.js';
import type { DataKey, DataKeyRing } from '../../foundation/privacy/index.js';
import type { LeadCodec } from './lead-codec.js';
import type { LeadFactsRow, LeadFactsStore } from './lead-facts-store.js';
import { checkFilter, factsFilter, type LeadFilter } from './lead-query.js';
import type { LeadReader } from './lead-reader.js';
import type { LineReader } from './line-reader.js';
import { checkCardsPerColumn } from './new-lead.js';

export interface BoardRequest extends Omit<LeadFilter, 'stage' | 'deleted'> {
  readonly productLine: string;
  /** 0 to 100; 20 when absent. */
  readonly cardsPerColumn?: number;
}

export interface BoardCard {
  readonly leadId: string;
  readonly number: string;
  /** null when the lead has no name, or it was erased; masked for readers who may not see it. */
  readonly name: string | null;
  readonly amountPaise: number | null;
  readonly tasksDone: number;
  readonly tasksTotal: number;
  /** Whole days in the stage. */
  readonly ageDays: number;
  readonly ownerId: string | null;
}

export interface BoardColumn {
  readonly stage: string;
  readonly name: string;
  readonly colour: string;
  readonly active: boolean;
  readonly terminal: 'won' | 'lost' | null;
  readonly count: number;
  readonly amountPaise: number;
  /** Those longest in the stage first. */
  readonly cards: readonly BoardCard[];
}

export interface Board {
  readonly productLine: string;
  readonly pipelineVersion: number;
  readonly columns: readonly BoardColumn[];
}

export interface BoardPorts {
  readonly access: AccessService;
  readonly reader: LeadReader;
  readonly lines: LineReader;
  readonly facts: LeadFactsStore;
  readonly dataKeys: DataKeyRing;
  readonly codec: LeadCodec;
  readonly clock: Clock;
}

const dayMillis = 24 * 60 * 60 * 1000;

/**
 * The board of a product line from the read model: active stages in order, and retired ones in which leads still stand.
 * Only the cards shown are opened, however many leads there are.
 */
export async function readBoard(actor: Actor, request: BoardRequest, ports: BoardPorts): Promise<Board> {
  const principal = await ports.access.require(actor, 'leads.read');
  const { cardsPerColumn, ...asked } = request;
  const cards = checkCardsPerColumn(cardsPerColumn);
  const filter = checkFilter(asked);
  const { pipeline } = await ports.lines.current(request.productLine);
  const tools = await ports.reader.tools(principal, request.productLine);
  const found = await ports.facts.board({
    filter: { ...factsFilter(filter, tools), productLine: request.productLine },
    stages: pipeline.stages.map((stage) => stage.slug),
    cardsPerColumn: cards,
  });
  const factsOf = new Map(found.map((column) => [column.stage, column]));
  const shownIds = found.flatMap((column) => column.cards.map((card) => card.leadId));
  const keys = await ports.dataKeys.keysFor(null, 'lead', shownIds);
  const now = ports.clock.now();
  const card = (row: LeadFactsRow): BoardCard => ({
    leadId: row.leadId,
    number: row.number,
    name: shownName(row, keys.get(row.leadId), principal.masked, ports.codec),
    amountPaise: row.amountPaise,
    tasksDone: row.tasksDone,
    tasksTotal: row.tasksTotal,
    ageDays: Math.max(0, Math.floor((now - Date.parse(row.stageEnteredAt)) / dayMillis)),
    ownerId: row.ownerId,
  });
  const columns = pipeline.stages.flatMap((stage): readonly BoardColumn[] => {
    const facts = factsOf.get(stage.slug);
    if (!stage.active && (facts === undefined || facts.count === 0)) return [];
    return [
      {
        stage: stage.slug,
        name: stage.name,
        colour: stage.colour,
        active: stage.active,
        terminal: stage.terminal,
        count: facts?.count ?? 0,
        amountPaise: facts?.amountPaise ?? 0,
        cards: (facts?.cards ?? []).map(card),
      },
    ];
  });
  return { productLine: request.productLine, pipelineVersion: pipeline.version, columns };
}

function shownName(row: LeadFactsRow, key: DataKey | undefined, masked: boolean, codec: LeadCodec): string | null {
  if (row.sealedName === null || key === undefined) return null;
  return masked ? '******' : codec.openText(key, row.sealedName);
}
