import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/domain/noso.js';
import { RETURN_GAP, RETURNS } from '../../src/domain/seating.js';
import type { SeatChange } from '../../src/engine/engine.js';
import { dumpKeys, loadKeys } from '../support/keyspace.js';
import { recordOf } from '../support/recount.js';
import { startRedis } from '../support/redis.js';
import {
  drawnBy,
  type Expected,
  expectedOf,
  folderOf,
  LEFT,
  type Left,
  moved,
  type Open,
  openStored,
  type Side,
  told,
  VERSIONS,
} from '../support/stored.js';
import { suite } from '../support/suite.js';
import { asking, newId, newNoso, refused } from './contract/cast.js';

// Compared is with what the engine that wrote it told at the time, as it is in the fixture.

const test = suite('what earlier versions stored');
const MINUTE = 60_000;

/** Every field that was is there, and the same. Later versions may know of more. */
function holds(actual: unknown, was: unknown, where: string): void {
  if (typeof was !== 'object' || was === null) {
    assert.is(actual, was, where);
    return;
  }
  assert.ok(typeof actual === 'object' && actual !== null, `${where}: ${String(actual)}`);
  if (Array.isArray(was)) assert.is((actual as unknown[]).length, was.length, `${where}: length`);
  for (const [key, value] of Object.entries(was)) {
    holds((actual as Record<string, unknown>)[key], value, `${where}.${key}`);
  }
}

const documentsOf = ({ changes }: Pick<Expected, 'changes'>): Map<string, object> =>
  new Map(changes.flatMap(({ id, document }) => (document ? [[id, document]] : [])));

const nosos = (expected: Expected, is: Noso['life']['is']): Noso[] =>
  expected.changes.flatMap(({ kind, document }) =>
    kind === 'noso' && document?.life.is === is ? [document] : [],
  );

function story(
  title: string,
  tell: (engine: Side, was: Expected, left: Left) => Promise<void>,
  after = 0,
) {
  for (const version of VERSIONS) for (const left of LEFT) one(version, left);

  function one(version: string, left: Left): void {
    test(`U1 ${version} ${left}: ${title}`, async () => {
      const { engine, expected, stop } = await openStored(version, left, after);
      try {
        await tell(engine, expected, left);
      } finally {
        await stop();
      }
    });
  }
}

test('U1 there is something of every version, and in it something of everything', async () => {
  assert.ok(VERSIONS.includes('v1'));
  for (const version of VERSIONS) {
    for (const left of LEFT) {
      const { expected, stop } = await openStored(version, left);
      await stop();
      for (const is of ['scheduled', 'open', 'closed', 'cancelled'] as const) {
        assert.ok(nosos(expected, is).length > 0, `${version} ${left}: no NoSo is ${is}`);
      }
      const all = Object.values(expected.open).flatMap(({ seats }) => Object.values(seats));
      const ends = new Set(all.map((seat) => (seat?.seated ? 'seated' : seat?.why)));
      assert.equal([...ends].sort(), ['lapsed', 'left', 'seated']);
      assert.ok(expected.drawn.length > 600 && expected.silent.numbers.length > 0);
      assert.ok(Object.keys(expected.tokens).length > 2 && expected.forms.length > 1);
    }
  }
});

test('U1 keys are loaded as they were, moments aside', async () => {
  for (const version of VERSIONS) {
    const keys = await readFile(join(folderOf(version, 'redis'), 'keys.ndjson'), 'utf8');
    const now = moved(keys, Date.now() - (await expectedOf(version, 'redis')).now);
    const server = await startRedis();
    try {
      await server.ask((redis) => loadKeys(redis, now));
      assert.is(await server.ask(dumpKeys), now);
    } finally {
      await server.stop();
    }
  }
});

story(
  'documents, seats, marks, log and drawn numbers are what they were',
  async (engine, was, left) => {
    const { documents, ...now } = await all(engine, was);
    const { documents: before, ...then } = { ...was, documents: documentsOf(was) };
    assert.equal([...documents.keys()].sort(), [...before.keys()].sort());
    for (const [id, document] of before) holds(documents.get(id), document, id);
    for (const [id, { tail, seated, seats }] of Object.entries(then.open)) {
      const { epoch, ...log } = tail;
      holds(now.open[id], { tail: log, seated, seats }, id);
      assert.ok((now.open[id] as Open).tail.epoch >= epoch, `${id}: an earlier epoch`);
    }
    assert.equal(Object.keys(now.open).sort(), Object.keys(then.open).sort());
    assert.equal(now.drawn, then.drawn);
    // Files do not keep when a wall was last reached.
    if (left === 'redis') holds(now.beats, then.beats, 'beats');
    assert.ok(now.revision >= then.revision);
  },
);

async function all(engine: Side, was: Expected) {
  const now = await told(engine, was);
  return { ...now, documents: documentsOf(now) };
}

