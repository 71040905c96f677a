/** Where each script's ten digits begin in Unicode: the scripts written in and around India, and full-width forms. */
const zeroOfScript = {
  arabicIndic: 0x0660,
  urdu: 0x06f0,
  devanagari: 0x0966,
  bengali: 0x09e6,
  gurmukhi: 0x0a66,
  gujarati: 0x0ae6,
  odia: 0x0b66,
  tamil: 0x0be6,
  telugu: 0x0c66,
  kannada: 0x0ce6,
  malayalam: 0x0d66,
  sinhala: 0x0de6,
  tibetan: 0x0f20,
  limbu: 0x1946,
  lepcha: 0x1c40,
  olChiki: 0x1c50,
  meeteiMayek: 0xabf0,
  fullWidth: 0xff10,
  chakma: 0x11136,
  newa: 0x11450,
} as const;

const asciiOfDigit: ReadonlyMap<string, string> = new Map(
  Object.values(zeroOfScript).flatMap((zero) =>
    Array.from({ length: 10 }, (_, digit): [string, string] => [String.fromCodePoint(zero + digit), String(digit)]),
  ),
);

const onlyAscii = /^[ -~]*$/;

const ascii = /^[ -~]*$/;

/** Every decimal digit of the scripts used in India (`५`, `௫`, `５`) as its ASCII digit; all else stays. */
export function foldDigits(text: string): string {
  if (onlyAscii.test(text)) return text;
  if (ascii.test(text)) return text;
  return text.replace(/\p{Nd}/gu, (digit) => asciiOfDigit.get(digit) ?? digit);
}
