// Screens where several nodes share a Redis: each asks whichever node the balancer gives it.
import * as assert from 'uvu/assert';
import type { WaitingScreen, WallInfo } from '../../src/protocol/wire.js';
import { apiOf, type TestApi } from '../support/api.js';
import { startNodes } from '../support/cluster.js';
import { DURABLE, startRedis } from '../support/redis.js';
import { startServer, type TestServer } from '../support/server.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('screens on several nodes');

test(
  'W8 a code of one node is named on another and claimed on a third; what screens say of themselves is known everywhere, also to a node that comes later',
  async () => {
    const redis = await startRedis(DURABLE);
    const cluster = await startNodes(redis.url, 2);
    let late: TestServer | null = null;
    const walls: ReturnType<typeof openWall>[] = [];
    try {
      const [one, two] = cluster.apis as [TestApi, TestApi];
      const [first, second] = cluster.nodes as [TestServer, TestServer];
      const venue = await one.venue();
      const { code, secret } = (await one.call<WaitingScreen>('POST', '/api/walls/pairing', {}))
        .body;
      const claim = (api: TestApi) =>
        api.call<{ id: string; token: string }>('POST', '/api/walls/pairing/claim', { secret });
      assert.is((await claim(two)).status, 202);
      const named = { name: 'Grande salle', pairing: code };
      const made = await two.own<{ id: string }>('POST', `/api/venues/${venue.id}/walls`, named);
      const claimed = await claim(one);
      assert.equal([claimed.status, claimed.body.id], [200, made.id]);
      assert.equal((await claim(two)).body, claimed.body, 'the same wherever it asks');

      const { token } = claimed.body;
      const screen = { version: 'abc', width: 1280, height: 720, zoom: 1 };
      const wall = openWall(second.url, token, { auth: { token, screen } });
      walls.push(wall);
      await until(() => wall.snapshot !== null, { what: 'a snapshot' });
      wall.socket.emit('sync', { shows: 'nothing' });
      const told = { ...screen, shows: 'nothing' };
      const knows = async (api: TestApi) => {
        const { walls } = await api.own<{ walls: WallInfo[] }>(
          'GET',
          `/api/venues/${venue.id}/walls`,
        );
        const { version, width, height, zoom, shows, lastBeat } = walls[0] as WallInfo;
        return (
          lastBeat !== null &&
          JSON.stringify({ version, width, height, zoom, shows }) === JSON.stringify(told)
        );
      };
      await until(() => knows(one), { what: 'the node that it is not connected to' });

      late = await startServer({ REDIS_URL: redis.url });
      const third = apiOf(late.url, late.owner);
      await until(() => knows(third), { what: 'the node that came later' });
      const again = await claim(third);
      assert.equal(again.body, claimed.body, 'also by a node that was not there');

      let until_ = 0;
      wall.socket.on('identify', (said: { until: number }) => {
        until_ = said.until;
      });
      await third.own('POST', `/api/walls/${made.id}/identify`);
      await until(() => until_ > 0, { what: 'the name to be asked for from the third node' });

      const gone = new Promise<void>((resolve) => wall.socket.once('disconnect', () => resolve()));
      await third.own('DELETE', `/api/walls/${made.id}`);
      await gone;
      assert.is((await claim(one)).status, 202, 'a wall that was revoked is not claimed again');
      await first.kill();
      assert.is((await claim(two)).status, 202);
    } finally {
      for (const wall of walls) wall.close();
      await late?.stop();
      await cluster.stop();
      await redis.stop();
    }
  },
  { deadline: 60_000 },
);