story('keys open what they opened, and links that were used are', async (engine, was) => {
  const documents = documentsOf(await engine.changesSince(0));
  for (const [id, token] of Object.entries(was.tokens)) {
    const hash = createHash('sha256').update(token).digest('base64url');
    assert.is((documents.get(id) as { hash?: string }).hash, hash, id);
  }
  for (const link of was.links) assert.is(await engine.spend(link, engine.now() + MINUTE), false);
  assert.is(await engine.spend(newId(), engine.now() + MINUTE), true);
});

story('whoever sits is seated still, whoever left may do what they might', async (engine, was) => {
  const met = new Set<string>();
  for (const [noso, { seats, tail }] of Object.entries(was.open)) {
    for (const [key, seat] of Object.entries(seats)) {
      const number = Number(key);
      const again = engine.take(noso, asking(engine, number));
      if (seat?.seated) {
        holds({ ...(await again), seated: true }, seat, key);
        continue;
      }
      assert.ok(seat, key);
      assert.match((await refused(again, 'conflict')).message, seat.why);
      met.add(await back(engine, noso, number, seat));
    }
    for (const each of was.forms.filter((form) => form.noso === noso)) {
      const [other] = (await engine.draw(1)) as [number];
      const taken = await engine.take(noso, asking(engine, other, { key: each.form, fresh: true }));
      assert.is(taken.number, each.number);
    }
    const { seq, changes } = await engine.tail(noso, tail.seq);
    assert.is(seq, tail.seq + (changes as SeatChange[]).length);
  }
  assert.equal([...met].sort(), ['back', 'spent', 'too soon']);
});

/** What becomes of a number that left, or lapsed, and wants to come back. */
async function back(
  engine: Side,
  noso: string,
  number: number,
  mark: { sitting: number; at: number },
): Promise<string> {
  const coming = engine.take(noso, asking(engine, number, { back: true }));
  if (mark.sitting > RETURNS) return refused(coming, 'spent').then(() => 'spent');
  if (engine.now() < mark.at + RETURN_GAP)
    return refused(coming, 'too_soon').then(() => 'too soon');
  assert.is((await coming).sitting, mark.sitting + 1);
  return 'back';
}

story('seats are taken, left and counted from there on', async (engine, was) => {
  for (const noso of nosos(was, 'open')) {
    const { tail } = was.open[noso.id] as Open;
    const room = Math.min(20, (noso.capacity ?? Infinity) - tail.count);
    const fresh = await engine.draw(room + 1);
    for (const number of fresh.slice(0, room)) {
      assert.is((await engine.take(noso.id, asking(engine, number))).sitting, 1);
    }
    const last = engine.take(noso.id, asking(engine, fresh[room] as number));
    if (noso.capacity !== null) await refused(last, 'full');
    else await engine.leave(noso.id, (await last).number, 1);
    const leaving = fresh[0] as number;
    assert.is(await engine.leave(noso.id, leaving, 1), true);
    const { count, changes } = await engine.tail(noso.id, tail.seq);
    assert.is(count, tail.count + room - 1);
    assert.ok(changes?.every(({ seq }, k) => seq === tail.seq + 1 + k));
  }
});

story(
  'a phone that is silent lapses when it would have, and no other',
  async (engine, was) => {
    const { noso, numbers } = was.silent;
    for (const number of (was.open[noso] as Open).seated) {
      const seat = await engine.seat(noso, number);
      assert.is(seat?.seated, !numbers.includes(number), String(number));
    }
  },
  MINUTE,
);

story('no number is drawn a second time', async (engine, was) => {
  const fresh = await engine.draw(3000);
  assert.is(new Set([...fresh, ...was.drawn]).size, 3000 + was.drawn.length);
  assert.is((await drawnBy(engine)).length, 3000 + was.drawn.length);
});

story('every NoSo goes on to where it may, and closes to an exact record', async (engine, was) => {
  const open = { do: 'open', by: 'organizer' } as const;
  const close = { do: 'close', by: 'organizer' } as const;
  for (const { id } of [...nosos(was, 'closed'), ...nosos(was, 'cancelled')]) {
    await refused(engine.command(id, open), 'conflict');
  }
  const planned = nosos(was, 'scheduled');
  for (const { id, venue } of planned) {
    assert.ok(nosos(was, 'open').some((noso) => noso.venue === venue));
    await refused(engine.command(id, open), 'conflict');
  }
  for (const { id } of nosos(was, 'open')) {
    const { changes } = (was.open[id] as Open).tail;
    const { life } = await engine.command(id, close);
    assert.ok(life.is === 'closed');
    holds(life.totals, recordOf(changes as SeatChange[], life), id);
    await refused(engine.seat(id, (changes as SeatChange[])[0]?.number ?? 0), 'not_open');
  }
  for (const { id } of planned) {
    const now = engine.now();
    const soon = { startsAt: now, endsAt: now + 60 * MINUTE };
    await engine.command(id, { do: 'amend', changes: soon });
    assert.is((await engine.command(id, open)).life.is, 'open');
    const [number] = (await engine.draw(1)) as [number];
    await engine.take(id, asking(engine, number));
    assert.is((await engine.tail(id, null)).count, 1);
  }
  const another = newNoso(engine, { venue: (planned[0] as Noso).venue });
  assert.ok((await engine.save('noso', another.id, another)) > was.revision);
});
