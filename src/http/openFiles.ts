import { open } from 'node:fs/promises';
import { Refusal } from '../domain/errors.js';

/** Seconds: phones that leave make room. */
const RETRY_AFTER = 2;

/**
 * Throws `unavailable` where this process may open nothing more. The system then drops connections that
 * are to come without a word to anybody, this process included, so it is looked at (F8).
 */
export async function assertOpens(): Promise<void> {
  try {
    await (await open(new URL(import.meta.url))).close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const none = code === 'EMFILE' || code === 'ENFILE';
    // A file that an upgrade took away says nothing of that.
    if (none) throw new Refusal('unavailable.not_writable', 'EMFILE', RETRY_AFTER);
  }
}
