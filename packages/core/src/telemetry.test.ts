import { context, metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { pino } from 'pino';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeShapes } from '../test-support/shapes.js';
import { loanFields, newStore } from '../test-support/store.js';
import { openTelemetry } from './foundation/telemetry/opentelemetry/index.js';
import { createLms, type JobHandler, LmsError, logTo, maskedLogging, type Operation, type Telemetry } from './index.js';
import { sqlite } from './storage/sqlite.js';
import { gaugeNames } from './store-gauges.js';
import { testKey } from './testing/index.js';

const spans = new InMemorySpanExporter();
// What a store that was closed once said is not said again.
const numbers = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const reader = new PeriodicExportingMetricReader({
  exporter: numbers,
  exportIntervalMillis: 3_600_000,
  exportTimeoutMillis: 30_000,
});
const meters = new MeterProvider({ readers: [reader] });
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }));
metrics.setGlobalMeterProvider(meters);

beforeEach(() => spans.reset());
afterAll(async () => {
  await meters.shutdown();
  trace.disable();
  metrics.disable();
  context.disable();
});

function named(name: string): ReadableSpan[] {
  return spans.getFinishedSpans().filter((span) => span.name === name);
}

/** Newest points by the name of their metric. */
async function collected(): Promise<ReadonlyMap<string, readonly { value: unknown; attributes: object }[]>> {
  numbers.reset();
  await reader.forceFlush();
  const [last] = numbers.getMetrics().slice(-1);
  const all = last?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
  return new Map(all.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]));
}

const mobile = '9876501234';
const person = { fullName: 'Planted Person', mobile };

