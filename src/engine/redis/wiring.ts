import type { Clock } from '../../clock.js';
import type { Noso } from '../../domain/noso.js';
import { Bells } from './bells.js';
import { Calls } from './calls.js';
import type { Clients } from './connect.js';
import { Guard } from './guard.js';
import type { Keys } from './keys.js';
import { Ledger } from './ledger.js';
import { Lifecycle } from './lifecycle.js';
import { Live } from './liveState.js';
import { isUnavailable, type Pace } from './pace.js';
import { Recovery } from './recovery.js';
import { Catalogue } from './redisCatalogue.js';
import { Log } from './redisLog.js';
import { Numbers } from './redisNumbers.js';
import { Seating } from './redisSeating.js';
import { RedisTime } from './redisTime.js';
import { Upkeep } from './upkeep.js';

/** What an engine is made of. Nothing is started yet. */
export type Parts = ReturnType<typeof assemble>;

export function assemble(
  clients: Clients,
  keys: Keys,
  pace: Pace,
  clock: Clock,
  onError: (error: unknown) => void,
) {
  const calls = new Calls(clients, pace, onError);
  const time = new RedisTime(clock, calls);
  // A NoSo closed: this process forgets its numbers, and Redis' files are to.
  const onClosed = (noso: Noso) => {
    upkeep.noted(noso);
    upkeep.rewrite('wanted').catch((error: unknown) => {
      if (!isUnavailable(error)) onError(error);
    });
  };
  // Documents were put back after a loss: nothing may be open that they say is closed.
  const onRestored = (nosos: Noso[]) => {
    for (const noso of nosos) upkeep.noted(noso);
  };
  const ledger = new Ledger(calls, keys, pace, onRestored);
  const catalogue = new Catalogue(ledger);
  const lifecycle = new Lifecycle(calls, keys, catalogue, onClosed);
  const recovery = new Recovery(calls, keys, pace);
  const live = new Live(calls, keys, lifecycle, recovery);
  const guard = new Guard(pace, calls, live, recovery);
  const bells = new Bells(clients, clock, onError);
  const tools = { pace, calls, keys, time, catalogue, ledger, lifecycle, live, recovery };
  const hearAgain = () => seating.hearAgain();
  const upkeep = new Upkeep({ ...tools, guard, bells, hearAgain, onError });
  const seating = new Seating(live, recovery, pace);
  const log = new Log(live);
  const numbers = new Numbers(calls, ledger, keys, pace);
  return { ...tools, guard, bells, upkeep, seating, log, numbers };
}
