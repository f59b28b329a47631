/** No vowels (no words, rude or otherwise) and no look-alikes. */
export const ALPHABET = '346789CDFGHJKMNPQRTVWXY';
export const LENGTH = 9;

/** A new code every 15 s … */
export const STEP = 15_000;
/** … accepted for 60 s from its first showing: the step it appears in, and three more. */
const STEPS_ACCEPTED = 4;

/** The step during which a code shows, at `now`. With `entry: 'link'` there is only step 0. */
export const stepAt = (entry: 'code' | 'link', now: number): number =>
  entry === 'link' ? 0 : Math.floor(now / STEP);

/** The steps whose codes are accepted at `now`, the newest first. */
export function stepsAccepted(entry: 'code' | 'link', now: number): number[] {
  const step = stepAt(entry, now);
  if (entry === 'link') return [step];
  return Array.from({ length: STEPS_ACCEPTED }, (_, k) => step - k);
}

/** End of acceptance of the code of `step`; `endsAt` is the NoSo's. */
export const validUntil = (entry: 'code' | 'link', step: number, endsAt: number): number =>
  entry === 'link' ? endsAt : (step + STEPS_ACCEPTED) * STEP;

/**
 * The code that a digest (at least 16 bytes) spells. The bytes are read as one large integer, so
 * that the letters are even to within 2^-80.
 */
export function codeOf(digest: Uint8Array): string {
  let value = 0n;
  for (const byte of digest.subarray(0, 16)) value = (value << 8n) | BigInt(byte);
  let code = '';
  for (let k = 0; k < LENGTH; k += 1) {
    code += ALPHABET[Number(value % BigInt(ALPHABET.length))];
    value /= BigInt(ALPHABET.length);
    if (k % 3 === 2 && k < LENGTH - 1) code += '-';
  }
  return code;
}

/** The code as it is kept (`XXX-XXX-XXX`), however it was typed; null if it cannot be one. */
export function readCode(typed: string): string | null {
  if (typed.length > 32) return null;
  const letters = typed.toUpperCase().replace(/[\s‐-―-]/g, '');
  if (letters.length !== LENGTH) return null;
  for (const letter of letters) if (!ALPHABET.includes(letter)) return null;
  return `${letters.slice(0, 3)}-${letters.slice(3, 6)}-${letters.slice(6)}`;
}
