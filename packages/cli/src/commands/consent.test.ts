import { consentSources, contactChannels } from '@lms/core';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { Runner } from '../run.js';
import { addConsentCommands } from './consent.js';

function choicesOf(command: string, option: string): readonly string[] | undefined {
  const program = new Command();
  const runner = new Runner({ commandLine: [], unread: new AbortController().signal });
  addConsentCommands(program, runner);
  const found = program.commands[0]?.commands.find((each) => each.name() === command);
  return found?.options.find(({ long }) => long === option)?.argChoices;
}

it('offers every source and channel that there is, though the lists are not loaded for help', () => {
  expect(choicesOf('give', '--source')).toEqual(consentSources);
  expect(choicesOf('block', '--channel')).toEqual([...contactChannels, 'all']);
});
