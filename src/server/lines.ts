import { wallsApi } from '../http/api/walls.js';
import { createBroadcast } from '../live/broadcast.js';
import { createGlances } from '../live/glances.js';
import { createStage, type Show } from '../live/stage.js';
import { createHearing } from '../service/hearing.js';
import { clearLeftovers } from '../service/leftovers.js';
import { doorNamespace } from '../sockets/doors.js';
import type { Io } from '../sockets/io.js';
import { organizerNamespace } from '../sockets/organizer.js';
import { phoneNamespace } from '../sockets/phone.js';
import { wallNamespace } from '../sockets/wall.js';
import type { Apis } from './apis.js';
import type { ServerDeps, Tools } from './serverDeps.js';
import type { Services } from './services.js';

/** Who is connected, by audience; what they are shown, and what nodes tell each other of them. */
export function assembleLines(
  io: Io,
  { engine, clock, publicUrl }: ServerDeps,
  { control, metrics, notes, random, onError }: Tools,
  services: Services,
  { api, callerOf, judge, pairing, screens, version }: Apis,
) {
  const { catalogue, codes, exchanges, gate, jar, nosos, now, reception, sessions, writing } =
    services;
  const { refused } = metrics;
  const broadcast = createBroadcast({ engine, clock, catalogue, random, onError });
  const room = {
    gate,
    jar,
    publicUrl,
    judge,
    callerOf,
    refused,
    onError,
    now,
    after: clock.after,
    every: clock.every,
    catalogue,
    broadcast,
  };
  const phones = phoneNamespace(io, {
    ...room,
    reception,
    hearing: createHearing({ engine, clock, catalogue, onError }),
    seated: metrics.seated,
  });
  const stage = { engine, clock, catalogue, codes, publicUrl, version, broadcast, random, onError };
  const stageOf = (venue: string, show: Show) => createStage({ venue, show, ...stage });
  const glances = createGlances({ clock, catalogue, stageOf });
  wallsApi(api, pairing, glances.of);
  const walls = wallNamespace(io, {
    ...room,
    stageOf,
    alive: (ids) => engine.beat(ids),
    screens,
  });
  const strained = exchanges.strained;
  const consoles = organizerNamespace(io, { ...room, notes, sessions, strained });
  const doors = doorNamespace(io, {
    ...room,
    here: (noso) => engine.doors(noso),
    alive: (ids) => engine.beat(ids),
  });
  const leftovers = clearLeftovers({ engine, clock, catalogue, wrote: writing.wrote, onError });
  metrics.watch({
    phones: phones.count,
    walls: walls.count,
    consoles: consoles.count,
    doors: doors.count,
    openNosos: () => [...nosos()].filter((n) => n.life.is === 'open').length,
  });
  control.listen((message, own) => {
    if (message.say === 'left') phones.left(message.noso, message.seats, message.voided);
    else if (message.say === 'identify') walls.identify(message.wall, message.until);
    else if (message.say === 'screens') screens.hear(message.screens);
    else if (message.say === 'arrived') walls.repeat();
    else if (message.say === 'strained') exchanges.heard(message.noso);
    else if (message.say === 'over') {
      sessions.hear(message.session);
      consoles.ended();
    } else if (message.say === 'note') {
      if (!own) notes.hear(message.note);
    } else if (!own) catalogue.refresh().catch(onError); // who wrote has read it
  });
  return { phones, walls, glances, consoles, doors, broadcast, leftovers };
}
