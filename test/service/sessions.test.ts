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
  const engine = {
    now: clock.now,
    async reserve(id: string, holder: string, until: number) {
      rows.set(id, { holder, until });
      return holder;
    },
    async holder(id: string) {
      if (!store.answers) throw new Error('no answer');
      return rows.get(id)?.holder ?? null;
    },
  };
  const node = () => {
    const sessions = createSessions({ engine, clock, tell: (s) => sessions.hear(s) });
    return sessions;
  };
  return { clock, rows, store, node };
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
