import * as assert from 'uvu/assert';
import type { Count, Snapshot } from '../../src/protocol/wire.js';
import { createPasses } from '../../src/service/passes.js';
import { createTokens } from '../../src/service/tokens.js';
import { type Connection, dial } from '../bench/load/connection.js';
import type { TestApi } from '../support/api.js';
import { machineTime } from '../support/machineTime.js';
import { served } from '../support/served.js';
import { SECRET, type TestServer } from '../support/server.js';
import { openWall, type TestWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { memoryOf, metric } from '../support/tcp.js';
import { until } from '../support/wait.js';

const test = suite('herds');

/** `NOSO_HERD=10000` for the whole of F3. */
const PHONES = Number(process.env.NOSO_HERD ?? 2000);
/** All of them, after whatever happened, in ms of the machine's time. */
const BACK = 30_000;

type Herd = {
  /** How many are seated now. */
  seated: () => number;
  /** Cuts every connection at once. */
  drop: () => void;
  /** Sends off all that are not connected, all at once, and again whenever one is refused. */
  gather: () => void;
  stop: () => void;
};

/** Phones that are seated, and come back with their seat's pass, as the pages do. */
function herd(server: TestServer, noso: string, count: number): Herd {
  const tokens = createTokens([SECRET], Date.now);
  const passes = createPasses([SECRET], Date.now);
  type Phone = { token: string; pass: string; line: Connection | null; in: boolean };
  const phones: Phone[] = Array.from({ length: count }, (_, k) => ({
    token: tokens.number(100_000 + k),
    pass: passes.entry(noso, Date.now(), Date.now()),
    line: null,
    in: false,
  }));
  let going = true;

  function send(phone: Phone): void {
    if (!going) return;
    const line = dial(
      { host: '127.0.0.1', port: server.port, from: null },
      '/socket.io/?EIO=4&transport=websocket',
      {
        open: () => {},
        text(text) {
          if (text === '2') line.send('3');
          else if (text[0] === '0') {
            line.send(`40/phone,${JSON.stringify({ token: phone.token, pass: phone.pass })}`);
          } else if (text.startsWith('42/phone,["seated"')) {
            phone.in = true;
            phone.pass = /"pass":"([^"]+)"/.exec(text)?.[1] ?? phone.pass;
          }
        },
        end() {
          const lost = phone.line === line;
          phone.in = false;
          if (!lost) return;
          phone.line = null;
          // Whoever is not let in comes back in a while, and not all in the same one.
          setTimeout(() => phone.line === null && send(phone), 200 + Math.random() * 800);
        },
      },
    );
    phone.line = line;
  }

  return {
    seated: () => phones.filter((phone) => phone.in).length,
    drop() {
      for (const phone of phones) {
        const { line } = phone;
        phone.line = null;
        phone.in = false;
        line?.drop();
      }
    },
    gather() {
      for (const phone of phones) if (!phone.line) send(phone);
    },
    stop() {
      going = false;
      this.drop();
    },
  };
}

/** The counts that a wall was shown, in order. */
const countsOf = (wall: TestWall): number[] =>
  wall.frames.flatMap(({ event, frame }) =>
    event === 'count' || event === 'snapshot' ? [(frame as Count | Snapshot).count] : [],
  );

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

async function allBack(phones: Herd): Promise<number> {
  const began = machineTime();
  await until(() => phones.seated() === PHONES, {
    what: `all ${PHONES} phones to be back`,
    deadline: BACK,
    every: 50,
  });
  return machineTime() - began;
}

test(
  `F3 ${PHONES} phones dropped at once are back within 30 s, no wall dips, memory stays bounded`,
  served(async (server: TestServer, api: TestApi) => {
    const noso = await api.noso();
    const { token } = await api.wall(noso.venue.id);
    const wall = openWall(server.url, token);
    await wall.shows(0);
    const phones = herd(server, noso.id, PHONES);
    try {
      const empty = await memoryOf(server);
      phones.gather();
      const arrived = await allBack(phones);
      await wall.shows(PHONES);
      const full = await memoryOf(server);
      const shown = countsOf(wall).length;

      const back: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        phones.drop();
        phones.gather();
        back.push(await allBack(phones));
      }
      const after = await memoryOf(server);
      const dips = countsOf(wall)
        .slice(shown)
        .filter((count) => count !== PHONES);
      assert.equal(dips, [], 'the wall saw people go who were there');
      assert.is(await metric(server, 'noso_phones_connected'), PHONES);
      const each = (after - empty) / PHONES;
      console.log(
        `${PHONES} phones: in after ${seconds(arrived)}; dropped three times, back after ` +
          `${back.map(seconds).join(', ')}; ${megabytes(empty)} empty, ${megabytes(full)} full, ` +
          `${megabytes(after)} after (${Math.round(each / 1024)} KiB a phone)`,
      );
      // A connection that stays behind takes 20 KiB and more, and three herds have gone. What a
      // collector has not come to yet is less than a third of that.
      const most = full + 50e6 + PHONES * back.length * 10 * 1024;
      assert.ok(after < most, `${megabytes(full)} → ${megabytes(after)}`);

      // The worst of drops: the process is killed, and all of them are at the door when it starts.
      const began = Date.now();
      await server.kill();
      await server.restart();
      const ready = Date.now() - began;
      await allBack(phones);
      console.log(`killed: ready after ${seconds(ready)}, all back ${seconds(Date.now() - began)}`);
      const late = openWall(server.url, token);
      await until(() => late.snapshot);
      assert.is(late.snapshot?.count, PHONES);
      late.close();
    } finally {
      phones.stop();
      wall.close();
    }
  }),
  { deadline: 30_000 + PHONES * 30 },
);
