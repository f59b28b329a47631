// A WebSocket frame (RFC 6455) as a client sends it, with whatever is asked for in its header.

const MASK = Buffer.from([9, 8, 7, 6]);

/** The first byte of a frame that is whole, by what it is. */
export const FIRST = { text: 0x81, binary: 0x82, close: 0x88, ping: 0x89, pong: 0x8a } as const;

/** `first`: flags and opcode; `declares`: the length that the header lies about. */
export function wsFrame(
  first: number,
  payload: Buffer | string,
  { masked = true, declares }: { masked?: boolean; declares?: bigint } = {},
): Buffer {
  const body = Buffer.from(payload);
  const length = declares ?? BigInt(body.length);
  const long = length > 65_535n ? 8 : length > 125n ? 2 : 0;
  const head = Buffer.alloc(2 + long);
  head[0] = first;
  head[1] = (masked ? 0x80 : 0) | (long === 8 ? 127 : long === 2 ? 126 : Number(length));
  if (long === 2) head.writeUInt16BE(Number(length), 2);
  if (long === 8) head.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([head, body]);
  return Buffer.concat([head, MASK, body.map((byte, k) => byte ^ (MASK[k % 4] as number))]);
}
