import type { Noso } from '../../src/protocol/wire.js';
import { hourInProse, say, type Words } from '../../src/service/words.js';
import { qrSquare } from './qrSquare.js';

/** What is said on paper, and how hours are. */
export type Said = { language: string; print: Words['print']; time: Words['time'] };

/** Two by four on a sheet. */
const SLIPS = 8;
/** The exit's code is scanned from a step away: pixels a module. */
const MODULE = 15;
/** The other poster's squares, px. */
const SQUARE = 146;
/** … and where the Wi-Fi's row takes some of its room. */
const SMALLER = 106;

/** As phones' cameras read it: joins an open Wi-Fi. */
const joining = (name: string): string =>
  `WIFI:T:nopass;S:${name.replace(/[\\;,:"]/g, (sign) => `\\${sign}`)};;`;

function part(tag: string, className: string, into: HTMLElement, text = ''): HTMLElement {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  text.split('|').forEach((line, k) => {
    if (k > 0) made.append(document.createElement('br'));
    made.append(line);
  });
  into.append(made);
  return made;
}

/** The sheets and posters of one NoSo, at the venue's hours. */
export function createPaper({ language, print, time }: Said, noso: Noso, publicUrl: string) {
  const { venue, title } = noso;
  const starts = Date.parse(noso.startsAt);
  const hour = (at: number) => hourInProse(time, venue, at);
  const ends = hour(Date.parse(noso.endsAt));
  const where = say(language, print.place, { venue: venue.name, city: venue.city });
  const main = part('main', '', document.body);

  function day(): string {
    const as = { weekday: 'long', day: 'numeric', month: 'long' } as const;
    try {
      return new Intl.DateTimeFormat(language, { ...as, timeZone: venue.timeZone }).format(starts);
    } catch {
      // A browser that does not know the zone: the day is that of its offset.
      const there = starts + (venue.utcOffset ?? 0) * 60_000;
      return new Intl.DateTimeFormat(language, { ...as, timeZone: 'UTC' }).format(there);
    }
  }

  /** A heading, a line of two ends, and numbered rows: what comes first is said first. */
  function poster(heading: string, right: string, rows: string[]): HTMLElement {
    const page = part('section', 'poster', main);
    part('h1', '', page, heading);
    const top = part('p', 'top', page);
    part('span', '', top, title);
    part('span', '', top, right);
    const list = part('ol', '', page);
    rows.forEach((row, k) => {
      const [first = '', second = ''] = row.split('|');
      const item = part('li', '', list);
      part('i', '', item, String(k + 1));
      const text = part('span', '', item, `${first} `);
      part('span', 'soft', text, second);
    });
    return page;
  }

  return {
    sheets(numbers: readonly string[]): void {
      const of = Math.ceil(numbers.length / SLIPS);
      for (let n = 1; n <= of; n += 1) {
        const sheet = part('section', 'sheet', main);
        for (const line of ['v one', 'v two', 'v three']) part('i', line, sheet);
        for (const line of ['a', 'b', 'c', 'd', 'e']) part('i', `h ${line}`, sheet);
        for (const number of numbers.slice((n - 1) * SLIPS, n * SLIPS)) {
          const slip = part('div', 'slip', sheet);
          part('p', 'number', slip, number);
          part('p', '', slip, say(language, print.until, { title, until: ends }));
          part('p', 'soft', slip, print.rules);
          part('p', '', slip, print.leave);
        }
        const last = say(language, print.sheet, { title, date: day(), n, of });
        part('p', 'last soft', sheet, last);
      }
      if (of === 0) part('p', 'note', main, print.none);
    },

    /** `wifi`: the name of an open one that leads here; then its square stands above. */
    how(wifi: string | null): void {
      const doors = hour(starts - (noso.gather ?? 0) * 60_000);
      const { how } = print;
      const date = say(language, print.dateAt, { date: day(), hour: hour(starts) });
      const page = poster(how.heading, date, [
        say(language, how.doors, { doors, starts: hour(starts) }),
        wifi === null ? how.scan : say(language, how.join, { wifi }),
        ...[how.lock, how.not],
        say(language, how.stay, { ends }),
      ]);
      const foot = part('div', 'foot', page);
      const text = part('div', '', foot);
      part('p', '', text, print.meet);
      part('p', 'soft', text, `${print.noPhone}|${where}`);
      foot.append(qrSquare(`${publicUrl}/n/${noso.id}`, () => (wifi === null ? SQUARE : SMALLER)));
      if (wifi === null) return;
      const join = part('figure', '', page);
      join.append(qrSquare(joining(wifi), () => SQUARE));
      part('figcaption', '', join, how.wifi);
    },

    exit(): void {
      const { exit } = print;
      const page = poster(exit.heading, where, [exit.scan, exit.give, exit.paper]);
      const foot = part('div', 'foot square', page);
      foot.append(qrSquare(`${publicUrl}/out`, (modules) => modules * MODULE));
      const text = part('div', '', foot);
      const address = `${publicUrl.replace(/^https?:\/\//, '')}/out`;
      part('p', '', text, say(language, exit.type, { address }));
      part('p', 'soft', text, say(language, exit.may, { ends }));
    },

    note: (text: string): void => void part('p', 'note', main, text),
  };
}
