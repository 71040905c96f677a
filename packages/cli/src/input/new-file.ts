import { LmsError } from '@lms/core/kernel';

/**
 * The name of a file to make, as it was given. One that ends as folders do would make a file of that name beside what was meant.
 * @param place the flag or argument, for the error
 * @param example what a file in the folder may be called
 */
export function nameOfNewFile(text: string, { place, example }: { place: string; example: string }): string {
  const wrong = (message: string): LmsError => new LmsError('USAGE_INVALID', { message, path: place });
  if (text.trim() === '') throw wrong('the name of the file to make is empty');
  if (/[/\\]$/.test(text)) throw wrong(`${text} names a folder; name a file in it, such as ${text}${example}`);
  return text;
}
