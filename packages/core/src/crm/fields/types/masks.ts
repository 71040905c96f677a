/** What is shown of any value to who may not see it. */
export function maskAll(): string {
  return '******';
}

/** All but the last four characters hidden: `******7890`. A text of eight or fewer is hidden whole. */
export function maskToLastFour(text: string): string {
  return text.length <= 8 ? maskAll() : '*'.repeat(text.length - 4) + text.slice(-4);
}
