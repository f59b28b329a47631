// S4 measured: somebody who would tell something to whoever watches the wall, by coming and going. What
// they send is drawn by chance; what is read at the wall is held against it.

import {
  type House,
  openHouse,
  openWorlds,
  planWorlds,
  wallToken,
  worldId,
} from '../sockets/silence/house.js';
import { seeded } from '../sockets/silence/random.js';
import { until } from '../support/wait.js';

/** The veil's tick, ms: what comes and goes is shown at the next one. */
const TICK = 5000;
/** Between leaving and coming back, ms (S4), and how often that may be. */
const GAP = 60_000;
const RETURNS = 3;
/** A code shows so long, ms. */
const STEP = 15_000;
/** With one pass: each change is at one of so many ticks, which makes four bits of it. */
const PLACES = 16;

export type Signal = {
  /** Bits that were sent and read rightly, and how long that took (simulated), s. */
  bits: number;
  seconds: number;
  perSecond: number;
  /** Changes that were sent, and that the wall was told as they were meant. */
  sent: number;
  read: number;
};

const outcome = (read: number, sent: number, each: number, ms: number): Signal => {
  const [bits, seconds] = [read * each, ms / 1000];
  return { bits, seconds, perSecond: bits / seconds, sent, read };
};

/** A house with one open NoSo, whose wall is watched: when which numbers came and went. */
async function watched(house: House) {
  await planWorlds(house, [{ id: 0, veil: TICK / 1000, ahead: 0 }]);
  await openWorlds(house, [0]);
  const changes: { at: number; count: number }[] = [];
  house.dial(`40/wall,${JSON.stringify({ token: wallToken(0) })}`, (frame) => {
    const told = /^\d+ 42\/wall,(\["numbers".*)$/.exec(frame);
    if (!told) return;
    const [, { seated, gone }] = JSON.parse(told[1] as string) as [
      string,
      { seated: string[]; gone: string[] },
    ];
    changes.push({ at: house.now(), count: seated.length + gone.length });
  });
  await house.settle();
  const noso = worldId(0);
  const { code } = await house.local.api.code(noso);
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1000) {
      await house.advance(Math.min(1000, left));
      // The disk's time is not held: it is waited for.
      await until(() => house.local.engine.tail(noso, null).catch(() => null), { every: 5 });
    }
  };
  return { changes, noso, code, pass };
}

/** One pass: it sits, leaves, comes back three times; each change says by its tick what is meant. */
export async function signalWithOnePass(seed: number): Promise<Signal> {
  const house = await openHouse(null);
  try {
    const { api } = house.local;
    const { changes, noso, code, pass } = await watched(house);
    const random = seeded(seed);
    const began = house.now();
    const entered = await api.call<{ token: string; seat: { pass: string } }>(
      'POST',
      '/api/seats',
      {
        code,
      },
    );
    const { token, seat } = entered.body;
    await pass(2 * TICK);
    let [sent, read] = [0, 0];
    for (let k = 0; k < 2 * RETURNS + 1; k += 1) {
      const leaves = k % 2 === 0;
      const meant = random.below(PLACES);
      // A number may be back a minute after it left, and not before.
      await pass((leaves ? 0 : GAP) + meant * TICK);
      const asked = house.now();
      if (leaves) await api.leave(token, noso);
      else await api.sit(token, seat.pass, true);
      await pass(2 * TICK);
      sent += 1;
      const seen = changes.find(({ at }) => at >= asked);
      if (seen && seen.at - asked <= TICK) read += 1;
    }
    return outcome(read, sent, Math.log2(PLACES), house.now() - began);
  } finally {
    await house.stop();
  }
}

/** Every new code: so many people as are meant come in with it, of none to `most`. */
export async function signalWithEveryCode(
  codes: number,
  most: number,
  seed: number,
): Promise<Signal> {
  const house = await openHouse(null);
  try {
    const { api } = house.local;
    const { changes, code, pass } = await watched(house);
    const random = seeded(seed);
    const began = house.now();
    let [sent, read] = [0, 0];
    for (let k = 0; k < codes; k += 1) {
      const meant = random.below(most + 1);
      const asked = house.now();
      for (let i = 0; i < meant; i += 1) await api.call('POST', '/api/seats', { code });
      await pass(STEP);
      sent += 1;
      const seen = changes.filter(({ at }) => at > asked && at <= asked + STEP);
      if (seen.reduce((sum, { count }) => sum + count, 0) === meant) read += 1;
    }
    return outcome(read, sent, Math.log2(most + 1), house.now() - began);
  } finally {
    await house.stop();
  }
}
