import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { STEP } from '../../src/domain/code.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Noso, Venue } from '../../src/domain/noso.js';
import type { Change, Engine } from '../../src/engine/engine.js';
import { createBroadcast } from '../../src/live/broadcast.js';
import { createStage, type Show } from '../../src/live/stage.js';
import type { Snapshot } from '../../src/protocol/wire.js';
import { createCodes } from '../../src/service/codes.js';
import { createCatalogue } from '../../src/service/mirror.js';
import { newNoso, newVenue } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';
import { goOn } from './madeUpLog.js';

const test = suite('what the walls of a venue show');

const OPEN = { is: 'open', openedAt: 1_000_000, effectiveAt: 1_000_000, digits: 6 } as const;
const CLOSED: Noso['life'] = {
  ...OPEN,
  is: 'closed',
  beganAt: 1_000_000,
  closedAt: 1_000_000,
  totals: { peak: 0, total: 0, personMinutes: 0, series: [] },
};

/** A venue whose store is ours to hold. */
function scene(venueIs: Partial<Venue> = {}) {
  const clock = manualClock(1_000_000);
  const changes: Change[] = [];
  /** What happens before an answer. */
  const store = { log: async () => {}, catalogue: () => {} };
  const turn = () => new Promise(setImmediate);
  const engine = {
    now: () => clock.now(),
    watch: () => () => {},
    async tail() {
      await turn();
      await store.log();
      return { epoch: 1, seq: 0, count: 0, peak: 0, changes: [] };
    },
    async seats() {
      await turn();
      await store.log();
      return { epoch: 1, seq: 0, numbers: [] };
    },
    async changesSince(revision: number) {
      await turn();
      store.catalogue();
      const found = changes.filter((change) => change.revision > revision);
      return { epoch: 1, revision: changes.length, changes: found };
    },
  } as Partial<Engine> as Engine;
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const catalogue = createCatalogue(engine, clock, onError);
  const random = () => 0;
  const broadcast = createBroadcast({ engine, clock, catalogue, random, onError });
  const codes = createCodes({
    secrets: ['a secret of this test, long enough for all'],
    publicUrl: () => 'http://127.0.0.1',
    nosos: () => catalogue.nosos(),
    revision: () => catalogue.revision(),
  });
  const venue = { ...newVenue('v'), ...venueIs };
  const write = async (noso: Noso | null) => {
    const revision = changes.length + 1;
    changes.push(
      noso
        ? { kind: 'noso', id: noso.id, revision, document: noso }
        : { kind: 'venue', id: 'v', revision, document: venue },
    );
    await catalogue.refresh();
  };
  const open = (show: Partial<Show> = {}) => {
    const all: Show['all'] = () => {};
    const stage = createStage({
      ...{ venue: 'v', engine, clock, catalogue, codes, broadcast, random, onError },
      publicUrl: () => 'https://noso.example',
      version: 'v',
      show: { all, snapshot: () => {}, ...show },
    });
    const stop = catalogue.onChange(() => stage.changed());
    return Object.assign(stage, { unlisten: stop });
  };
  const noso = (over: Partial<Noso> = {}) => newNoso(engine, { id: 'n', venue: 'v', ...over });
  return { clock, store, changes, errors, catalogue, broadcast, write, open, noso };
}

const gone = () => {
  throw new Refusal('unavailable.no_answer');
};

const snapshotOf = (stage: ReturnType<ReturnType<typeof scene>['open']>) =>
  new Promise<Snapshot>((resolve, reject) => stage.snapshot(resolve).catch(reject));

test('W4 where no NoSo is open, a node that cannot read its catalogue shows nothing as live', async () => {
  const { clock, store, broadcast, write, open } = scene();
  await write(null);
  const stage = open();
  assert.is((await snapshotOf(stage)).noso, null);
  store.catalogue = gone;
  await goOn(clock, 2500);
  const refused = await snapshotOf(stage).then(
    () => 'shown',
    (error: Refusal) => error.code,
  );
  assert.is(refused, 'unavailable');
  store.catalogue = () => {};
  assert.is((await snapshotOf(stage)).noso, null, 'at once, when it can');
  stage.stop();
  broadcast.stop();
});

test('W4 W7 a NoSo that closes while its log does not answer is shown as closed', async () => {
  const { clock, store, broadcast, write, open, noso } = scene();
  await write(null);
  await write(noso({ life: OPEN }));
  const stage = open();
  assert.is((await snapshotOf(stage)).noso?.state, 'open');
  store.log = async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    throw new Refusal('not_open.closed');
  };
  await goOn(clock, 2500);
  const asked = snapshotOf(stage); // of a log that is no more
  await write(noso({ life: CLOSED }));
  assert.is((await asked).noso?.state, 'closed');
  stage.stop();
  broadcast.stop();
});

test('W8 a venue that goes while what it shows is read is refused to its walls, and no fault', async () => {
  const { clock, changes, broadcast, write, open } = scene();
  await write(null);
  const stage = open();
  clock.advance(2500); // what was read last is old
  changes.push({ kind: 'venue', id: 'v', revision: 2, document: null });
  const refused = await snapshotOf(stage).then(
    () => 'shown',
    (error: Refusal) => error.code,
  );
  assert.is(refused, 'unauthorized');
  stage.stop();
  broadcast.stop();
});

test('F9 a date and a zone that nobody can draw take no wall along', async () => {
  const { clock, errors, broadcast, write, open, noso } = scene({ timeZone: 'Mars/Phobos' });
  await write(null);
  await write(noso({ startsAt: -9e15, endsAt: 9e15, life: OPEN }));
  let codes = 0;
  const stage = open({
    all(event, ..._frame) {
      if (event === 'code') codes += 1;
    },
  });
  const { noso: shown, code } = await snapshotOf(stage);
  assert.ok(shown && !Number.isNaN(Date.parse(shown.endsAt)));
  assert.ok(code);
  await goOn(clock, 3 * STEP, 500);
  assert.ok(codes >= 3, `${codes} codes`);
  assert.equal(errors, []);
  stage.stop();
  broadcast.stop();
});

test('F9 a code that could not be sent is no end of codes', async () => {
  const { clock, errors, broadcast, write, open, noso } = scene();
  await write(null);
  await write(noso({ life: OPEN }));
  let codes = 0;
  const stage = open({
    all(event, ..._frame) {
      if (event !== 'code') return;
      codes += 1;
      if (codes === 1) throw new Error('of the transport');
    },
  });
  await goOn(clock, 3 * STEP, 500);
  assert.ok(codes >= 3, `${codes} codes`);
  assert.is(errors.length, 1);
  stage.stop();
  broadcast.stop();
});
