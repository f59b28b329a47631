import type { Duplex } from 'node:stream';
import type { Name } from './io.js';

/*
 * What is written to a connection past the library, since each write to the system costs as much as all
 * of our own work: frames are spelled by hand, and those of one turn leave as one piece.
 * test/sockets/lean.test.ts holds them to what the library would have written.
 */

/** The parts of engine.io's connection that a frame goes through. */
type Connection = {
  readonly readyState: string;
  writeBuffer: { type?: string; data?: unknown }[];
  packetsFn: unknown[];
  transport: { writable: boolean; socket?: { _socket?: Duplex; bufferedAmount?: number } };
  flush(): void;
  emit(event: 'drain'): void;
};

/** The connection of which all that is sent now leaves in one write. */
let gathering: Connection | null = null;

/** Whether what is sent to it now leaves in one write, later. */
export const isGathered = (conn: unknown): boolean => gathering === conn;

/** Adds a packet of Socket.IO to what leaves in one write. */
export function gather(conn: unknown, packet: string): void {
  const { readyState, writeBuffer } = conn as Connection;
  if (readyState === 'open') writeBuffer.push({ type: 'message', data: packet });
}

/** Whatever `work` sends on this socket leaves in one write, and so does the close if it closes it. */
export const inOneWrite = ({ conn }: { conn: unknown }, work: () => void): void =>
  together(conn, work);

/** The same of a connection. */
export function together(on: unknown, work: () => void): void {
  const conn = on as Connection;
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
    const stays = conn.readyState === 'open';
    if (!stays) tcp.cork();
    flush(conn, tcp);
    if (!stays) tcp.uncork();
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

/** A message in text as Engine.IO says it; null of any other packet. */
const textOf = ({ type, data }: { type?: string; data?: unknown }): string | null =>
  type === 'message' && typeof data === 'string' ? messageOf(data) : null;

const messageOf = (packet: string): string => `4${packet}`;

/** Packets of Engine.IO as unmasked WebSocket frames, behind what stands before them. */
export function framesOf(packets: readonly string[], before = ''): Buffer {
  const lengths = packets.map((packet) => Buffer.byteLength(packet));
  let place = before.length;
  for (const length of lengths) place += headOf(length) + length;
  const frames = Buffer.allocUnsafe(place);
  place = before === '' ? 0 : frames.write(before, 'latin1');
  for (const [k, packet] of packets.entries()) {
    const length = lengths[k] as number;
    frames[place] = 0x81; // the only frame of a text
    if (length < 126) frames[place + 1] = length;
    else {
      frames[place + 1] = length < 65_536 ? 126 : 127;
      if (length < 65_536) frames.writeUInt16BE(length, place + 2);
      else frames.writeBigUInt64BE(BigInt(length), place + 2);
    }
    place += headOf(length);
    place += frames.write(packet, place);
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
  const frame = framesOf([messageOf(`2${name},${JSON.stringify(said)}`)]);
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
