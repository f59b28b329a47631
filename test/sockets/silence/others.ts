// What everybody but the loud one is answered over HTTP, heads included, and what whoever runs the
// server reads of it.
import { type House, wallToken, worldId } from './house.js';
import { numberOf } from './world.js';

/** Of so many worlds the one in which pages and whatever else takes long is asked for too. */
const SAMPLE = 10;

/** In a head, and of the machine's own time. */
const HEADS = /^(date|keep-alive)$/;
/** Where time is not held: how long a body is, and what stands for it, hang on the times in it. */
const BY_TIME = /^(content-length|etag)$/;
/** How many mean to come: for organizers alone, and theirs to see (S2). */
const INTENTS = /"intents":\d+/g;

type Asked = { path: string; token?: string };

async function ask({ local: { url, port } }: House, { path, token }: Asked, held: boolean) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(url + path, { headers });
  const head = [...answer.headers]
    .filter(([name]) => !HEADS.test(name) && (held || !BY_TIME.test(name)))
    .map(([name, value]) => `${name}: ${value}`)
    .sort();
  const body = (await answer.text()).replace(INTENTS, '"intents"');
  const all = `${path} ${answer.status} ${head.join('; ')} ${body}`;
  return all.replaceAll(`127.0.0.1:${port}`, 'here');
}

async function askAll(house: House, all: Asked[], held: boolean): Promise<string[]> {
  const answers: string[] = [];
  for (const each of all) answers.push(await ask(house, each, held));
  return answers;
}

/** What a stranger and an honest participant are answered of a NoSo that is planned. */
export function askAhead(house: House, id: number, held: boolean): Promise<string[]> {
  const token = house.tokens.number(numberOf(id, 0));
  // A page says hours in words, which are the same where time is held.
  const pages = held && id % SAMPLE === 0 ? [`/n/${worldId(id)}`, '/'] : [];
  const paths = [`/api/nosos/${worldId(id)}`, ...pages];
  return askAll(
    house,
    paths.flatMap((path) => [{ path }, { path, token }]),
    held,
  );
}

/** The same of one that is open, and what walls and organizers are answered. */
export async function askMeanwhile(house: House, id: number, held: boolean): Promise<string[]> {
  if (id % SAMPLE !== 0) return [];
  const noso = `/api/nosos/${worldId(id)}`;
  const token = house.tokens.number(numberOf(id, 0));
  const organizer = house.local.api.token;
  const all: Asked[] = [
    ...[{ path: noso }, { path: noso, token }],
    { path: `/api/presence/${worldId(id)}`, token },
    ...['', '/paper'].map((more) => ({ path: noso + more, token: organizer })),
  ];
  const whereHeld: Asked[] = [
    ...[{ path: `/n/${worldId(id)}` }, { path: '/' }, { path: '/me', token }],
    { path: '/api/walls/me?numbers=1&code=1', token: wallToken(id) },
    { path: `${noso}/calendar.ics` },
    ...['/record', '/doors'].map((more) => ({ path: noso + more, token: organizer })),
    { path: `/api/venues/venue${id}/walls`, token: organizer },
  ];
  return askAll(house, held ? [...all, ...whereHeld] : all, held);
}

/**
 * Figures by which two runs may differ, and why. Whoever reads /metrics runs the server; it is told to
 * nobody who takes part, through whatever proxy (PROTOCOL.md). Everything else is the same in both.
 */
export const MAY_DIFFER: readonly [figure: RegExp, why: string][] = [
  [/^(process|nodejs)_/, 'the machine’s: time, memory and open lines, whoever they are of'],
  [/^noso_phones_connected$/, 'lines that are open: process_open_fds counts them as well'],
  [/^noso_refusals_total$/, 'requests, and whoever asks amiss is counted for each'],
  [/^noso_seats_acknowledged_total$/, 'requests that were repeated are counted; in tens'],
  [/^noso_take_seconds/, 'the same, by how long each took; in tens'],
];

const nameOf = (line: string) => /^(?:# (?:HELP|TYPE) )?(\w+)/.exec(line)?.[1] ?? '';

/** What /metrics says, but for what may differ. */
export async function readFigures({ local }: House): Promise<string[]> {
  const answer = await fetch(`${local.url}/metrics`);
  if (!answer.ok) throw new Error(`/metrics: ${answer.status}`);
  const lines = (await answer.text()).split('\n');
  return lines.filter((line) => !MAY_DIFFER.some(([figure]) => figure.test(nameOf(line))));
}
