import type { ConformanceOutcome } from '../src/conformance/index.js';
import type { PlaceName } from './shapes.js';

/** What the cases of a topic are about, by the first word of their ids. */
const topics: Readonly<Record<string, string>> = {
  create: 'leads, their keys and events: written whole, read by id and number, 250 at once',
  'compare-and-swap': 'of many who change one version one succeeds, and no change is lost',
  'unique-keys': 'one holder a value: under race, through delete, restore and merge, byte by byte',
  rollback: 'a unit that fails or is aborted leaves nothing, in any table',
  commands: 'idempotency keys: one effect under race, scopes apart, forgotten when they expire',
  numbers: 'lead numbers: no number twice',
  outbox: 'events: in order, in lanes, removed by several relays',
  placements: 'one owner a lead under race; versions without a gap; projected on lead and list',
  facts: 'read models: never older than what was seen, in any order of arrival; row scope',
  totals: 'counts and amounts of boards: those of the leads after every write, in parallel too, and after a recount',
  'list-order': 'lists: a total order with ties, every sort, every filter, cursors without gap or repeat',
  definitions: 'product lines: versions and drafts, whatever their keys',
  'saved-mappings': 'mappings of imports by name and version',
  keys: 'data keys and store keys: wrapped anew once, in walks that miss none; a destroyed key stays destroyed',
  users: 'users: one mail address each, by team and role',
  audit: 'the trail: one row an effect, pages and filters; import runs',
  'audit-chain': 'the sealed trail: one chain without a gap from sealers at once, late rows, a head for each day',
  'event-feed': 'events: the sealed trail by position, by type and by what they are about',
  'event-consumers': 'consumers of events: one claim a fence, checkpoints of the holder alone',
  exchanges: 'calls to other systems: a record before and after, ended once',
  'outbound-budgets': 'budgets of calls: never more than allowed, from many at once',
  consents: 'consents: one standing for a subject and purpose, withdrawn once',
  'contact-blocks': 'do-not-contact: one block a subject and channel',
  'consent-wordings': 'texts that are agreed to: one a version, never changed',
  jobs: 'jobs: one holder a claim, fences, lapsed leases, dedupe keys',
  schedules: 'schedules: each time is one caller’s, however many look',
  timers: 'timers: each setting fires, is replaced or cancelled once, from many at once',
  calendars: 'calendars: one of those that publish a version at once, versions that never change',
  webhooks: 'outgoing webhooks: one delivery an event, one holder a claim, fences, replays',
  notifications: 'notifications: each once, one try at a time; templates and rules by version',
  inbox: 'inboxes: each user its own notices, marked as read once',
  'notice-preferences': 'how users want to be told: one version by one of many at once',
  snapshots: 'backups: one moment of both homes, filled again row by row',
  rebuilding: 'read models made anew beside writers; owners of leads set right from their placements',
  layout: 'the newest layout, nothing left to migrate',
  values:
    'money to 2^53-1 and beyond refused, fractions, milliseconds, emoji, Devanagari, combining marks, 15 MB leads',
  collisions: 'deadlocks and lost connections are repeated; readers see what is committed, and do not wait',
  constraints: 'the engine itself refuses, written raw: nothing, wrong values, too small ones, duplicates, orphans',
};

/** Which topics hold where, counted from the outcomes. */
export function capabilityTable(outcomes: ReadonlyMap<PlaceName, readonly ConformanceOutcome[]>): string {
  const places = [...outcomes.keys()];
  const found = new Set([...outcomes.values()].flat().map(({ id }) => topicOf(id)));
  const unnamed = [...found].filter((topic) => !(topic in topics));
  if (unnamed.length > 0)
    throw new Error(`say in capability-table.ts what these topics are about: ${unnamed.join(', ')}`);
  const rows = Object.entries(topics)
    .filter(([topic]) => found.has(topic))
    .map(
      ([topic, about]) =>
        `| \`${topic}\` | ${about} | ${places.map((place) => kept(outcomes.get(place) ?? [], topic)).join(' | ')} |`,
    );
  const totals = places.map((place) => `**${kept(outcomes.get(place) ?? [], null)}**`);
  return [
    `| topic | what | ${places.join(' | ')} |`,
    `| --- | --- | ${places.map(() => '---:').join(' | ')} |`,
    ...rows,
    `| **cases in all** | | ${totals.join(' | ')} |`,
  ].join('\n');
}

function kept(outcomes: readonly ConformanceOutcome[], topic: string | null): string {
  const ofTopic = outcomes.filter(({ id }) => topic === null || topicOf(id) === topic);
  const passed = ofTopic.filter((outcome) => outcome.passed).length;
  return passed === ofTopic.length ? String(passed) : `${passed} of ${ofTopic.length}`;
}

function topicOf(id: string): string {
  return id.split('/')[0] ?? id;
}
