import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server } from 'socket.io';
import { NAMESPACES } from '../service/access.js';
import type { Outside } from '../service/outside.js';
import { leadLean } from './client.js';
import { decline, isWebSocket } from './declined.js';
import { type Every, keepAlive } from './heartbeat.js';
import type { Io, Name } from './io.js';
import { hangUp, makeLean } from './lean.js';
import { isOurs, upgrade } from './takingIn.js';
import { BoundedWebSockets } from './webSockets.js';

/**
 * How often a connection is pinged, ms. Nothing that is counted hangs on it: a seat outlives its
 * connection, and walls are sent a beat. It is as rare as proxies allow, of which the strictest
 * that are in use cut off whatever is silent for 55 s.
 */
const PING = 45_000;
/** How long its answer may take, ms. */
const PONG = 20_000;

/** The largest packet that a client may send: handshakes carry two tokens, nothing else is long. */
const LARGEST_PACKET = 8 * 1024;

/** Socket.IO over WebSocket only, with lean sockets; nothing reaches it before `serveSockets`. */
export function createSockets(): Io {
  const io: Io = new Server({
    path: '/socket.io',
    serveClient: false,
    transports: ['websocket'],
    allowUpgrades: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: LARGEST_PACKET,
    connectTimeout: 10_000,
    pingInterval: PING,
    pingTimeout: PONG,
    wsEngine: BoundedWebSockets,
  });
  io.use((socket, next) => hangUp(socket, next)); // there is nothing in the root namespace
  leadLean(io);
  makeLean(io, '/');
  for (const name of Object.keys(NAMESPACES) as Name[]) makeLean(io, name);
  return io;
}

/**
 * Puts it on an HTTP server's upgrades, and pings whom it takes in until stopped. A foreign `Origin` is refused with 403 before anything else
 * looks at the request; everything here is synchronous, since a reset during an asynchronous check
 * would end the process.
 */
export function serveSockets(
  io: Io,
  http: HttpServer,
  deps: { outside: Pick<Outside, 'isForeign'>; draining: () => boolean; every: Every },
): () => void {
  io.attach(http);
  guardUpgrades(http, io, deps);
  return keepAlive(io, { every: deps.every, interval: PING, timeout: PONG });
}

/** Puts our checks in the place of the library's upgrade listener. */
function guardUpgrades(
  http: HttpServer,
  io: Io,
  deps: { outside: Pick<Outside, 'isForeign'>; draining: () => boolean },
): void {
  http.removeAllListeners('upgrade');
  const refuse = (socket: Duplex, status: string) => {
    socket.once('finish', () => socket.destroy()); // the other side may never close its half
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  };
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', ignoreReset);
    if (!isWebSocket(request)) {
      decline(http, request, socket, head);
      return;
    }
    if (deps.outside.isForeign(request)) {
      refuse(socket, '403 Forbidden');
    } else if (deps.draining()) {
      refuse(socket, '503 Service Unavailable');
    } else if (!request.url?.startsWith('/socket.io/?')) {
      refuse(socket, '404 Not Found');
    } else if (!isOurs(request.url)) {
      refuse(socket, '400 Bad Request');
    } else {
      upgrade(io, request, socket, head);
    }
  });
}

/** A reset ends the connection, which is all there is to do about it. */
const ignoreReset = (): void => {};
