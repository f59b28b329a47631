// P8 and S4 attacked: one phone with one pass that fills, burns, blinks and chooses as hard as it can,
// while a NoSo gathers and after; and one that exchanges every new code as fast as it can.
import { request } from 'node:http';
import { boundOf } from '../../src/service/exchanges.js';
import { openHouse, openWorlds, planWorlds, worldId } from '../sockets/silence/house.js';
import { seeded } from '../sockets/silence/random.js';
import { until } from '../support/wait.js';

/** How long it gathers, and how long the attack goes on at most: until shortly before the end; ms. */
const AHEAD = 4 * 60_000;
const LONGEST = 60 * 60_000;
const PAUSES = [0, 0, 500, 2000, 8000, 61_000];
/** Numbers that whoever attacks holds already and would rather have seated. */
const HELD = [777_001, 777_002, 777_003];

export type OnePass = {
  deeds: number;
  /** Simulated, in minutes. */
  minutes: number;
  granted: number;
  /** What was granted of what was asked for, by what it was. */
  by: Record<string, number>;
  /** Numbers that were seated, in all and at once at most. */
  numbers: number;
  atOnce: number;
  /** Numbers that the pass brought and that are of no use any more: burnt. */
  burnt: number;
  /** Changes that a wall could show. */
  changes: number;
};

/** `deeds` tries with one pass, drawn from a seed; what they got. */
export async function attackWithOnePass(deeds: number, seed: number): Promise<OnePass> {
  const house = await openHouse(null);
  const random = seeded(seed);
  const { of } = random;
  try {
    await planWorlds(house, [{ id: 0, veil: 5, ahead: AHEAD }]);
    await openWorlds(house, [0]);
    const { local } = house;
    const noso = worldId(0);
    const { code } = await local.api.code(noso);
    /** The disk's time is not held: it may be behind, and is waited for. */
    const tail = () =>
      until(() => local.engine.tail(noso, null).catch(() => null), { what: 'the disk', every: 5 });
    const first = await tail();
    const entered = await local.api.call<{ pass: string }>('POST', '/api/passes', { code });
    const passes = [entered.body.pass];
    const tokens = HELD.map((number) => house.tokens.number(number));
    const seen = new Set<string>();
    const by: Record<string, number> = {};
    let atOnce = 0;
    const began = house.now();

    type Brought = { token?: string; number?: string; seat?: { number: string; pass: string } };
    const call = (method: string, path: string, body?: object, token?: string) =>
      local.api.call<Brought>(method, path, body, token);
    const form = async (fields: Record<string, string>): Promise<Answered> => {
      const cookie = `noso_token=${of(tokens)}; noso_pass=${of(passes)}`;
      // Under a code that has gone by: it is the pass that is to open something.
      const response = await fetch(`${local.url}/j/MMM-MMM-MMM`, {
        ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) },
        headers: { cookie },
      });
      await response.text();
      return { status: response.status === 303 ? 200 : 0, body: {} };
    };
    type Answered = { status: number; body: Brought };
    const ways: Record<string, () => Promise<Answered>> = {
      draw: () => call('POST', '/api/numbers', { pass: of(passes), keep: of([true, false]) }),
      seat: () => call('POST', '/api/seats', { pass: of(passes) }),
      'seat another': () => call('POST', '/api/seats', { pass: of(passes) }, of(tokens)),
      sit: () => call('PUT', '/api/presence', { pass: of(passes) }, of(tokens)),
      back: () => call('PUT', '/api/presence', { pass: of(passes), back: true }, of(tokens)),
      leave: () => call('DELETE', `/api/presence/${noso}`, undefined, of(tokens)),
      form: () => form({ noso, pass: of(passes), ...of([{}, { back: 'yes' }, { keep: 'yes' }]) }),
      'without the form': () => form({ noso, form: 'x'.repeat(20) }),
      return: () =>
        call('POST', '/api/returns', {
          ...{ pass: of(passes), number: String(of(HELD)), returnCode: 'MMM-MMM' },
        }),
    };

    let done = 0;
    for (; done < deeds && house.now() - began < LONGEST; done += 1) {
      const way = of(Object.keys(ways));
      const { status, body } = await (ways[way] as () => Promise<Answered>)();
      if (status < 300 && status > 0) by[way] = (by[way] ?? 0) + 1;
      const number = body.number ?? body.seat?.number;
      if (number !== undefined) seen.add(number);
      if (body.token !== undefined && !tokens.includes(body.token)) tokens.push(body.token);
      if (body.seat && !passes.includes(body.seat.pass)) passes.push(body.seat.pass);
      const { count } = await tail();
      atOnce = Math.max(atOnce, count);
      for (let left = of(PAUSES); left > 0; left -= 1000) {
        await house.advance(Math.min(left, 1000));
        await tail();
      }
    }
    const { seq } = await tail();
    const minutes = (house.now() - began) / 60_000;
    await local.api.own('POST', `/api/nosos/${noso}/close`);
    const { total } = await local.api.record(noso);
    return {
      ...{ deeds: done, minutes, by, atOnce, numbers: total },
      granted: Object.values(by).reduce((sum, each) => sum + each, 0),
      burnt: [...seen].filter((each) => !HELD.includes(Number(each))).length - Math.min(1, total),
      changes: seq - first.seq,
    };
  } finally {
    await house.stop();
  }
}

