import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { Pace } from '../../src/engine/redis/pace.js';
import { freePort } from '../support/ports.js';
import { suite } from '../support/suite.js';
import { refused } from './contract/cast.js';

const test = suite('Redis engine: how long an answer may take');

test('F1 what is not answered is given up in time', async () => {
  const pace = new Pace(realClock);
  const asked = realClock.steady();
  await refused(pace.within(300, new Promise(() => {})), 'unavailable');
  const took = realClock.steady() - asked;
  assert.ok(took >= 299 && took < 2000, `given up after ${took} ms`);
  await pace.idle();
});

test('F1 on a machine too busy for its timers, an answer that has arrived is read first', async () => {
  const server = createServer();
  server.listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    const [peer] = (await once(server, 'connection')) as [Socket];
    await once(socket, 'connect');
    const answer = new Pace(realClock).within(50, once(socket, 'data'));
    peer.write('now');
    const until = realClock.steady() + 200;
    while (realClock.steady() < until);
    assert.is(String((await answer)[0]), 'now');
    peer.destroy();
  } finally {
    socket.destroy();
    server.close();
  }
});

test('it is idle once all has been answered or given up', async () => {
  const pace = new Pace(realClock);
  let idle = false;
  const work = pace.within(2000, new Promise((resolve) => setTimeout(resolve, 50)));
  const waiting = pace.idle().then(() => (idle = true));
  assert.is(idle, false);
  await work;
  await waiting;
  await pace.idle();
});
