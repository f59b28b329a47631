import { connect } from 'node:net';
import { controlFrame, frameReader, OPCODE, textFrame } from './frames.js';

export type Address = {
  /** The server's. */
  host: string;
  port: number;
  /**
   * Ours, where one loopback address has too few ports. Null lets the kernel choose: binding first
   * costs it a search that grows with the connections there are, up to a millisecond at 5,000.
   */
  from: string | null;
};

export type Handler = {
  open(connection: Connection): void;
  text(text: string, bytes: number, connection: Connection): void;
  /** Once, whatever ended it. `error` is null after `drop` and after a clean end. */
  end(error: string | null): void;
};

export type Connection = {
  send(text: string): void;
  /** Cuts the TCP connection, as a phone does that walks out of reach. */
  drop(): void;
};

const READ = Buffer.allocUnsafe(64 * 1024);

/** Opens a WebSocket. The socket's reads all go through one buffer. */
export function dial(address: Address, path: string, handler: Handler): Connection {
  let ended = false;
  const end = (error: string | null) => {
    if (ended) return;
    ended = true;
    socket.destroy();
    handler.end(error);
  };
  const read = frameReader({
    open: () => handler.open(connection),
    frame: (opcode, text, bytes) => {
      if (ended) return;
      if (opcode === OPCODE.text) handler.text(text, bytes, connection);
      else if (opcode === OPCODE.ping) socket.write(controlFrame(OPCODE.pong));
      else if (opcode === OPCODE.close) socket.write(controlFrame(OPCODE.close));
    },
    broken: end,
  });
  const socket = connect({
    host: address.host,
    port: address.port,
    ...(address.from === null ? {} : { localAddress: address.from }),
    noDelay: true,
    onread: {
      buffer: READ,
      callback: (length) => {
        if (!ended) read(READ.subarray(0, length));
        return true;
      },
    },
  });
  const connection: Connection = {
    send: (text) => void socket.write(textFrame(text)),
    drop: () => end(null),
  };
  socket.on('error', (error) => end(error.message));
  socket.on('close', () => end('closed by the server'));
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${address.host}:${address.port}\r\nUpgrade: websocket\r\n` +
      'Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
      'Sec-WebSocket-Version: 13\r\n\r\n',
  );
  return connection;
}
