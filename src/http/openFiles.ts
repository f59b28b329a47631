import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { Refusal } from '../domain/errors.js';

/** Seconds: phones that leave make room. */
const RETRY_AFTER = 2;

/**
 * Throws `unavailable` where this process may open nothing more. The system then drops connections that
 * are to come without a word to anybody, this process included, so it is looked at (F8).
 * The device waits for no disk, and takes a tenth of what a file takes that is opened elsewhere meanwhile.
 */
export function assertOpens(): void {
  try {
    closeSync(openSync(devNull, 'r'));
  } catch (error) {
    // Where there is no such device, that says nothing.
    if (isOutOfFiles(error)) throw new Refusal('unavailable.not_writable', 'EMFILE', RETRY_AFTER);
  }
}

/** Whether it says that no file, and no connection, may be opened: this process', or any on the machine. */
export const isOutOfFiles = (error: unknown): boolean =>
  ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '');
