// The count server that somebody who knows Socket.IO would write: a map of who is here, a verified
// token, and a throttled broadcast to the walls alone.
import { createServer } from 'node:http';
import { type DefaultEventsMap, Server } from 'socket.io';
import { newVerifier, SECRET, serve, throttled } from './peer.js';

type Data = { number: string; wall: boolean };

const verify = newVerifier(SECRET);
const http = createServer();
const io = new Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, Data>(http, {
  transports: ['websocket'],
  serveClient: false,
});
/** Numbers, and how many connections show each. */
const present = new Map<string, number>();
const tellWalls = throttled(100, () => io.to('walls').emit('count', present.size));

io.use((socket, next) => {
  try {
    socket.data = verify(socket.handshake.auth.token);
    next();
  } catch {
    next(new Error('unauthorized'));
  }
});

io.on('connection', (socket) => {
  const { number, wall } = socket.data;
  if (wall) {
    socket.join('walls');
    socket.emit('count', present.size);
    return;
  }
  socket.once('join', (ack: (answer: object) => void) => {
    present.set(number, (present.get(number) ?? 0) + 1);
    tellWalls();
    ack({ ok: true, number });
    socket.once('leave', (done: (answer: object) => void) => {
      done({ ok: true });
      socket.disconnect(true);
    });
    socket.once('disconnect', () => {
      const left = (present.get(number) ?? 1) - 1;
      if (left === 0) present.delete(number);
      else present.set(number, left);
      tellWalls();
    });
  });
});

serve(http);
