import type { User } from '../../../foundation/access/index.js';
import { LmsError } from '../../../foundation/kernel/index.js';
import type { Lead } from '../../leads/index.js';
import type { InboxWords, StoredInboxNotice } from '../inbox/index.js';
import type { PreferenceStore } from '../preferences/index.js';
import { templateFor } from './notice-book.js';
import type { NoticeBooks } from './notice-books.js';
import { inAppWords } from './notice-text.js';
import type { ToldLead } from './told-lead.js';

export interface ToldInAppPorts {
  readonly books: NoticeBooks;
  readonly told: ToldLead;
  readonly preferences: Pick<PreferenceStore, 'get'>;
}

/** What notices of an inbox say to its user, of the leads as the user sees them now, in their order. @throws LmsError `STORE_*` */
export async function toldInApp(
  { books, told, preferences }: ToldInAppPorts,
  user: User,
  notices: readonly StoredInboxNotice[],
): Promise<readonly InboxWords[]> {
  const language = (await preferences.get(null, user.id))?.language ?? null;
  const leads = new Map<string, Lead | LmsError['code']>();
  const words: InboxWords[] = [];
  for (const notice of notices) {
    const lead = leads.get(notice.leadId) ?? (await told.lead(notice.leadId, user));
    leads.set(notice.leadId, lead);
    words.push(
      typeof lead === 'string' ? nothing(lead) : await wordsOf({ books, told }, notice, { lead, user, language }),
    );
  }
  return words;
}

async function wordsOf(
  { books, told }: Pick<ToldInAppPorts, 'books' | 'told'>,
  notice: StoredInboxNotice,
  { lead, user, language }: { readonly lead: Lead; readonly user: User; readonly language: string | null },
): Promise<InboxWords> {
  const { book, rule } = await books.ruleOf(notice);
  const template = templateFor(book, rule, { channel: 'in-app', wanted: language });
  if (template === undefined) return nothing('NOTICE_TEMPLATE_NOT_FOUND');
  try {
    return { ...inAppWords(template, await told.values(lead, notice.details, user.name)), reason: null };
  } catch (error) {
    if (!LmsError.isInstance(error) || error.code !== 'NOTICE_VARIABLE_MISSING') throw error;
    return nothing(error.code);
  }
}

function nothing(reason: LmsError['code']): InboxWords {
  return { title: null, text: null, language: null, reason };
}
