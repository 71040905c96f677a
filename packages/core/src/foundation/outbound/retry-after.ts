/**
 * How long an answer asks to be left alone, in milliseconds from `now`: RFC 9110 §10.2.3, seconds or a date. Null where it says
 * nothing that can be read; 0 for a date that has passed.
 */
export function retryAfterMillis(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  const at = httpDate(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** One of the three forms of RFC 9110 §5.6.7, all of which are in UTC whatever the zone of this machine; NaN for what is none. */
function httpDate(text: string): number {
  // Dates of HTTP begin with the day of the week; without this check `Date.parse` takes `1.5` for a year.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return Number.NaN;
  if (text.endsWith(' GMT')) return Date.parse(text);
  return /^\w{3} \w{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
}
