import type { WebhookEndpointStanding } from '@lms/core';
import type { Format } from '../output/format.js';
import { printable, type Style } from '../output/index.js';

const reasons = { 'by-hand': 'by hand', gone: 'it answered 410', failing: 'it failed for days' } as const;

/** In a word or two, and why. */
export function endpointState({ status, disabledReason, failingSince }: WebhookEndpointStanding): string {
  if (disabledReason !== null) return `${status}: ${reasons[disabledReason]}`;
  return failingSince === null ? status : 'failing';
}

/** A webhook on paper. */
export function webhookView(
  endpoint: WebhookEndpointStanding,
  { format, style }: { readonly format: Format; readonly style: Style },
): string {
  const { url, description, eventTypes, productLines, include, failingSince, overlapUntil } = endpoint;
  const line = (name: string, text: string | null): readonly string[] =>
    text === null || text === '' ? [] : [`${name.padEnd(12)}${printable(text)}`];
  return [
    style.bold(printable(url)),
    ...line('For', description),
    ...line('State', endpointState(endpoint)),
    ...line('Failing', failingSince === null ? null : `since ${format.time(failingSince)}`),
    ...line('Types', eventTypes.join(', ')),
    ...line('Lines', productLines.join(', ')),
    ...line('Includes', include),
    ...line('Waiting', String(endpoint.waiting)),
    ...line('Given up', String(endpoint.dead)),
    ...line('Secrets', String(endpoint.signingSecrets)),
    ...line('Both sign', overlapUntil === null ? null : `until ${format.time(overlapUntil)}`),
    ...line('Added', `${format.time(endpoint.createdAt)} by ${endpoint.createdBy}`),
    ...line('Version', String(endpoint.version)),
  ].join('\n');
}
