/** A command line that can be typed as it stands, and what it is for. */
export interface Example {
  readonly line: string;
  readonly what: string;
}

/**
 * At least one for each command, by its words after `lms`. A test parses every line, so that no example names an option that is gone.
 */
export const examples: Readonly<Record<string, readonly Example[]>> = {
  init: [
    { line: 'lms init', what: 'a store in a file, in this folder' },
    {
      line: 'lms init --store prod --name "Asha Rao"',
      what: 'MongoDB and MySQL, by the variables MONGO_URL and MYSQL_URL',
    },
    { line: 'lms init --yes --template personal-loan', what: 'without questions, with a product line to begin with' },
  ],
  doctor: [
    { line: 'lms doctor', what: 'is everything as it should be?' },
    { line: 'lms doctor --store prod --json', what: 'the same for a monitor' },
  ],
  'storage status': [
    { line: 'lms storage status --store prod', what: 'which layout, and what is to come' },
    { line: 'lms storage status --json', what: 'with the rows of each table, for a script' },
  ],
  'storage migrate': [
    { line: 'lms storage migrate --store prod --dry-run', what: 'what each step would do' },
    { line: 'lms storage migrate --store prod', what: 'beside the servers of the release before' },
  ],
  'storage rebuild-facts': [
    { line: 'lms storage rebuild-facts --store prod', what: 'when a board shows what no lead says' },
    { line: 'lms storage rebuild-facts --product personal-loan', what: 'the leads of one line' },
  ],
  'storage verify': [
    { line: 'lms storage verify --store prod', what: 'before the first lead, and after every upgrade of a server' },
    { line: 'lms storage verify --json', what: 'every case with its result, for a script' },
  ],
  backup: [
    { line: 'lms backup leads.lmsbackup', what: 'everything, in one sealed file' },
    {
      line: 'lms backup --folder backups --keep-daily 7 --keep-monthly 12',
      what: 'each night, from a timer of the operating system',
    },
    {
      line: 'lms backup --folder backups --keep-daily 7 --keep-monthly 12 --every 24h',
      what: 'the same as a service, which stays',
    },
  ],
  'backups show': [{ line: 'lms backups show leads.lmsbackup', what: 'of when it is, and whether it is whole' }],
  'backups verify': [{ line: 'lms backups verify leads.lmsbackup', what: 'every row of it, as a restore reads it' }],
  restore: [
    { line: 'lms restore leads.lmsbackup', what: 'into the default store, which must be empty' },
    { line: 'lms restore leads.lmsbackup --store prod', what: 'from a file to servers, or back' },
  ],
  'keys status': [{ line: 'lms keys status', what: 'which master keys are still needed' }],
  'keys new': [{ line: 'lms keys new new.key', what: 'the first step of a change of keys' }],
  'keys rotate': [
    { line: 'lms keys rotate --dry-run', what: 'does every key open?' },
    { line: 'lms keys rotate --store prod', what: 'after the new key came first everywhere' },
  ],
  'audit list': [
    { line: 'lms audit list --lead LEAD-202601-00001', what: 'all that was done to a lead' },
    { line: 'lms audit list --by asha --from 2026-01-31 --json', what: 'what somebody did since a day, for a script' },
  ],
  'audit head': [{ line: 'lms audit head', what: 'for a notebook, a ticket, another system: where this store is not' }],
  'audit verify': [
    { line: 'lms audit verify', what: 'is everything as it was sealed?' },
    {
      line: 'lms audit verify --head "$HEAD"',
      what: 'and does it go on from what was published?',
    },
    { line: 'lms audit verify --json', what: 'every finding, for a monitor' },
  ],
  'audit export': [
    { line: 'lms audit export trail.ndjson', what: 'for an auditor, who can verify it without LMS' },
    { line: 'lms audit export trail.csv --from 4711', what: 'from a position on, for a spreadsheet' },
  ],
  'audit seal': [{ line: 'lms audit seal', what: 'before a head is published' }],
  tick: [
    { line: 'lms tick', what: 'housekeeping, for a timer of the operating system' },
    { line: 'lms tick --retry-stuck', what: 'when lms doctor says that events are stuck, and the cause is mended' },
  ],
  help: [
    { line: 'lms help', what: 'exit codes, environment and files too' },
    { line: 'lms help leads list', what: 'the same as lms leads list --help' },
  ],
  'completion bash': [
    { line: 'lms completion bash > ~/.local/share/bash-completion/completions/lms', what: 'for every new shell' },
    { line: 'source <(lms completion bash)', what: 'for this one' },
  ],
  'completion zsh': [{ line: 'lms completion zsh > ~/.zfunc/_lms', what: 'where ~/.zfunc is in your fpath' }],
  'completion fish': [
    { line: 'lms completion fish > ~/.config/fish/completions/lms.fish', what: 'for every new shell' },
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
  'schema types': [{ line: 'lms schema types --output lines.ts', what: 'for createLms<Lines>()' }],
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
  'exchanges list': [
    { line: 'lms exchanges list --target acme-nbfc --state open', what: 'calls of which nobody knows how they ended' },
    { line: 'lms exchanges list --lead LEAD-202601-00001 --from 2026-01-31', what: 'who was asked about a lead' },
  ],
  'exchanges show': [
    {
      line: 'lms exchanges show 01a202c2-bd9d-7506-9b13-9401c0d1815d --content',
      what: 'with what was sent and answered',
    },
  ],
  'exchanges try': [
    { line: 'lms exchanges try acme-nbfc --path /health', what: 'whether it is reached, and trusted, from here' },
  ],
  'exchanges budgets': [{ line: 'lms exchanges budgets', what: 'what is spent today and this month' }],
  work: [
    { line: 'lms work --concurrency 4', what: 'run jobs, four at a time, until it is stopped' },
    { line: 'lms work --kind acme.sync', what: 'a worker for jobs of one kind' },
    { line: 'lms work --redis rediss://cache.example.com', what: 'hears at once of jobs that other machines add' },
  ],
  'events tail': [
    { line: "lms events tail --type 'lead.*'", what: 'what becomes of leads, as it happens' },
    { line: 'lms events tail --from beginning --no-follow --json', what: 'everything so far, for a script' },
  ],
  'events consumers': [{ line: 'lms events consumers', what: 'who is told of events, and how far behind' }],
  'events pause': [{ line: 'lms events pause my-crm', what: 'while the other system is mended' }],
  'events resume': [{ line: 'lms events resume my-crm', what: 'where it was' }],
  'events retry': [{ line: 'lms events retry my-crm', what: 'once its cause is mended' }],
  'events skip': [{ line: 'lms events skip my-crm', what: 'an event that it will never take' }],
  'events replay': [{ line: 'lms events replay my-crm --from 1200', what: 'everything after that position again' }],
  'events forget': [{ line: 'lms events forget my-crm', what: 'it is no longer used' }],
  'calendars list': [{ line: 'lms calendars list', what: 'each by its newest version' }],
  'calendars show': [
    { line: 'lms calendars show office', what: 'hours, holidays and special days' },
    { line: 'lms calendars show office --definition > office.yaml', what: 'to change it' },
  ],
  'calendars versions': [{ line: 'lms calendars versions office', what: 'who changed it, and when' }],
  'calendars publish': [
    { line: 'lms calendars publish office.yaml', what: 'timers that wait on it are counted anew' },
    { line: 'lms calendars publish office.yaml --holidays 2027.csv', what: 'with the holidays of a list' },
    { line: 'lms calendars publish office.yaml --replaces 3', what: 'only if nobody else has changed it meanwhile' },
  ],
  'calendars check': [
    { line: 'lms calendars check office --after 2h', what: 'when two working hours from now are over' },
    {
      line: 'lms calendars check --from 2026-01-23T18:00+05:30 --to 2026-01-27T10:30+05:30',
      what: 'how much working time that is',
    },
  ],
  'timers list': [{ line: 'lms timers list --stuck', what: 'timers that could not fire, and why' }],
  'timers set': [
    { line: 'lms timers set recall/case-17 --after-working 2h --calendar office', what: 'two working hours from now' },
    { line: 'lms timers set recall/case-18 --at 2026-01-31T09:30+05:30', what: 'at a time' },
  ],
  'timers cancel': [{ line: 'lms timers cancel recall/case-17', what: 'it never fires' }],
  'timers retry': [{ line: 'lms timers retry recall/case-17', what: 'once its cause is mended' }],
  'notify publish': [
    { line: 'lms notify publish notices.yaml', what: 'from now on people are told by these rules' },
    { line: 'lms notify publish notices.yaml --replaces 3', what: 'only if nobody has published since' },
  ],
  'notify templates': [{ line: 'lms notify templates', what: 'what can be said, by channel and language' }],
  'notify rules': [{ line: 'lms notify rules', what: 'who is told of what' }],
  'notify test': [
    { line: 'lms notify test me@acme.example --template lead-received', what: 'by the mail server of lms.config.json' },
    { line: 'lms notify test +919000000001 --channel sms --template lead-received --language hi', what: 'by SMS' },
  ],
  'notify list': [
    { line: 'lms notify list --status failed', what: 'what could not be sent, and why' },
    { line: 'lms notify list --lead LEAD-202601-00001', what: 'who was told of one lead' },
  ],
  'notify retry': [{ line: 'lms notify retry 01a202c2-bd9d-8506-9b13-9401c0d1815d', what: 'once its cause is mended' }],
  'webhooks list': [{ line: 'lms webhooks list', what: 'who is told of events, and what waits for them' }],
  'webhooks add': [
    { line: 'lms webhooks add https://crm.example/lms --type "lead.*"', what: 'shows its secret, once' },
    { line: 'lms webhooks add URL --type lead.stage_changed --product personal-loan', what: 'of one line' },
  ],
  'webhooks show': [{ line: 'lms webhooks show 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'how it stands' }],
  'webhooks update': [
    {
      line: 'lms webhooks update 01a202c2-bd9d-7506-9b13-9401c0d1815d --url https://crm.example/new --type "lead.*"',
      what: 'what waits goes there too',
    },
  ],
  'webhooks test': [
    { line: 'lms webhooks test 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'sends webhook.test and shows the answer' },
  ],
  'webhooks rotate': [
    {
      line: 'lms webhooks rotate 01a202c2-bd9d-7506-9b13-9401c0d1815d --overlap 48h',
      what: 'both secrets sign meanwhile',
    },
  ],
  'webhooks disable': [
    { line: 'lms webhooks disable 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'nothing more is sent' },
  ],
  'webhooks enable': [
    { line: 'lms webhooks enable 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'once the receiver is well again' },
  ],
  'webhooks remove': [
    {
      line: 'lms webhooks remove 01a202c2-bd9d-7506-9b13-9401c0d1815d --yes',
      what: 'its deliveries are forgotten too',
    },
  ],
  'webhooks deliveries': [
    { line: 'lms webhooks deliveries 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'what was given up, and why' },
  ],
  'webhooks replay': [
    {
      line: 'lms webhooks replay 01a202c2-bd9d-7506-9b13-9401c0d1815d --since 2026-01-31',
      what: 'what was given up since',
    },
  ],
  'jobs list': [{ line: 'lms jobs list --status dead', what: 'jobs that failed for good, and why' }],
  'jobs show': [{ line: 'lms jobs show 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'how far one is' }],
  'jobs schedules': [{ line: 'lms jobs schedules', what: 'what runs time and again, and when next' }],
  'jobs retry': [{ line: 'lms jobs retry 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'once its cause is mended' }],
  'jobs cancel': [{ line: 'lms jobs cancel 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'stop it' }],
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
