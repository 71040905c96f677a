import type { Examples } from './example.js';

/** Leads out of files. */
export const bringInExamples: Examples = {
  import: [
    { line: 'lms import leads.xlsx', what: 'on a terminal: asks for the rest and shows how columns are read' },
    { line: 'lms import leads.xlsx --product personal-loan --dry-run', what: 'what would happen to each row' },
    { line: 'lms import leads.xlsx --product personal-loan', what: 'the same for real' },
    { line: 'lms import leads.xlsx --product personal-loan --detach', what: 'left to a worker: lms work' },
    {
      line: 'lms import corrections.csv --product personal-loan --duplicates update',
      what: 'writes filled cells into the leads that the rows repeat',
    },
    {
      line: 'lms import fair.csv --product demat --map "Who=fullName" --map "Shoe size=-"',
      what: 'with columns that are not recognised',
    },
    {
      line: 'lms import march.xlsx --product personal-loan --save-mapping bank-x',
      what: 'keeps how it was read; the next time: --mapping bank-x, or --source bank-x',
    },
    {
      line: 'lms import fair.csv --product demat --consent marketing@OK --block call@DND',
      what: 'with what people allow and forbid, recorded with their leads',
    },
    {
      line: 'curl -s https://example.com/leads.csv | lms import - --product personal-loan',
      what: 'from another program',
    },
  ],
  'mappings list': [{ line: 'lms mappings list --product personal-loan', what: 'how each source is read' }],
  'mappings show': [{ line: 'lms mappings show bank-x --product personal-loan', what: 'column by column' }],
  'mappings save': [
    { line: 'lms mappings save bank-x bank-x.yaml --product personal-loan', what: 'from a file that you wrote' },
  ],
  'mappings export': [
    { line: 'lms mappings export bank-x --product personal-loan --output bank-x.yaml', what: 'to change it' },
  ],
  'mappings remove': [
    { line: 'lms mappings remove bank-x --product personal-loan', what: 'its files are guessed again' },
  ],
  'imports list': [{ line: 'lms imports list --product personal-loan --limit 5', what: 'the last five' }],
  'imports show': [
    { line: 'lms imports show 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'counts and reasons of one of them' },
  ],
  'imports watch': [
    { line: 'lms imports watch 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'how far a detached import is' },
  ],
  'imports cancel': [
    {
      line: 'lms imports cancel 01a202c2-bd9d-7506-9b13-9401c0d1815d',
      what: 'stops a detached import; the same file goes on',
    },
  ],
};