describeShapes((makeStorage) => {
  it('tells of commands and their units as spans within the span of the caller, without personal data', async () => {
    const { lms, admin } = await newStore(await makeStorage(), undefined, { telemetry: openTelemetry() });
    spans.reset();
    await trace.getTracer('caller').startActiveSpan('request', async (span) => {
      await admin.leads.create({ productLine: 'personal-loan', fields: loanFields(person) });
      span.end();
    });
    const [request] = named('request');
    const [create] = named('leads.create');
    expect(create?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(create?.attributes).toMatchObject({
      'lms.kind': 'command',
      'lms.operation': 'leads.create',
      'lms.actor': 'user',
      'lms.outcome': 'ok',
    });
    const units = spans.getFinishedSpans().filter(({ attributes }) => attributes['lms.kind'] === 'unit');
    expect(units.some(({ parentSpanContext }) => parentSpanContext?.spanId === create?.spanContext().spanId)).toBe(
      true,
    );

    const again = admin.leads.create({ productLine: 'personal-loan', fields: loanFields(person) });
    await expect(again).rejects.toMatchObject({ code: 'LEAD_DUPLICATE' });
    const [, refused] = named('leads.create');
    expect(refused?.attributes).toMatchObject({ 'lms.outcome': 'LEAD_DUPLICATE', 'error.type': 'LEAD_DUPLICATE' });
    expect(refused?.status.code).toBe(SpanStatusCode.UNSET);

    const page = await admin.leads.list({ productLine: 'personal-loan' }).page();
    expect(page.items).toHaveLength(1);
    expect(named('leads.list')).toHaveLength(1);

    const durations = (await collected()).get('lms.operation.duration') ?? [];
    expect(durations.map(({ attributes }) => attributes)).toContainEqual({
      'lms.kind': 'command',
      'lms.operation': 'leads.create',
      'lms.outcome': 'LEAD_DUPLICATE',
    });
    const told = JSON.stringify(
      spans.getFinishedSpans().map(({ name, attributes, events, status }) => [name, attributes, events, status]),
    );
    expect(told).not.toMatch(new RegExp(`Planted|${mobile}`));
    await lms.close();
  });
});

it('tells of jobs, consumers and housekeeping, and has gauges of the health while the store is open', async () => {
  const handler: JobHandler = {
    kind: 'acme.failing',
    maxAttempts: 1,
    async run() {
      throw new LmsError('STORE_UNAVAILABLE', { message: `${mobile} cannot be reached` });
    },
  };
  const { lms, admin } = await newStore(sqlite({ file: ':memory:' }), undefined, {
    telemetry: openTelemetry({ attributes: { store: 'north' } }),
    jobs: { handlers: [handler] },
    consumers: [{ name: 'acme-feed', types: ['lead.created'], from: 'beginning', handle: async () => undefined }],
  });
  await admin.leads.create({ productLine: 'personal-loan', fields: loanFields() });
  await admin.jobs.add({ kind: 'acme.failing', payload: null });
  await lms.tick();

  expect(named('job acme.failing')).toMatchObject([
    {
      attributes: { store: 'north', 'lms.attempt': 1, 'lms.outcome': 'STORE_UNAVAILABLE' },
      status: { code: SpanStatusCode.ERROR, message: 'STORE_UNAVAILABLE' },
    },
  ]);
  expect(named('consumer acme-feed')).toMatchObject([{ attributes: { 'lms.outcome': 'ok', 'lms.events': 1 } }]);
  expect(named('housekeeping round').length).toBeGreaterThan(0);

  const found = await collected();
  expect(found.get('lms.jobs.dead')).toMatchObject([{ attributes: { store: 'north' }, value: 1 }]);
  expect(found.get('lms.outbox.waiting')).toMatchObject([
    { attributes: { store: 'north', home: 'documents' }, value: 0 },
    { attributes: { store: 'north', home: 'ledger' }, value: 0 },
  ]);
  expect(found.get('lms.consumers.behind')).toMatchObject([{ attributes: { consumer: 'acme-feed' }, value: 0 }]);
  const withoutBackup = gaugeNames.filter((name) => name !== 'lms.backup.age');
  expect([...found.keys()]).toEqual(expect.arrayContaining(withoutBackup));
  await lms.close();
});

it('asks a store for its gauges no more once it is closed, also where it was closed while it opened', async () => {
  for (const wait of [true, false]) {
    const told: string[] = [];
    const telemetry: Telemetry = {
      watch: (_operation, work) => work(),
      observe() {
        told.push('observed');
        return () => told.push('over');
      },
    };
    const lms = await createLms({ storage: sqlite({ file: ':memory:' }), key: testKey, telemetry });
    const ready = lms.ready();
    if (wait) await ready;
    await lms.close();
    await ready.catch(() => undefined);
    expect(told).toEqual(['observed', 'over']);
  }
});

it('fails nothing by a span that fails', async () => {
  const failing = trace.getTracer('failing').startSpan('failing');
  const end = vi.spyOn(Object.getPrototypeOf(failing), 'end').mockImplementation(() => {
    throw new Error('the exporter is broken');
  });
  try {
    const operation: Operation = { kind: 'command', name: 'leads.get' };
    expect(await openTelemetry().watch(operation, async () => 7)).toBe(7);
    const refused = openTelemetry().watch(operation, () => Promise.reject(new TypeError('lost')));
    await expect(refused).rejects.toThrow('lost');
  } finally {
    end.mockRestore();
  }
});

describe('a log', () => {
  interface Line {
    readonly level: number;
    readonly msg: string;
    readonly [field: string]: unknown;
  }

  const levels = { debug: 20, info: 30, warn: 40, error: 50 };

  function logInto(lines: Line[]): Telemetry {
    const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
    return logTo(pino({ level: 'debug', ...maskedLogging }, stream));
  }

  it('has a line for each operation, at the level of how it ended, and hides what a handler said of a person', async () => {
    const lines: Line[] = [];
    const handlers: JobHandler[] = [
      { kind: 'acme.done', run: async () => undefined },
      {
        kind: 'acme.broken',
        maxAttempts: 1,
        async run() {
          throw new TypeError(`no such person: ABCPE1234F, ${mobile}`, { cause: { pan: 'ABCPE1234F' } });
        },
      },
    ];
    const { lms, admin } = await newStore(sqlite({ file: ':memory:' }), undefined, {
      telemetry: logInto(lines),
      jobs: { handlers },
    });
    await admin.leads.create({ productLine: 'personal-loan', fields: loanFields(person) });
    await expect(admin.leads.get('nobody')).rejects.toMatchObject({ code: 'LEAD_NOT_FOUND' });
    for (const { kind } of handlers) await admin.jobs.add({ kind, payload: null });
    await lms.tick();
    await lms.close();

    const line = (msg: string): Line | undefined => lines.find((each) => each.msg === msg);
    expect(line('command leads.create: ok')).toMatchObject({ level: levels.debug, actor: 'user', outcome: 'ok' });
    expect(line('command leads.get: LEAD_NOT_FOUND')).toMatchObject({ level: levels.debug });
    expect(line('job acme.done: ok')).toMatchObject({ level: levels.info, attempt: 1 });
    expect(line('job acme.broken: INTERNAL')).toMatchObject({
      level: levels.error,
      err: { type: 'TypeError', message: 'no such person: [pan], [phone]', cause: { pan: '[hidden]' } },
    });
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`ABCPE1234F|Planted|${mobile}`));
  });

  it('that is slow or broken neither fails nor hides what is done', async () => {
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error() {
        throw new Error('the disk is full');
      },
    };
    const telemetry = logTo(logger);
    const operation: Operation = { kind: 'command', name: 'leads.get' };
    const failing = telemetry.watch(operation, async () => {
      throw new TypeError('lost');
    });
    await expect(failing).rejects.toThrow('lost');
    expect(await telemetry.watch(operation, async () => 7)).toBe(7);
  });

  it('of anybody hides who is in an error, in a child, in what a message is made of and in numbers', () => {
    const lines: string[] = [];
    const logger = pino({ name: 'acme', ...maskedLogging }, { write: (line: string) => void lines.push(line) });
    logger.error(new Error('asha@example.com is gone'));
    logger.error({ err: new Error(`no ${mobile}`) });
    logger.error({ err: new Error('ABCPE1234F') }, 'not %s', 'asha@example.com');
    logger.child({ email: 'asha@example.com', lead: 'PL-1' }).info('one lead %j', { to: mobile });
    logger.info({ contact: Number(mobile), count: 42 });
    expect(lines.join('')).not.toMatch(new RegExp(`asha@|ABCPE1234F|${mobile}`));
    const [error, wrapped, told, child, numbered] = lines.map((line) => JSON.parse(line));
    expect(error).toMatchObject({
      name: 'acme',
      msg: '[email] is gone',
      err: { type: 'Error', message: '[email] is gone' },
    });
    expect(wrapped).toMatchObject({ msg: 'no [phone]' });
    expect(told).toMatchObject({ msg: 'not [email]', err: { message: '[pan]' } });
    expect(child).toMatchObject({ lead: 'PL-1', email: '[hidden]', msg: 'one lead {"to":"[phone]"}' });
    expect(numbered).toMatchObject({ contact: '[phone]', count: 42 });
  });

  it('warns of what somebody waited for too long', async () => {
    const lines: Line[] = [];
    const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
    const telemetry = logTo(pino({ ...maskedLogging }, stream), { slowMillis: 0 });
    await telemetry.watch({ kind: 'command', name: 'leads.get' }, async () => 7);
    await telemetry.watch({ kind: 'housekeeping', name: 'round' }, async () => 7);
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([[levels.warn, 'command leads.get: ok, slow']]);
  });
});

