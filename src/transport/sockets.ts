import { randomBytes } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server, Socket } from 'socket.io';
import { type ErrorCode, Refusal } from '../domain/errors.js';
import { NAMESPACES } from './access.js';
import { ownOrigin } from './identity.js';
import { asRefusal } from './router.js';

/** The largest packet that a client may send: handshakes carry two tokens, nothing else is long. */
const LARGEST_PACKET = 8 * 1024;

export type Io = Server;

/**
 * Socket.IO over WebSocket only, on an HTTP server's upgrades. A foreign `Origin` is refused with
 * 403 before anything else looks at the request; everything here is synchronous, since a reset
 * during an asynchronous check would end the process.
 */
export function createSockets(
  http: HttpServer,
  deps: { publicUrl: () => string; draining: () => boolean; onError: (error: unknown) => void },
): Io {
  const io = new Server({
    path: '/socket.io',
    serveClient: false,
    transports: ['websocket'],
    allowUpgrades: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: LARGEST_PACKET,
    connectTimeout: 10_000,
    pingInterval: 25_000,
    pingTimeout: 20_000,
  });
  io.attach(http);
  io.engine.generateId = randomId;
  guardUpgrades(http, deps);
  io.on('connection', (socket) => socket.disconnect(true)); // there is nothing in the root namespace
  for (const name of Object.keys(NAMESPACES)) anonymousIds(io, name);
  return io;
}

/**
 * Socket ids of the library end in a per-process counter: each phone would be told how many
 * connected before it (S3). There is no public place to choose them, so the namespace's factory is
 * replaced by one that does the same and draws the id.
 */
function anonymousIds(io: Io, name: string): void {
  const namespace = io.of(name) as unknown as {
    _createSocket?: (client: unknown, auth: object) => Promise<Socket>;
  };
  if (typeof namespace._createSocket !== 'function') {
    throw new Error('socket.io changed: ids of sockets would tell the order of arrival');
  }
  const Plain = Socket as unknown as new (nsp: unknown, client: unknown, auth: object) => Socket;
  namespace._createSocket = async (client, auth) => {
    const socket = new Plain(namespace, client, auth);
    (socket as { id: string }).id = randomId();
    return socket;
  };
}

/** 18 random bytes, 24 characters: rooms of exactly 20 are taken for something else by an adapter. */
let pool = randomBytes(0);
function randomId(): string {
  if (pool.length < 18) pool = randomBytes(18 * 256);
  const id = pool.toString('base64url', 0, 18);
  pool = pool.subarray(18);
  return id;
}

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Puts our checks in front of the library's upgrade listener, in one listener. */
function guardUpgrades(
  http: HttpServer,
  deps: { publicUrl: () => string; draining: () => boolean },
): void {
  const [inner] = http.listeners('upgrade') as Upgrade[];
  if (!inner) throw new Error('socket.io did not attach');
  http.removeAllListeners('upgrade');
  const refuse = (socket: Duplex, status: string) =>
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', ignoreReset);
    const { origin } = request.headers;
    if (origin !== undefined && !ownOrigin(origin, request, deps.publicUrl())) {
      refuse(socket, '403 Forbidden');
    } else if (deps.draining()) {
      refuse(socket, '503 Service Unavailable');
    } else if (!request.url?.startsWith('/socket.io/?')) {
      refuse(socket, '404 Not Found');
    } else {
      inner.call(http, request, socket, head);
    }
  });
}

/** A reset ends the connection, which is all there is to do about it. */
const ignoreReset = (): void => {};

/** A refusal as `connect_error` carries it. */
export class ConnectError extends Error {
  readonly data: { code: ErrorCode; retryAfter?: number };
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.data = failure(refusal);
  }
}

/** A refusal's fields on a socket. */
export const failure = (refusal: Refusal): { code: ErrorCode; retryAfter?: number } => ({
  code: refusal.code,
  ...(refusal.retryAfter === undefined ? {} : { retryAfter: refusal.retryAfter }),
});

/**
 * A namespace's door: `admit` runs before anybody is connected, and what it throws is the
 * `connect_error`. Failures count against the address as over HTTP.
 */
export function door(
  io: Io,
  name: keyof typeof NAMESPACES,
  deps: {
    failed: (request: IncomingMessage) => void;
    refused: (code: ErrorCode) => void;
    onError: (error: unknown) => void;
  },
  admit: (socket: Socket) => Promise<void>,
): void {
  io.of(name).use((socket, next) => {
    admit(socket).then(
      () => next(),
      (error: unknown) => {
        const refusal = counted(asRefusal(error, deps.onError), () => deps.failed(socket.request));
        deps.refused(refusal.code);
        next(new ConnectError(refusal));
      },
    );
  });
}

function counted(refusal: Refusal, count: () => void): Refusal {
  if (refusal.code !== 'bad_code' && refusal.code !== 'unauthorized') return refusal;
  try {
    count();
    return refusal;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
