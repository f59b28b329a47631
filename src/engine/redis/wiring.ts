import type { Clock } from '../../clock.js';
import type { Noso } from '../../domain/noso.js';
import { isUnavailable } from '../deadline.js';
import { Bells } from './bells.js';
import { Calls } from './calls.js';
import type { Clients } from './connect.js';
import { Guard } from './guard.js';
import { Hours } from './hours.js';
import type { Keys } from './keys.js';
import { Ledger } from './ledger.js';
import { Lifecycle } from './lifecycle.js';
import { Live } from './liveState.js';
import { Fence } from './masterFence.js';
import { Pace } from './pace.js';
import { Recovery } from './recovery.js';
import { Catalogue } from './redisCatalogue.js';
import { Log } from './redisLog.js';
import { Numbers } from './redisNumbers.js';
import { Seating } from './redisSeating.js';
import { RedisTime } from './redisTime.js';
import { Rewrites } from './rewrites.js';
import { CLOCK } from './scripts/onceLua.js';
import { Tended } from './tended.js';
import { Upkeep } from './upkeep.js';
import { Witness } from './witness.js';

/** What an engine is made of. Nothing is started yet. */
export type Parts = ReturnType<typeof assemble>;

/** Puts an engine together: each part from those above it. */
export function assemble(
  clients: Clients,
  keys: Keys,
  clock: Clock,
  onError: (error: unknown) => void,
  /** Hears what somebody must see to, rare as it is, whatever else is told at the time. */
  alarm: (error: unknown) => void = onError,
) {
  const pace = new Pace(clock);
  const time = new RedisTime(clock);
  const hours = new Hours(clock, time);
  const calls = new Calls(clients, pace, hours, onError);
  const witness = new Witness(calls, keys, pace, alarm);
  const recovery = new Recovery(calls, keys, pace);
  const tended = new Tended(keys, pace, time, hours, recovery);
  const rewrites = new Rewrites(calls, keys);
  // Documents were put back after a loss: nothing may be open that they say is closed.
  const onRestored = (nosos: Noso[]) => {
    for (const noso of nosos) tended.noted(noso);
  };
  const ledger = new Ledger(calls, keys, pace, witness, onRestored);
  // A NoSo closed: this process forgets its numbers, and Redis' files are to.
  const onForgotten = () => {
    rewrites.ask('wanted').catch((error: unknown) => {
      if (!isUnavailable(error)) onError(error);
    });
  };
  const catalogue = new Catalogue(ledger, keys, onError, onForgotten);
  const onClosed = (noso: Noso) => {
    tended.noted(noso);
    onForgotten();
  };
  const lifecycle = new Lifecycle(calls, keys, catalogue, onClosed, onForgotten);
  const live = new Live(calls, keys, lifecycle, recovery, tended, witness);
  const fence = new Fence(clients, pace, alarm);
  const guard = new Guard(pace, calls, live, recovery, fence);
  const bells = new Bells(clients, clock, onError);
  const seating = new Seating(live, recovery, pace, () => time.now());
  const log = new Log(live, hours);
  const numbers = new Numbers(calls, ledger, keys, witness, pace);
  const parts = { witness, pace, calls, keys, time, recovery, tended, rewrites, ledger, catalogue };
  const more = { lifecycle, live, fence, guard, bells, seating, log, numbers };
  const askTime = () => time.ask(async () => (await calls.run(CLOCK, [keys.state], [])).number(0));
  const upkeep = new Upkeep({ ...parts, ...more, askTime, onError });
  return { ...parts, ...more, askTime, upkeep };
}
