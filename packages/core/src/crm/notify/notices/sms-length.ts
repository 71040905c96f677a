/** How a text travels by SMS. */
export interface SmsLength {
  /** 7 bits a character where all of them are in the GSM alphabet, else 16. */
  readonly encoding: 'gsm-7' | 'ucs-2';
  /** Messages that it is sent as, and paid for. */
  readonly parts: number;
}

/** 3GPP TS 23.038 §6.2.1, the default alphabet. */
const basic: ReadonlySet<string> = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** §6.2.1.1, its extension: two places each. */
const extended: ReadonlySet<string> = new Set('\f^{}\\[~]|€');

/** Places of a message alone, and of each part of a longer one, whose header takes six octets. */
const room = { 'gsm-7': { alone: 160, part: 153 }, 'ucs-2': { alone: 70, part: 67 } } as const;

/** How many messages a text is. What takes two places is never cut in two. */
export function smsLength(text: string): SmsLength {
  const characters = Array.from(text);
  const isGsm = characters.every((character) => basic.has(character) || extended.has(character));
  const encoding = isGsm ? 'gsm-7' : 'ucs-2';
  const places = characters.map((character) => (isGsm ? (extended.has(character) ? 2 : 1) : character.length));
  const { alone, part } = room[encoding];
  if (places.reduce((sum, each) => sum + each, 0) <= alone) return { encoding, parts: 1 };
  let parts = 1;
  let used = 0;
  for (const each of places) {
    if (used + each > part) {
      parts += 1;
      used = 0;
    }
    used += each;
  }
  return { encoding, parts };
}
