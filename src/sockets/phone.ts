import { Refusal } from '../domain/errors.js';
import type { Closed, Seat } from '../protocol/wire.js';
import type { Seated } from '../service/desk.js';
import type { Hearing, Phone } from '../service/hearing.js';
import type { Catalogue } from '../service/mirror.js';
import type { Reception } from '../service/reception.js';
import { failureOf } from '../service/refusals.js';
import { type DoorDeps, type Inside, type Knock, openDoor } from './door.js';
import type { Ack, Io, SocketOf } from './io.js';
import { seeOff } from './lean.js';
import { inOneWrite } from './oneWrite.js';
import { createPhonesHere } from './phonesHere.js';
import { judgePackets } from './takingIn.js';

/** How many phones are told of a close in one go, so that walls are not kept waiting. */
const BATCH = 250;

/** A phone that is in; its seat until it was told of it. */
type PhoneHere = Phone & { seat: Seat | null };
type PhoneSocket = SocketOf<'/phone', Inside<PhoneHere>>;

/**
 * `/phone`: connecting is taking the seat; disconnecting is not leaving (P1). A phone may say
 * `leave` and nothing else (S1), and is told of its own seat and nothing else (S3).
 */
export function phoneNamespace(
  io: Io,
  deps: DoorDeps & {
    catalogue: Catalogue;
    reception: Reception;
    hearing: Hearing;
    /** Told of every seat that is acknowledged here. */
    seated: () => void;
  },
): {
  left: (noso: string, seats: [number: number, sitting: number | null][], voided?: boolean) => void;
  count: () => number;
  stop: () => void;
} {
  const { reception, catalogue, hearing } = deps;
  const here = createPhonesHere<Inside<PhoneHere>>();
  /** Phones that are leaving by themselves: they are answered before they are told. */
  const leaving = new WeakSet<PhoneSocket>();
  /** What hears that a phone is still there, where that matters. */
  const beats = new Map<PhoneSocket, () => void>();
  const parting: [PhoneSocket, Ack<'/phone', 'leave'> | undefined][] = [];

  const door = openDoor<'/phone', PhoneHere>(io, '/phone', deps, {
    async admit(knock) {
      const { seat, taken } = await sit(knock);
      const { number, sitting } = taken;
      return { seat, ...hearing.phone({ noso: seat.noso, number, sitting }) };
    },
    welcome,
    hear: {
      leave(socket, said, ack) {
        if (said.length > 0) socket.disconnect(true);
        else onLeave(socket, ack).catch(deps.onError);
      },
    },
  });

  seeOff<PhoneSocket>(door.namespace, (socket) => {
    const beat = beats.get(socket);
    if (beat) socket.conn.off('heartbeat', beat);
    beats.delete(socket);
    here.remove(socket);
    hearing.gone(socket.data);
  });

  function sit({ who, auth, kept, caller }: Knock<'/phone'>): Promise<Seated> {
    const { number, noso } = who;
    if ('code' in auth) {
      return reception.sitByCode({ number, noso, code: auth.code, caller: caller() });
    }
    const pass = auth.pass ?? kept('pass') ?? kept('entry');
    if (pass === null) throw new Refusal('bad_request', 'pass: a pass or a code is needed');
    return reception.sit({ number, noso, pass, back: auth.back ?? false });
  }

  function welcome(socket: PhoneSocket): void {
    const { data: phone, conn } = socket;
    if (phone.seat) socket.emit('seated', phone.seat);
    deps.seated();
    phone.seat = null; // told once; a pass is no thing to keep
    const surplus = here.add(socket);
    judgePackets(conn, mayBeHeard);
    if (hearing.matters(phone.noso)) {
      const beat = () => hearing.heard(phone);
      beats.set(socket, beat);
      conn.on('heartbeat', beat);
    }
    if (surplus) tell(surplus, 'elsewhere');
    // It may have closed between the take and now.
    if (catalogue.noso(phone.noso)?.life.is === 'closed') tell(socket, 'closed');
  }

  /** Tells why the seat is no more, and ends the connection for good: behind the answer, if one waits. */
  function tell(socket: PhoneSocket, reason: Closed['reason'], ack?: Ack<'/phone', 'leave'>): void {
    inOneWrite(socket, () => {
      ack?.({ ok: true });
      socket.emit('closed', { noso: socket.data.noso, reason });
      socket.disconnect(true);
    });
  }

  async function onLeave(socket: PhoneSocket, ack?: Ack<'/phone', 'leave'>): Promise<void> {
    const { noso, number, sitting } = socket.data;
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
    // Of a room of them a batch a turn.
    if (parting.push([socket, ack]) === 1) setImmediate(partAll);
  }

  function partAll(): void {
    for (const [socket, ack] of parting.splice(0, BATCH)) tell(socket, 'left', ack);
    if (parting.length > 0) setImmediate(partAll);
  }

  /** Tells the phones of a sitting that was ended elsewhere; null: of whichever it was. */
  function end(
    noso: string,
    number: number,
    sitting: number | null,
    reason: 'left' | 'lapsed' | 'voided',
  ) {
    for (const socket of here.of(noso, number)) {
      const ended = sitting === null || socket.data.sitting <= sitting;
      if (ended && !leaving.has(socket)) tell(socket, reason);
    }
  }

  /** Tells the phones of a NoSo that is over, a batch a turn. */
  async function closeAll(noso: string, reason: 'closed' | 'cancelled'): Promise<void> {
    const sockets = here.at(noso);
    for (let k = 0; k < sockets.length; k += BATCH) {
      for (const socket of sockets.slice(k, k + BATCH)) tell(socket, reason);
      await new Promise(setImmediate);
    }
  }

  const unlisten = catalogue.onChange((changes) => {
    for (const { kind, id, document } of changes) {
      if (kind !== 'noso' || !here.isAny(id)) continue;
      const life = document && 'life' in document ? document.life.is : 'cancelled';
      if (life === 'closed' || life === 'cancelled') closeAll(id, life).catch(deps.onError);
    }
  });
  const stopHearing = hearing.start((of, why) => end(of.noso, of.number, of.sitting, why));

  return {
    left(noso, seats, voided = false) {
      for (const [number, sitting] of seats) end(noso, number, sitting, voided ? 'voided' : 'left');
    },
    count: () => door.namespace.sockets.size,
    stop() {
      door.stop();
      unlisten();
      stopHearing();
    },
  };
}

/**
 * What no handler sees is refused here, before the library makes anything of it: binary, which it
 * would wait for the parts of, acknowledgements that nobody asked for, words on a pong, and packets
 * that it passes over in silence (S1).
 */
function mayBeHeard({ type, data }: { type: string; data?: unknown }): boolean {
  if (type === 'message') return typeof data === 'string' && !/^[56]|^3\/phone,/.test(data);
  return type === 'pong' && !data;
}
