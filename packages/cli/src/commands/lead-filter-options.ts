import { type Command, InvalidArgumentError } from 'commander';
import { collect } from '../input/collect.js';
import { readDecimal } from '../input/decimal.js';

/** Adds the conditions by which every command says which leads it means. */
export function leadFilterOptions(command: Command): Command {
  return command
    .option('--product <line>', 'only of this product line')
    .option('--stage <stage>', 'only in this stage (repeatable)', collect)
    .option('--status <status>', 'pending, in_progress, won, lost or converted (repeatable)', collect)
    .option('--owner <id>', 'only of this user, or "none" for unowned leads')
    .option('--partner <id>', 'only with this partner')
    .option('--region <region>', 'only of this region (repeatable)', collect)
    .option('--source <source>', 'only from this source (repeatable)', collect)
    .option('--channel <channel>', 'only through this channel (repeatable)', collect)
    .option('--campaign <campaign>', 'only of this campaign (repeatable)', collect)
    .option('--created-from <date>', 'created on this day or later')
    .option('--created-to <date>', 'created on this day or earlier')
    .option('--updated-from <date>', 'changed on this day or later')
    .option('--updated-to <date>', 'last changed on this day or earlier')
    .option('--amount-min <amount>', 'of this amount or more, such as "5 lakh"')
    .option('--amount-max <amount>', 'of this amount or less')
    .option('--score-min <number>', 'with this score or more', decimal)
    .option('--score-max <number>', 'with this score or less', decimal)
    .option('--phone <phone>', 'with exactly this phone, however it is written')
    .option('--email <address>', 'with exactly this email')
    .option(
      '--where <field=value>',
      'by an indexed field: =, !=, <, <=, >, >=, or a|b for any of them (repeatable)',
      collect,
    )
    .option(
      '--filter <name=value>',
      'any of these in one form: stage=new, "amount>=5 lakh", city=Pune (repeatable)',
      collect,
    )
    .addHelpText('after', filterHelp);
}

const filterHelp = `
Every condition holds at once. --filter takes them all in one form: product, owner, partner, phone and email with one
value (owner=none); stage, status, region, source, channel and campaign with one or any of several ('stage=new|lost');
amount, score, created and updated also with <, <=, > and >= ('amount>=5 lakh', 'created<2026-02-01'); an indexed field
of the product line with all of these, and with != ('city!=Pune|Nashik', which finds leads without a city too). What has
a space, <, > or | in it needs quotes.
`;

function decimal(text: string): number {
  const value = readDecimal(text);
  if (value !== null) return value;
  throw new InvalidArgumentError('Expected a number such as 70 or 82.5.');
}
