// The count server of the tutorials: whoever joins or goes has the sockets counted, and everybody
// is told.
import { createServer } from 'node:http';
import { type DefaultEventsMap, Server } from 'socket.io';
import { newVerifier, SECRET, serve } from './peer.js';

type Data = { number: string; wall: boolean };

const verify = newVerifier(SECRET);
const http = createServer();
const io = new Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, Data>(http);

async function tellAll(): Promise<void> {
  const sockets = await io.in('noso').fetchSockets();
  io.emit('count', new Set(sockets.map((socket) => socket.data.number)).size);
}

io.use((socket, next) => {
  try {
    socket.data = verify(socket.handshake.auth.token);
    next();
  } catch {
    next(new Error('unauthorized'));
  }
});

io.on('connection', async (socket) => {
  if (socket.data.wall) {
    await tellAll();
    return;
  }
  socket.on('join', async (ack: (answer: object) => void) => {
    socket.join('noso');
    await tellAll();
    ack({ ok: true, number: socket.data.number });
  });
  socket.on('disconnect', tellAll);
});

serve(http);
