import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket } from 'socket.io';
import type { Io, Name } from './io.js';

/*
 * What the library does at every connection and we cannot afford, or must not do. All of it is
 * reached from outside, by replacing what its own classes call on themselves; each says what would
 * make it needless. test/sockets/lean.test.ts fails if the library changes underneath.
 */

/** The parts of engine.io's server that an upgrade goes through. */
type Engine = {
  ws: {
    handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      done: (ws: object) => void,
    ): void;
  };
  onWebSocket(request: IncomingMessage, socket: Duplex, ws: object): void;
  generateId: (request: IncomingMessage) => string;
};

type Connection = {
  /** How often it asked to enter a namespace. */
  [KNOCKS]?: number;
  readonly readyState: string;
  request: unknown;
  writeBuffer: { type?: string; data?: unknown }[];
  packetsFn: unknown[];
  transport: { writable: boolean; socket?: { _socket?: Duplex; bufferedAmount?: number } };
  flush(): void;
  emit(event: 'drain'): void;
};

const KNOCKS = Symbol('knocks');

type Namespace = {
  name: string;
  _createSocket?: (client: unknown, auth: object) => Promise<Socket>;
  _doConnect?: (socket: Socket, done: (socket: Socket) => void) => void;
};

/** The connection of which all that is sent now leaves in one write. */
let gathering: Connection | null = null;

/** Counts how often a connection asked to enter a namespace, this time included. */
export function knock(conn: unknown): number {
  const connection = conn as Connection;
  connection[KNOCKS] = (connection[KNOCKS] ?? 0) + 1;
  return connection[KNOCKS];
}

/** It was let in: that is not counted. */
export const knockNoMore = (conn: unknown): void => {
  (conn as Connection)[KNOCKS] = 0;
};

/** Sockets whose first frames are held back until all of them are there. */
let corked: Duplex[] = [];

/**
 * Holds what is written to `socket` until the present turn of the event loop is over, so that the
 * 101 response and the first packet leave in one write: each costs as much as all of our own work.
 */
function corkForThisTurn(socket: Duplex): void {
  socket.cork();
  if (corked.push(socket) > 1) return;
  setImmediate(() => {
    const all = corked;
    corked = [];
    for (const each of all) each.uncork();
  });
}

const QUERY = { EIO: '4', transport: 'websocket' };
const USUAL = '/socket.io/?EIO=4&transport=websocket';

/** Whether an upgrade asks for Engine.IO 4 over WebSocket, from the beginning. */
export function isOurs(url: string | undefined): boolean {
  if (url === USUAL) return true;
  if (!url?.startsWith('/socket.io/?')) return false;
  const query = new URLSearchParams(url.slice(url.indexOf('?')));
  return (
    query.get('EIO') === '4' && query.get('transport') === 'websocket' && query.get('sid') === null
  );
}

/**
 * Takes an upgrade that was checked already to engine.io. Its own way there makes a response
 * object that holds the request for as long as the connection lasts (1 KB), and parses an address
 * that is always the same.
 */
export function upgrade(io: Io, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const engine = io.engine as unknown as Engine;
  (request as { _query?: object })._query = QUERY;
  corkForThisTurn(socket);
  // It asks the system for an address that nobody reads there; whoever needs it asks later (below).
  (socket as Peer)._peername = NOBODY;
  engine.ws.handleUpgrade(request, socket, head, (ws) => engine.onWebSocket(request, socket, ws));
}

/** What a TCP socket was told of the other end, once it was asked. */
type Peer = { _peername?: object | null };
const NOBODY = {};

/**
 * A socket without what we never use: a room of its own (two collections each), and a handshake
 * that spells the date. Its id is random: the library's ends in a counter, which would tell each
 * phone how many connected before it (S3).
 */
