import { LmsError } from '@lms/core/kernel';

/** @throws LmsError `USAGE_INVALID` naming the words that the flag takes */
export function oneOf<Word extends string>(text: string, words: readonly Word[], flag: string): Word {
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw new LmsError('USAGE_INVALID', { message: `${flag} is ${words.join(' or ')}, not "${text}"`, path: flag });
}
