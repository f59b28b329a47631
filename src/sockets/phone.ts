import type { Socket } from 'socket.io';
import type { Clock, Stop } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import type { Engine, Heard } from '../engine/engine.js';
import type { Closed, Seat } from '../protocol/wire.js';
import { COOKIES, cookie, cookiesCount, type Identify } from '../service/identity.js';
import { demand, phoneAuth } from '../service/input.js';
import type { Catalogue } from '../service/mirror.js';
import type { Reception, Seated } from '../service/reception.js';
import { failureOf } from '../service/refusals.js';
import { type DoorDeps, door, type Io } from './sockets.js';

type Phone = {
  noso: string;
  number: number;
  sitting: number;
  seat: Seat | null;
  /** When a packet was last heard, and when that was last written down; engine time. */
  heardAt: number;
  notedAt: number;
};

/** How many phones are told of a close in one go, so that walls are not kept waiting. */
const BATCH = 250;

/**
 * `/phone`: connecting is taking the seat; disconnecting is not leaving (P1). A phone may say
 * `leave` and nothing else (S1), and is told of its own seat and nothing else (S3).
 */
export function phoneNamespace(
  io: Io,
  deps: DoorDeps & {
    engine: Engine;
    clock: Clock;
    catalogue: Catalogue;
    reception: Reception;
    /** Told of every seat that is acknowledged here. */
    seated: () => void;
    identify: Identify;
    publicUrl: () => string;
  },
): { left: (noso: string, number: number, sitting: number | null) => void; stop: Stop } {
  const { engine, reception, catalogue } = deps;
  /** The phones here, by NoSo and number: several tabs of one number are several sockets. */
  const here = new Map<string, Map<number, Socket[]>>();
  const heard = new Map<Socket, Heard>();

  /** Phones that are leaving by themselves: they are answered before they are told. */
  const leaving = new WeakSet<Socket>();

  const phoneOf = (socket: Socket) => socket.data as Phone;

  door(io, '/phone', deps, async (socket) => {
    const { seat, taken } = await admit(socket);
    const now = engine.now();
    socket.data = {
      noso: seat.noso,
      number: taken.number,
      sitting: taken.sitting,
      seat,
      heardAt: now,
      notedAt: now,
    } satisfies Phone;
  });

  async function admit(socket: Socket): Promise<Seated> {
    const auth = demand(phoneAuth, socket.handshake.auth);
    const own = socket.request.headers.origin && cookiesCount(socket.request, deps.publicUrl());
    const kept = (name: string) => (own ? cookie(socket.request.headers.cookie, name) : null);
    const token = auth.token ?? kept(COOKIES.number);
    if (token === null)
      throw new Refusal('unauthorized.missing', 'token: a number token is needed');
    const number = await numberOf(token);
    if ('code' in auth) return reception.sitByCode({ number, code: auth.code });
    const pass = auth.pass ?? kept(COOKIES.pass);
    if (pass === null) throw new Refusal('bad_request', 'pass: a pass or a code is needed');
    return reception.sit({ number, pass, back: auth.back ?? false });
  }

  /** The number of a token; `forbidden` where it is another role's, else `unauthorized`. */
  async function numberOf(token: string): Promise<number> {
    try {
      return reception.numberOf(token);
    } catch (error) {
      const who = await deps.identify(token);
      throw who ? new Refusal('forbidden.role', `not for ${who.role}s`) : error;
    }
  }

  io.of('/phone').on('connection', (socket: Socket) => {
    const phone = phoneOf(socket);
    const { conn } = socket;
    socket.emit('seated', phone.seat);
    deps.seated();
    phone.seat = null; // told once; a pass is no thing to keep
    enter(socket, phone);
    conn.on('packet', onPacket);
    if (catalogue.noso(phone.noso)?.pocket != null) conn.on('heartbeat', () => onHeard(socket));
    socket.use((event, next) => (event[0] === 'leave' ? next() : hangUp(socket)));
    socket.on('leave', (...args: unknown[]) => {
      const ack = args.pop();
      if (args.length > 0 || (ack !== undefined && typeof ack !== 'function')) hangUp(socket);
      else onLeave(socket, ack as ((answer: object) => void) | undefined).catch(deps.onError);
    });
    socket.on('disconnect', () => {
      exit(socket, phone);
      const last = phone.heardAt > phone.notedAt ? note(socket) : null;
      if (last) engine.hear(phone.noso, [last]).catch(deps.onError);
    });
    // It may have closed between the take and now.
    const life = catalogue.noso(phone.noso)?.life.is;
    if (life === 'closed') tell(socket, 'closed');
  });

  const hangUp = (socket: Socket): void => void socket.disconnect(true);

  /** Tells why the seat is no more, and ends the connection for good. */
  function tell(socket: Socket, reason: Closed['reason']): void {
    socket.emit('closed', { noso: phoneOf(socket).noso, reason });
    socket.disconnect(true);
  }

  function enter(socket: Socket, { noso, number }: Phone): void {
    const phones = here.get(noso) ?? new Map<number, Socket[]>();
    here.set(noso, phones);
    const tabs = phones.get(number);
    if (tabs) tabs.push(socket);
    else phones.set(number, [socket]);
  }

  function exit(socket: Socket, { noso, number }: Phone): void {
    heard.delete(socket);
    const phones = here.get(noso);
    const rest = phones?.get(number)?.filter((each) => each !== socket) ?? [];
    if (rest.length > 0) phones?.set(number, rest);
    else phones?.delete(number);
    if (phones?.size === 0) here.delete(noso);
  }

  async function onLeave(socket: Socket, ack?: (answer: object) => void): Promise<void> {
    const { noso, number, sitting } = phoneOf(socket);
    leaving.add(socket);
    try {
      await reception.end(noso, number, sitting);
    } catch (error) {
      leaving.delete(socket);
      if (!(error instanceof Refusal)) throw error;
      deps.refused(error.code);
      ack?.(failureOf(error));
      return;
    }
    ack?.({ ok: true });
    tell(socket, 'left');
  }

  /** A heartbeat is news at most every third of the pocket (P4). */
  function onHeard(socket: Socket): void {
    const phone = phoneOf(socket);
    phone.heardAt = engine.now();
    const pocket = catalogue.noso(phone.noso)?.pocket;
    if (pocket == null || phone.heardAt - phone.notedAt < (pocket * 1000) / 3) return;
    heard.set(socket, note(socket));
  }

  function note(socket: Socket): Heard {
    const phone = phoneOf(socket);
    phone.notedAt = phone.heardAt;
    return { number: phone.number, sitting: phone.sitting, at: phone.heardAt };
  }

  /** Writes down what was heard, and tells the phones whose seats are no more. */
  async function flush(): Promise<void> {
    const byNoso = new Map<string, Map<number, Socket>>();
    const batches = new Map<string, Heard[]>();
    for (const [socket, each] of heard) {
      const { noso } = phoneOf(socket);
      batches.set(noso, [...(batches.get(noso) ?? []), each]);
      byNoso.set(noso, (byNoso.get(noso) ?? new Map()).set(each.number, socket));
    }
    heard.clear();
    for (const [noso, batch] of batches) {
      for (const { number } of await engine.hear(noso, batch)) {
        const socket = byNoso.get(noso)?.get(number);
        if (!socket) continue;
        const seat = await engine.seat(noso, number);
        tell(socket, seat?.seated === false ? seat.why : 'lapsed');
      }
    }
  }

  /** Tells the phones of a NoSo that is over, a batch a turn. */
  async function closeAll(noso: string, reason: 'closed' | 'cancelled'): Promise<void> {
    const sockets = [...(here.get(noso)?.values() ?? [])].flat();
    for (let k = 0; k < sockets.length; k += BATCH) {
      for (const socket of sockets.slice(k, k + BATCH)) tell(socket, reason);
      await new Promise(setImmediate);
    }
  }

  const unlisten = catalogue.onChange((changes) => {
    for (const { kind, id, document } of changes) {
      if (kind !== 'noso' || !here.has(id)) continue;
      const life = document && 'life' in document ? document.life.is : 'cancelled';
      if (life === 'closed' || life === 'cancelled') closeAll(id, life).catch(deps.onError);
    }
  });
  const stopFlushing = deps.clock.every(1000, () => {
    if (heard.size > 0) flush().catch(deps.onError);
  });

  return {
    /** A sitting was ended elsewhere: its phones here are told. */
    left(noso, number, sitting) {
      for (const socket of here.get(noso)?.get(number) ?? []) {
        const ended = sitting === null || phoneOf(socket).sitting <= sitting;
        if (ended && !leaving.has(socket)) tell(socket, 'left');
      }
    },
    stop() {
      unlisten();
      stopFlushing();
    },
  };
}

/**
 * What no handler sees is refused here, before the library makes anything of it: binary, which it
 * would wait for the parts of, acknowledgements that nobody asked for, words on a pong, and packets
 * that it passes over in silence (S1). `this` is the connection.
 */
function onPacket(this: { close: () => void }, packet: { type: string; data?: unknown }): void {
  const { type, data } = packet;
  const said =
    type === 'message'
      ? typeof data === 'string' && !/^[56]|^3\/phone,/.test(data)
      : type === 'pong' && !data;
  if (!said) this.close();
}
