import { io, type Socket } from 'socket.io-client';
import type { FromPhone, PhoneEvents, Refused } from '../../src/protocol/wire.js';
import type { Connect } from './connection.js';

/** Loaded once the page stands. Connecting is taking the seat; coming back is the page's to decide. */
const connect: Connect = (auth, told) => {
  const socket: Socket<PhoneEvents, FromPhone> = io('/phone', {
    auth,
    forceNew: true,
    reconnection: false,
    timeout: 5000,
    transports: ['websocket'],
  });
  socket.on('seated', told.seated);
  socket.on('closed', told.closed);
  socket.on('connect_error', (error: Error & { data?: Partial<Refused> }) =>
    told.refused(error.data),
  );
  socket.on('disconnect', told.dropped);
  // The transport may go before there is a seat. What the server said last is told first.
  socket.io.on('close', () => setTimeout(() => told.refused(undefined)));
  return () => {
    socket.off();
    socket.io.off();
    socket.disconnect();
  };
};

window.nosoConnect = connect;
