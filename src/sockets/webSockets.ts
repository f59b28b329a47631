import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';

/*
 * The WebSocket server that engine.io is given; reached from outside, as takingIn.ts does.
 */

/** Pieces, of frames and of packets, that may be held of a packet that is not whole. */
const MOST_PIECES = 256;
const MOST_FRAGMENTS = 16;
/** How long a connection that is closed may take to say so too, in ms. */
const FAREWELL = 1000;

/** RFC 6455, 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What of the WebSocket server its `handleUpgrade` calls, and what that needs. */
type OfWebSockets = new (
  options: ServerOptions,
) => WebSocketServer & {
  completeUpgrade(...all: Completing): void;
  readonly _state: number;
};
type Completing = [
  extensions: object,
  key: string,
  protocols: Set<string>,
  request: IncomingMessage,
  tcp: Duplex,
  head: Buffer,
  done: (ws: WebSocket, answer: string) => void,
];
type Made = new (
  address: null,
  protocols: undefined,
  options: object,
) => WebSocket & { setSocket(tcp: Duplex, head: Buffer, options: object): void };

/**
 * The WebSocket server with its own limits, which engine.io leaves no way to set. Its answer is not
 * written, but handed on with the WebSocket.
 */
export class BoundedWebSockets extends (WebSocketServer as unknown as OfWebSockets) {
  constructor(options: ServerOptions) {
    const bounds = {
      maxBufferedChunks: MOST_PIECES,
      maxFragments: MOST_FRAGMENTS,
      closeTimeout: FAREWELL,
    };
    super({ ...options, ...bounds });
  }
  override completeUpgrade(...all: Completing): void {
    const [, key, protocols, , tcp, head, done] = all;
    // It ended already, or the server does.
    if (!tcp.readable || !tcp.writable || this._state !== 0) return void tcp.destroy();
    const ws = new (this.options.WebSocket as unknown as Made)(null, undefined, this.options);
    ws.setSocket(tcp, head, this.options);
    done(ws, switching(key, protocols));
  }
}

/** The answer, without an extension; of several subprotocols, which mean nothing to us, it is the first. */
function switching(key: string, [first]: Iterable<string>): string {
  const spoken = first === undefined ? '' : `\r\nSec-WebSocket-Protocol: ${first}`;
  const accepted = hash('sha1', key + GUID, 'base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accepted}${spoken}\r\n\r\n`;
}
