import type { Io } from './io.js';

/*
 * What is between a connection and its sockets. The library's own takes a kilobyte of each connection for
 * two collections of mostly one socket, four functions, and a decoder that waits for the parts of binary
 * packets, of which nothing of ours has any. All else is as there (test/sockets/client.test.ts), and is
 * reached from outside, as lean.ts does; test/sockets/lean.test.ts fails if the library changes underneath.
 */

/** A packet of Socket.IO that is whole. */
type Packet = { type: number; nsp: string; data?: unknown };
const [CONNECT, CONNECT_ERROR] = [0, 4];

/** What of a socket is called here. */
type Inner = {
  readonly id: string;
  readonly nsp: { readonly name: string };
  _onpacket(packet: Packet): void;
  _onclose(reason: string, description?: unknown): void;
  _onerror(error: unknown): void;
  disconnect(): void;
};

/** The parts of engine.io's connection that are gone by here. */
type Connection = NodeJS.EventEmitter & {
  [CLIENT]?: Client;
  readonly id: string;
  readonly protocol: number;
  readonly readyState: string;
  readonly request: unknown;
  readonly transport: { readonly writable: boolean };
  write(packet: unknown, options: object): void;
  close(): void;
};

type Decoder = {
  on(event: 'decoded', heard: (packet: Packet) => void): void;
  add(data: unknown): void;
  /** Forgets the parts that it has. */
  destroy(): void;
};

/** The parts of the library's server that a connection is led into. */
type Library = {
  onconnection(conn: Connection): void;
  of(name: string): { _add(client: Client, auth: object, entered: (socket: Inner) => void): void };
  readonly _nsps: ReadonlyMap<string, unknown>;
  readonly _connectTimeout: number;
  readonly _parser: { Decoder: new () => Decoder };
  readonly encoder: { encode(packet: object): unknown[] };
};

const CLIENT = Symbol('client');
const NOBODY: readonly Inner[] = [];

/** Has connections led to their sockets by a client of ours. Before the server is attached. */
export function leadLean(io: Io): void {
  const server = io as unknown as Library;
  const { onconnection, _parser, _nsps, _connectTimeout } = server;
  if (!onconnection || !_parser?.Decoder || !_nsps || typeof _connectTimeout !== 'number') {
    throw new Error('socket.io changed: its clients cannot be made lean');
  }
  const read = readerOf(server);
  server.onconnection = (conn) => {
    conn[CLIENT] = new Client(server, conn, read);
    // The same functions for all.
    conn.on('data', onData);
    conn.on('error', onError);
    conn.on('close', onClose);
  };
}

type Read = (data: unknown) => Packet;

/** Reads packets, one after the other, each of which is whole; throws at any other. */
function readerOf(server: Library): Read {
  const decoder = new server._parser.Decoder();
  let whole: Packet | null = null;
  decoder.on('decoded', (packet) => {
    whole = packet;
  });
  return (data) => {
    decoder.add(data);
    const packet = whole;
    whole = null; // tokens are no thing to keep
    if (packet) return packet;
    decoder.destroy();
    throw new Error('a packet with binary parts');
  };
}

function onData(this: Connection, data: unknown): void {
  this[CLIENT]?.ondata(data);
}

function onError(this: Connection, error: unknown): void {
  this[CLIENT]?.onerror(error);
}

function onClose(this: Connection, reason: string, description: unknown): void {
  this[CLIENT]?.onclose(reason, description);
}

class Client {
  private sockets = NOBODY;
  private connectTimeout: NodeJS.Timeout | null;
  /** Answers that are waited for; one to who came in is never given back: they are not mute any more. */
  private due = 0;
  private isOver = false;
  readonly server: Library;
  readonly conn: Connection;
  private readonly read: Read;

  constructor(server: Library, conn: Connection, read: Read) {
    this.server = server;
    this.conn = conn;
    this.read = read;
    this.connectTimeout = setTimeout(closeIfMute, server._connectTimeout, this);
  }
  get id(): string {
    return this.conn.id;
  }
  get request(): unknown {
    return this.conn.request;
  }
  get isInside(): boolean {
    return this.sockets.length > 0;
  }

  ondata(data: unknown): void {
    if (this.isOver) return;
    let packet: Packet;
    try {
      packet = this.read(data);
    } catch (error) {
      this.onerror(error);
      return;
    }
    // Of two that knocked at once, and came in, the last is meant.
    const socket = this.sockets.findLast(({ nsp }) => nsp.name === packet.nsp);
    if (!socket && packet.type === CONNECT) this.connect(packet.nsp, packet.data as object);
    else if (socket && packet.type !== CONNECT && packet.type !== CONNECT_ERROR) {
      queueMicrotask(() => socket._onpacket(packet));
    } else this.close();
  }
  private connect(name: string, auth: object = {}): void {
    if (!this.server._nsps.has(name)) {
      const data = { message: 'Invalid namespace' };
      this._packet({ type: CONNECT_ERROR, nsp: name, data });
      return;
    }
    this.server.of(name)._add(this, auth, (socket) => {
      this.sockets = this.sockets.concat(socket); // as large as it is to be
      this.stopWaiting();
    });
  }
  onerror(error: unknown): void {
    if (this.isOver) return;
    for (const socket of this.sockets) socket._onerror(error);
    this.conn.close();
  }
  onclose(reason: string, description?: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.stopWaiting();
    for (const socket of this.sockets) socket._onclose(reason, description);
    this.sockets = NOBODY;
  }
  close(): void {
    if (this.conn.readyState !== 'open') return;
    this.conn.close();
    this.onclose('forced server close');
  }

  /** Nobody is mute who waits for our answer. */
  answerDue(): void {
    this.due += 1;
    this.stopWaiting();
  }
  /** They were refused: who is in no namespace for as long again is hung up on. */
  answered(): void {
    this.due -= 1;
    if (this.due > 0 || this.conn.readyState !== 'open') return;
    this.connectTimeout = setTimeout(closeIfMute, this.server._connectTimeout, this);
  }
  private stopWaiting(): void {
    if (this.connectTimeout !== null) clearTimeout(this.connectTimeout);
    this.connectTimeout = null;
  }

  /* What sockets and adapters call. */

  _packet(packet: object, options: { preEncoded?: boolean; volatile?: boolean } = {}): void {
    if (this.conn.readyState !== 'open') return;
    this.writeToEngine(options.preEncoded ? packet : this.server.encoder.encode(packet), options);
  }
  writeToEngine(packets: unknown, options: { volatile?: boolean }): void {
    if (options.volatile && !this.conn.transport.writable) return;
    for (const packet of Array.isArray(packets) ? packets : [packets]) {
      this.conn.write(packet, options);
    }
  }
  _remove(socket: Inner): void {
    this.sockets = this.sockets.filter((each) => each !== socket);
  }
  _disconnect(): void {
    for (const socket of this.sockets) socket.disconnect();
    this.sockets = NOBODY;
    this.close();
  }
}

function closeIfMute(client: Client): void {
  if (!client.isInside) client.close();
}

/**
 * Whoever waits for our answer is not mute, however long that takes (guessers wait): they are hung up on
 * only if they are in no namespace for as long again after they were refused: then what this returns is
 * called.
 */
export function awaitingUs(socket: { client: unknown }): () => void {
  const client = socket.client as Client;
  client.answerDue();
  return () => client.answered();
}
