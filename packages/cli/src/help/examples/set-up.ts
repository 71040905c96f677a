import type { Examples } from './example.js';

/** A store, its product lines and its users. */
export const setUpExamples: Examples = {
  init: [
    { line: 'lms init', what: 'a store in a file, in this folder' },
    {
      line: 'lms init --store prod --name "Asha Rao"',
      what: 'MongoDB and MySQL, by the variables MONGO_URL and MYSQL_URL',
    },
    { line: 'lms init --yes --template personal-loan', what: 'without questions, with a product line to begin with' },
  ],
  'schema list': [{ line: 'lms schema list', what: 'which product lines there are' }],
  'schema show': [
    { line: 'lms schema show personal-loan', what: 'what each field takes' },
    {
      line: 'lms schema show personal-loan --definition > personal-loan.yaml',
      what: 'the definition, to be changed and published',
    },
  ],
  'schema lint': [
    { line: 'lms schema lint personal-loan.yaml', what: 'every mistake with its line' },
    { line: 'cat personal-loan.yaml | lms schema lint -', what: 'from another program' },
  ],
  'schema publish': [
    { line: 'lms schema publish product-lines/personal-loan.yaml', what: 'fields and pipeline, both or none' },
    { line: 'lms schema publish -', what: 'from standard input' },
  ],
  'schema diff': [
    { line: 'lms schema diff personal-loan', what: 'what the draft would change, or what the last publish did' },
    { line: 'lms schema diff personal-loan --from 1 --to 3', what: 'two versions of the fields' },
    { line: 'lms schema diff personal-loan --to personal-loan.yaml', what: 'what publishing a file would change' },
  ],
  'schema edit': [
    { line: 'lms schema edit personal-loan', what: 'in the editor that EDITOR names' },
    { line: 'EDITOR="code --wait" lms schema edit personal-loan --published', what: 'leaving the draft aside' },
  ],
  'schema field-types': [{ line: 'lms schema field-types', what: 'what a field may be, plugins included' }],
  'schema types': [{ line: 'lms schema types --output lines.ts', what: 'for createLms<Lines>()' }],
  'calendars list': [{ line: 'lms calendars list', what: 'each by its newest version' }],
  'calendars show': [
    { line: 'lms calendars show office', what: 'hours, holidays and special days' },
    { line: 'lms calendars show office --definition > office.yaml', what: 'to change it' },
  ],
  'calendars versions': [{ line: 'lms calendars versions office', what: 'who changed it, and when' }],
  'calendars publish': [
    { line: 'lms calendars publish office.yaml', what: 'timers that wait on it are counted anew' },
    { line: 'lms calendars publish office.yaml --holidays 2027.csv', what: 'with the holidays of a list' },
    { line: 'lms calendars publish office.yaml --holidays 2027.ics', what: 'with those of a public calendar' },
    { line: 'lms calendars publish office.yaml --replaces 3', what: 'only if nobody else has changed it meanwhile' },
  ],
  'calendars check': [
    { line: 'lms calendars check office --after 2h', what: 'when two working hours from now are over' },
    {
      line: 'lms calendars check --from 2026-01-23T18:00+05:30 --to 2026-01-27T10:30+05:30',
      what: 'how much working time that is',
    },
  ],
  'stages list': [{ line: 'lms stages list --product personal-loan', what: 'the stages and the ways between them' }],
  'stages add': [
    {
      line: 'lms stages add callback --product demat --name "Call back" --before contacted',
      what: 'a stage between two others',
    },
  ],
  'stages update': [
    {
      line: 'lms stages update callback --product demat --name "Ring" --colour "#0ea5e9"',
      what: 'name and colour',
    },
  ],
  'stages reorder': [
    {
      line: 'lms stages reorder new contacted qualified won lost --product personal-loan',
      what: 'every stage, in the new order',
    },
  ],
  'stages retire': [
    { line: 'lms stages retire callback --product personal-loan --move-to contacted', what: 'its leads go to another' },
  ],
  'stages restore': [
    { line: 'lms stages restore callback --product personal-loan --from new,contacted', what: 'back in its place' },
  ],
  'users list': [{ line: 'lms users list --role agent --team west', what: 'the agents of a team' }],
  'users add': [
    { line: 'lms users add ravi --name "Ravi Kumar" --role agent --team west', what: 'a user, who can act at once' },
  ],
  'users update': [{ line: 'lms users update ravi --role manager --team ""', what: 'another role, and no team' }],
  'users activate': [{ line: 'lms users activate ravi', what: 'let in again' }],
  'users deactivate': [{ line: 'lms users deactivate ravi', what: 'locked out; what ravi did stays' }],
};
