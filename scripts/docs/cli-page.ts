import { exitCodeMeanings } from '../../packages/cli/src/exit-codes.ts';
import { commandsOf, examplesOf } from '../../packages/cli/src/help/dress-program.ts';
import { environmentVariables, files, type Term } from '../../packages/cli/src/help/surroundings.ts';
import { buildProgram } from '../../packages/cli/src/program.ts';
import { Runner } from '../../packages/cli/src/run.ts';

type Command = ReturnType<typeof buildProgram>;
type Option = Command['options'][number];
type Argument = Command['registeredArguments'][number];

const head = `# lms

<!-- Made by "node scripts/run.mjs docs" from the commands of packages/cli. Do not edit. -->

## Name

lms: leads from a file into a working pipeline

## Synopsis

\`\`\`text
lms [global options] COMMAND [options] [arguments]
lms help [COMMAND]
\`\`\`

## Description

Works on one store, a file or servers, which \`lms.config.json\` names; \`lms init\` makes both. Every command acts as a user of the
store, within what the roles of that user allow, and leaves a trace in the audit trail.

Answers go to standard output, messages and progress to the error output, so that answers can be piped: with \`--json\` each is one JSON
value, and so is an error. In a terminal tables fit its width, narrowing and leaving out the less important columns; in a file or a
pipe they are whole and without colours. Where a file is asked for, \`-\` is standard input. What is deleted or retired is asked
about first, unless \`--yes\` says so; where nobody can be asked, the command refuses.

Ctrl-C, SIGTERM and a closed terminal stop a command at its next safe place, a second time at once; nothing is left half written. A pipe that
nobody reads any more (\`lms leads list | head\`) is no error.
`;

/** The text of docs/cli.md: a manual page, made from the commands themselves. */
export function cliPage(): string {
  const program = buildProgram(new Runner({ commandLine: [], unread: new AbortController().signal }));
  const commands = [...commandsOf(program)].filter(({ command }) => command.commands.length === 0);
  const exitCodes = Object.entries(exitCodeMeanings).map(([name, what]): Term => ({ name, what }));
  return [
    head,
    section('## Global options', table('option', program.options.filter(isShown).map(optionTerm))),
    '## Commands\n',
    ...commands.map(({ command, path }) => commandSection(command, path)),
    section('## Exit codes', table('exit', exitCodes)),
    section('## Environment', table('variable', environmentVariables)),
    section('## Files', table('file', files)),
    '## See also\n\n[Getting started](getting-started.md), [errors](errors.md), [product lines](product-lines.md), [storage](storage.md)\n',
  ].join('\n');
}

function commandSection(command: Command, path: string): string {
  const named = command.registeredArguments.map(argumentTerm);
  const options = command.options.filter(isShown).map(optionTerm);
  const examples = examplesOf(path).map(({ line, what }) => `# ${what}\n${line}`);
  return [
    `### lms ${path}\n`,
    `${sentence(command.description())}\n`,
    fence('text', synopsis(command, path)),
    ...explanation(command),
    ...(named.length === 0 ? [] : [table('argument', named)]),
    ...(options.length === 0 ? [] : [table('option', options)]),
    ...(examples.length === 0 ? [] : [fence('sh', examples.join('\n'))]),
  ].join('\n');
}

const widest = 100;

/** Required options as they are, all others in brackets; those that may be repeated with dots. */
function synopsis(command: Command, path: string): string {
  const options = command.options
    .filter(isShown)
    .map((option) => (option.mandatory ? option.flags : `[${option.flags}]`) + (isRepeatable(option) ? '...' : ''));
  const words = [...command.registeredArguments.map(argumentText), ...options];
  const lines = [`lms ${path}`];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length + 1 <= widest) lines.splice(-1, 1, `${line} ${word}`);
    else lines.push(`    ${word}`);
  }
  return lines.join('\n');
}

/** What the help says after the options, but for the examples: paragraphs, and lines that can be typed. */
function explanation(command: Command): readonly string[] {
  const written: string[] = [];
  command.configureOutput({ writeOut: (part) => written.push(part), getOutHasColors: () => false });
  command.outputHelp();
  const [text = ''] = written
    .slice(1)
    .join('')
    .split(/^Examples:$/m);
  return text
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const lines = block.replace(/^\n+|\s+$/g, '').split('\n');
      return lines.every((line) => line.startsWith('  '))
        ? fence('sh', lines.map((line) => line.slice(2)).join('\n'))
        : `${escaped(lines.join('\n'))}\n`;
    });
}

function argumentText(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '...' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}

function argumentTerm(argument: Argument): Term {
  return { name: argumentText(argument), what: argument.description };
}

function optionTerm(option: Option): Term {
  const { flags, description, defaultValue, mandatory, negate } = option;
  const isTold = defaultValue !== undefined && !negate;
  return {
    name: flags,
    what: `${description}${mandatory ? '; required' : ''}${isTold ? ` (default: ${defaultValue})` : ''}`,
  };
}

function isShown({ hidden }: Option): boolean {
  return !hidden;
}

function isRepeatable({ description, variadic }: Option): boolean {
  return variadic || description.includes('repeatable');
}

function section(title: string, body: string): string {
  return `${title}\n\n${body}`;
}

function table(heading: string, terms: readonly Term[]): string {
  const rows = terms.map(({ name, what }) => `| \`${name.replaceAll('|', '\\|')}\` | ${escaped(what)} |`);
  return `| ${heading} | |\n| --- | --- |\n${rows.join('\n')}\n`;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\`\n`;
}

/** Signs that mean something in Markdown stand for themselves. */
function escaped(text: string): string {
  return text.replace(/[|<>*]/g, '\\$&');
}

function sentence(text: string): string {
  return `${escaped(text.charAt(0).toUpperCase() + text.slice(1))}.`;
}
