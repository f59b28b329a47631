// What no WebSocket server in Node gets below: accept, upgrade, one frame each way. It verifies
// nobody, counts nothing and tells no wall.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { serve } from './peer.js';

const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OK = Buffer.from([0x81, 2, 0x6f, 0x6b]);

const http = createServer();
http.on('upgrade', (request, socket) => {
  const key = `${request.headers['sec-websocket-key']}${MAGIC}`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  socket.once('data', () => socket.write(OK));
});

serve(http);
