import type { Tally } from '../../domain/record.js';
import type { Reply } from './reply.js';

/** What every script of an open NoSo answers first, and how many that are. */
export const HEADER = 5;
export const epochOf = (reply: Reply): number => reply.number(1);
export const seqOf = (reply: Reply): number => reply.number(2);
export const nowOf = (reply: Reply): number => reply.number(3);
export const openedAtOf = (reply: Reply): number => reply.number(4);

/** The tally as scripts answer it, and `more` that they say elsewhere: openedAt, count, total, peak, seated, lastAt, the minutes. */
export function readTally(
  reply: Reply,
  first: number,
  more: Pick<Tally, 'beganAt' | 'byHand'>,
): Tally {
  const minutes = reply.text(first + 6);
  return {
    openedAt: reply.number(first),
    ...more,
    count: reply.number(first + 1),
    total: reply.number(first + 2),
    peak: reply.number(first + 3),
    seated: reply.number(first + 4),
    lastAt: reply.number(first + 5),
    minutes: minutes === '' ? [] : minutes.split(',').map(Number),
  };
}
