/** Before the silence: a countdown, the title, and the code as large as on a poster. */
import type { Code, Noso } from '../../../src/protocol/wire.js';
import { clockIn, hourInColumn, say } from '../../../src/service/words.js';
import { countdown, type Scene } from '../model/scene.js';
import type { Place } from './figure.js';
import { cutEnd, type End, footMarks } from './foot.js';
import { squareOf, USUAL_MODULES } from './frame.js';
import { lineAt, type Marks, type TextMark } from './mark.js';
import {
  clockFigure,
  dash,
  hairline,
  hourOf,
  labelMark,
  placeName,
  type Setting,
  titleMarks,
} from './parts.js';

type Before = Extract<Scene, { kind: 'before' }>;

/** Side of the large QR code, and the least distance that it keeps, in U. */
const SIDE = 54;
const AWAY = 6;
/** Between the QR code and the code under it, and above a title. */
const APART = 5;
/** Height that a title in portrait leaves to them, in U: a QR code of 30, with its code. */
const LEAST_POSTER = 50;
/** Size of the code under it, as a part of the QR code's side; its tracking takes up the rest. */
const CODE = 0.146;
const TIGHTEST = -0.04;
const LOOSEST = 0.06;

export function before(setting: Setting, scene: Before): Marks {
  const { frame, wall, language } = setting;
  const { view, noso, cut } = scene;
  const [figure, place] = countdownMarks(setting, scene);
  const startsAt = Date.parse(noso.startsAt);
  const hour = hourOf(setting, noso, startsAt);
  const until = say(language, wall.until, {
    hour: hourOf(setting, noso, Date.parse(noso.endsAt)),
  });
  const code = cut === null ? view.code : null;
  const above = place.label.baseline + APART * frame.unit;
  const portrait = frame.form === 'portrait';
  const side = portrait || !code ? frame.inner : frame.inner - hanging(setting) - AWAY * frame.unit;
  const kept = portrait && code ? LEAST_POSTER * frame.unit : 0;
  const title = titleMarks(setting, noso.title, side, above + kept);
  const poster =
    code && (portrait ? standing(setting, code, above, title.top) : hung(setting, code));
  const end: End =
    cut !== null
      ? cutEnd(wall.cut, wall.hourSure)
      : code && poster
        ? { is: 'address', address: addressOf(code.url), x: poster.x }
        : { is: 'nothing' };
  return {
    ...figure,
    ...title.marks,
    ...hairline(setting, 0),
    ...footMarks(setting, {
      head: noso.venue.name,
      under: placeName(noso.venue.address, noso.venue.city),
      hour,
      remaining: until,
      third: `${hour}, ${until}`,
      end,
    }),
    ...poster?.marks,
  };
}

/** "noso.example/j" of "https://noso.example/j/HJK-749-CDM". */
export const addressOf = (url: string): string =>
  url.replace(/^[a-z]+:\/\//, '').replace(/\/[^/]*$/, '');

/** m:ss until the start; far from it the hour alone; once it is past, a dash until it opens. */
function countdownMarks(setting: Setting, scene: Before): [Marks, Place] {
  const { wall, language } = setting;
  const { noso, cut, late } = scene;
  if (late && cut !== null) {
    const [figure, place] = dash(setting, true);
    const asOf = say(language, wall.asOf, { hour: hourOf(setting, noso, cut) });
    return [{ ...figure, ...labelMark(setting, asOf, place, 'amber') }, place];
  }
  const text = countdown(scene.left);
  const startsAt = Date.parse(noso.startsAt);
  const [figure, place] = late
    ? dash(setting, false)
    : clockFigure(setting, text ?? hourInColumn(noso.venue, startsAt), false);
  const label = text === null ? dayOf(setting, noso, startsAt, scene.left) : wall.before;
  return [{ ...figure, ...labelMark(setting, label, place, 'paper') }, place];
}

function dayOf({ wall }: Setting, noso: Noso, startsAt: number, left: number): string {
  const zone = noso.venue;
  const minutes = (at: number) => clockIn(zone, at).h * 60 + clockIn(zone, at).m;
  // At most a day ahead: it is tomorrow if the clock shows less then than it does now.
  return minutes(startsAt) <= minutes(startsAt - left) ? wall.tomorrow : wall.today;
}

type Poster = { marks: Marks; x: number };

/** Side of the large QR code of a landscape wall: it leaves the figure its place. */
function hanging({ frame }: Setting): number {
  const { unit, screen } = frame;
  const free = frame.inner - 0.455 * screen.width - AWAY * unit;
  return squareOf(Math.min(SIDE * unit, free), USUAL_MODULES, screen.ratio).side;
}

/** From the top margin, flush right; the code stands on the title's line. */
function hung(setting: Setting, { code, url }: Code): Poster {
  const { frame } = setting;
  const side = hanging(setting);
  const x = frame.right - side;
  const baseline = frame.snap(frame.hairline - 5 * frame.unit);
  return {
    x,
    marks: {
      qr: { kind: 'qr', text: url, x, y: frame.top, side },
      code: justified(setting, code, x, baseline, side),
    },
  };
}

/** In portrait: between `above` and the title's top, flush left, as low as it can. */
function standing(setting: Setting, { code, url }: Code, above: number, below: number): Poster {
  const { frame, type } = setting;
  const { unit, left } = frame;
  const line = CODE * type.cap;
  const free = below - above - 2 * AWAY * unit - APART * unit;
  const asked = Math.min(SIDE * unit, free / (1 + line));
  const { side } = squareOf(asked, USUAL_MODULES, frame.screen.ratio);
  const baseline = frame.snap(below - AWAY * unit);
  const y = frame.snap(baseline - line * side - APART * unit) - side;
  return {
    x: left,
    marks: {
      qr: { kind: 'qr', text: url, x: left, y, side },
      code: justified(setting, code, left, baseline, side),
    },
  };
}

/** A code exactly so wide, from first ink to last: by its tracking, else by its size. */
function justified(
  setting: Setting,
  text: string,
  x: number,
  baseline: number,
  width: number,
): TextMark {
  const { type } = setting;
  const { before, after } = type.ink(text);
  const letters = [...text].length - 1;
  const em = type.width(text) - before - after;
  const asked = CODE * width;
  const tracking = Math.min(LOOSEST, Math.max(TIGHTEST, (width / asked - em) / letters));
  const size = width / (em + tracking * letters);
  return lineAt(type, x, { text, baseline, size, room: Infinity, tone: 'paper', tracking });
}
