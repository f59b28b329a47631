import { io } from 'socket.io-client';
import type { Clock } from '../../clock.js';
import { RETURN_GAP, RETURNS } from '../../domain/seating.js';
import type { Code, Snapshot } from '../../protocol/wire.js';
import { newPhone, type Phone } from './simulated.js';

export type CrowdPlan = {
  /** The server's address. */
  url: string;
  /** A wall's token: the phones read the code off that wall, as anybody in the room would. */
  wall: string;
  phones: number;
  /** They arrive within so many ms. */
  within: number;
};

/** A page keeps its connection for 20 s after the seat is taken, or until it is locked (P7). */
const AWAKE = { least: 2000, most: 20_000 };
/** Somebody takes their phone out for a moment, about this often, ms. */
const PEEK = 1500;
/** Somebody leaves or arrives, once the room is full, about this often, ms. */
const DRIFT = 4000;
/** The room never thins out below this part of the crowd. */
const THIN = 0.94;

/**
 * A crowd that arrives, sleeps, comes back and leaves, calmly, until the NoSo is over; resolves
 * then. What the server refuses, or does not answer, is tried again by the drift. `random` gives
 * numbers in [0, 1).
 */
export function gather(plan: CrowdPlan, clock: Clock, random: () => number): Promise<void> {
  const phones = Array.from({ length: plan.phones }, () => newPhone(plan.url, () => clock.now()));
  const between = (least: number, most: number) => least + random() * (most - least);
  const oneOf = <T>(all: T[]): T | undefined => all[Math.floor(random() * all.length)];
  const are = (...states: ReturnType<Phone['state']>[]) =>
    phones.filter((phone) => states.includes(phone.state()));

  const eyes = io(`${plan.url}/wall`, { transports: ['websocket'], auth: { token: plan.wall } });
  let code: string | null = null;
  let over = false;
  /** A crowd in a hurry locks its phones sooner. */
  const awake = Math.min(AWAKE.most, Math.max(AWAKE.least, plan.within));

  /** A phone that cannot, now, stays as it was: somebody else's turn comes soon. */
  const attempt = (act: Promise<void>) => act.catch(() => {});

  async function arrive(phone: Phone): Promise<void> {
    if (over || code === null) return;
    await attempt(phone.arrive(code));
    clock.after(between(AWAKE.least, awake), () => phone.sleep());
  }

  async function peek(phone: Phone): Promise<void> {
    await attempt(phone.wake());
    clock.after(between(AWAKE.least / 2, AWAKE.least * 2), () => phone.sleep());
  }

  /** Whoever left may come back after a while, and a few times; else a new face takes the phone. */
  function comer(): Phone | undefined {
    const may = are('away').filter((phone) => clock.now() - phone.leftAt() > RETURN_GAP);
    const phone = oneOf(may.length > 0 ? may : are('away'));
    if (phone && (phone.returns() >= RETURNS || may.length === 0)) phone.forget();
    return phone;
  }

  function drift(): void {
    const seated = are('asleep', 'awake');
    const thin = seated.length < plan.phones * THIN;
    const phone = (thin || random() < 0.45 ? comer() : undefined) ?? oneOf(seated);
    if (!phone) return;
    if (phone.state() === 'away') arrive(phone);
    else attempt(phone.leave());
  }

  /** Calls `work` again and again, a random while of about `ms` apart, until all is over. */
  function nowAndThen(ms: number, work: () => void): void {
    clock.after(between(ms / 2, ms * 1.5), () => {
      if (over) return;
      work();
      nowAndThen(ms, work);
    });
  }

  return new Promise((resolve) => {
    eyes.on('code', (shown: Code) => {
      code = shown.code;
    });
    eyes.on('snapshot', (shown: Snapshot) => {
      const first = code === null;
      code = shown.code?.code ?? code;
      if (first && code !== null) begin();
      if (shown.noso?.state !== 'closed') return;
      over = true;
      eyes.disconnect();
      for (const phone of phones) phone.sleep();
      resolve();
    });
    function begin(): void {
      for (const phone of phones) clock.after(between(0, plan.within), () => arrive(phone));
      nowAndThen(PEEK, () => {
        const phone = oneOf(are('asleep'));
        if (phone) peek(phone);
      });
      clock.after(plan.within, () => nowAndThen(DRIFT, drift));
    }
  });
}
