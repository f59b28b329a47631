import { type NamedFault, slip } from './slip.js';

const DOOR = 'src/sockets/door.ts';
const SOCKETS = 'src/sockets/sockets.ts';
const TAKING = 'src/sockets/webSockets.ts';
const CONTROL = 'src/sockets/control.ts';
const SEALING = 'src/sockets/sealing.ts';

/** Faults of who may connect and say what, of what a connection may cost, and of what nodes tell each other. */
export const LINES: NamedFault[] = [
  slip(
    'frames: what nobody may say is passed over',
    DOOR,
    [
      'row.events.includes(event)) {\n      socket.disconnect(true);\n      return;',
      'row.events.includes(event)) {\n      return;',
    ],
    ['sockets/silence.test', 'sockets/access-sockets'],
  ),
  slip(
    'frames: a connection outlives a token that ends soon',
    DOOR,
    ['    endInTime(socket);\n    room.welcome(socket);', '    room.welcome(socket);'],
    ['sockets/door.test'],
  ),
  slip(
    'frames: a connection outlives a token that ends later',
    DOOR,
    [
      'for (const socket of namespace.sockets.values()) endInTime(socket);',
      'for (const socket of [] as In[]) endInTime(socket);',
    ],
    ['sockets/door.test'],
  ),
  slip(
    'frames: cookies count without an origin',
    DOOR,
    ['const count = origin !== undefined && cookiesCount', 'const count = cookiesCount'],
    ['sockets/access-sockets'],
  ),
  slip(
    'frames: one may knock without end',
    DOOR,
    ['const MOST_KNOCKS = 8;', 'const MOST_KNOCKS = 8000;'],
    ['sockets/door.test'],
  ),
  slip(
    'frames: guesses over a socket do not count',
    DOOR,
    [
      'await deps.judge(socket.request, asRefusal(error, deps.onError))',
      'await Promise.resolve(asRefusal(error, deps.onError))',
    ],
    ['sockets/door.test'],
  ),
  slip(
    "frames: another site's page may connect",
    SOCKETS,
    ['if (deps.outside.isForeign(request)) {', 'if (request.url === undefined) {'],
    ['sockets/access-sockets'],
  ),
  slip(
    'frames: packets of a megabyte',
    SOCKETS,
    ['const LARGEST_PACKET = 8 * 1024;', 'const LARGEST_PACKET = 1024 * 1024;'],
    ['sockets/silence-frames', 'sockets/hostile-sockets'],
  ),
  slip(
    'frames: packets in as many pieces as one likes',
    TAKING,
    ['      maxFragments: MOST_FRAGMENTS,\n', ''],
    ['sockets/hostile-sockets', 'sockets/hostile-mute'],
  ),
  slip(
    'frames: bytes in as many pieces as one likes',
    TAKING,
    ['      maxBufferedChunks: MOST_PIECES,\n', ''],
    ['sockets/lean'],
  ),
  slip(
    'frames: whoever enters no namespace stays connected',
    SOCKETS,
    ['connectTimeout: 10_000', 'connectTimeout: 10_000_000'],
    ['sockets/hostile-mute', 'sockets/hostile-sockets'],
  ),
  slip(
    'frames: what comes may be compressed',
    TAKING,
    [
      'Connection: Upgrade\\r\\nSec-WebSocket-Accept',
      'Connection: Upgrade\\r\\nSec-WebSocket-Extensions: permessage-deflate\\r\\nSec-WebSocket-Accept',
    ],
    ['sockets/lean'],
  ),
  slip(
    'frames: a drain goes by the order of arrival',
    'src/sockets/drain.ts',
    ['shuffled(all, random)', '[...all]'],
    ['sockets/drain-order'],
  ),
  slip(
    'frames: a drain tells phones that all is over',
    'src/sockets/drain.ts',
    ['socket.conn.close();', 'socket.disconnect(true);'],
    ['sockets/drain.test', 'sockets/drain-order'],
  ),
  slip(
    'frames: the seal says of which NoSo it is',
    SEALING,
    ["text]).toString('base64') };", "text]).toString('base64'), ...{ say: message.say } };"],
    ['sockets/sealing'],
  ),
  slip(
    'frames: all seals are of one pad',
    SEALING,
    ['const iv = randomBytes(IV);', 'const iv = Buffer.alloc(IV);'],
    ['sockets/sealing'],
  ),
  slip(
    'frames: a word that the store does not take ends the process',
    CONTROL,
    [
      '.catch((error: unknown) => {\n      onError(error);\n      return 0;\n    })',
      '.then((told) => told)',
    ],
    ['sockets/sealing'],
  ),
];
