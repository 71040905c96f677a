import { exitCodeMeanings, exitCodeOf, exitCodes } from '../../packages/cli/src/exit-codes.ts';
import { type ErrorCode, errorCodes } from '../../packages/core/src/foundation/kernel/error-codes.ts';

const head = `# Errors

<!-- Made by "node scripts/run.mjs docs" from packages/core/src/foundation/kernel/error-codes/. Do not edit. -->

Every refusal is an \`LmsError\`: \`code\` (stable, from the table below), \`category\`, \`retryable\` (the very same call may succeed
later), \`path\` (the place, where there is one), \`details\` (plain JSON), and a message that is safe to show. Test it with
\`LmsError.isInstance(error)\` or \`hasCode(error, 'LEAD_DUPLICATE')\`, which also hold across two copies of the package.

With \`--json\` the command prints it on the error output as \`{ "error": { "code": ..., "message": ..., "next": ... } }\`; \`next\` is what
to type.
`;

/** The text of docs/errors.md. */
export function errorsPage(): string {
  return [head, exitTable(), codeTable()].join('\n');
}

function exitTable(): string {
  const rows = Object.values(exitCodes).map((code) => `| ${code} | ${exitCodeMeanings[code]} |`);
  return `## Exit codes of the command\n\n| exit | meaning |\n| ---: | --- |\n${rows.join('\n')}\n`;
}

function codeTable(): string {
  const codes = Object.keys(errorCodes).filter(isErrorCode);
  const rows = codes.map((code) => {
    const { category, retryable, meaning } = errorCodes[code];
    return `| \`${code}\` | ${category} | ${retryable ? 'yes' : ''} | ${exitCodeOf({ code, category })} | ${meaning} |`;
  });
  return `## Codes\n\n| code | category | retryable | exit | meaning |\n| --- | --- | --- | ---: | --- |\n${rows.join('\n')}\n`;
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}