it('several hear of the same operations, each method of an actor among them', async () => {
  const heard: Operation[][] = [[], []];
  const hearing = heard.map(
    (operations): Telemetry => ({
      watch(operation, work) {
        operations.push(operation);
        return work();
      },
    }),
  );
  const { lms, admin } = await newStore(sqlite({ file: ':memory:' }), undefined, { telemetry: hearing });
  await lms.close();
  const methods = methodsOf(admin);
  for (const [path, method] of methods) {
    for (const operations of heard) operations.length = 0;
    const answer: unknown = method();
    if (path === 'events.watch') continue;
    if (isPaged(answer)) await answer.page().catch(() => undefined);
    else await expect(answer, path).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    for (const operations of heard) {
      expect(operations).toContainEqual({ kind: 'command', name: path, attributes: { actor: 'user' } });
    }
  }
  expect(methods.length).toBeGreaterThan(80);
});

function methodsOf(tree: object, above = ''): readonly (readonly [path: string, method: () => unknown])[] {
  return Object.entries(tree).flatMap(([name, value]) => {
    if (typeof value === 'function') return [[`${above}${name}`, () => value()] as const];
    return typeof value === 'object' && value !== null ? methodsOf(value, `${above}${name}.`) : [];
  });
}

function isPaged(value: unknown): value is { page(): Promise<unknown> } {
  return typeof value === 'object' && value !== null && 'page' in value;
}
