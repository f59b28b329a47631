import { io, type Socket } from 'socket.io-client';
import type { DoorEvents, FromDoor } from '../../src/protocol/wire.js';
import type { OpenLine } from './doorLine.js';

/** Loaded once the page stands: a door that cannot have it asks over HTTP, as it does without a line. */
const openLine: OpenLine = (token, told) => {
  const socket: Socket<DoorEvents, FromDoor> = io('/door', {
    auth: { token },
    forceNew: true,
    timeout: 5000,
    reconnectionDelay: 1000,
    reconnectionDelayMax: 5000,
    transports: ['websocket'],
  });
  socket.on('count', told.count);
  socket.on('closed', told.over);
  socket.on('disconnect', told.cut);
  socket.on('connect_error', told.cut);
};

window.nosoDoor = openLine;
