/**
 * The public number of a lead: `LEAD-202601-00001`, the month of the business time zone and a sequence of at least five
 * digits that grows when it must. Never sort by its text.
 */
export function leadNumber(month: string, sequence: number): string {
  return `LEAD-${month}-${String(sequence).padStart(5, '0')}`;
}

const pattern = /^LEAD-\d{6}-\d{5,}$/;

/** Month and sequence of a lead number, or null for other text. */
export function parseLeadNumber(text: string): { readonly month: string; readonly sequence: number } | null {
  if (!isLeadNumber(text)) return null;
  const [, month = '', sequence = ''] = text.split('-');
  return { month, sequence: Number(sequence) };
}

/** True for text that looks like a lead number, in any case. */
export function isLeadNumber(text: string): boolean {
  return pattern.test(text.toUpperCase());
}
