import type { Command } from 'commander';
import type { LeadCreateOptions, LeadDeleteOptions, LeadUpdateOptions } from '../actions/lead-change.js';
import type { LeadEraseOptions } from '../actions/lead-erase.js';
import { collect } from '../input/collect.js';
import type { Runner } from '../run.js';
import {
  changeOptions,
  consentInput,
  dryRunOptions,
  fieldInput,
  type WriteOptions,
  writeOptions,
  yesOptions,
} from './shared-options.js';

/** The words of `erasureReasons`, which is not loaded for help. */
const erasureReasonWords = 'person-asked, consent-withdrawn, retention-ended or entered-wrongly';

export function addLeadChangeCommands(leads: Command, runner: Runner): void {
  changeOptions(leads.command('create').description('make a lead'), [...fieldInput, ...consentInput, ...dryRunOptions])
    .requiredOption('--product <line>', 'the product line')
    .option('--source <source>', 'where the lead came from (default: cli)')
    .option('--channel <channel>', 'through which channel')
    .option('--campaign <campaign>', 'which campaign brought it')
    .option('--property <key=value>', 'a property such as priority=high (repeatable)', collect)
    .option('--idempotency-key <key>', 'a repeat with the same key and the same request makes no second lead')
    .action((options: LeadCreateOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { createLead } = await import('../actions/lead-change.js');
        await createLead(session, options);
      }),
    );
  const update = leads
    .command('update')
    .description('change field values; an empty value takes the field away')
    .argument('<lead>', 'the lead, by number or id');
  changeOptions(update, [...fieldInput, ...writeOptions])
    .option('--property <key=value>', 'a property such as priority=high; empty takes it away (repeatable)', collect)
    .action((lead: string, options: LeadUpdateOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { updateLead } = await import('../actions/lead-change.js');
        await updateLead(session, lead, options);
      }),
    );
  const remove = leads
    .command('delete')
    .description('delete a lead; it can be restored')
    .argument('<lead>', 'the lead, by number or id');
  changeOptions(remove, [...yesOptions, ...writeOptions]).action(
    (lead: string, options: LeadDeleteOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { deleteLead } = await import('../actions/lead-change.js');
        await deleteLead(session, lead, options);
      }),
  );
  const restore = leads
    .command('restore')
    .description('bring a deleted lead back')
    .argument('<lead>', 'the lead, by number or id');
  changeOptions(restore, writeOptions).action((lead: string, options: WriteOptions, command: Command) =>
    runner.inStore(command, async (session) => {
      const { restoreLead } = await import('../actions/lead-change.js');
      await restoreLead(session, lead, options);
    }),
  );
  const erase = leads
    .command('erase')
    .description('erase the personal data of a lead for good; a numbered shell stays')
    .argument('<lead>', 'the lead, by number or id')
    .requiredOption('--reason <reason>', `why: ${erasureReasonWords}`);
  changeOptions(erase, [...yesOptions, ...writeOptions]).action(
    (lead: string, options: LeadEraseOptions, command: Command) =>
      runner.inStore(command, async (session) => {
        const { eraseLead } = await import('../actions/lead-erase.js');
        await eraseLead(session, lead, options);
      }),
  );
  leads
    .command('finish-erasures')
    .description('empty erased leads that a restore which broke off has brought back')
    .action((_options: object, command: Command) =>
      runner.inStore(command, async (session) => {
        const { finishErasures } = await import('../actions/lead-erase.js');
        await finishErasures(session);
      }),
    );
}
