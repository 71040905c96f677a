import { cleanText } from '../../../foundation/kernel/index.js';
import type { AddressValue } from '../field-value.js';
import { stateNamed } from '../identity/index.js';

const pincodeAtEnd = /[\s,.-]*(?:\bpin(?:\s?code)?\b[\s:.-]*)?\b([1-9]\d{2}) ?(\d{3})\.?$/i;

/**
 * Reads an address as people write it on one line, `12 MG Road, Indiranagar, Bengaluru, Karnataka 560038`: a PIN code at
 * the end, before it the state where the last part names one, before that the city. Without a PIN code and a state nothing
 * is guessed: all of it is the first line.
 */
export function readAddressText(text: string): AddressValue {
  const [matched = '', first = '', last = ''] = pincodeAtEnd.exec(text) ?? [];
  const pincode = first + last;
  const rest = text.slice(0, text.length - matched.length).replace(/(?:,? ?india)?[\s,.-]*$/i, '');
  if (rest === '') return { line1: text };
  const parts = rest.split(/\s*,\s*/).filter((part) => part !== '');
  const state = parts.length > 1 ? stateNamed(parts.at(-1) ?? '') : undefined;
  if (state !== undefined) parts.pop();
  const located = pincode !== '' || state !== undefined;
  const city = located && parts.length > 1 ? parts.pop() : undefined;
  if (!located) return { line1: text };
  return {
    line1: parts.join(', '),
    ...(city === undefined ? {} : { city }),
    ...(state === undefined ? {} : { state }),
    ...(pincode === '' ? {} : { pincode }),
  };
}

const slots = ['line1', 'line2', 'city', 'state', 'pincode'] as const;

/** Whether the text is an address in five slots, as {@link printAddress} writes what a line would not give back. */
export function isInSlots(text: string): boolean {
  return text.split('|').length === slots.length;
}

/** The five slots; an empty one is a part that the address does not have. */
export function slotsOf(text: string): Readonly<Record<string, string>> {
  const parts = text.split('|').map((part) => part.trim());
  return Object.fromEntries(slots.map((slot, index) => [slot, parts[index] ?? '']).filter(([, part]) => part !== ''));
}

/** One line where it is read back to the same address, else the five slots parted by bars. */
export function printAddress(value: AddressValue): string {
  const ending = [value.state, value.pincode].filter((part) => part !== undefined).join(' ');
  const line = [value.line1, value.line2, value.city, ending]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
  return isSameAddress(readAddressText(line), value) && !line.includes('|')
    ? line
    : cleanText(slots.map((slot) => value[slot] ?? '').join(' | '));
}

function isSameAddress(a: AddressValue, b: AddressValue): boolean {
  return slots.every((slot) => a[slot] === b[slot]);
}
