import type { Contestant } from './contestant.js';
import { oursAll } from './ours.js';
import { peers } from './peers.js';

/** What everything is measured against: R. */
export const REFERENCE = 'good-practice';

export const contestants: readonly Contestant[] = [...oursAll, ...peers];

/** Left out unless named. */
const NAMED = ['ours-before'];
/** Left out of a quick run unless named, so that it is over within a minute. */
const SLOW = [...NAMED, 'tutorial', 'ours-redis', 'ours-redis-2'];

/** The contestants with these keys; all if none is named. Throws on an unknown one. */
export function chosen(keys: string[], quick = false): Contestant[] {
  const unknown = keys.filter((key) => !contestants.some((each) => each.key === key));
  if (unknown.length > 0) {
    const known = contestants.map((each) => each.key).join(', ');
    throw new Error(`no contestant ${unknown.join(', ')}; there are ${known}`);
  }
  if (keys.length > 0) return contestants.filter((each) => keys.includes(each.key));
  return contestants.filter((each) => !(quick ? SLOW : NAMED).includes(each.key));
}
