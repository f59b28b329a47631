/** Where the field has its place: beside the code while it gathers, around the figure from then on. */
import { forms, say } from '../../../src/service/words.js';
import type { CodeStage } from '../model/scene.js';
import { clearingOf, clockWidth, countOnlyPlace, pageLine, placeOf, sizeFor } from './figure.js';
import { gridOf, preferred, type Room, UNDER } from './grid.js';
import { APART, AWAY, type Hung, inCorner, type Lead, largest, onTitle, SIDE } from './hang.js';
import type { Setting } from './parts.js';

/** How large the code hangs in the corner during the silence, in U; 0: it is in the foot. */
export type Hanging = 54 | 30 | 20 | 0;

/** The labels that a live count may have; the field keeps clear of the widest. */
export const liveLabels = ({ wall }: Setting): string[] => [wall.nobody, ...forms(wall.during)];

const widest = (setting: Setting): number =>
  Math.max(...liveLabels(setting).map((text) => setting.type.width(text)));

/** Width of the widest line that says which page this is, in em. */
function pageWidth({ type, wall, language }: Setting, paged: boolean): number {
  if (!paged) return 0;
  const holes = { page: 88, pages: 88, from: 888_888, to: 888_888 };
  return type.width(say(language, wall.fieldPage, holes));
}

/** Stands for any code: where it hangs does not depend on it. */
const SOME_CODE: Lead = { url: '', under: 'XXX-XXX-XXX', isCode: true };
/** Numbers keep so much (U) above what stands on the hairline. */
const ABOVE_TITLE = 4;
/** In portrait the field keeps this much (U) more below the figure. */
const LOWER = 1;

/** The code in the corner of a silence with a field. */
export function cornerCode(
  setting: Setting,
  lead: Lead,
  hanging: Exclude<Hanging, 0>,
  { digits, countOnly, paged }: { digits: number; countOnly: boolean; paged: boolean },
): Hung {
  const { frame, type } = setting;
  const first = clearingOf(frame, type, digits, widest(setting), 12, pageWidth(setting, paged));
  const alone = countOnly && countOnlyPlace(frame, type, digits, null).label;
  const bottom = alone ? alone.baseline + 0.2 * alone.size : first.bottom;
  return inCorner(setting, lead, hanging, bottom + (UNDER + LOWER) * frame.unit);
}

export function silenceRoom(
  setting: Setting,
  hanging: Hanging,
  digits: number,
  seats: number,
  paged: boolean,
): Room {
  const { frame, type } = setting;
  const { left, right, top, fieldEnd, unit } = frame;
  const clear = [
    clearingOf(frame, type, digits, widest(setting), seats, pageWidth(setting, paged)),
  ];
  if (hanging !== 0) {
    const shape = { digits, countOnly: false, paged };
    clear.push(cornerCode(setting, SOME_CODE, hanging, shape).rect);
  }
  const below = frame.form === 'portrait' ? LOWER * unit : 0;
  return { area: { left, right, top, bottom: fieldEnd }, clear, unit, below };
}

/** The tallest countdown, so that nothing moves when it loses a digit. */
export const tallest = ({ frame, type }: Setting) =>
  placeOf(frame, type, sizeFor(frame, clockWidth(type, '0:00')));

/** Top of the capitals of what stands on the hairline while it gathers, at 9 U. */
export const lineTop = ({ frame, type }: Setting): number =>
  frame.snap(frame.hairline - 5 * frame.unit) - type.cap * 9 * frame.unit;

/** The code of a portrait wall that gathers. */
export const standingCode = (setting: Setting, lead: Lead): Hung =>
  onTitle(
    setting,
    lead,
    tallest(setting).label.baseline + APART * setting.frame.unit,
    lineTop(setting),
  );

export function gatheringRoom(setting: Setting, paged: boolean): Room {
  const { frame, type } = setting;
  const { unit, left } = frame;
  const place = tallest(setting);
  const last = paged ? pageLine(frame, type, place) : place.label;
  const portrait = frame.form === 'portrait';
  const top = last.baseline + 0.2 * last.size + (UNDER + (portrait ? LOWER : 0)) * unit;
  const bottom = portrait
    ? standingCode(setting, SOME_CODE).rect.top - ABOVE_TITLE * unit
    : lineTop(setting) - ABOVE_TITLE * unit;
  const right = portrait ? frame.right : frame.right - largest(setting, SIDE) - AWAY * unit;
  return { area: { left, top: frame.snap(top), right, bottom }, clear: [], unit, below: 0 };
}

/**
 * How large the code hangs, which never grows: `held` is how large it hung before. It stays at its
 * largest only while all numbers can be read beside it.
 */
export function hangingOf(
  setting: Setting,
  stage: CodeStage,
  held: Hanging | null,
  digits: number,
  field: { numbers: ReadonlySet<string> | null; least: number },
): Hanging {
  if (stage === 'last' || held === 0) return 0;
  if (stage === 'middle' || held === 20) return 20;
  if (held === 30) return 30;
  const { numbers, least } = field;
  if (numbers === null) return 54;
  const seats = preferred(numbers.size);
  const room = silenceRoom(setting, 54, digits, seats, false);
  const longest = Math.max(1, ...[...numbers].map((number) => number.length));
  return gridOf(room, setting.type, seats, longest, least) ? 54 : 30;
}
