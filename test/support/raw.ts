// Engine.IO and Socket.IO by hand, over a bare WebSocket: says what a polite client would not, and
// keeps every frame that comes.
import { type ClientOptions, WebSocket } from 'ws';
import type { Seat } from '../../src/protocol/wire.js';
import { until } from './wait.js';

export type Raw = {
  ws: WebSocket;
  /** Every text frame that came, pings aside; binary ones as `binary:…`. */
  frames: string[];
  /** The close code, once the connection has ended. */
  ended: () => number | null;
  send: (data: string | Buffer) => void;
  /** Connects to a namespace; resolves with the answer, a frame that begins with `40` or `44`. */
  enter: (namespace: string, auth?: unknown) => Promise<string>;
  /** Resolves with the payload of the next event of this name, from the first that came. */
  event: (name: string) => Promise<unknown>;
  /** Rejects unless the connection ends within `deadline` ms. */
  end: (deadline?: number) => Promise<void>;
  close: () => void;
};

export type RawOptions = ClientOptions & { query?: string };

const wsUrl = (url: string) => url.replace(/^http/, 'ws');

/** Opens a connection as far as Engine.IO's `open`. Rejects with the HTTP status if refused. */
export async function openRaw(url: string, options: RawOptions = {}): Promise<Raw> {
  const { query = '', ...rest } = options;
  const ws = new WebSocket(
    `${wsUrl(url)}/socket.io/?EIO=4&transport=websocket${query}`,
    // What a test sends in many pieces is its own business.
    { perMessageDeflate: false, ...rest },
  );
  const frames: string[] = [];
  let ended: number | null = null;
  let failure: Error | null = null;
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    const text = data.toString();
    if (isBinary) frames.push(`binary:${data.toString('hex')}`);
    else if (text === '2') ws.send('3');
    else frames.push(text);
  });
  ws.on('error', (error) => {
    failure = error;
  });
  ws.on('close', (code) => {
    ended = code;
  });
  const raw: Raw = {
    ws,
    frames,
    ended: () => ended,
    send: (data) => {
      if (ws.readyState === WebSocket.OPEN) ws.send(data);
    },
    async enter(namespace, auth) {
      ws.send(`40${namespace},${auth === undefined ? '' : JSON.stringify(auth)}`);
      const ours = (frame: string) => /^4[04]/.test(frame) && frame.startsWith(namespace, 2);
      await until(() => frames.some(ours) || ended !== null, {
        what: `an answer of ${namespace}`,
        every: 2,
      });
      return frames.find(ours) ?? `ended ${ended}`;
    },
    async event(name) {
      const pattern = new RegExp(`^42(?:/\\w+,)?\\["${name}"`);
      const frame = await until(() => frames.find((each) => pattern.test(each)), {
        what: `the event ${name}`,
        every: 2,
      });
      return (JSON.parse(frame.slice(frame.indexOf('['))) as unknown[])[1];
    },
    async end(deadline = 3000) {
      await until(() => ended !== null, { what: 'the server to hang up', deadline, every: 2 });
    },
    close: () => ws.terminate(),
  };
  await until(() => frames.length > 0 || failure || ended !== null, { what: 'open', every: 1 });
  if (frames.length === 0) throw failure ?? new Error(`ended with ${ended}`);
  return raw;
}

/** A phone that is seated, by hand. */
export async function sitRaw(
  url: string,
  auth: Record<string, unknown>,
  options: RawOptions = {},
): Promise<Raw & { seat: Seat }> {
  const raw = await openRaw(url, options);
  const answer = await raw.enter('/phone', auth);
  if (!answer.startsWith('40')) throw new Error(`not seated: ${answer}`);
  return Object.assign(raw, { seat: (await raw.event('seated')) as Seat });
}

/** What a refused connection is told: `44/phone,{"message":…,"data":{…}}`. */
export function refusalIn(answer: string): { code: string; retryAfter?: number } {
  const found = JSON.parse(answer.slice(answer.indexOf('{'))) as { data?: { code: string } };
  if (!found.data) throw new Error(`no data in ${answer}`);
  return found.data;
}
