// The one participant who is not silent: seats taken and left in every way there is, and everything
// else that can be put on a wire.
import { connect } from 'node:net';
import { FIRST, wsFrame } from '../../support/wsFrame.js';
import { type House, worldId } from './house.js';
import { apart, cut, dialLoudly, dribble, headers, type LoudLine, word } from './loudLine.js';
import type { Random } from './random.js';

/** Whether the loud one is seated, and may do without changing that. */
export type Standing = 'never' | 'seated' | 'left';

export type Loud = {
  house: House;
  world: number;
  number: number;
  /** How its bytes are chosen: the only thing in which two runs differ. */
  random: Random;
  standing: Standing;
  sitting: number;
  code: string;
  /** Connections that are open, of whatever kind. */
  tabs: LoudLine[];
};

/** The same JSON object in other bytes: order of keys, white space, escapes. */
function spelt(random: Random, object: Record<string, unknown>): string {
  const space = () => ' '.repeat(random.below(3));
  const fields = random.shuffled(Object.entries(object)).map(([key, value]) => {
    const name = random.chance(0.3)
      ? [...key].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
      : key;
    return `${space()}"${name}"${space()}:${space()}${JSON.stringify(value)}`;
  });
  return `{${fields.join(',')}${space()}}`;
}

/** Sends bytes and resolves with what came back, at the latest when the other side hangs up. */
function exchange(
  loud: Loud,
  bytes: string | Buffer,
  end: 'wait' | 'half' | 'reset' = 'wait',
): Promise<string> {
  const random = apart(loud.random);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(loud.house.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer.includes('\r\n\r\n')) socket.destroy();
    });
    const all = Buffer.from(bytes);
    const pieces = all.length < 2 ? [all] : cut(random, all);
    const write = (piece: string | Buffer) => socket.destroyed || socket.write(piece);
    void dribble(random, pieces, write).then(() => {
      if (end === 'reset') setImmediate(() => socket.resetAndDestroy());
      if (end === 'half') socket.end();
    });
  });
}

