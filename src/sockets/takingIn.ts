import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Socket, Transport } from 'engine.io';
import type { WebSocket } from 'ws';
import type { Io } from './io.js';
import { framesOf } from './oneWrite.js';

/*
 * How a connection comes about. The library's own way takes three writes' worth of pieces, a promise, a
 * response that holds the request as long as the connection lasts (1 KB), and a dozen closures. All of it
 * is reached from outside, by standing in for what its own classes call on themselves;
 * test/sockets/lean.test.ts fails if the library changes underneath.
 */

/** The parts of engine.io's server that a connection is entered in. */
type Engine = NodeJS.EventEmitter & {
  ws: {
    handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      done: (ws: WebSocket, answer: string) => void,
    ): void;
  };
  readonly opts: { pingInterval: number; pingTimeout: number; maxHttpBufferSize: number };
  clients: { [id: string]: Connection };
  clientsCount: number;
};

export const QUERY = { EIO: '4', transport: 'websocket' };
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

/** Takes an upgrade that was checked already to engine.io. */
export function upgrade(io: Io, request: IncomingMessage, tcp: Duplex, head: Buffer): void {
  const engine = io.engine as unknown as Engine;
  engine.ws.handleUpgrade(request, tcp, head, (ws, answer) => {
    const connection = new Connection(randomId(), engine, new OneWebSocket(ws), null, 4);
    // The answer and the first packet leave in one write: each costs as much as all of our own work.
    tcp.write(framesOf([opening(connection.id, engine)], answer));
    connection.request = request;
    engine.clients[connection.id] = connection;
    engine.clientsCount += 1;
    connection.on('close', forget);
    engine.emit('connection', connection);
  });
}

/** One function for all: a closure would hold the request for as long as the connection lasts. */
function forget(this: Connection): void {
  delete this.server.clients[this.id];
  this.server.clientsCount -= 1;
}

/** Engine.IO's first packet. */
function opening(sid: string, { opts }: Engine): string {
  const { pingInterval, pingTimeout, maxHttpBufferSize: maxPayload } = opts;
  return `0${JSON.stringify({ sid, upgrades: [], pingInterval, pingTimeout, maxPayload })}`;
}

/** A packet of Engine.IO; a pong has data only if somebody meant it. */
type RawPacket = { type: string; data?: unknown };
/** Whether a packet may be heard. */
type Judge = (packet: RawPacket) => boolean;

/** Has a connection closed at the first packet that may not be heard, before anybody hears of it. */
export function judgePackets(conn: unknown, judge: Judge): void {
  (conn as Connection).judge = judge;
}

/** What of engine.io's connection is called here, and what it calls on itself. */
type OfConnection = new (
  id: string,
  server: object,
  transport: Transport,
  request: null,
  protocol: 4,
) => NodeJS.EventEmitter & {
  readonly id: string;
  readonly server: Engine;
  request: unknown;
  readyState: string;
  transport: OneWebSocket;
  pingTimeoutTimer: unknown;
  onPacket(packet: RawPacket): void;
  onError(error: Error): void;
  close(): void;
  onClose(why: string): void;
  onDrain(): void;
  flush(): void;
};

/**
 * A connection that hears of its transport without a listener for each thing that may happen to it, is
 * opened by whoever made it, and sets no timer: heartbeat.ts pings.
 */
class Connection extends (Socket as unknown as OfConnection) {
  judge: Judge | null = null;

  /** Without a listener for it, which takes more than all that it listens to. */
  override onPacket(packet: RawPacket): void {
    // What could not even be read ends it at once.
    const isHeard = this.judge === null || packet.type === 'error' || this.judge(packet);
    if (isHeard) super.onPacket(packet);
    else this.close();
  }
  setTransport(transport: OneWebSocket): void {
    this.transport = transport;
    transport.connection = this;
  }
  onOpen(): void {
    this.readyState = 'open';
    this.transport.sid = this.id;
  }
  clearTransport(): void {
    this.transport.connection = null;
    this.transport.close();
    this.pingTimeoutTimer = null;
  }
}

type Packets = Parameters<Transport['send']>[0];

/** Which transport a WebSocket is of, for listeners that all of them share. */
const CARRIES = Symbol('carries');
type Carrying = WebSocket & { [CARRIES]: OneWebSocket };

/** One WebSocket that carries one connection, until that is closed. */
class OneWebSocket extends Transport {
  connection: Connection | null = null;
  readonly socket: Carrying;

  constructor(ws: WebSocket) {
    super({ _query: QUERY });
    this.socket = ws as Carrying;
    this.socket[CARRIES] = this;
    ws.on('message', onMessage);
    ws.on('close', onClosed);
    ws.on('error', onFailed);
    this.writable = true;
  }
  get name(): string {
    return 'websocket';
  }
  send(packets: Packets): void {
    this.writable = false;
    for (const [k, packet] of packets.entries()) {
      const isLast = k === packets.length - 1;
      this.parser.encodePacket(packet, true, (data: string | Buffer) =>
        this.socket.send(data, (error) => this.sent(error, isLast)),
      );
    }
  }
  private sent(error: Error | null | undefined, isLast: boolean): void {
    if (error) this.onError('write error', error.stack);
    else if (isLast) {
      this.connection?.onDrain();
      this.writable = true;
      this.connection?.flush();
    }
  }
  doClose(done?: () => void): void {
    this.socket.close();
    done?.();
  }
  hear(data: string | Buffer): void {
    this.onData(data);
  }
  closed(): void {
    this.onClose();
  }
  failed(error: Error): void {
    this.onError(error.message, error);
  }
  protected override onPacket(packet: RawPacket): void {
    this.connection?.onPacket(packet);
  }
  protected override onError(said: string, description?: unknown): void {
    const type = 'TransportError';
    this.connection?.onError(Object.assign(new Error(said), { type, description }));
  }
  protected override onClose(): void {
    this.readyState = 'closed';
    this.connection?.onClose('transport close');
  }
}

function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  const bytes = data as Buffer;
  (this as Carrying)[CARRIES].hear(isBinary ? bytes : bytes.toString());
}

function onClosed(this: WebSocket): void {
  (this as Carrying)[CARRIES].closed();
}

function onFailed(this: WebSocket, error: Error): void {
  (this as Carrying)[CARRIES].failed(error);
}

/** 18 random bytes, 24 characters: rooms of exactly 20 are taken for something else by an adapter. */
let pool = randomBytes(0);
export function randomId(): string {
  if (pool.length < 18) pool = randomBytes(18 * 256);
  const id = pool.toString('base64url', 0, 18);
  pool = pool.subarray(18);
  return id;
}
