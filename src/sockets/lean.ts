import { Socket } from 'socket.io';
import type { Io, Name } from './io.js';
import { gather, isGathered, together } from './oneWrite.js';
import { QUERY, randomId } from './takingIn.js';

/*
 * What the library does at every connection and we cannot afford, or must not do. All of it is
 * reached from outside, by replacing what its own classes call on themselves; each says what would
 * make it needless. test/sockets/lean.test.ts fails if the library changes underneath.
 */

type Connection = {
  /** How often it asked to enter a namespace. */
  [KNOCKS]?: number;
  request: unknown;
};

const KNOCKS = Symbol('knocks');

type Namespace = {
  name: string;
  _createSocket?: (client: unknown, auth: object) => Promise<Socket>;
  _doConnect?: (socket: Socket, done: (socket: Socket) => void) => void;
};

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
  readonly nsp: { readonly name: string; readonly [HEARS]?: Hears; readonly [GONE]?: Gone };
  acks: object;
  packet(packet: Packet, options?: object): void;
  dispatch(event: unknown[]): void;
  _onclose(reason: string, description?: unknown): void;
}) {
  constructor(namespace: unknown, client: unknown, auth: object) {
    // Given an id, as of somebody who comes back, it makes none.
    super(namespace, client, auth, { sid: randomId(), data: {}, ...NO_SESSION });
    this.recovered = false;
    this.acks = NO_ACKS;
  }
  /** What is heard is heard by the namespace, where it has said so: a socket keeps nothing for it. */
  override dispatch(event: unknown[]): void {
    // Of what came in one piece some may be left when it was put out.
    if (!this.connected) return;
    const hears = this.nsp[HEARS];
    if (hears) hears(this as unknown as Socket, event);
    else super.dispatch(event);
  }
  override _onclose(reason: string, description?: unknown): void {
    const wasIn = this.connected;
    super._onclose(reason, description);
    if (wasIn) this.nsp[GONE]?.(this as unknown as Socket);
  }
  buildHandshake(auth: object): object {
    return { auth, ...NOTHING_SAID };
  }
  _onconnect(): void {
    this.connected = true;
    this.packet({ type: 0, data: { sid: this.id } });
  }
  /** What is gathered is spelled here as the library's parser would: nothing of ours is binary. */
  override packet(packet: Packet, options?: object): void {
    if (!isGathered(this.conn)) super.packet(packet, options);
    else {
      const { type, id = '', data } = packet;
      const said = data === undefined ? '' : JSON.stringify(data);
      gather(this.conn, `${type}${this.nsp.name},${id}${said}`);
    }
  }
}

type Hears = (socket: Socket, event: unknown[]) => void;
const HEARS = Symbol('hears');

/** Has all that is said in a namespace heard there, instead of by what each socket listens for. */
export function hearIn<S>(namespace: object, hears: (socket: S, event: unknown[]) => void): void {
  (namespace as { [HEARS]?: Hears })[HEARS] = hears as unknown as Hears;
}

type Gone = (socket: Socket) => void;
const GONE = Symbol('gone');

/** Has every socket of a namespace that is there no more told there, instead of by a listener of each. */
export function seeOff<S>(namespace: object, gone: (socket: S) => void): void {
  (namespace as { [GONE]?: Gone })[GONE] = gone as unknown as Gone;
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
const NOTHING_SAID = { headers: {}, query: QUERY, url: '', address: '', time: '', issued: 0 };
const NO_HANDSHAKE = Object.freeze({ auth: {}, ...NOTHING_SAID });

/** What is left of the request of a connection: it held an address and a user agent (A1). */
const NO_REQUEST = { headers: {}, _query: QUERY };
