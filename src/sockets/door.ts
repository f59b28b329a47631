import type { IncomingMessage } from 'node:http';
import type { ErrorCode, Refusal } from '../domain/errors.js';
import type { Refused } from '../protocol/wire.js';
import { NAMESPACES, type Role } from '../service/access.js';
import type { CookieName, Jar } from '../service/cookies.js';
import type { Admitted, Gate } from '../service/gate.js';
import type { Caller } from '../service/guesses.js';
import { cookiesCount, untilOf } from '../service/identity.js';
import { demand, handshakes } from '../service/input.js';
import { asRefusal, connectErrorOf } from '../service/refusals.js';
import { awaitingUs } from './client.js';
import {
  type Ack,
  type Auth,
  type Io,
  type Name,
  type NamespaceOf,
  namespaceOf,
  type Says,
  type SocketOf,
} from './io.js';
import { hangUp, hearIn, knock, knockNoMore } from './lean.js';

/** A connection that was refused this often is not listened to any more. */
const MOST_KNOCKS = 8;
/** Tokens that end within this are each waited for; it is looked for them as often. In ms. */
const SOON = 3_600_000;

/** What the doors of all namespaces need. */
export type DoorDeps = {
  gate: Gate;
  jar: Pick<Jar, 'read'>;
  publicUrl: () => string;
  callerOf: (request: IncomingMessage) => Caller;
  /** What to answer a request that is refused (F6). */
  judge: (request: IncomingMessage, refusal: Refusal) => Promise<Refusal>;
  /** Told of every answer that is a refusal, and of every error that is none. */
  refused: (code: ErrorCode) => void;
  onError: (error: unknown) => void;
  /** The time that tokens go by, in ms, and timers. */
  now: () => number;
  after: (ms: number, work: () => void) => () => void;
  every: (ms: number, work: () => void) => () => void;
};

/** Somebody whose role is the table's, before they are let in. */
export type Knock<N extends Name> = {
  who: Admitted<(typeof NAMESPACES)[N]['role']>;
  auth: Auth<N>;
  /** What they are known by. */
  token: string;
  /** One of our cookies, where cookies count. */
  kept: (name: CookieName) => string | null;
  caller: () => Caller;
};

/** What is known of whoever is in: until when (ms) their token is good, and `Data`. */
export type Inside<Data> = Data & { until: number };

/** What a namespace does once the door let somebody through. */
export type Room<N extends Name, Data> = {
  /** What is to be known of them; throws what the `connect_error` says. */
  admit: (knock: Knock<N>) => Data | Promise<Data>;
  /** They are in. */
  welcome: (socket: SocketOf<N, Inside<Data>>) => void;
  /** They said something that the table knows. `said` is all of it but the acknowledgement. */
  hear: {
    [E in keyof Says<N>]: (
      socket: SocketOf<N, Inside<Data>>,
      said: unknown[],
      ack: Ack<N, E> | undefined,
    ) => void;
  };
};

/** A refusal as `connect_error` carries it. */
class ConnectError extends Error {
  readonly data: Refused;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.data = connectErrorOf(refusal);
  }
}

/**
 * The door of a namespace, the same for all (F7): reads the handshake, finds out who it is, goes by
 * the access table's row, and hangs up on whatever is said that is not in it. Failures count
 * against the address as over HTTP. A connection ends with its token.
 */
export function openDoor<N extends Name, Data extends object>(
  io: Io,
  name: N,
  deps: DoorDeps,
  room: Room<N, Data>,
): { namespace: NamespaceOf<N, Inside<Data>>; stop: () => void } {
  type In = SocketOf<N, Inside<Data>>;
  const namespace = namespaceOf<N, Inside<Data>>(io, name);
  const row: { role: Role; events: readonly string[] } = NAMESPACES[name];

  async function admit(socket: In): Promise<void> {
    const { request, handshake } = socket;
    const auth: Auth<N> = demand(handshakes[name], handshake.auth);
    const { origin } = request.headers;
    const count = origin !== undefined && cookiesCount(request, deps.publicUrl());
    const cookies = count ? request.headers.cookie : undefined;
    const { who, token } = await deps.gate(row.role, auth.token ?? null, cookies);
    const kept = (each: CookieName) => deps.jar.read(cookies, each);
    const knock = { who, auth, token, kept, caller: () => deps.callerOf(request) };
    const data = await room.admit(knock as Knock<N>);
    socket.data = { until: untilOf(who), ...data };
  }

  async function refusalOf(socket: In, error: unknown): Promise<Refusal> {
    const refusal = await deps.judge(socket.request, asRefusal(error, deps.onError));
    deps.refused(refusal.code);
    return refusal;
  }

  async function enter(socket: In, next: (error?: Error) => void): Promise<void> {
    const refused = awaitingUs(socket);
    try {
      await admit(socket);
    } catch (error) {
      // Whatever happens they are answered: the library keeps who knocks until then.
      const refusal = await refusalOf(socket, error).catch((fault) =>
        asRefusal(fault, deps.onError),
      );
      next(new ConnectError(refusal));
      refused();
      return;
    }
    knockNoMore(socket.conn);
    next();
  }

  namespace.use((socket, next) => {
    // Packets are cheap, looking is not.
    if (knock(socket.conn) > MOST_KNOCKS) hangUp(socket, next);
    else enter(socket, next).catch(deps.onError);
  });

  function onEvent(socket: In, [event, ...said]: unknown[]): void {
    if (typeof event !== 'string' || !row.events.includes(event)) {
      socket.disconnect(true);
      return;
    }
    const ack = typeof said.at(-1) === 'function' ? said.pop() : undefined;
    const hear = room.hear[event as keyof Says<N>];
    hear(socket, said, ack as Ack<N, keyof Says<N>> | undefined);
  }

  const waits = new Map<In, () => void>();
  /** Ends the connection with its token, if that is soon; else it is looked at again. */
  function endInTime(socket: In): void {
    const left = socket.data.until - deps.now();
    if (left > SOON || waits.has(socket)) return;
    waits.set(
      socket,
      deps.after(Math.max(0, left), () => void socket.disconnect(true)),
    );
    socket.on('disconnect', () => {
      waits.get(socket)?.();
      waits.delete(socket);
    });
  }

  hearIn(namespace, onEvent);
  namespace.on('connection', (socket) => {
    endInTime(socket);
    room.welcome(socket);
  });
  const stopLooking = deps.every(SOON / 2, () => {
    for (const socket of namespace.sockets.values()) endInTime(socket);
  });

  return {
    namespace,
    stop() {
      stopLooking();
      for (const stop of waits.values()) stop();
    },
  };
}
