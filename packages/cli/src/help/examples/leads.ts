import type { Examples } from './example.js';

/** Leads, and the people behind them. */
export const leadExamples: Examples = {
  'consent list': [{ line: 'lms consent list LEAD-202601-00001', what: 'given, withdrawn, and by which words' }],
  'consent give': [
    {
      line: 'lms consent give LEAD-202601-00001 --purpose contact-by-call --source web',
      what: 'the newest English text was agreed to, just now',
    },
    {
      line: 'lms consent give LEAD-202601-00001 --purpose kyc --source paper --language hi',
      what: 'the Hindi text was signed',
    },
  ],
  'consent withdraw': [
    {
      line: 'lms consent withdraw LEAD-202601-00001 --purpose marketing --source call',
      what: 'as easy as giving it',
    },
  ],
  'consent check': [
    {
      line: 'lms consent check LEAD-202601-00001 --purpose credit-bureau',
      what: 'ends with 0 when it may be done',
    },
  ],
  'consent purposes': [{ line: 'lms consent purposes', what: 'what consents can be for' }],
  'consent block': [
    {
      line: 'lms consent block LEAD-202601-00001 --channel all --source call',
      what: 'no call, message or mail any more',
    },
  ],
  'consent unblock': [{ line: 'lms consent unblock LEAD-202601-00001 --channel all', what: 'consents count again' }],
  'consent blocks': [{ line: 'lms consent blocks LEAD-202601-00001', what: 'what must not be done' }],
  'consent wordings list': [
    { line: 'lms consent wordings list --purpose credit-bureau', what: 'every text there ever was' },
  ],
  'consent wordings add': [
    {
      line: 'lms consent wordings add bureau-hi.txt --purpose credit-bureau --language hi',
      what: 'as the next version in Hindi',
    },
  ],
  'consent wordings show': [
    { line: 'lms consent wordings show credit-bureau 1 --language hi', what: 'the text as it was agreed to' },
  ],
  'leads list': [
    { line: 'lms leads list --product personal-loan --stage new --owner none', what: 'new leads that nobody has' },
    {
      line: "lms leads list --product demat --where 'city=Pune|Nashik' --sort -created",
      what: 'by an indexed field, the newest first',
    },
    {
      line: "lms leads list --filter 'amount>=5 lakh' --filter 'created>=2026-01-01'",
      what: 'large ones of this year, of every product line',
    },
    { line: 'lms leads list --product demat --phone "98200 12345"', what: 'by phone, however it is written' },
  ],
  'leads find': [
    { line: 'lms leads find "98200 12345"', what: 'by phone, in every product line' },
    { line: 'lms leads find 2345', what: 'by the last four digits of a phone' },
    { line: 'lms leads find 202601-17', what: 'by number, in short' },
  ],
  'leads export': [
    { line: 'lms leads export leads.xlsx --product personal-loan', what: 'every lead of a line, as a workbook' },
    {
      line: 'lms leads export --product demat --columns number,stage,fullName --masked',
      what: 'three columns as csv on standard output, names masked',
    },
    {
      line: 'lms leads export won.ndjson --product demat --status won',
      what: 'a JSON object a line, for another program',
    },
  ],
  'leads show': [{ line: 'lms leads show LEAD-202601-00001', what: 'everything about one lead' }],
  'leads create': [
    {
      line: 'lms leads create --product demat --set "fullName=Asha Rao" --fields more.json',
      what: 'values as a person types them, the others from a file',
    },
    {
      line: 'lms leads create --product demat --fields lead.json --consent marketing',
      what: 'with the consent that came with it',
    },
    {
      line: 'lms leads create --product personal-loan --fields lead.json --dry-run',
      what: 'only look whether it would be made',
    },
  ],
  'leads update': [
    {
      line: 'lms leads update LEAD-202601-00001 --set city=Pune --set pan=',
      what: 'an empty value takes the field away',
    },
  ],
  'leads delete': [{ line: 'lms leads delete LEAD-202601-00001', what: 'asks first; it can be restored' }],
  'leads erase': [
    {
      line: 'lms leads erase LEAD-202601-00001 --reason person-asked',
      what: 'asks first; nothing brings the data back',
    },
  ],
  'leads finish-erasures': [
    { line: 'lms leads finish-erasures', what: 'after a restore that was killed before it ended' },
  ],
  'leads restore': [{ line: 'lms leads restore LEAD-202601-00001', what: 'a deleted lead back' }],
  'leads move': [
    { line: 'lms leads move --product demat --stage new --to contacted --dry-run', what: 'all of a stage: may they?' },
    { line: 'lms leads move LEAD-202601-00001 --to contacted --comment "Spoke at six"', what: 'one lead' },
    { line: 'lms leads move LEAD-202601-00001 --to contacted --dry-run', what: 'may it, and if not, why not?' },
  ],
  'leads assign': [
    {
      line: 'lms leads assign --filter product=demat --filter owner=none --to ravi',
      what: 'all that nobody has',
    },
    { line: 'lms leads assign LEAD-202601-00001 --to ravi', what: 'to a user' },
    { line: 'lms leads assign LEAD-202601-00001 --to ravi --dry-run', what: 'may it, and if not, why not?' },
    { line: 'lms leads assign LEAD-202601-00001 --to none --reason "On leave"', what: 'away from its owner' },
  ],
  'leads note': [
    { line: 'lms leads note LEAD-202601-00001 "Wants to be called after six" --type call', what: 'what was said' },
    { line: 'cat mail.txt | lms leads note LEAD-202601-00001 - --type email', what: 'a long text' },
  ],
  'tasks list': [
    { line: 'lms tasks list LEAD-202601-00001', what: 'what one lead waits for' },
    { line: 'lms tasks list --product personal-loan --owner ravi', what: 'the work of a user' },
  ],
  'tasks complete': [
    { line: 'lms tasks complete LEAD-202601-00001 first-call --set outcome=connected', what: 'with what it asks for' },
    { line: 'lms tasks complete LEAD-202601-00001 second-call --skip', what: 'a task that is not required' },
  ],
  board: [{ line: 'lms board --product personal-loan --owner ravi --cards 3', what: 'one user, three cards a stage' }],
  'report funnel': [
    {
      line: 'lms report funnel --product personal-loan --created-from 2026-01-01',
      what: 'since a day',
    },
  ],
};
