/** Nothing planned, and a wall that has no venue: yet, any more, or at all. */
import { hourInProse, say, type Text } from '../../../src/service/words.js';
import type { Scene } from '../model/scene.js';
import { LABEL, LABEL_DISTANCE, sizeFor, TRACKING } from './figure.js';
import { cutEnd, EMPTY, type End, footMarks } from './foot.js';
import { besideTitle, type Lead, onTitle } from './hang.js';
import { figureAt, lineAt, type Marks, type Tone } from './mark.js';
import { hairline, hourOf, ink, or, placeName, roomOf, type Setting, titleMarks } from './parts.js';
import { tracked, wrapped } from './typeface.js';

type Of<K extends Scene['kind']> = Extract<Scene, { kind: K }>;

export function nothing(setting: Setting, scene: Of<'nothing'>): Marks {
  const { wall, language, frame } = setting;
  const { venue } = scene.view;
  const end: End = scene.cut === null ? { is: 'nothing' } : cutEnd(wall.cut, '');
  const where = placeName(roomOf(scene.view) || venue.address, venue.city);
  const title = titleMarks(setting, venue.name, frame.inner, frame.top);
  const marks = { ...title.marks, ...hairline(setting, 1) };
  if (!scene.next)
    return {
      ...marks,
      ...footMarks(setting, { ...EMPTY, head: wall.nothing, under: where, third: '', end }),
    };
  const startsAt = Date.parse(scene.next.startsAt);
  const day = dayIn(language, venue.timeZone, startsAt);
  const from = hourOf(setting, { venue }, startsAt);
  const to = hourOf(setting, { venue }, Date.parse(scene.next.endsAt));
  const span = from && to && say(language, wall.span, { from, to });
  return {
    ...marks,
    ...footMarks(setting, {
      head: scene.next.title,
      under: where,
      hour: day,
      remaining: span,
      third: placeName(day, from),
      end,
    }),
  };
}

/** "jeudi 12 novembre"; '' where that is no day, or the browser does not know the zone. */
const dayIn = (language: string, timeZone: string, at: number): string =>
  or(
    () =>
      new Intl.DateTimeFormat(language, {
        timeZone,
        weekday: 'long',
        day: 'numeric',
        month: 'long',
      }).format(at),
    '',
  );

const minutes = (ms: number) => Math.max(1, Math.ceil(ms / 60_000));

/** Between the deepest ink of a code and the sentence below it, U. */
const CLEAR = 2;

/** Who installs a screen reads both languages: what its browser speaks first. */
export function pairing(setting: Setting, scene: Of<'pairing'>): Marks {
  const { frame, type, wall, language, other } = setting;
  const { code, url, left, lasts } = scene.offer;
  const size = sizeFor(frame, tracked(type, code, TRACKING));
  const baseline = frame.snap(frame.top + type.cap * size);
  const depth = type.depth(code) * size;
  const under = Math.max(LABEL_DISTANCE * frame.unit, depth + CLEAR * frame.unit);
  const place = {
    size,
    baseline,
    label: {
      size: LABEL * frame.unit,
      baseline: frame.snap(baseline + under + type.cap * LABEL * frame.unit),
    },
  };
  const portrait = frame.form === 'portrait';
  const above = place.label.baseline + 10 * frame.unit;
  const lead: Lead = { url, under: '', isCode: true };
  const hung = portrait
    ? onTitle(setting, lead, above, frame.hairline)
    : besideTitle(setting, lead);
  const room = portrait ? frame.inner : hung.rect.left - 3 * frame.unit - frame.left;
  const line = (text: string, down: number, tone: Tone) =>
    lineAt(type, frame.left, {
      text,
      baseline: place.label.baseline + down * frame.unit,
      size: place.label.size,
      smallest: 3.6 * frame.unit,
      room,
      tone,
    });
  const figure = figureAt(frame, type, code, place, ink(setting, false));
  const n = minutes(left);
  const then = (language: string, text: Text) => say(language, text, { n });
  return {
    figure: { ...figure, tabular: false },
    label: line(wall.pairing, 0, 'paper'),
    page: line(other.wall.pairing, 8, 'ash'),
    ...hairline(setting, 1 - left / lasts),
    ...footMarks(setting, {
      head: scene.address,
      under: `${wall.orScan} · ${other.wall.orScan}`,
      brief: wall.orScan,
      hour: then(language, wall.thenAnother),
      remaining: then(other.language, other.wall.thenAnother),
      third: then(language, wall.thenAnother),
      end: { is: 'nothing' },
    }),
    ...hung.marks,
  };
}

/** A token that opens nothing: said in both languages, with a code that ties the screen anew. */
export function refused(setting: Setting, scene: Of<'refused'>): Marks {
  const { wall, language, time } = setting;
  const { wall: known, offer } = scene;
  const day = known && or(() => weekday(language, known.timeZone, known.since), '');
  const hour = known ? or(() => hourInProse(time, known, known.since), '') : '';
  const since = day && hour ? say(language, wall.since, { day, hour }) : '';
  return {
    ...message(setting, ({ revoked, revokedMore, unknown, unknownMore }) =>
      known ? [revoked, revokedMore] : [unknown, unknownMore],
    ),
    ...footMarks(setting, {
      ...EMPTY,
      head: known?.name ?? scene.address.replace('/organize', '/wall'),
      under: known ? since : wall.noVenue,
      end: offer
        ? {
            is: 'offer',
            code: offer.code,
            url: offer.url,
            under: say(language, wall.minutesLeft, { n: minutes(offer.left) }),
          }
        : { is: 'nothing' },
    }),
  };
}

/** An address that is not the server's own: whoever installs the screen, or runs the server, can mend it. */
export function foreign(setting: Setting, scene: Of<'foreign'>): Marks {
  const { here, own } = scene;
  return {
    ...message(setting, (wall) => [wall.foreign, say('', wall.foreignMore, { here })]),
    ...footMarks(setting, { ...EMPTY, head: `${own.replace(/^[a-z]+:\/\//, '')}/wall` }),
  };
}

/** A sentence and what to do, on black, in both languages: one above, the other on the hairline. */
function message(setting: Setting, sentences: (wall: Setting['wall']) => string[]): Marks {
  const { frame, type } = setting;
  const [large, small] = [6 * frame.unit, 3.6 * frame.unit];
  const apart = 4.6 * frame.unit + type.cap * small;
  const leading = 1.35 * small;
  const more = (text = '') => wrapped(type, text, frame.inner / small, 2);
  const at = (text: string, on: number, size: number, tone: Tone) => {
    const baseline = frame.snap(on);
    const line = { text, baseline, size, smallest: small, room: frame.inner, tone };
    return lineAt(type, frame.left, line);
  };
  const [own = '', ownMore] = sentences(setting.wall);
  const [others = '', othersMore] = sentences(setting.other.wall);
  const upper = frame.top + type.cap * large;
  const lower = more(othersMore);
  const last = frame.hairline - 5 * frame.unit;
  const lowest = last - (lower.length - 1) * leading;
  const [one = '', two = ''] = more(ownMore);
  return {
    title: at(own, upper, large, 'paper'),
    title2: at(one, upper + apart, small, 'ash'),
    title3: at(two, upper + apart + leading, small, 'ash'),
    label: at(others, lowest - apart, large, 'paper'),
    title4: at(lower[0] ?? '', lowest, small, 'ash'),
    title5: at(lower[1] ?? '', last, small, 'ash'),
    ...hairline(setting, 1),
  };
}

const weekday = (language: string, timeZone: string, at: number): string =>
  new Intl.DateTimeFormat(language, { timeZone, weekday: 'long' }).format(at);
