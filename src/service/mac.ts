import { hash, timingSafeEqual } from 'node:crypto';

/** The block of SHA-256, in bytes. */
const BLOCK = 64;
/** So much of a text fits beside the key: all that is signed here, tokens of the greatest length too. */
const ROOM = 1024;

/** The HMAC-SHA-256 of a text, in base64url. */
export type Mac = (text: string) => string;

/**
 * HMAC-SHA-256 (RFC 2104) with one key, as two hashes of the library's. A join needs five, and an object
 * of the library's for each costs twice as much, with what a collector has to do about it.
 */
export function createMac(key: Uint8Array | string): Mac {
  const bytes = Buffer.from(key as string);
  const short = bytes.length > BLOCK ? hash('sha256', bytes, 'buffer') : bytes;
  const inner = Buffer.alloc(BLOCK + ROOM).fill(0x36, 0, BLOCK);
  const outer = Buffer.alloc(BLOCK + 32).fill(0x5c, 0, BLOCK);
  for (const [k, byte] of short.entries()) {
    inner[k] = 0x36 ^ byte;
    outer[k] = 0x5c ^ byte;
  }
  return (text) => {
    // A character is three bytes at most.
    const fits = text.length * 3 <= ROOM || Buffer.byteLength(text) <= ROOM;
    const signed = fits
      ? inner.subarray(0, BLOCK + inner.write(text, BLOCK))
      : Buffer.concat([inner.subarray(0, BLOCK), Buffer.from(text)]);
    outer.write(hash('sha256', signed, 'binary'), BLOCK, 'binary');
    signed.fill(0, BLOCK); // numbers are in it
    return hash('sha256', outer, 'base64url');
  };
}

/** The longest text that is compared here, in bytes: a MAC in base64url is 43. */
const LONGEST = 64;
const shownBytes = Buffer.alloc(LONGEST);
const rightBytes = Buffer.alloc(LONGEST);

/** Whether what is shown is what is right, in a time that tells nothing of where it is not. */
export function isSame(shown: string, right: string): boolean {
  const { length } = right;
  // Of the same length in both ways: what is not ASCII, and could be cut off, is no MAC.
  if (shown.length !== length || length > LONGEST) return false;
  if (shownBytes.write(shown) !== length || rightBytes.write(right) !== length) return false;
  const same = timingSafeEqual(shownBytes.subarray(0, length), rightBytes.subarray(0, length));
  for (const bytes of [shownBytes, rightBytes]) bytes.fill(0);
  return same;
}
