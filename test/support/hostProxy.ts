// A proxy as people set them up: it passes everything on, WebSocket too, under a Host of its own.
import { createServer, type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream';
import { listens } from './listens.js';

export type HostProxy = { url: string; close: () => void };

/** Before the server at `port`; `more` is what it adds to every request. */
export async function startHostProxy(
  port: number,
  more: Record<string, string> = {},
): Promise<HostProxy> {
  const on = ({ method, url: path, headers }: IncomingMessage) =>
    request({
      ...{ port, host: '127.0.0.1', method, path },
      headers: { ...headers, host: 'inside.example', ...more },
    });
  const proxy = createServer((asked, answer) => {
    const asking = on(asked);
    asking.on('response', (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(answer);
    });
    asking.on('error', () => answer.destroy());
    asked.pipe(asking);
  });
  proxy.on('upgrade', (asked, socket) => {
    socket.on('error', () => {});
    const asking = on(asked);
    asking.on('response', (from) => socket.end(`HTTP/1.1 ${from.statusCode} No\r\n\r\n`));
    asking.on('upgrade', (from, inside, head) => {
      const lines = Object.entries(from.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
      inside.unshift(head);
      pipeline(inside, socket, inside, () => {});
    });
    asking.on('error', () => socket.destroy());
    asking.end();
  });
  const own = await listens(proxy);
  return {
    url: `http://127.0.0.1:${own}`,
    close() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}
