/** Nothing planned, and a wall that has no venue yet. */
import { say } from '../../../src/service/words.js';
import type { Scene } from '../model/scene.js';
import { placeOf, TRACKING } from './figure.js';
import { cutEnd, EMPTY, type End, footMarks } from './foot.js';
import { figureAt, type Marks } from './mark.js';
import { hairline, hourOf, ink, labelMark, placeName, type Setting, titleMarks } from './parts.js';
import { tracked } from './typeface.js';

type Of<K extends Scene['kind']> = Extract<Scene, { kind: K }>;

export function nothing(setting: Setting, scene: Of<'nothing'>): Marks {
  const { wall, language, frame } = setting;
  const { venue } = scene.view;
  const end: End = scene.cut === null ? { is: 'nothing' } : cutEnd(wall.cut, '');
  const where = placeName(venue.address, venue.city);
  const title = titleMarks(setting, venue.name, frame.inner, frame.top);
  const marks = { ...title.marks, ...hairline(setting, 1) };
  if (!scene.next)
    return {
      ...marks,
      ...footMarks(setting, { ...EMPTY, head: wall.nothing, under: where, third: '', end }),
    };
  const startsAt = Date.parse(scene.next.startsAt);
  const day = new Intl.DateTimeFormat(language, {
    timeZone: venue.timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(startsAt);
  const from = hourOf(setting, { venue }, startsAt);
  const to = hourOf(setting, { venue }, Date.parse(scene.next.endsAt));
  const span = say(language, wall.span, { from, to });
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

export function pairing(setting: Setting, scene: Of<'pairing'>): Marks {
  const { frame, type, wall } = setting;
  const width = tracked(type, scene.code, TRACKING);
  const size = Math.min(50 * frame.unit, (0.98 * frame.inner) / width);
  const place = placeOf(frame, type, size);
  const figure = figureAt(frame, type, scene.code, place, ink(setting, false));
  return {
    figure: { ...figure, tabular: false },
    ...labelMark(setting, wall.pairing, place, 'paper'),
    ...footMarks(setting, { ...EMPTY, head: scene.address }),
  };
}