class LeanSocket extends (Socket as unknown as new (
  nsp: unknown,
  client: unknown,
  auth: object,
  session: object,
) => {
  readonly id: string;
  connected: boolean;
  recovered: boolean;
  readonly conn: Connection;
  readonly nsp: { readonly name: string; readonly [HEARS]?: Hears };
  acks: object;
  packet(packet: Packet, options?: object): void;
  dispatch(event: unknown[]): void;
}) {
  constructor(namespace: unknown, client: unknown, auth: object) {
    // Given an id, as of somebody who comes back, it makes none.
    super(namespace, client, auth, { ...NO_SESSION, sid: randomId(), data: {} });
    this.recovered = false;
    this.acks = NO_ACKS;
  }
  /** What is heard is heard by the namespace, where it has said so: a socket keeps nothing for it. */
  override dispatch(event: unknown[]): void {
    const hears = this.nsp[HEARS];
    if (hears) hears(this as unknown as Socket, event);
    else super.dispatch(event);
  }
  buildHandshake(auth: object): object {
    return { ...NO_HANDSHAKE, auth };
  }
  _onconnect(): void {
    this.connected = true;
    this.packet({ type: 0, data: { sid: this.id } });
  }
  /** What is gathered is spelled here as the library's parser would: nothing of ours is binary. */
  override packet(packet: Packet, options?: object): void {
    const { conn } = this;
    if (gathering !== conn) super.packet(packet, options);
    else if (conn.readyState === 'open') {
      const { type, id = '', data } = packet;
      const said = data === undefined ? '' : JSON.stringify(data);
      conn.writeBuffer.push({ type: 'message', data: `${type}${this.nsp.name},${id}${said}` });
    }
  }
}

type Hears = (socket: Socket, event: unknown[]) => void;
const HEARS = Symbol('hears');

/** Has all that is said in a namespace heard there, instead of by what each socket listens for. */
export function hearIn<S>(namespace: object, hears: (socket: S, event: unknown[]) => void): void {
  (namespace as { [HEARS]?: Hears })[HEARS] = hears as unknown as Hears;
}

/** Nobody is asked for an answer. */
const NO_ACKS = new (class extends Map {
  override set(): never {
    throw new Error('no answers are waited for');
  }
})();

const NO_SESSION = { pid: '', rooms: [], missedPackets: [] };

/** A packet of Socket.IO. */
type Packet = { type: number; id?: number; data?: unknown };

/** Has connections named at random: the library's ids end in a counter. Once it is on a server. */
export function nameAtRandom(io: Io): void {
  const engine = io.engine as unknown as Engine & NodeJS.EventEmitter;
  engine.generateId = randomId;
  engine.on('connection', ({ transport }: Connection) => {
    const tcp = transport.socket?._socket;
    if (tcp) (tcp as Peer)._peername = null;
  });
}

/**
 * Has the sockets of a namespace made lean, and their first packets sent in one write. The root has
 * it too, though nobody stays there: the library's own socket reads a request that is gone by the
 * time that whoever is in another namespace knocks.
 */
export function makeLean(io: Io, name: Name | '/'): void {
  const namespace = io.of(name) as unknown as Namespace;
  const connect = namespace._doConnect?.bind(namespace);
  if (!connect || !namespace._createSocket) {
    throw new Error('socket.io changed: its sockets cannot be made lean');
  }
  namespace._createSocket = async (client, auth) =>
    new LeanSocket(namespace, client, auth) as unknown as Socket;
  namespace._doConnect = (socket, done) => {
    const conn = socket.conn as unknown as Connection;
    conn.request = NO_REQUEST;
    (socket as { handshake: object }).handshake = NO_HANDSHAKE; // tokens are no thing to keep
    together(conn, () => connect(socket, done));
  };
}

/**
 * Closes the connection of somebody who is not let in, and is told nothing. The library keeps whoever
 * knocks until `next` is called, for ever if it is not.
 */
export function hangUp(socket: { conn: { close(): void } }, next: (error: Error) => void): void {
  socket.conn.close();
  next(new Error('hung up on'));
}

/** What is left of a handshake. */
const NO_HANDSHAKE = Object.freeze({
  ...{ auth: {}, headers: {}, query: QUERY, url: '', address: '', time: '', issued: 0 },
});

/** What is left of the request of a connection: it held an address and a user agent (A1). */
const NO_REQUEST = { headers: {}, _query: QUERY };

/** Whatever `work` sends on this socket leaves in one write, and so does the close if it closes it. */
export const inOneWrite = ({ conn }: { conn: unknown }, work: () => void): void =>
  together(conn as Connection, work);

