import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { createSessions, sessionOf } from '../../src/service/sessions.js';
import { suite } from '../support/suite.js';

const test = suite('sessions that are ended');
const HOUR = 3_600_000;

/** Nodes over one store, which do not hear each other. */
function scene() {
  const clock = manualClock(1_000_000);
  const rows = new Map<string, { holder: string; until: number }>();
  const store = { answers: true };
  let asked = 0;
  const engine = {
    now: clock.now,
    async reserve(id: string, holder: string, until: number) {
      rows.set(id, { holder, until });
      return holder;
    },
    async holder(id: string) {
      asked += 1;
      if (!store.answers) throw new Error('no answer');
      return rows.get(id)?.holder ?? null;
    },
  };
  const node = () => {
    const sessions = createSessions({ engine, clock, tell: (s) => sessions.hear(s) });
    return sessions;
  };
  return { clock, rows, store, node, asked: () => asked };
}

test('F7 a session is over on every node within seconds, whether or not they were told', async () => {
  const { clock, rows, node } = scene();
  const [one, two, three] = [node(), node(), node()];
  const session = sessionOf('a token', clock.now() + 12 * HOUR);
  const other = sessionOf('another token', clock.now() + 12 * HOUR);
  assert.not.ok(await two.isOver(session));
  await one.end(session);
  assert.ok(await one.isOver(session));
  assert.ok(one.isKnownOver(session));
  assert.ok(await three.isOver(session), 'a node that meets it for the first time');
  clock.advance(3000);
  await two.isOver(session);
  await new Promise(setImmediate);
  assert.ok(await two.isOver(session), 'and one that knew it before');
  for (const each of [one, two, three]) assert.not.ok(await each.isOver(other));
  assert.not.match(JSON.stringify([...rows]), 'a token');
  assert.ok([...rows.values()].every(({ until }) => until <= clock.now() + 12 * HOUR));
});

test('F1 a store that does not answer ends nobody’s session, and revives none', async () => {
  const { clock, store, node } = scene();
  const [one, two] = [node(), node()];
  const session = sessionOf('a token', clock.now() + 12 * HOUR);
  const ended = sessionOf('an ended one', clock.now() + 12 * HOUR);
  await one.end(ended);
  assert.not.ok(await two.isOver(session));
  store.answers = false;
  clock.advance(60_000);
  assert.not.ok(await two.isOver(session));
  assert.ok(await one.isOver(ended));
});

test('F7 a node asks of a session once in three seconds, and knows a thousand', async () => {
  const { clock, node, asked } = scene();
  const one = node();
  const session = (k: number) => sessionOf(`token ${k}`, clock.now() + HOUR);
  /** How often the store is asked whether this one is over. */
  const asks = async (k: number) => {
    const before = asked();
    assert.not.ok(await one.isOver(session(k)));
    return asked() - before;
  };
  assert.is(await asks(0), 1);
  clock.advance(2999);
  assert.is(await asks(0), 0);
  clock.advance(1);
  assert.is(await asks(0), 1);
  assert.is(await asks(0), 0, 'from then on');
  for (let k = 1; k < 1000; k += 1) assert.is(await asks(k), 1);
  assert.is(await asks(0), 0, 'a thousand');
  clock.advance(2999);
  for (let k = 1; k < 1000; k += 1) assert.is(await asks(k), 0);
  clock.advance(1);
  assert.is(await asks(0), 1, 'and is the last that was asked about');
  assert.is(await asks(1000), 1); // 1 is forgotten
  assert.is(await asks(0), 0);
  assert.is(await asks(1), 1); // and 2
  clock.advance(-1);
  assert.is(await asks(3), 0);
  assert.is(await asks(2), 1);
});

test('F7 what is over stays so until it would have ended, whatever else ends', async () => {
  const { clock, node, rows } = scene();
  const one = node();
  const soon = sessionOf('soon', clock.now() + 1000);
  const later = sessionOf('later', clock.now() + 5000);
  const endless = sessionOf('endless', clock.now() + 100 * HOUR);
  await one.end(soon);
  await one.end(later);
  assert.equal([soon, later].map(one.isKnownOver), [true, true]);
  clock.advance(1000);
  await one.end(endless);
  assert.equal([soon, later, endless].map(one.isKnownOver), [false, true, true]);
  assert.equal(
    [...rows.values()].map(({ until }) => until - clock.now()),
    [0, 4000, 12 * HOUR],
    'remembered for as long as it is good, and for twelve hours at most',
  );
});
