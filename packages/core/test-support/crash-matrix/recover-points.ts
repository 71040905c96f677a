import { createLms, type Lms, LmsError } from '../../src/index.js';
import { openAddress, type StoreAddress } from '../store-address.js';
import { endDeadSessions } from './dead-sessions.js';
import { groupedBy } from './grouped-by.js';
import { brokenInvariants } from './invariants.js';
import { matrixKeys } from './matrix-keys.js';
import type { CutPoint, RecoverAnswer } from './messages.js';
import type { Desk, Signs } from './operation.js';
import { crashOperation } from './operations.js';
import type { RawState } from './raw-state.js';
import { readRawState } from './read-raw.js';
import { imports, webhooks } from './run-point.js';
import { readStoreRows, rowDifferences } from './store-rows.js';

/** Recovers stores in a process that was not there, and looks for what the crashes have lost, doubled or torn apart. */
export async function recoverPoints(points: readonly CutPoint[]): Promise<RecoverAnswer> {
  const problems: string[] = [];
  for (const ofStore of groupedBy(points, ({ address }) => JSON.stringify(address)).values()) {
    const [first] = ofStore;
    if (first !== undefined) problems.push(...(await recoverStore(first.address, ofStore)));
  }
  return { problems };
}

async function recoverStore(address: StoreAddress, points: readonly CutPoint[]): Promise<readonly string[]> {
  if (address.shape === 'hybrid') await endDeadSessions(address.mongoUrl);
  const about = points.length === 1 ? `${points[0]?.label}: ` : '';
  const problems: string[] = [];
  const storage = openAddress(address);
  const lms = await createLms({ storage, key: matrixKeys, imports, webhooks });
  const desk: Desk = { lms, storage };
  const isMadeByRepeating = points.some(({ operation }) => crashOperation(operation).fill !== undefined);
  try {
    if (isMadeByRepeating) {
      for (const point of points) problems.push(...(await openedEarly(point)));
    } else {
      await catchUp(lms);
      const recovered = await readRawState(address);
      if (!points.some(isToBeMended)) {
        problems.push(...brokenInvariants(recovered).map((line) => `${about}${line}`));
      }
      for (const point of points) problems.push(...tornApart(recovered, point), ...(await lookedAt(lms, point)));
    }
    for (const point of points) problems.push(...(await repeat(desk, point)));
    await catchUp(lms);
    const repeated = await readRawState(address);
    problems.push(...brokenInvariants(repeated).map((line) => `${about}after repeating: ${line}`));
    for (const point of points) {
      problems.push(...notWhole(repeated, point), ...(await lookedAt(lms, point)));
      problems.push(...(await lackingRows(point)).map((line) => `${point.label}: after repeating ${line}`));
    }
  } catch (error) {
    problems.push(`${about}${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    await lms.close();
  }
  return problems;
}

/** What comes by after the crash, before anybody repeats: a store that holds a part of its rows must be shut, and one that opens whole. */
async function openedEarly(point: CutPoint): Promise<readonly string[]> {
  const { address, label, acknowledged } = point;
  const operation = crashOperation(point.operation);
  const found = await readStoreRows(address);
  if (found.every(({ rows }) => rows === 0)) return acknowledged ? [`${label}: was acknowledged, and is empty`] : [];
  const lms = await createLms({ storage: openAddress(address), key: matrixKeys, imports, webhooks });
  try {
    await catchUp(lms);
  } catch (error) {
    const isShut = LmsError.isInstance(error) && operation.shutBy?.includes(error.code) === true;
    return isShut && !acknowledged ? [] : [`${label}: does not open: ${error}`];
  } finally {
    await lms.close();
  }
  const state = await readRawState(address);
  const parts = operation.rowsOf === undefined ? tornApart(state, point) : notWhole(state, point);
  const lacking = await lackingRows(point);
  return [...parts, ...[...brokenInvariants(state), ...lacking].map((line) => `${label}: opens, and ${line}`)];
}

async function lackingRows({ operation, address, source }: CutPoint): Promise<readonly string[]> {
  const { rowsOf } = crashOperation(operation);
  return rowsOf === undefined ? [] : rowDifferences(source, await readStoreRows(address), rowsOf === 'prepared');
}

/** Whether what an operation works on may still be broken. */
function isToBeMended({ operation, acknowledged }: CutPoint): boolean {
  return crashOperation(operation).mends === true && !acknowledged;
}

async function catchUp(lms: Lms): Promise<void> {
  await lms.settle();
  await lms.tick();
  await lms.tick();
}

/** The effect must be there whole or not at all, and there when somebody was told so. */
function tornApart(state: RawState, point: CutPoint): readonly string[] {
  const operation = crashOperation(point.operation);
  const signs = Object.entries(operation.signs(state, point.subject));
  const missing = signs.filter(([, isThere]) => !isThere).map(([sign]) => sign);
  if (missing.length === 0) return [];
  if (point.acknowledged) return [`${point.label}: was acknowledged, and lacks ${missing.join(', ')}`];
  const units =
    operation.units?.(state, point.subject) ?? (operation.inParts === true ? [] : [Object.fromEntries(signs)]);
  if (!units.some(isTorn)) return [];
  return [`${point.label}: half of it is there; it lacks ${missing.join(', ')}`];
}

function isTorn(unit: Signs): boolean {
  return new Set(Object.values(unit)).size > 1;
}

async function lookedAt(lms: Lms, { operation, subject, label }: CutPoint): Promise<readonly string[]> {
  const problems = (await crashOperation(operation).look?.(lms, subject)) ?? [];
  return problems.map((problem) => `${label}: ${problem}`);
}

/** The caller who heard nothing asks again. */
async function repeat(desk: Desk, point: CutPoint): Promise<readonly string[]> {
  const operation = crashOperation(point.operation);
  try {
    await operation.run(desk.lms, point.subject, desk);
    return [];
  } catch (error) {
    const wasDone = LmsError.isInstance(error) && operation.doneAlready?.includes(error.code) === true;
    if (wasDone) return [];
    return [`${point.label}: repeating it fails: ${error instanceof Error ? (error.stack ?? error.message) : error}`];
  }
}

function notWhole(state: RawState, point: CutPoint): readonly string[] {
  return Object.entries(crashOperation(point.operation).signs(state, point.subject))
    .filter(([, isThere]) => !isThere)
    .map(([sign]) => `${point.label}: after repeating it lacks ${sign}, or has it twice`);
}
