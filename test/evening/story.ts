import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import type { DoorInfo, Noso, NosoRecord, PaperInfo } from '../../src/protocol/wire.js';
import type { TestWall } from '../support/sockets.js';
import { until } from '../support/wait.js';
import { foundIn, judgeFloors, judgeForgetting, judgeMinutes, type Span } from './after.js';
import { answered, type House } from './house.js';
import {
  come,
  comeBack,
  type Door,
  lockPhone,
  type Shown,
  type Sitter,
  sitDown,
  sitWithoutCookies,
} from './people.js';
import { type Evening, inMs, prepare } from './plan.js';

/** After the silence began … */
const LATE = 4;
/** … and those who leave before its end. */
const LEAVE = 3;
/** An answer that is lost is not waited for, ms. */
const LOST = 250;

/**
 * One evening from the planning to the forgetting, to the unit: people sit down while it gathers and put
 * the phone away, some with browsers that keep nothing, some at two doors, of which one loses the
 * answers and then its line, some with a number on paper; processes are killed in the gathering, at the
 * start, and during.
 */
export async function holdEvening(house: House, who: Evening): Promise<void> {
  const { apis, nodes, entrance } = house;
  const seats = who.phones + who.cookieless + 2 * who.byDoor + who.paper + LATE;
  const { own, noso, paper, north, south, walls } = await prepare(house, who, seats);
  const of = `/api/nosos/${noso}`;
  try {
    const opened = await own<Noso>('POST', `${of}/open`);
    const openedAt = Date.parse(opened.openedAt ?? '');
    await until(() => walls.every((wall) => wall.snapshot?.noso?.state === 'open'));
    const show = (count: number) => Promise.all(walls.map((wall) => wall.shows(count, 15_000)));

    // People come, and put the phone away.
    const phones: Sitter[] = [];
    const shown: Shown[] = [];
    const withPhones = (n: number) =>
      come(n, async (k) => void phones.push(await sitDown(house, noso, k % 3 === 0)));
    const withoutCookies = (n: number) =>
      come(n, async () => void shown.push(await sitWithoutCookies(house, noso)));
    const half = (n: number) => Math.floor(n / 2);

    await Promise.all([withPhones(half(who.phones)), withoutCookies(half(who.cookieless))]);
    for (const [k, sitter] of phones.entries()) if (k % 4 === 0) await lockPhone(house, sitter, k);
    for (let k = 0; k < who.byDoor; k += 1) north.press('in');
    const mistaken = north.press('in');
    north.press('undo', { of: mistaken });
    await north.sendAll();
    assert.is(north.results.get(mistaken)?.ok, true);
    // The other door's answers are lost: what it sends is done, and it sends all of it again.
    const cutAt = Date.now();
    entrance.set('lost');
    for (let k = 0; k < half(who.byDoor); k += 1) {
      south.press('in');
      await south.send(LOST);
    }
    assert.is(south.waiting(), half(who.byDoor), 'it was told nothing');
    const before = half(who.phones) + half(who.cookieless) + who.byDoor + half(who.byDoor);
    await show(before);
    entrance.set('cut');

    // Killed while it gathers, amidst those who come.
    const floors: { from: number; count: number }[] = [{ from: Date.now(), count: before }];
    const coming = Promise.all([
      withPhones(who.phones - half(who.phones)),
      withoutCookies(who.cookieless - half(who.cookieless)),
      seatPaper(paper.slice(0, half(who.paper))),
    ]);
    await again(nodes.slice(0, 1));
    await coming;
    for (let k = half(who.byDoor); k < who.byDoor; k += 1) south.press('in');
    const gathered = before + who.phones + who.cookieless - half(who.phones) - half(who.cookieless);
    await show(gathered + half(who.paper));

    // The hour comes while nobody is there to say so.
    floors.push({ from: Date.now(), count: gathered + half(who.paper) });
    const { startsAt } = await own<Noso>('PATCH', of, { startsAt: new Date().toISOString() });
    const beganAt = Date.parse(startsAt);
    await Promise.all(nodes.map((node) => node.kill()));
    await until(() => Date.now() > beganAt);
    await Promise.all(nodes.map((node) => node.restart()));
    const begun = (wall: TestWall) => wall.snapshot?.noso?.startsAt === startsAt;
    await until(() => walls.every(begun), {
      what: 'all walls to know when it began',
      deadline: 20_000,
    });
    await show(gathered + half(who.paper));

    // During: some come late, some sit down on paper, one is counted by eye, a browser is changed.
    await come(LATE, async () => void phones.push(await sitDown(house, noso, true)));
    const later = phones.slice(-LATE).map(({ seat }) => Date.parse(seat.since));
    const taken: Span[] = later.map((since) => ({ n: 1, from: since, to: since }));
    const rest = paper.slice(half(who.paper));
    await spanOf(rest.length, () => seatPaper(rest, north), taken);
    await own('PUT', `${of}/headcount`, { count: 7 });
    const changed = await comeBack(house, noso, shown[0] as Shown);
    await show(gathered + who.paper + LATE);

    // The line is back, the node behind it dies of what was sent, and all of it is sent again.
    while (Date.now() - cutAt < who.cut) await pause(Math.min(1000, who.cut));
    floors.push({ from: Date.now(), count: gathered + who.paper + LATE });
    const unsent = who.byDoor - half(who.byDoor);
    await spanOf(
      unsent,
      async () => {
        entrance.set('lost');
        await south.send(LOST);
        await again(nodes.slice(0, 1));
        entrance.set('clear');
        await south.sendAll();
      },
      taken,
    );
    assert.is([...south.results.values()].filter(({ ok }) => ok).length, who.byDoor);
    await show(seats);

    // Full: whoever comes in by a door is not counted, however often that is said.
    const over = [south.press('in'), north.press('in')];
    await Promise.all([south.sendAll(), north.sendAll()]);
    for (const [k, door] of [south, north].entries()) {
      const result = door.results.get(over[k] as string);
      assert.is(result?.ok === false && result.code, 'full');
      assert.equal(
        [door.answer?.count, door.answer?.here],
        [seats, who.byDoor + (k === 1 ? who.paper - half(who.paper) : 0)],
      );
    }
    judgeFloors(walls, floors);

    // Some leave; a phone that was locked since it gathered still has its seat.
    await lockPhone(house, phones[0] as Sitter, 1);
    const left: Span[] = [];
    const goes = (work: () => Promise<unknown>) => spanOf(1, work, left);
    const leave = (token: string) => answered(apis, (api) => api.leave(token, noso));
    await goes(() => leave((phones[1] as Sitter).token));
    await goes(() => leave(changed.token));
    await goes(async () => {
      const number = paper[0] as string;
      await own('DELETE', `${of}/paper/${number}`);
    });
    await show(seats - LEAVE);
    const { paper: list } = await own<{ paper: PaperInfo[] }>('GET', `${of}/paper`);
    assert.is(list.filter((each) => each.seated).length, who.paper - 1);
    const { doors } = await own<{ doors: DoorInfo[] }>('GET', `${of}/doors`);
    assert.equal(
      doors.map(({ name, seated }) => [name, seated]),
      [
        ['North', who.byDoor + who.paper - half(who.paper)],
        ['South', who.byDoor],
      ],
    );
    const gone = [(phones[1] as Sitter).seat.number, changed.seat.number, paper[0] as string];
    for (const wall of walls) {
      assert.is(wall.numbers?.size, seats - LEAVE);
      const there = [
        ...phones.map(({ seat }) => seat.number),
        ...shown.map(({ number }) => number),
        ...paper,
      ];
      for (const number of there)
        assert.is(wall.numbers?.has(number), !gone.includes(number), number);
    }

    const numbers = [...new Set(walls.flatMap((wall) => [...(wall.numbers ?? [])])), ...gone];
    const secrets = [
      ...phones.flatMap(({ id, token, seat }) => [id, token, seat.pass, seat.returnCode]),
      ...shown.map(({ returnCode }) => returnCode),
      ...[north, south].flatMap(({ results }) => [...results.keys()]),
    ];
    const held = await foundIn(house, noso, numbers, secrets);
    assert.equal(
      held.found.filter((each) => secrets.includes(each)),
      [],
      'A8 none is stored',
    );
    assert.ok(
      held.found.length >= who.paper && held.live.length > 0,
      'the search finds what is there',
    );

    // It closes by itself.
    const { endsAt } = await own<Noso>('PATCH', of, { endsAt: inMs(1200) });
    await until(() => walls.every((wall) => wall.snapshot?.noso?.state === 'closed'), {
      what: 'all walls to thank',
    });
    assert.is(
      new Set(walls.map((wall) => wall.snapshot?.effectiveAt)).size,
      1,
      'W7 at one instant',
    );
    const record = await own<NosoRecord>('GET', `${of}/record`);
    assert.equal(
      [record.openedAt, record.beganAt, record.closedAt],
      [new Date(openedAt).toISOString(), startsAt, endsAt],
    );
    assert.equal(
      [record.total, record.byHand, record.peak],
      [seats, 2 * who.byDoor + who.paper, seats],
    );
    assert.is(record.series[0]?.count, 0);
    assert.equal(record.series.at(-1), { at: endsAt, count: seats - LEAVE });
    assert.equal(
      record.headcounts.map(({ count }) => count),
      [7],
    );
    const during = taken.reduce((n, span) => n + span.n, 0);
    taken.push({ n: seats - during, from: beganAt, to: beganAt });
    judgeMinutes(record, taken, left);

    // Who was there is nowhere any more, and what they hold opens nothing.
    const late = await answered(apis, (api) =>
      api.sit((phones[0] as Sitter).token, (phones[0] as Sitter).seat.pass),
    );
    assert.equal([late.body.code, late.body.reason], ['not_open', 'closed']);
    await judgeForgetting(house, noso, numbers, secrets);
  } finally {
    for (const wall of walls) wall.close();
  }

  /** Killed at once, all of them, and started again. */
  async function again(killed: House['nodes']): Promise<void> {
    await Promise.all(killed.map((node) => node.kill()));
    await Promise.all(killed.map((node) => node.restart()));
  }

  async function seatPaper(numbers: string[], door?: Door): Promise<void> {
    for (const number of numbers) {
      if (door) door.press('in', { number });
      else await own('PUT', `${of}/paper/${number}`, {});
    }
    await door?.sendAll();
  }
}

/** Does what changes so many seats, and notes between when. */
async function spanOf(n: number, work: () => Promise<unknown>, into: Span[]): Promise<void> {
  const from = Date.now();
  await work();
  into.push({ n, from, to: Date.now() });
}
