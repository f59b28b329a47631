import * as assert from 'uvu/assert';
import { createPasses } from '../../src/service/passes.js';
import { createTokens } from '../../src/service/tokens.js';
import { type Connection, dial } from '../bench/load/connection.js';
import { startNodes } from '../support/cluster.js';
import { machineTime } from '../support/machineTime.js';
import { DURABLE, startAlone } from '../support/redis.js';
import { SECRET } from '../support/server.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('everybody leaves');

/** `NOSO_HERD=5000` for a large room. */
const PHONES = Number(process.env.NOSO_HERD ?? 1000);

/** A phone that is connected, and says `leave` when it is told to. */
type Phone = { line: Connection; seated: boolean; answer: string | null };

function phone(port: number, token: string, pass: string): Phone {
  const line = dial({ host: '127.0.0.1', port, from: null }, PATH, {
    open: () => {},
    text(text) {
      if (text === '2') line.send('3');
      else if (text[0] === '0') line.send(`40/phone,${JSON.stringify({ token, pass })}`);
      else if (text.startsWith('42/phone,["seated"')) one.seated = true;
      else if (text.startsWith('43/phone,')) one.answer ??= text.slice(text.indexOf('['));
    },
    end: () => {},
  });
  const one: Phone = { line, seated: false, answer: null };
  return one;
}
const PATH = '/socket.io/?EIO=4&transport=websocket';

test(
  `W3 P6 ${PHONES} who leave at once, over two nodes and one Redis, all do: none is refused`,
  async () => {
    const redis = await startAlone(DURABLE);
    const cluster = await startNodes(redis.url, 2);
    try {
      const [api] = cluster.apis as [(typeof cluster.apis)[number]];
      const noso = await api.noso();
      const { token } = await api.wall(noso.venue.id);
      const walls = cluster.nodes.map((node) => openWall(node.url, token));
      const tokens = createTokens([SECRET], Date.now);
      const passes = createPasses([SECRET], Date.now);
      const phones: Phone[] = [];
      for (let k = 0; k < PHONES; k += 1) {
        const { port } = cluster.nodes[k % 2] as { port: number };
        const pass = passes.entry(noso.id, Date.now(), Date.now());
        phones.push(phone(port, tokens.number(100_000 + k), pass));
        // They come as they would, and go as one.
        if (k % 100 === 99) await until(() => phones.filter((p) => !p.seated).length < 100);
      }
      await until(() => phones.every(({ seated }) => seated), { deadline: 60_000 });
      for (const wall of walls) await wall.shows(PHONES);

      const began = machineTime();
      for (const { line } of phones) line.send('42/phone,0["leave"]');
      const zero = Promise.allSettled(walls.map((wall) => wall.shows(0, 5000)));
      await until(() => phones.every(({ answer }) => answer !== null), {
        what: 'everybody to be answered',
        deadline: 20_000,
      });
      const answered = machineTime() - began;
      const refused = phones.filter(({ answer }) => answer !== '[{"ok":true}]');
      const shown = await zero;
      console.log(`${PHONES} left: answered after ${Math.round(answered)} ms`);
      assert.is(refused.length, 0, `${refused.length} refused: ${refused[0]?.answer}`);
      assert.equal(
        shown.map(({ status }) => status),
        ['fulfilled', 'fulfilled'],
      );
      for (const wall of walls) wall.close();
      for (const { line } of phones) line.drop();
    } finally {
      await cluster.stop();
      await redis.stop();
    }
  },
  { deadline: 120_000 },
);
