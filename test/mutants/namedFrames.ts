import { type NamedFault, slip } from './slip.js';

const PHONE = 'src/sockets/phone.ts';
const WALL = 'src/sockets/wall.ts';
const LEAN = 'src/sockets/lean.ts';
const CONSOLES = 'src/sockets/organizer.ts';
const DOORS = 'src/sockets/doors.ts';
const STAGE = 'src/live/stage.ts';

/** Faults of what is told over sockets, to whom, and until when. */
export const FRAMES: NamedFault[] = [
  slip(
    'frames: a snapshot shows what no tick has shown',
    'src/live/holding.ts',
    ['lastTick(noso.veil, engine.now())', 'engine.now()'],
    ['live/feed'],
  ),
  slip(
    'frames: numbers where the count alone is to be shown',
    'src/live/holding.ts',
    ["noso.show === 'numbers' && count", 'count'],
    ['live/feed', 'live/stage', 'sockets/wall.test'],
  ),
  slip(
    'frames: a count says what no tick has shown',
    STAGE,
    [
      'return { epoch, seq, count, serverTime: engine.now() };',
      'return { epoch, seq, count, serverTime: engine.now(), ...{ news: (following?.feed.state() as { pending?: object } | undefined)?.pending } };',
    ],
    ['sockets/silence-shapes'],
  ),
  slip(
    'frames: numbers say when they were shown to a node',
    STAGE,
    [
      '        from,\n        seq,',
      '        from,\n        ...{ at: engine.now() },\n        seq,',
    ],
    ['sockets/silence-shapes'],
  ),
  slip(
    'frames: a snapshot of a store that was not read lately',
    STAGE,
    ['if (!isLive()) throw new Refusal', 'if (reading === null) throw new Refusal'],
    ['live/stage'],
  ),
  slip(
    'frames: who keeps no connection is told of the NoSo that was',
    'src/live/glances.ts',
    ['stage.changed();', ''],
    ['http/screens'],
  ),
  slip(
    'frames: a word after leave is passed over',
    PHONE,
    ['if (said.length > 0) socket.disconnect(true);\n        else onLeave', 'onLeave'],
    ['sockets/silence.test'],
  ),
  slip(
    'frames: what the library passes over is passed over',
    PHONE,
    ['    judgePackets(conn, mayBeHeard);\n', ''],
    ['sockets/silence.test'],
  ),
  slip(
    'frames: whoever leaves is told how many stay',
    PHONE,
    ['ack?.({ ok: true });', 'ack?.({ ok: true, ...{ stay: here.at(socket.data.noso).length } });'],
    ['sockets/silence.test'],
  ),
  slip(
    'frames: phones stay after the close',
    PHONE,
    ["if (life === 'closed' || life === 'cancelled')", "if (life === 'cancelled')"],
    ['sockets/silence-frames'],
  ),
  slip(
    'frames: a phone that came in the midst of the close stays',
    PHONE,
    ["if (catalogue.noso(phone.noso)?.life.is === 'closed') tell(socket, 'closed');", ''],
    ['sockets/rooms'],
  ),
  slip(
    'frames: passes stay in memory while phones are connected',
    PHONE,
    ['phone.seat = null;', ''],
    ['sockets/rooms'],
  ),
  slip(
    'frames: one number is connected as often as it likes',
    'src/sockets/phonesHere.ts',
    ['tabs && tabs.length > MOST ?', 'tabs && tabs.length > 1e9 ?'],
    ['sockets/rooms'],
  ),
  slip(
    'frames: an older word ends a later sitting',
    PHONE,
    ['sitting === null || socket.data.sitting <= sitting', 'sitting === null || sitting >= 0'],
    ['sockets/rooms'],
  ),
  slip(
    'frames: tokens stay in memory while somebody is connected',
    LEAN,
    ['(socket as { handshake: object }).handshake = NO_HANDSHAKE;', ''],
    ['sockets/lean', 'programs/live-memory'],
  ),
  slip(
    'frames: addresses and agents stay in memory while somebody is connected',
    LEAN,
    ['conn.request = NO_REQUEST;', ''],
    ['sockets/lean', 'programs/live-memory'],
  ),
  slip(
    'frames: a wall that was revoked stays',
    WALL,
    ['if (!catalogue.wall(wall) || !catalogue.venue(venue))', 'if (!catalogue.venue(venue))'],
    ['sockets/wall-venue'],
  ),
  slip(
    'frames: a wall may ask as often as it likes',
    WALL,
    ['if (data.syncs > MOST_SYNCS) throw', 'if (data.syncs < 0) throw'],
    ['sockets/wall-slow', 'sockets/hostile-sockets', 'sockets/access-rows', 'sockets/wall.test'],
  ),
  slip(
    'frames: a wall may change its word as often as it likes',
    WALL,
    ['if (word !== undefined && !often)', 'if (word !== undefined)'],
    ['sockets/rooms'],
  ),
  slip(
    'frames: a wall is told what is new before it was shown anything',
    WALL,
    ['socket.data.shown && !behind.has(socket)', '!behind.has(socket)'],
    ['sockets/rooms'],
  ),
  slip(
    'frames: what waits for a slow wall is not bounded',
    WALL,
    ['frames > WAITING_FRAMES || bytes > WAITING_BYTES', 'frames > 1e6 || bytes > 1e9'],
    ['sockets/wall-slow'],
  ),
  slip(
    'frames: every wall shows its name when one is asked to',
    WALL,
    ['if (socket.data.wall === wall) socket.emit', 'if (wall) socket.emit'],
    ['http/screens'],
  ),
  slip(
    'frames: consoles are told over the store what each node counts',
    CONSOLES,
    ['namespace.local.to(CONSOLES)', 'namespace.to(CONSOLES)'],
    ['sockets/desks'],
  ),
  slip(
    'frames: a console is told an old count as a live one',
    CONSOLES,
    ['if (!state || !broadcast.isLive(feed)) return;', 'if (!state) return;'],
    ['sockets/desks'],
  ),
  slip(
    'frames: the programme says an old count as a live one',
    CONSOLES,
    ['feed && broadcast.isLive(feed) ?', 'feed ?'],
    ['sockets/desks'],
  ),
  slip(
    'frames: an organizer whose key was taken back stays',
    CONSOLES,
    ['if (organizer !== null && !catalogue.organizer(organizer)) socket.disconnect(true);', ''],
    ['sockets/wall-venue'],
  ),
  slip(
    'frames: an owner who signed out stays',
    CONSOLES,
    ['if (session && (await sessions.isOver(session)))', 'if (session && session.until < 0)'],
    ['http/sign-out'],
  ),
  slip(
    'frames: a door that was revoked stays',
    DOORS,
    [
      "if (!catalogue.door(id) || (life !== 'open' && life !== 'scheduled')) end",
      "if (life !== 'open' && life !== 'scheduled') end",
    ],
    ['sockets/desks'],
  ),
  slip(
    'frames: a door is told an old count as a live one',
    DOORS,
    ['|| !noso || !broadcast.isLive(feed)) return;', '|| !noso) return;'],
    ['sockets/desks'],
  ),
  slip(
    'frames: a door is told what all doors seated',
    DOORS,
    [
      'entry.here.get(socket.data.door) ?? 0',
      '[...entry.here.values()].reduce((sum, each) => sum + each, 0)',
    ],
    ['sockets/desks', 'http/doors'],
  ),
];
