/** Digits alone, in the Indian groups (`5,00,000`) or in thousands (`500,000`), parted by commas or by single spaces. */
const groupings: readonly RegExp[] = [
  /^\d+$/,
  /^[1-9]\d?(?<by>[, ])(?:\d\d\k<by>)*\d{3}$/,
  /^[1-9]\d{0,2}(?<by>[, ])\d{3}(?:\k<by>\d{3})*$/,
];

/** The digits of a whole number as people group them, without the grouping; undefined when no number is grouped so. */
export function ungroupDigits(text: string): string | undefined {
  return groupings.some((grouping) => grouping.test(text)) ? text.replace(/[, ]/g, '') : undefined;
}
