import { hourInProse, say, type Words, type Zone } from '../../src/service/words.js';
import type { Room, Waiting } from './tally.js';

/** What the shell hands the page: the words of its language. */
export type Spoken = {
  language: string;
  door: Words['door'];
  time: Words['time'];
  errors: Words['errors'];
};

/** The sentences of a door. Hours are the venue's, as soon as it is known which that is. */
export function createSayings({ language, door, time }: Spoken) {
  let zone: Zone | null = null;
  const hour = (at: number): string => {
    if (zone) return hourInProse(time, zone, at);
    const here = new Date(at);
    const two = (n: number) => String(n).padStart(2, '0');
    return say(language, time.hour, {
      ...{ h: here.getHours(), h2: two(here.getHours()), mm: two(here.getMinutes()) },
    });
  };

  function listed({ entries, exits, undos }: Waiting): string {
    const parts = [
      entries > 0 && say(language, door.entries, { n: entries }),
      exits > 0 && say(language, door.exits, { n: exits }),
      undos > 0 && say(language, door.undos, { n: undos }),
    ].filter((part): part is string => part !== false);
    const last = parts.pop() ?? '';
    return parts.length === 0 ? last : `${parts.join(', ')} ${door.and} ${last}`;
  }

  return {
    at(found: Zone): void {
      zone = found;
    },
    hour,
    /** What waits here, and where that is. */
    waiting(waiting: Waiting, lasting: boolean): string {
      const n = waiting.entries + waiting.exits + waiting.undos;
      if (n === 0) return '';
      return say(language, lasting ? door.waitHere : door.waitPage, { n, what: listed(waiting) });
    },
    room(room: Room): string {
      switch (room.is) {
        case 'open':
          return door.noLimit;
        case 'roomy':
          return say(language, door.ofSeats, { n: room.capacity });
        case 'nearly':
          return say(language, door.left, { n: room.left });
        case 'full':
          return say(language, door.allTaken, { n: room.capacity });
      }
    },
    asOf: (at: number) => say(language, door.asOf, { hour: hour(at) }),
    here: (n: number) => say(language, door.here, { n }),
    over: (n: number) => say(language, door.over, { n }),
    lost: (n: number) => say(language, door.lost, { n }),
    undo: (what: 'in' | 'out', at: number) =>
      say(language, what === 'in' ? door.undoIn : door.undoOut, { hour: hour(at) }),
    notPaper: (number: string) => say(language, door.notPaper, { number }),
    paperRefused: (number: string, why: string) => say(language, door.refused, { number, why }),
    notYet: (at: number | null) =>
      at === null ? door.notYetAt : say(language, door.notYet, { hour: hour(at) }),
    begins: (ms: number) => say(language, door.begins, { n: Math.ceil(ms / 60_000) }),
  };
}

export type Sayings = ReturnType<typeof createSayings>;
