/** The parts that several scenes share. */
import type { Venue } from '../../../src/protocol/wire.js';
import { type Holes, hourInProse, say, type Text, type Words } from '../../../src/service/words.js';
import type { View } from '../model/held.js';
import { COLON, clockWidth, GAP, type Place, placeOf, sizeFor, TRACKING } from './figure.js';
import type { Frame } from './frame.js';
import { figureAt, flushed, lineAt, type Marks, type Shift, type Tone } from './mark.js';
import { isWhole, type Type, tracked, wrapped } from './typeface.js';

/** All that a picture is composed with. */
export type Setting = {
  frame: Frame;
  type: Type;
  wall: Words['wall'];
  time: Words['time'];
  language: string;
  /** The other language, for who installs a screen. */
  other: { wall: Words['wall']; language: string };
  /** Motion is to be reduced: the hairline steps once a minute. */
  stepped: boolean;
};

export const DASH = '–';
/** Of the hollow figure, in U. */
const OUTLINE = 0.42;

/** What there is to say; '' where this browser cannot say it: one datum stops nothing else (F9). */
export function or<T>(say: () => T, otherwise: T): T {
  try {
    return say();
  } catch {
    return otherwise;
  }
}

/** An hour at a venue; '' if it is none. */
export const hourOf = (setting: Setting, noso: { venue: Venue }, at: number): string =>
  or(() => hourInProse(setting.time, noso.venue, at), '');

/** A text that says an hour; '' where there is none to say. */
export function sayHour(
  setting: Setting,
  text: Text,
  noso: { venue: Venue },
  at: number,
  holes: Holes = {},
): string {
  const hour = hourOf(setting, noso, at);
  return hour === '' ? '' : say(setting.language, text, { ...holes, hour });
}

export const placeName = (...parts: (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(', ');

/** The room that this wall hangs in, where its venue has several walls. */
export const roomOf = ({ wall }: View): string => (wall && (wall.walls ?? 1) > 1 ? wall.name : '');

/** The hairline is the clock: grey is gone, white is left. `gone`: 0 to 1. */
export function hairline({ frame }: Setting, gone: number): Marks {
  const { left, right, inner, hairline: y, hair: height } = frame;
  const at = left + frame.snap(Math.min(1, Math.max(0, gone)) * inner);
  return {
    ...(at > left && {
      past: { kind: 'bar', x: left, y, width: at - left, height, tone: 'line' },
    }),
    ...(at < right && {
      left: { kind: 'bar', x: at, y, width: right - at, height, tone: 'paper' },
    }),
  };
}

/** A line under the figure. */
export const labelMark = (setting: Setting, text: string, place: Place, tone: Tone): Marks => ({
  label: lineAt(setting.type, setting.frame.left, {
    text,
    baseline: place.label.baseline,
    size: place.label.size,
    room: setting.frame.inner,
    tone,
  }),
});

/** Sizes of a title in U, and how many lines it may have of each. */
const TITLES = [
  [9, 1],
  [9, 2],
  [7.5, 2],
  [6, 3],
  [6, 5],
] as const;
const TITLE_SLOTS = ['title', 'title2', 'title3', 'title4', 'title5'] as const;
const TITLE_LEADING = 1.16;

/**
 * A large text on the hairline, as large as it fits into `room` by as many lines as begin below
 * `above`. `top`: of its capitals.
 */
export function titleMarks(
  setting: Setting,
  text: string,
  room: number,
  above: number,
): { marks: Marks; top: number } {
  const { frame, type } = setting;
  const last = frame.snap(frame.hairline - 5 * frame.unit);
  let best: { marks: Marks; top: number } = { marks: {}, top: last };
  for (const [size, most] of TITLES) {
    const em = size * frame.unit;
    const fit = 1 + Math.floor((last - above - type.cap * em) / (TITLE_LEADING * em));
    const broken = wrapped(type, text, room / em, Math.max(1, Math.min(most, fit)));
    const first = last - (broken.length - 1) * TITLE_LEADING * em;
    const marks: Marks = {};
    const lines = broken.map((each, row) => {
      const baseline = frame.snap(first + row * TITLE_LEADING * em);
      return lineAt(type, frame.left, { text: each, baseline, size: em, room, tone: 'paper' });
    });
    flushed(type, lines).forEach((line, row) => {
      marks[TITLE_SLOTS[row] ?? 'title'] = line;
    });
    best = { marks, top: first - type.cap * em };
    if (isWhole(broken, text)) break;
  }
  return best;
}

/** "4:18", "13:30" or the dash, in the figure's corner. */
export function clockFigure(setting: Setting, text: string, hollow: boolean): [Marks, Place] {
  const { frame, type } = setting;
  const width = clockWidth(type, text === DASH ? '0:00' : text);
  const place = placeOf(frame, type, sizeFor(frame, width));
  const rest = { ...ink(setting, hollow), shifts: aroundColons(text) };
  return [{ figure: figureAt(frame, type, text, place, rest) }, place];
}

/** Colons stand a little apart, and higher than among small letters: digits are tall. */
function aroundColons(text: string): Shift[] {
  const shifts: Shift[] = [];
  [...text].forEach((letter, at) => {
    if (letter !== ':') return;
    shifts.push({ at, dx: COLON.apart, dy: -COLON.raised });
    shifts.push({ at: at + 1, dx: COLON.apart, dy: COLON.raised });
  });
  return shifts;
}

/** A dash where a count would be. */
export const dash = (setting: Setting, hollow: boolean): Marks =>
  clockFigure(setting, DASH, hollow)[0];

/** A word in the figure's corner, as large as it fits the figure's width. */
export function wordFigure(setting: Setting, text: string): [Marks, Place] {
  const { frame, type } = setting;
  const place = placeOf(frame, type, sizeFor(frame, tracked(type, text, TRACKING)));
  const figure = figureAt(frame, type, text, place, ink(setting, false));
  return [{ figure: { ...figure, tabular: false } }, place];
}

/** Filled in paper, or hollow in amber: not live. */
export function ink({ frame }: Setting, hollow: boolean) {
  return {
    tone: hollow ? ('amber' as const) : ('paper' as const),
    outline: hollow ? OUTLINE * frame.unit : 0,
    tracking: TRACKING,
    shifts: [] as Shift[],
  };
}

/** A count in the figure's corner. */
export function countFigure(setting: Setting, count: number, place: Place, hollow: boolean): Marks {
  const text = String(count);
  const shifts: Shift[] = [];
  for (let at = text.length - 3; at > 0; at -= 3) shifts.unshift({ at, dx: GAP, dy: 0 });
  const { frame, type } = setting;
  return { figure: figureAt(frame, type, text, place, { ...ink(setting, hollow), shifts }) };
}
