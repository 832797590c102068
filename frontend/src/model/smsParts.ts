/**
 * How many parts a text message takes: GSM 7-bit where every character is in that alphabet, else UCS-2. The mirror of
 * the server's core/sms_parts, by the same vectors. Pure.
 */

export type SmsParts = {
  readonly alphabet: 'gsm' | 'ucs2';
  /** Places taken. */
  readonly units: number;
  readonly parts: number;
  /** Places free in the last part. */
  readonly left: number;
};

/** Source: 3GPP TS 23.038, the default alphabet and its extension table (two places each). */
const GSM = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const GSM_TWO = new Set('\f^{}\\[~]|€');
const LENGTHS = { gsm: [160, 153], ucs2: [70, 67] } as const;

/** More parts than this do not go. */
export const MOST_PARTS = 10;

/** What a text takes. No character is torn between two parts. */
export function smsParts(text: string): SmsParts {
  const characters = [...text];
  const gsm = characters.every((one) => GSM.has(one) || GSM_TWO.has(one));
  const sizes = characters.map((one) => (gsm ? (GSM_TWO.has(one) ? 2 : 1) : one.length));
  const alphabet = gsm ? 'gsm' : 'ucs2';
  const [alone, each] = LENGTHS[alphabet];
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= alone) return { alphabet, units, parts: units > 0 ? 1 : 0, left: alone - units };
  let parts = 1;
  let filled = 0;
  for (const size of sizes) {
    if (filled + size > each) {
      parts += 1;
      filled = 0;
    }
    filled += size;
  }
  return { alphabet, units, parts, left: each - filled };
}