function request(loud: Loud, method: string, path: string, body: string, also = {}) {
  const { random, house } = loud;
  const length = body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = headers(random, { ...length, ...also });
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\n`;
  return exchange(loud, `${head}${lines}\r\n${body}`);
}

const tokenOf = ({ house, number }: Loud) => house.tokens.number(number);
const entryPass = ({ house, world }: Loud) =>
  house.passes.entry(worldId(world), house.now(), house.start);
const seatPass = ({ house, world, number, sitting }: Loud) =>
  house.passes.seat(worldId(world), number, Math.max(1, sitting), house.start);
const bearer = (loud: Loud) => ({ Authorization: `Bearer ${tokenOf(loud)}` });
const cookies = (loud: Loud, pass: string) => ({
  Cookie: `noso_token=${tokenOf(loud)}; noso_pass=${pass}; x=${word(loud.random)}`,
  'Content-Type': 'application/x-www-form-urlencoded',
});

/** A tab that says `auth`; resolves with the first answer of the namespace, and what it is told. */
function tab(loud: Loud, auth: Record<string, unknown>): Promise<string> {
  return new Promise((resolve) => {
    const hello = `40/phone,${spelt(loud.random, auth)}`;
    const line = dialLoudly(loud.house.port, loud.random, hello, (frame) => {
      if (/ (4[04]\/phone|ended)/.test(frame)) resolve(frame);
    });
    loud.tabs.push(line);
  });
}

/** Takes the seat, by one of the ways there are. It must be granted. */
export async function sit(loud: Loud): Promise<void> {
  const back = loud.standing === 'left';
  const pass = loud.standing === 'never' ? entryPass(loud) : seatPass(loud);
  const way = loud.random.below(3);
  let answer: string;
  if (way === 0) {
    answer = await tab(loud, { token: tokenOf(loud), pass, ...(back ? { back } : {}) });
  } else if (way === 1) {
    const body = spelt(loud.random, { pass, ...(back ? { back } : {}) });
    answer = await request(loud, 'PUT', '/api/presence', body, bearer(loud));
  } else {
    const form = `noso=${worldId(loud.world)}&form=${'f'.repeat(20)}${back ? '&back=yes' : ''}`;
    answer = await request(loud, 'POST', `/j/${loud.code}`, form, cookies(loud, pass));
  }
  if (!/ 40\/phone|^HTTP\/1\.1 (200|303)/.test(answer)) throw new Error(`sit: ${answer}`);
  loud.standing = 'seated';
  loud.sitting += 1;
}

/** Leaves, by one of the ways there are. */
export async function leave(loud: Loud): Promise<void> {
  const way = loud.random.below(3);
  loud.standing = 'left';
  if (way === 2) {
    await tab(loud, { token: tokenOf(loud), pass: seatPass(loud) });
    loud.tabs.at(-1)?.send('42/phone,["leave"]');
    return;
  }
  const answer =
    way === 0
      ? await request(loud, 'DELETE', `/api/presence/${worldId(loud.world)}`, '', bearer(loud))
      : await request(loud, 'POST', `/j/${loud.code}/leave`, '', cookies(loud, seatPass(loud)));
  if (!/^HTTP\/1\.1 (204|303)/.test(answer)) throw new Error(`leave: ${answer}`);
}

/** "I will be there", or not after all, by any of the ways there are, as often as it likes. */
export async function beforehand(loud: Loud): Promise<void> {
  const { random, world } = loud;
  const path = `/api/nosos/${worldId(world)}/intent`;
  const form = (what: string) =>
    request(loud, 'POST', `/n/${worldId(world)}`, `do=${what}`, cookies(loud, word(random)));
  const acts: (() => Promise<string>)[] = [
    () => request(loud, 'PUT', path, '', bearer(loud)),
    () => request(loud, 'DELETE', path, '', bearer(loud)),
    () => request(loud, 'PUT', path, spelt(random, { [word(random)]: word(random) }), bearer(loud)),
    () =>
      request(loud, 'POST', '/api/numbers', spelt(random, { noso: worldId(world) }), bearer(loud)),
    () => form('intend'),
    () => form('withdraw'),
    () => form(word(random)),
  ];
  for (let k = random.below(4); k > 0; k -= 1) await random.of(acts)();
}

/** Something that changes nobody's seat. */
export async function noise(loud: Loud): Promise<void> {
  const { random, world } = loud;
  const junk = word(random);
  const pass = loud.standing === 'never' ? junk : seatPass(loud);
  const open = random.of(loud.tabs.length > 0 ? loud.tabs : [null]);
  const acts: (() => unknown)[] = [
    () => tab(loud, { token: tokenOf(loud), pass, ...(random.chance(0.3) ? { back: true } : {}) }),
    () => tab(loud, { token: tokenOf(loud), pass, [junk]: junk }),
    () => tab(loud, { token: junk, code: junk }),
    () => open?.send(`42/phone,["${junk}","${junk}"]`),
    () => open?.send(random.of(['3', '4', '451-/phone,["leave"]', junk, '43/phone,1[]'])),
    () => open?.drop(),
    () => open?.raw(wsFrame(FIRST.binary, random.bytes(3000))),
    () => open?.raw(wsFrame(FIRST.ping, random.bytes(125))),
    () => open?.raw(random.bytes(500)),
    () => open?.send(`42/phone,["leave"${' '.repeat(random.below(9000))},1]`),
    () => open?.send(`451-/phone,["${junk}",{"_placeholder":true,"num":0}]`),
    () => exchange(loud, random.bytes(2000), random.of(['half', 'reset'])),
    () => exchange(loud, `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${junk}`, 'reset'),
    () => request(loud, 'PUT', '/api/presence', spelt(random, { pass }), bearer(loud)),
    () => request(loud, 'PUT', '/api/presence', spelt(random, { pass, junk }), bearer(loud)),
    () => request(loud, 'PUT', '/api/presence', `{"pass":"${'x'.repeat(20_000)}"}`, bearer(loud)),
    () => request(loud, 'GET', `/api/presence/${worldId(world)}`, '', bearer(loud)),
    () => request(loud, 'PUT', `/api/nosos/${worldId(world)}/intent`, '', bearer(loud)),
    () => request(loud, 'DELETE', `/api/nosos/${worldId(world)}/intent`, '', bearer(loud)),
    () => request(loud, 'GET', `/api/nosos?city=${junk}`, ''),
    () => request(loud, 'GET', `/j/${loud.code}?lang=fr&x=${junk}`, '', cookies(loud, pass)),
    () => request(loud, 'POST', '/api/passes', spelt(random, { code: junk })),
    () => request(loud, 'POST', '/api/passes', spelt(random, { code: loud.code })),
    () => request(loud, random.of(['PATCH', 'TRACE', junk]), `/${junk}`, junk),
  ];
  // Back within a minute is refused, later it would not be: the seat is not to change here.
  if (loud.standing === 'left') acts.splice(0, 1);
  await random.of(acts)();
}