function together(conn: Connection, work: () => void): void {
  const { transport } = conn;
  const tcp = transport.socket?._socket;
  if (!tcp || !transport.writable || conn.writeBuffer.length > 0) {
    work();
    return;
  }
  transport.writable = false; // so that packets are gathered instead of sent one by one
  gathering = conn;
  try {
    work();
  } finally {
    gathering = null;
    transport.writable = true;
    tcp.cork();
    flush(conn, tcp);
    tcp.uncork();
  }
}

/**
 * Writes what was gathered as the library would, but all frames as one piece of memory: each of its own
 * is two, and an object or three. What waits for the last of them (to close) is told.
 */
function flush(conn: Connection, tcp: Duplex): void {
  const { writeBuffer, packetsFn } = conn;
  const texts = writeBuffer.map(textOf);
  if (conn.readyState === 'closed' || packetsFn.length > 0 || texts.includes(null)) {
    conn.flush();
    return;
  }
  conn.writeBuffer = [];
  if (texts.length > 0) tcp.write(framesOf(texts as string[]));
  conn.emit('drain');
}

/** Of a packet that is a message in text; null of any other. */
const textOf = ({ type, data }: { type?: string; data?: unknown }): string | null =>
  type === 'message' && typeof data === 'string' ? data : null;

/** Messages of Engine.IO as unmasked WebSocket frames. */
function framesOf(messages: string[]): Buffer {
  const lengths = messages.map((message) => 1 + Buffer.byteLength(message));
  const frames = Buffer.allocUnsafe(
    lengths.reduce((sum, length) => sum + headOf(length) + length, 0),
  );
  let place = 0;
  for (const [k, message] of messages.entries()) {
    const length = lengths[k] as number;
    frames[place] = 0x81; // the only frame of a text
    if (length < 126) frames[place + 1] = length;
    else {
      frames[place + 1] = length < 65_536 ? 126 : 127;
      if (length < 65_536) frames.writeUInt16BE(length, place + 2);
      else frames.writeBigUInt64BE(BigInt(length), place + 2);
    }
    place += headOf(length);
    frames[place] = 0x34; // "4", a message
    frames.write(message, place + 1);
    place += length;
  }
  return frames;
}

const headOf = (length: number): number => (length < 126 ? 2 : length < 65_536 ? 4 : 10);

/**
 * Says the same to many sockets of a namespace: it is spelled once, and past the library to all for whom
 * nothing waits. The others are told as the library tells them, behind what waits.
 */
export function sayToAll<S extends { conn: unknown }>(
  sockets: readonly S[],
  name: Name,
  said: readonly [event: string, ...unknown[]],
  tell: (socket: S) => void,
): void {
  if (sockets.length === 0) return;
  const frame = framesOf([`2${name},${JSON.stringify(said)}`]);
  for (const socket of sockets) if (!writeStraight(socket.conn, frame)) tell(socket);
}

/** Writes a whole WebSocket frame past the library. False, and nothing is written, if anything waits. */
export function writeStraight(conn: unknown, frame: Buffer): boolean {
  const { readyState, transport, writeBuffer } = conn as Connection;
  const tcp = transport.socket?._socket;
  if (!tcp || readyState !== 'open' || !transport.writable || writeBuffer.length > 0) return false;
  if (tcp.writableLength > 0) return false;
  tcp.write(frame);
  return true;
}

/** What waits in the process for a reader: packets not yet handed to its TCP socket. */
export function waiting({ conn }: { conn: unknown }): { frames: number; bytes: number } {
  const { writeBuffer, transport } = conn as Connection;
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) if (typeof data === 'string') bytes += data.length;
  // What was written past the library is under way as long as there are bytes of it.
  const underWay = !transport.writable || bytes > 0;
  return { frames: writeBuffer.length + (underWay ? 1 : 0), bytes };
}

/** 18 random bytes, 24 characters: rooms of exactly 20 are taken for something else by an adapter. */
let pool = randomBytes(0);
export function randomId(): string {
  if (pool.length < 18) pool = randomBytes(18 * 256);
  const id = pool.toString('base64url', 0, 18);
  pool = pool.subarray(18);
  return id;
}
