import { dateOrders, LmsError } from '../../../foundation/kernel/index.js';
import type { FieldContext } from '../field-type.js';
import { type Asked, failed } from './asked-plugin.js';
import { AskedType, type OwnValue } from './asked-type.js';
import type { PluginFieldType } from './plugin-field-type.js';

/** A day long past: what is read today must be read then, too. */
const anyContext: FieldContext = { currency: 'INR', dateOrder: 'dmy', today: '2026-01-01', timeZone: 'Asia/Kolkata' };

/**
 * Tries a plugin's type on its own samples: each is read, its value is read again as itself in every order of dates, is printed and read
 * again, and its mask does not show it.
 * @throws LmsError `CONFIG_INVALID` naming the type, the sample and what went wrong
 */
export function checkSamples(plugged: PluginFieldType): void {
  const type = new AskedType(plugged);
  for (const sample of plugged.samples) {
    const tried = tryOn(type, sample);
    if (tried.ok) continue;
    const { failure, cause } = tried;
    const reason = cause instanceof Error ? `: ${cause.message}` : '';
    throw new LmsError('CONFIG_INVALID', {
      message: `the field type ${plugged.name} fails at its own sample ${JSON.stringify(sample)}: ${failure}${reason}`,
      path: 'plugins',
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

function tryOn(type: AskedType, sample: string): Asked<unknown> {
  const read = type.read(sample, anyContext);
  if (!read.ok) return read;
  const reading = read.answer;
  if ('problem' in reading) return failed(`it refuses it, which ${reading.problem}`);
  const { value } = reading;
  const tries: readonly (() => Asked<unknown> | null)[] = [
    ...dateOrders.map((dateOrder) => () => readAgain(type, value, { ...anyContext, dateOrder })),
    () => printed(type, value),
    () => type.mask(value),
    () => sameKey(type, value),
  ];
  for (const attempt of tries) {
    const tried = attempt();
    if (tried?.ok === false) return tried;
  }
  return read;
}

function readAgain(type: AskedType, value: OwnValue, context: FieldContext): Asked<unknown> | null {
  if (type.readsAs(type.canonical(value, context), value, context)) return null;
  return failed(`its value ${JSON.stringify(value)} is not read again as itself where dates are ${context.dateOrder}`);
}

function printed(type: AskedType, value: OwnValue): Asked<unknown> | null {
  const given = type.format(value);
  if (given === null || !given.ok || type.readsAs(given.answer, value, anyContext)) return given;
  return failed(`${JSON.stringify(given.answer)}, as format prints it, is not read again as ${JSON.stringify(value)}`);
}

function sameKey(type: AskedType, value: OwnValue): Asked<unknown> {
  const first = type.indexKey(value);
  const second = type.indexKey(value);
  if (!first.ok || !second.ok || first.answer === second.answer) return second;
  return failed('indexKey answers otherwise the second time');
}
