import { createHmac } from 'node:crypto';
import type { Engine } from '../engine/engine.js';

/** Marks are never given up: whoever comes back after years is known by them. */
export const FOREVER = Date.UTC(2200, 0);
/** Where the mark of whoever came first is written. */
const FIRST = 'secrets';

/** What may be kept of a secret: it tells two apart, and nobody reads one from it. */
const markOf = (secret: string): string =>
  createHmac('sha256', secret).update('the mark of a secret in the store').digest('base64url');

/**
 * Whether these secrets belong to this store (F8): they made the first mark in it, or one of them was
 * brought by whoever did. If so all of them are marked, so that `new,old` beside `old` is a rotation,
 * and `new` alone welcome after it. Throws `unavailable`.
 */
export async function belongHere(
  engine: Pick<Engine, 'reserve' | 'holder'>,
  secrets: readonly string[],
): Promise<boolean> {
  const marks = secrets.map(markOf);
  const first = await engine.reserve(FIRST, marks[0] as string, FOREVER);
  const known = await Promise.all(marks.map((mark) => engine.holder(`secret:${mark}`)));
  if (!marks.includes(first) && known.every((holder) => holder === null)) return false;
  for (const mark of marks) await engine.reserve(`secret:${mark}`, 'marked', FOREVER);
  return true;
}
