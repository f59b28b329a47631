// Whether a server is as it was before a storm: alive, without faults, no larger, and those who were
// there meanwhile were told what they are told, and no more.
import type { TestApi } from '../support/api.js';
import { openRaw, type Raw, sitRaw } from '../support/raw.js';
import type { TestServer } from '../support/server.js';
import { memoryOf, metric, openFiles, wellAfterwards } from '../support/tcp.js';
import { until } from '../support/wait.js';
import { CANARY } from './requestCases.js';

/** What a storm may leave in memory, bytes: venues and NoSos that were made in it among them. */
const GROWN = 150e6;

type Watched = { noso: string; phone: Raw; wall: Raw; memory: number; files: number };

/** Two who are there when it begins: a phone that is seated, and a wall. */
export async function watch(server: TestServer, api: TestApi): Promise<Watched> {
  const noso = await api.noso();
  const { token, pass } = await api.person(noso.id);
  const phone = await sitRaw(server.url, { token, pass });
  const wall = await openRaw(server.url);
  await wall.enter('/wall', { token: (await api.wall(noso.venue.id)).token });
  await until(() => wall.frames.some((frame) => frame.includes('"count":1')), {
    what: 'the count',
  });
  const [memory, files] = [await memoryOf(server), await openFiles(server)];
  return { noso: noso.id, phone, wall, memory, files };
}

/** What is wrong afterwards, a sentence each. */
export async function unhurt(
  server: TestServer,
  api: TestApi,
  { noso, phone, wall, memory, files }: Watched,
): Promise<string[]> {
  const wrong: string[] = [];
  await until(async () => (await openFiles(server)) <= files + 2, {
    what: 'every line to be let go of',
    deadline: 20_000,
  }).catch((error: Error) => wrong.push(error.message));
  await wellAfterwards(server).catch((error: Error) => wrong.push(error.message));
  const grown = (await memoryOf(server)) - memory;
  if (grown > GROWN) wrong.push(`${Math.round(grown / 1e6)} MB more than before`);
  if ((await metric(server, 'noso_walls_connected')) !== 1) wrong.push('the wall is not alone');
  const { count } = await api.own<{ count: number }>('GET', `/api/nosos/${noso}`);
  if (count !== 1) wrong.push(`${count} are seated where one sat down`);
  const told = phone.frames.filter(
    (frame) => !/^(0\{|40\/phone,|42\/phone,\["seated",)/.test(frame),
  );
  if (told.length > 0 || phone.ended() !== null) wrong.push(`the phone was told ${told[0]}`);
  const odd = wall.frames.find(
    (frame) => /"count":(?![01],)/.test(frame) || frame.startsWith('41'),
  );
  if (odd !== undefined || wall.ended() !== null) wrong.push(`the wall was told ${odd}`);
  if (server.output().includes(CANARY)) wrong.push('the log says what a header said');
  phone.close();
  wall.close();
  return wrong;
}