export type EveryCode = {
  codes: number;
  capacity: number;
  /** Ways in that were opened, by code, and the bound of each. */
  opened: number[];
  bound: number;
  /** Seats that one phone held at once, and what is left of them after the organizer's one step. */
  seats: number;
  afterVoid: number;
  /** Others who came meanwhile from elsewhere: how often each was refused before they were let in. */
  others: number[];
};

/** The pass that a code is exchanged for by somebody at an address; null where that is refused. */
const exchangeFrom = (port: number, code: string, from: string): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ port, host: '127.0.0.1', localAddress: from, agent: false },
        ...{ method: 'POST', path: '/api/passes', headers: { 'content-type': 'application/json' } },
      },
      (answer) => {
        let text = '';
        answer.on('data', (data) => (text += data));
        answer.on('end', () => resolve((JSON.parse(text) as { pass?: string }).pass ?? null));
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify({ code }));
  });

/** Exchanges each new code as fast as it can, while others come in from another address. */
export async function attackEveryCode(codes: number, capacity: number): Promise<EveryCode> {
  const house = await openHouse(null);
  try {
    const { local } = house;
    const noso = await local.api.noso({
      ...{ capacity, startsAt: new Date(house.now()).toISOString() },
      endsAt: new Date(house.now() + 3_600_000).toISOString(),
    });
    const bound = boundOf(capacity);
    const exchange = (code: string, from: string) => exchangeFrom(local.port, code, from);
    const opened: number[] = [];
    const others: number[] = [];
    let waits = 0;
    for (let k = 0; k < codes; k += 1) {
      let got = 0;
      // Thirty half seconds: as many tries in each as would use up all there is.
      for (let half = 0; half < 30; half += 1) {
        const { code } = await local.api.code(noso.id);
        for (let refused = 0, asked = 0; refused === 0 && asked < bound + 1; asked += 1) {
          const pass = await exchange(code, '127.0.0.1');
          if (pass === null) refused += 1;
          else got += 1;
          if (pass !== null) await local.api.call('POST', '/api/seats', { pass });
        }
        if ((await exchange(code, `127.0.1.${half + 1}`)) === null) waits += 1;
        else {
          others.push(waits);
          waits = 0;
        }
        await house.advance(500);
      }
      opened.push(got);
    }
    const { count: seats } = await local.engine.tail(noso.id, null);
    await local.api.own('POST', `/api/nosos/${noso.id}/void`, {
      since: new Date(house.start - 1000).toISOString(),
    });
    const { count: afterVoid } = await local.engine.tail(noso.id, null);
    return { codes, capacity, opened, bound, seats, afterVoid, others };
  } finally {
    await house.stop();
  }
}
