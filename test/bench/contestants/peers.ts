import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { DialectName } from '../load/dialects.js';
import { newMinter } from '../peers/peer.js';
import type { Contestant, Setting, Stage } from './contestant.js';
import { freePort, start } from './process.js';

function peer(
  key: string,
  name: string,
  dialect: DialectName,
  { most = 50_000, walls = true } = {},
): Contestant {
  return {
    key,
    name,
    most,
    keepsSeats: false,
    async start(setting: Setting): Promise<Stage> {
      const port = await freePort();
      const secret = randomBytes(32).toString('hex');
      const file = fileURLToPath(new URL(`../peers/${key}.js`, import.meta.url));
      const running = await start(
        process.execPath,
        [file],
        { PORT: String(port), SECRET: secret },
        (said) => said.includes('listening'),
      );
      const mint = newMinter(secret);
      let last = 10_000_000;
      const phones = Array.from({ length: setting.n }, (_, index) => ({
        token: mint(String(10_000 + index), 'phone'),
      }));
      return {
        pids: [running.pid],
        redis: null,
        host: '127.0.0.1',
        ports: [port],
        dialect,
        join: 'socket',
        walls: walls
          ? Array.from({ length: setting.walls }, (_, index) => mint(`wall${index}`, 'wall'))
          : [],
        nextStorm: async () => phones,
        crowd: async (size) =>
          Array.from({ length: size }, () => ({ token: mint(String(++last), 'phone') })),
        said: running.said,
        stop: running.stop,
      };
    },
  };
}

export const peers: Contestant[] = [
  peer('good-practice', 'Socket.IO, good practice', 'socketIo'),
  peer('tutorial', 'Socket.IO, tutorial', 'socketIo', { most: 1000 }),
  peer('raw-ws', 'raw ws', 'ws'),
  peer('floor', 'floor (Node http)', 'floor', { walls: false }),
];
