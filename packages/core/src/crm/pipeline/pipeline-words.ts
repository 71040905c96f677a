import type { Json } from '../../foundation/kernel/index.js';
import { type Aspects, fieldWords, type JsonObject, type ThingWords } from '../fields/index.js';
import { defaultColour } from './pipeline-section.js';

const taskWords: ThingWords = {
  noun: 'task',
  plural: 'tasks',
  identity: 'slug',
  name: 'name',
  summary: ({ required }) => (required === true ? ['required'] : []),
  isOrdered: true,
  whole: ({ order: _place, ...task }) => ({ required: false, fields: [], ...task }),
  aspects: {
    name: { kind: 'name', words: 'name' },
    required: { kind: 'switch', words: 'required', on: 'now required', off: 'no longer required' },
    fields: { kind: 'things', of: fieldWords },
  },
};

const stageWords: ThingWords = {
  noun: 'stage',
  plural: 'stages',
  identity: 'slug',
  name: 'name',
  summary: ({ terminal }) => (typeof terminal === 'string' ? [`decides the lead: ${terminal}`] : []),
  isOrdered: true,
  whole: wholeStage,
  aspects: {
    name: { kind: 'name', words: 'name' },
    active: { kind: 'switch', words: 'active', on: 'back in use', off: 'retired' },
    terminal: { kind: 'value', words: 'decides the lead' },
    colour: { kind: 'value', words: 'colour' },
    next: { kind: 'list', words: 'stages that may follow' },
    requiresConsent: { kind: 'list', words: 'consents that a lead needs to come here' },
    tasks: { kind: 'things', of: taskWords },
  },
};

/** The stage as it is stored: places in the file are told by the order. */
function wholeStage({ order: _place, ...stage }: JsonObject): JsonObject {
  const colour: Json = stage['colour'] ?? defaultColour;
  return {
    active: true,
    terminal: null,
    next: [],
    tasks: [],
    ...stage,
    requiresConsent: purposesOf(stage['requiresConsent']),
    colour: typeof colour === 'string' ? colour.toLowerCase() : colour,
  };
}

/** As it is stored: once each, in order. */
function purposesOf(given: Json | undefined): Json {
  return Array.isArray(given) ? [...new Set<Json>(given)].sort() : [];
}

/** How the pipeline section of a definition is told. */
export const pipelineWords: Aspects = { stages: { kind: 'things', of: stageWords } };
