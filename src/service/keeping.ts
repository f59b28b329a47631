import { KEPT, type Kept, type KeptName, type Until } from '../domain/kept.js';

/** One thing that is kept, for /privacy to say (A5). */
export type Keeping = Kept & { name: KeptName };

/** Everything that is kept, in the order in which it is said. */
export const keeping = (): Keeping[] =>
  Object.entries(KEPT).map(([name, kept]) => ({ ...(kept as Kept), name: name as KeptName }));

/** At most this long after a close, numbers are forgotten; ms (L4). */
export const ERASED_WITHIN: number = KEPT.presence.until.within;

export type { Until };
