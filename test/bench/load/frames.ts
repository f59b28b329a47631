// WebSocket frames by hand (RFC 6455), as cheaply as Node allows: the load must never be what is
// measured.

const TEXT = 0x81;
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]); // not zero: servers skip unmasking zeros

/** One masked text frame from a client. At most 65,535 bytes of ASCII. */
export function textFrame(text: string): Buffer {
  const { length } = text;
  const head = length < 126 ? 2 : 4;
  const frame = Buffer.allocUnsafe(head + 4 + length);
  frame[0] = TEXT;
  if (length < 126) frame[1] = 0x80 | length;
  else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  }
  MASK.copy(frame, head);
  frame.write(text, head + 4, 'latin1');
  for (let i = 0; i < length; i += 1) {
    const at = head + 4 + i;
    frame[at] = (frame[at] as number) ^ (MASK[i & 3] as number);
  }
  return frame;
}

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** An unfragmented control frame from a client, without a payload. */
export const controlFrame = (opcode: number): Buffer => Buffer.from([0x80 | opcode, 0x80, ...MASK]);

export type Reading = {
  /** The server accepted the upgrade. */
  open(): void;
  /** A whole frame came; `bytes` counts its header too. The text is latin1. */
  frame(opcode: number, text: string, bytes: number): void;
  /** What came is not a WebSocket: the first line of the answer, or what is wrong with a frame. */
  broken(what: string): void;
};

/**
 * A function to be fed with what a socket reads: first the answer to the upgrade, then frames. The
 * chunk is not kept, so its memory may be used again.
 */
export function frameReader(reading: Reading): (chunk: Buffer) => void {
  let rest: Buffer | null = null;
  let upgraded = false;
  return (fresh) => {
    let chunk = rest === null ? fresh : Buffer.concat([rest, fresh]);
    rest = null;
    if (!upgraded) {
      const end = chunk.indexOf('\r\n\r\n');
      if (end < 0) {
        rest = Buffer.from(chunk);
        return;
      }
      const status = chunk.toString('latin1', 0, chunk.indexOf('\r\n'));
      if (!status.startsWith('HTTP/1.1 101')) {
        reading.broken(status);
        return;
      }
      upgraded = true;
      reading.open();
      chunk = chunk.subarray(end + 4);
    }
    const read = readFrames(chunk, reading);
    if (read < chunk.length) rest = Buffer.from(chunk.subarray(read));
  };
}

/** Reports every whole frame in `chunk`; returns how many bytes those took. */
function readFrames(chunk: Buffer, reading: Reading): number {
  let at = 0;
  while (chunk.length - at >= 2) {
    const first = chunk[at] as number;
    let length = chunk[at + 1] as number;
    let head = 2;
    if (length === 126) {
      if (chunk.length - at < 4) break;
      length = chunk.readUInt16BE(at + 2);
      head = 4;
    } else if (length === 127) {
      if (chunk.length - at < 10) break;
      length = Number(chunk.readBigUInt64BE(at + 2));
      head = 10;
    }
    if (chunk.length - at < head + length) break;
    if ((first & 0xf0) !== 0x80 || length >= 2 ** 31) {
      reading.broken(`a frame that starts with ${first}`);
      return chunk.length;
    }
    const text = chunk.toString('latin1', at + head, at + head + length);
    at += head + length;
    reading.frame(first & 0x0f, text, head + length);
  }
  return at;
}
