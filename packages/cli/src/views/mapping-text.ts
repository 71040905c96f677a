import type { MappingDocument } from '@lms/core';
import { stringify } from 'yaml';

const comment = `# How the files of one source are read: heading (or "column C") to field; "-" leaves a column out.
# { field: loanAmount, unit: lakh } counts lakhs; { field: dateOfBirth, dateOrder: mdy } reads month first.
`;

/** A mapping as a YAML file that a person edits and that reads back to the same. */
export function mappingText(document: MappingDocument): string {
  return comment + stringify(document, { lineWidth: 120 });
}
