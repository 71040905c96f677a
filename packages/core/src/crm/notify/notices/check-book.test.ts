import { describe, expect, it } from 'vitest';
import { loanNotices } from '../../../../test-support/notice-desk.js';
import { LmsError, type Problem } from '../../../foundation/kernel/index.js';
import { checkBook } from './check-book.js';
import type { NoticeBook, NoticeRule, NoticeTemplate } from './notice-book.js';

const purposes = new Set(['marketing']);
const template: NoticeTemplate = {
  ...{ name: 'received', channel: 'email', language: 'en' },
  ...{ subject: 'About {{lead.number}}', text: 'Hello {{person.name}}' },
};
const rule: NoticeRule = {
  ...{ name: 'tell', event: 'lead.created', template: 'received', channels: ['email'] },
  to: { kind: 'person' },
};

function problemsOf(book: NoticeBook): readonly (readonly [string, string])[] {
  try {
    checkBook(book, purposes);
    return [];
  } catch (error) {
    if (!LmsError.isInstance(error)) throw error;
    const problems = error.details['problems'] as readonly Problem[];
    return problems.map(({ path, rule: kind }) => [path, kind]);
  }
}

const inApp: NoticeTemplate = { name: 'received', channel: 'in-app', language: 'en', title: 'New', text: 'A lead' };
const inboxOf = (given: NoticeRule): NoticeBook => ({
  templates: [inApp],
  rules: [{ ...given, channels: ['in-app'] }],
});
const night = { channel: 'email', from: '22:00', to: '07:00' } as const;
const withTemplate = (change: Partial<NoticeTemplate>): NoticeBook => ({
  templates: [{ ...template, ...change } as NoticeTemplate],
  rules: [rule],
});
const withRule = (change: Partial<NoticeRule>): NoticeBook => ({
  templates: [template],
  rules: [{ ...rule, ...change }],
});

describe('templates and rules', () => {
  it('are taken where all of them fit', () => {
    expect(problemsOf({ templates: [template], rules: [rule] })).toEqual([]);
    expect(problemsOf(loanNotices)).toEqual([]);
    const toOwner = { ...rule, to: { kind: 'owner' }, mandatory: true, urgent: true } as const;
    expect(problemsOf({ ...inboxOf(toOwner), quietHours: [night, { ...night, purpose: 'marketing' }] })).toEqual([]);
  });

  it('are refused where a rule could never tell anybody', () => {
    const never = [['rules.0.to', 'address']];
    expect(problemsOf(withRule({ event: 'lead.unassigned', to: { kind: 'owner' } }))).toEqual(never);
    expect(problemsOf(withRule({ event: 'lead.deleted' }))).toEqual(never);
  });

  it.each([
    ['an unknown variable', withTemplate({ subject: '{{lead.nmuber}}' }), ['templates.0.subject', 'unknown-variable']],
    ['stray braces', withTemplate({ text: 'Hello {{person.name}' }), ['templates.0.text', 'braces']],
    ['a variable of other events', withTemplate({ text: '{{stage.to}}' }), ['rules.0.template', 'unknown-variable']],
    [
      'two of one language',
      { templates: [template, { ...template, language: 'EN' }], rules: [] },
      ['templates.1', 'twice'],
    ],
    ['a language without template', withRule({ languages: ['hi'] }), ['rules.0.template', 'missing-template']],
    ['a channel without template', withRule({ channels: ['email', 'sms'] }), ['rules.0.template', 'missing-template']],
    ['two rules of one name', { templates: [template], rules: [rule, rule] }, ['rules.1.name', 'twice']],
    ['stages of no move', withRule({ stages: ['won'] }), ['rules.0.stages', 'of-moves']],
    ['an unknown purpose', withRule({ purpose: 'selling' }), ['rules.0.purpose', 'unknown-purpose']],
    [
      'a purpose for a user',
      withRule({ to: { kind: 'owner' }, purpose: 'marketing' }),
      ['rules.0.purpose', 'of-persons'],
    ],
    ['an inbox for a person', inboxOf(rule), ['rules.0.to', 'address']],
    ['a duty to tell a person', withRule({ mandatory: true }), ['rules.0.to', 'address']],
    ['urgent advertising', withRule({ urgent: true, purpose: 'marketing' }), ['rules.0.urgent', 'of-marketing']],
    [
      'two quiet hours of one channel',
      { templates: [template], rules: [rule], quietHours: [night, { ...night, from: '20:00' }] },
      ['quietHours.1', 'twice'],
    ],
    [
      'quiet hours of an unknown purpose',
      { templates: [template], rules: [rule], quietHours: [{ ...night, purpose: 'selling' }] },
      ['quietHours.0.purpose', 'unknown-purpose'],
    ],
    [
      'a word of an inbox that may be missing',
      {
        templates: [{ ...inApp, text: '{{owner.name}}' }],
        rules: [],
      },
      ['templates.0.text', 'fallback'],
    ],
    ['an address without email', withRule({ to: { kind: 'address' } }), ['rules.0.to', 'address']],
  ] as const)('are refused with %s', (_what, book, problem) => {
    expect(problemsOf(book)).toEqual([problem]);
  });

  it('are refused where users are told by SMS: they have no phone', () => {
    const sms: NoticeTemplate = { name: 'received', channel: 'sms', language: 'en', text: 'Hello', dlt: null };
    const book = { templates: [sms], rules: [{ ...rule, to: { kind: 'owner' }, channels: ['sms'] }] } as const;
    expect(problemsOf(book)).toEqual([['rules.0.to', 'address']]);
  });
});
