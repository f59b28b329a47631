// F6 attacked: one address asks for something as fast as it is answered, over many connections, while
// others come in from behind the same address and from elsewhere.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { apiOf } from '../support/api.js';
import { startCrowded } from './crowdedHouse.js';
import { ADDRESS, ELSEWHERE, type Shown, show } from './guessing.js';

/** What is asked for, as a path and perhaps a body. */
export const FLOODS: Record<string, { path: string; body?: object }> = {
  'GET /': { path: '/' },
  'GET /j, wrong': { path: '/j/MMM-MMM-MMM' },
  'POST /api/passes, wrong': { path: '/api/passes', body: { code: 'MMM-MMM-MMM' } },
  'POST /api/seats, no code': { path: '/api/seats', body: { code: 'x' } },
};

export type Flooded = { seconds: number; asked: number; same: Shown[]; elsewhere: Shown[] };

/** Floods over `lanes` connections for `seconds`, in which `guests` come from either address. */
export async function attackWith(
  flood: { path: string; body?: object },
  options: { lanes: number; seconds: number; guests: number },
): Promise<Flooded> {
  const { lanes, seconds, guests } = options;
  const server = await startCrowded(guests + 1);
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  let going = true;
  let asked = 0;
  const text = flood.body === undefined ? undefined : JSON.stringify(flood.body);
  const ask = () =>
    new Promise<void>((resolve) => {
      const headers = text === undefined ? {} : { 'content-type': 'application/json' };
      const method = text === undefined ? 'GET' : 'POST';
      const one = request(
        server.url + flood.path,
        { agent, localAddress: ADDRESS, method, headers },
        (answer) => {
          asked += 1;
          answer.resume();
          answer.on('close', resolve);
        },
      );
      one.on('error', () => resolve());
      one.end(text);
    });
  const lane = async () => {
    while (going) await ask();
  };
  const all = Array.from({ length: lanes }, lane);
  try {
    const api = apiOf(server.url, server.owner);
    const began = Date.now();
    const [same, elsewhere]: [Shown[], Shown[]] = [[], []];
    for (let k = 0; k < guests; k += 1) {
      const { code } = await api.code(`noso${k}`);
      const both = [ADDRESS, ELSEWHERE].map((from) => show(server.port, code, from, '/api/seats'));
      const [one, other] = await Promise.all(both);
      same.push(one as Shown);
      elsewhere.push(other as Shown);
      const next = ((k + 1) * seconds * 1000) / guests;
      await pause(Math.max(0, next - (Date.now() - began)));
    }
    return { seconds: (Date.now() - began) / 1000, asked, same, elsewhere };
  } finally {
    going = false;
    agent.destroy();
    await Promise.all(all);
    await server.stop();
  }
}
