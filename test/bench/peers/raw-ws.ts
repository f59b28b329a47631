// The same work on the bare `ws` library: frames and protocol by hand, nothing that is not needed.
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { newVerifier, SECRET, serve, throttled } from './peer.js';

const verify = newVerifier(SECRET);
const http = createServer();
const server = new WebSocketServer({ server: http, maxPayload: 16 * 1024 });
const present = new Map<string, number>();
const walls = new Set<WebSocket>();
const tellWalls = throttled(100, () => {
  const frame = `{"count":${present.size}}`;
  for (const wall of walls) wall.send(frame);
});

function join(socket: WebSocket, number: string): void {
  present.set(number, (present.get(number) ?? 0) + 1);
  tellWalls();
  socket.send(`{"ok":true,"number":"${number}"}`);
  socket.once('close', () => {
    const left = (present.get(number) ?? 1) - 1;
    if (left === 0) present.delete(number);
    else present.set(number, left);
    tellWalls();
  });
}

/** Sockets that answered since the last beat. */
let heard = new WeakSet<WebSocket>();
server.on('connection', (socket) => {
  heard.add(socket);
  socket.on('error', () => socket.terminate());
  socket.on('pong', () => heard.add(socket));
  socket.once('message', (data) => {
    try {
      const said = JSON.parse(String(data)) as { join?: string; wall?: string };
      const { number, wall } = verify(said.join ?? said.wall);
      if (!wall) {
        join(socket, number);
        return;
      }
      walls.add(socket);
      socket.once('close', () => walls.delete(socket));
      socket.send(`{"count":${present.size}}`);
    } catch {
      socket.close(1008);
    }
  });
});

setInterval(() => {
  const silent = [...server.clients].filter((socket) => !heard.has(socket));
  heard = new WeakSet();
  for (const socket of silent) socket.terminate();
  for (const socket of server.clients) socket.ping();
}, 25_000);

serve(http);
