import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import type { Taken } from '../../src/domain/seating.js';
import { unavailable } from '../../src/engine/deadline.js';
import { LAPSE } from '../../src/engine/redis/scripts/singleLua.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { asking, opened, refused, seated } from './contract/cast.js';
import { firstCount, type Pair, pairOf, remember } from './healing.js';

const test = suite('Redis engine: lapses, and a Redis that forgets or is away');
const scene = (title: string, play: (pair: Pair) => Promise<void>): void =>
  test(title, pairOf(play), { deadline: 30_000 });

scene('P4 a seat that had lapsed does not come back with what is put back', async (s) => {
  const { server, one, prefix } = s;
  const noso = await opened(one, { pocket: 4 });
  const before = await remember(server, prefix, noso);
  await seated(one, noso, 3);
  await until(async () => (await one.tail(noso, null)).count === 0);
  await before();
  assert.is(await firstCount(one, noso), 0);
});

scene('P1 P4 a seat does not lapse because it was lost that its phone was heard', async (s) => {
  const { server, one, prefix } = s;
  const noso = await opened(one, { pocket: 5 });
  const [{ number, sitting }] = (await seated(one, noso, 1)) as [Taken];
  const before = await remember(server, prefix, noso);
  const takenAt = one.now();
  await until(() => one.now() > takenAt + 3500);
  assert.equal(await one.hear(noso, [{ number, sitting, at: one.now() }]), []);
  await until(() => one.now() > takenAt + 5200);
  await before();
  assert.is(await firstCount(one, noso), 1);
});

scene('P1 who was heard is seated, though the node that seated it is gone', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one, { pocket: 300 });
  const before = await remember(server, prefix, noso);
  const [number] = (await one.draw(1)) as [number];
  const { sitting } = await two.seating.take(noso, asking(one, number));
  assert.equal(await one.hear(noso, [{ number, sitting, at: one.now() }]), []);
  two.close();
  await before();
  assert.is(await firstCount(one, noso), 1);
});

scene('P4 a phone that was heard while Redis was away was heard', async (s) => {
  const { one, two } = s;
  const noso = await opened(one, { pocket: 5 });
  const [{ number, sitting, since }] = (await seated(one, noso, 1)) as [Taken];
  await until(() => one.now() > since + 2500);
  const run = two.calls.run.bind(two.calls);
  two.calls.run = () => Promise.reject(unavailable());
  const heardAt = one.now();
  await refused(two.seating.hear(noso, [{ number, sitting, at: heardAt }]), 'unavailable');
  two.calls.run = run;
  const stop = two.upkeep.start(realClock);
  await until(async () => (await one.tail(noso, null)).count === 0);
  stop();
  assert.ok(one.now() > heardAt + 5000, `lapsed ${one.now() - heardAt} ms after it was heard`);
});

scene('P4 after an outage nobody lapses before it is known who was heard meanwhile', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one, { pocket: 4 });
  const [{ number, sitting, since }] = (await seated(one, noso, 1)) as [Taken];
  const before = await remember(server, prefix, noso);
  const run = two.calls.run.bind(two.calls);
  two.calls.run = () => Promise.reject(unavailable());
  await until(() => one.now() > since + 3500);
  const heard = { number, sitting, at: since + 3500 };
  await refused(two.seating.hear(noso, [heard]), 'unavailable');
  two.calls.run = run;
  await until(() => one.now() > since + 4100);
  await before();
  await two.live.run(noso, LAPSE, []); // it is due, and not let go of yet
  await two.seating.hearAgain();
  assert.is(await firstCount(one, noso), 1);
});
