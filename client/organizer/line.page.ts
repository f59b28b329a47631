import { io } from 'socket.io-client';
import type { Connect } from './liveLine.js';

/** Loaded once the page stands: the library is a third of all that the console needs. */
const connect: Connect = () =>
  io('/organizer', {
    transports: ['websocket'],
    timeout: 8_000,
    reconnectionDelay: 500,
    reconnectionDelayMax: 8_000,
    // Many consoles dropped at once come back one by one.
    randomizationFactor: 1,
  });

window.nosoLine = connect;
