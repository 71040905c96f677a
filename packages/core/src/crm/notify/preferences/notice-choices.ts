import type { NoticePreferences, UserChannel } from './preference-store.js';

/** What somebody would be told by. */
export interface NoticeSubject {
  readonly rule: string;
  readonly eventType: string;
  readonly channel: UserChannel;
}

/** Whether a user does not want to be told of it: what is closest counts. */
export function isOff({ choices }: Pick<NoticePreferences, 'choices'>, subject: NoticeSubject): boolean {
  for (const about of [subject.rule, subject.eventType, '*']) {
    for (const channel of [subject.channel, '*']) {
      const choice = choices[choiceKey(about, channel)];
      if (choice !== undefined) return choice === 'off';
    }
  }
  return false;
}

export function choiceKey(about: string, channel: string): string {
  return `${about}/${channel}`;
}

/** `tell-owner` is about all channels. */
export function partsOfChoice(key: string): { readonly about: string; readonly channel: string } {
  const [about = '', channel = '*'] = key.split('/');
  return { about, channel };
}
