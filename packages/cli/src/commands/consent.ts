import { type Command, Option } from 'commander';
import type {
  BlockOptions,
  CheckOptions,
  ConsentListOptions,
  GiveOptions,
  UnblockOptions,
  WithdrawOptions,
} from '../actions/consent.js';
import type { WordingAddOptions, WordingListOptions } from '../actions/consent-wordings.js';
import { collect } from '../input/collect.js';
import { wholeNumber } from '../input/whole-number.js';
import type { Runner } from '../run.js';
import { changeOptions, consentSourceWords, pageOptions } from './shared-options.js';

const lead = ['<lead>', 'number or id of the lead'] as const;
const purpose = ['--purpose <purpose>', 'what for, such as contact-by-call: lms consent purposes'] as const;
const channels = ['call', 'sms', 'email', 'whatsapp', 'all'];

/** How the person said so. */
const source = (): Option =>
  new Option('--source <source>', 'how the person said so').choices(consentSourceWords).makeOptionMandatory();
const channel = (): Option => new Option('--channel <channel>', 'by what').choices(channels).makeOptionMandatory();

export function addConsentCommands(program: Command, runner: Runner): void {
  const consent = program
    .command('consent')
    .description('what people allow: consents, do-not-contact, the texts agreed to');
  changeOptions(
    consent
      .command('list')
      .description('list the consents of a lead, the newest first')
      .argument(...lead)
      .option('--purpose <purpose>', 'only for this purpose'),
    pageOptions({ most: 200, usual: 50 }),
  ).action((given: string, options: ConsentListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listConsents } = await import('../actions/consent.js');
      await listConsents(session, given, options);
    }),
  );
  consent
    .command('give')
    .description('record that a person said yes')
    .argument(...lead)
    .requiredOption(...purpose)
    .addOption(source())
    .option('--language <language>', 'of the text that was agreed to', 'en')
    .option('--wording <number>', 'its version; the newest when absent', wholeNumber(1, 1_000_000))
    .option('--partner <slug>', 'the one partner it is for')
    .option('--item <word>', 'which data it is about (repeatable)', collect)
    .option('--given <time>', 'when, such as 2026-01-31T09:30+05:30; now when absent')
    .option('--expires <day>', 'the last day, or the time, it counts')
    .option('--otp-reference <text>', 'what the sender of the one-time password calls it')
    .option('--ip <address>', 'where it came from')
    .option('--document <text>', 'where the signed form or recording is kept')
    .option('--idempotency-key <key>', 'a repeat with the same key and the same request changes nothing more')
    .action((given: string, options: GiveOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { giveConsent } = await import('../actions/consent.js');
        await giveConsent(session, given, options);
      }),
    );
  consent
    .command('withdraw')
    .description('record that a person takes it back')
    .argument(...lead)
    .requiredOption(...purpose)
    .addOption(source())
    .option('--partner <slug>', 'only what is for this partner')
    .option('--reason <text>', 'why; kept sealed')
    .action((given: string, options: WithdrawOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { withdrawConsent } = await import('../actions/consent.js');
        await withdrawConsent(session, given, options);
      }),
    );
  consent
    .command('check')
    .description('may it be done? ends with 0 when it may, 6 when not')
    .argument(...lead)
    .requiredOption(...purpose)
    .option('--partner <slug>', 'the partner it is shared with')
    .option('--at <time>', 'as it stood then')
    .action((given: string, options: CheckOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { checkConsent } = await import('../actions/consent.js');
        return checkConsent(session, given, options);
      }),
    );
  consent
    .command('purposes')
    .description('what consents can be for in this store')
    .action((_options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { listPurposes } = await import('../actions/consent-wordings.js');
        await listPurposes(session);
      }),
    );
  addBlockCommands(consent, runner);
  addWordingCommands(consent, runner);
}

function addBlockCommands(consent: Command, runner: Runner): void {
  consent
    .command('block')
    .description('do not contact a person by a channel, whatever the consents')
    .argument(...lead)
    .addOption(channel())
    .addOption(source())
    .option('--reason <text>', 'why; kept sealed')
    .action((given: string, options: BlockOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { blockContact } = await import('../actions/consent.js');
        await blockContact(session, given, options);
      }),
    );
  consent
    .command('unblock')
    .description('lift the block of a channel')
    .argument(...lead)
    .addOption(channel())
    .action((given: string, options: UnblockOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { unblockContact } = await import('../actions/consent.js');
        await unblockContact(session, given, options);
      }),
    );
  consent
    .command('blocks')
    .description('list the blocks that hold for the person behind a lead')
    .argument(...lead)
    .action((given: string, _options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { listBlocks } = await import('../actions/consent.js');
        await listBlocks(session, given);
      }),
    );
}

function addWordingCommands(consent: Command, runner: Runner): void {
  const wordings = consent.command('wordings').description('the texts that people agree to');
  changeOptions(
    wordings
      .command('list')
      .description('list the texts, the oldest first')
      .option('--purpose <purpose>', 'only for this purpose')
      .option('--language <language>', 'only in this language'),
    pageOptions({ most: 200, usual: 50 }),
  ).action((options: WordingListOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { listWordings } = await import('../actions/consent-wordings.js');
      await listWordings(session, options);
    }),
  );
  wordings
    .command('add')
    .description('add a text as the next version; texts never change')
    .argument('<file>', 'a text file in UTF-8')
    .requiredOption(...purpose)
    .option('--language <language>', 'such as en or hi', 'en')
    .option('--wording <number>', 'its version; the next when absent', wholeNumber(1, 1_000_000))
    .action((file: string, options: WordingAddOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { addWording } = await import('../actions/consent-wordings.js');
        await addWording(session, file, options);
      }),
    );
  wordings
    .command('show')
    .description('show a text')
    .argument('<purpose>', 'what it is for')
    .argument('<version>', 'its version', wholeNumber(1, 1_000_000))
    .option('--language <language>', 'such as en or hi', 'en')
    .action((given: string, version: number, options: { readonly language: string }, command: Command) =>
      runner.inStore(command, async (session) => {
        const { showWording } = await import('../actions/consent-wordings.js');
        await showWording(session, { purpose: given, version, ...options });
      }),
    );
}
