import type { Examples } from './example.js';

/** What is done later, and outside. */
export const operationExamples: Examples = {
  tick: [
    { line: 'lms tick', what: 'housekeeping, for a timer of the operating system' },
    { line: 'lms tick --retry-stuck', what: 'when lms doctor says that events are stuck, and the cause is mended' },
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
  'timers list': [{ line: 'lms timers list --stuck', what: 'timers that could not fire, and why' }],
  'timers set': [
    { line: 'lms timers set recall/case-17 --after-working 2h --calendar office', what: 'two working hours from now' },
    {
      line: 'lms timers set case-17 --after-working 2h --from 2026-01-30T17:00+05:30',
      what: 'counted from a time',
    },
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
    { line: 'lms notify test me@acme.example --template received', what: 'by the mail server of lms.config.json' },
    { line: 'lms notify test +919000000001 --channel sms --template received --language hi', what: 'by SMS' },
  ],
  'notify list': [
    { line: 'lms notify list --status failed', what: 'what could not be sent, and why' },
    { line: 'lms notify list --lead LEAD-202601-00001', what: 'who was told of one lead' },
  ],
  'notify show': [{ line: 'lms notify show 01a202c2-bd9d-8506-9b13-9401c0d1815d', what: 'how one stands' }],
  'notify inbox': [
    { line: 'lms notify inbox --unread', what: 'what you were told and have not read' },
    { line: 'lms notify inbox --actor asha', what: 'what another user finds' },
  ],
  'notify read': [
    { line: 'lms notify read 01a202c2-bd9d-8506-9b13-9401c0d1815d', what: 'one of them' },
    { line: 'lms notify read --all', what: 'all there are' },
  ],
  'notify preferences': [
    { line: 'lms notify preferences --set lead.assigned/email=off', what: 'no emails of that, but notices' },
    { line: 'lms notify preferences asha --language hi --quiet-hours 20:00-08:00', what: 'of another, by an admin' },
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
      line: 'lms webhooks update ID --url https://crm.example/new --type "lead.*"',
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
  'webhooks dismiss': [
    {
      line: 'lms webhooks dismiss 01a202c2-bd9d-7506-9b13-9401c0d1815d --since 2026-01-31',
      what: 'nobody will tell it again; lms doctor is well',
    },
  ],
  'jobs list': [{ line: 'lms jobs list --status dead', what: 'jobs that failed for good, and why' }],
  'jobs show': [{ line: 'lms jobs show 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'how far one is' }],
  'jobs schedules': [{ line: 'lms jobs schedules', what: 'what runs time and again, and when next' }],
  'jobs retry': [{ line: 'lms jobs retry 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'once its cause is mended' }],
  'jobs cancel': [{ line: 'lms jobs cancel 01a202c2-bd9d-7506-9b13-9401c0d1815d', what: 'stop it' }],
};
