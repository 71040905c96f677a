import { cleanText } from '../../foundation/kernel/index.js';

/** What people type into a cell that has no value. `#N/A` is none of them: a formula has failed there. */
const noValueWords = /^(?:n[./]?a\.?|nil|none|[-–—]{1,2})$/i;
/** With the white space that may be around it. */
const longestWord = 20;
/** Tells nearly every other text apart without a closer look: such a word begins so, or with something that nobody sees. */
const mayBegin = /^(?:[nN\-–—]|[^!-~\u0900-\u0dff])/;

/** Whether a text is one of the words that stand for no value: `NA`, `N/A`, `-`, `--`, `nil`, `none` in any case. */
export function isNoValueWord(text: string): boolean {
  return text.length <= longestWord && mayBegin.test(text) && noValueWords.test(cleanText(text));
}
