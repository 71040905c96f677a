interface OptionGroup {
  readonly heading: string;
  readonly flags: ReadonlySet<string>;
  /** The commands it is for, where the same flags mean a value elsewhere. */
  readonly commands?: RegExp;
}

/** Options that belong together are together in every help. */
const groups: readonly OptionGroup[] = [
  {
    heading: 'Which:',
    commands:
      /^(leads (list|export|move|assign|find)|tasks list|board|report .*|imports list|users list|mappings list|exchanges list|audit list|jobs list|timers list|events tail|webhooks deliveries|notify list|notify inbox)$/,
    flags: new Set([
      '--product',
      '--target',
      '--purpose',
      '--state',
      '--lead',
      '--by',
      '--type',
      '--stage',
      '--status',
      '--kind',
      '--stuck',
      '--unread',
      '--owner',
      '--region',
      '--source',
      '--channel',
      '--campaign',
      '--created-from',
      '--created-to',
      '--updated-from',
      '--updated-to',
      '--amount-min',
      '--amount-max',
      '--score-min',
      '--score-max',
      '--partner',
      '--phone',
      '--email',
      '--where',
      '--filter',
      '--deleted',
      '--all',
      '--role',
      '--team',
    ]),
  },
  { heading: 'How much:', flags: new Set(['--limit', '--cursor', '--sort', '--cards', '--activities']) },
  {
    heading: 'Safety:',
    flags: new Set([
      '--dry-run',
      '--check',
      '--yes',
      '--force',
      '--replace',
      '--again',
      '--duplicates',
      '--expected-version',
      '--idempotency-key',
    ]),
  },
];

/** The heading under which an option stands in the help of a command; null for the common one. */
export function optionGroupOf(path: string, flag: string): string | null {
  const group = groups.find(
    ({ flags, commands }) => flags.has(flag) && (commands === undefined || commands.test(path)),
  );
  return group?.heading ?? null;
}
