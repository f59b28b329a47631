/** While it lasts, and the thanks after it. */
import { say } from '../../../src/service/words.js';
import type { Scene } from '../model/scene.js';
import { countOnlyPlace, countSize, placeOf } from './figure.js';
import { cutEnd, EMPTY, type End, footMarks } from './foot.js';
import type { Marks } from './mark.js';
import {
  countFigure,
  hairline,
  hourOf,
  labelMark,
  placeName,
  type Setting,
  titleMarks,
} from './parts.js';

type Of<K extends Scene['kind']> = Extract<Scene, { kind: K }>;

/** What the layout holds on to from picture to picture. */
export type Layout = {
  /** Digits that the figure is sized for. */
  digits: number;
  /** No field: the count is all. */
  countOnly: boolean;
};

/** The labels that a live count may have; the field keeps clear of the widest. */
export const liveLabels = ({ wall, language }: Setting): string[] => [
  wall.nobody,
  ...[1, 2].map((n) => say(language, wall.during, { n })),
];

export function during(setting: Setting, scene: Of<'during'>, layout: Layout): Marks {
  const { frame, type, wall, language } = setting;
  const { view, noso, cut } = scene;
  const place = layout.countOnly
    ? countOnlyPlace(frame, type, layout.digits)
    : placeOf(frame, type, countSize(frame, type, layout.digits));
  const live = view.count === 0 ? wall.nobody : say(language, wall.during, { n: view.count });
  const label =
    cut === null ? live : say(language, wall.asOf, { hour: hourOf(setting, noso, cut) });
  const endsAt = Date.parse(noso.endsAt);
  const lasts = endsAt - Date.parse(noso.startsAt);
  const whole = (ms: number) => Math.ceil(ms / 60_000) * 60_000;
  const until = say(language, wall.until, { hour: hourOf(setting, noso, endsAt) });
  const end: End =
    cut !== null
      ? cutEnd(wall.cut, wall.goesOn)
      : scene.full
        ? { is: 'full' }
        : view.code
          ? { is: 'code', code: view.code }
          : { is: 'nothing' };
  return {
    ...countFigure(setting, view.count, place, cut !== null),
    ...labelMark(setting, label, place, cut === null ? 'paper' : 'amber'),
    ...hairline(setting, 1 - (setting.stepped ? whole(scene.left) : scene.left) / lasts),
    ...footMarks(setting, {
      head: noso.title,
      under: placeName(noso.venue.name, noso.venue.city),
      hour: until,
      remaining: cut === null ? remaining(setting, scene.left) : wall.hourSure,
      third: until,
      end,
    }),
  };
}

/** "37 minutes left", or hours and minutes above two hours. */
function remaining({ wall, language }: Setting, left: number): string {
  const n = Math.ceil(left / 60_000);
  if (n <= 120) return say(language, wall.minutesLeft, { n });
  return say(language, wall.hoursLeft, {
    h: Math.floor(n / 60),
    mm: String(n % 60).padStart(2, '0'),
  });
}

export function after(setting: Setting, scene: Of<'after'>, layout: Layout): Marks {
  const { frame, type, wall, language } = setting;
  const { noso, seen, asOf } = scene;
  const place = placeOf(frame, type, countSize(frame, type, layout.digits));
  const hour = (at: number) => hourOf(setting, noso, at);
  const label =
    seen &&
    (asOf === null
      ? say(language, wall.after, { n: seen.count })
      : say(language, wall.afterAsOf, { n: seen.count, hour: hour(asOf) }));
  const span = { from: hour(Date.parse(noso.startsAt)), to: hour(scene.ended) };
  return {
    ...(seen && countFigure(setting, seen.count, place, false)),
    ...(label !== null && labelMark(setting, label, place, 'paper')),
    ...titleMarks(setting, wall.thanks, frame.inner, place.label.baseline).marks,
    ...hairline(setting, 1),
    ...footMarks(setting, {
      ...EMPTY,
      head: noso.title,
      under: placeName(noso.venue.name, noso.venue.city),
      hour: say(language, wall.span, span),
      remaining: wall.mayTalk,
      third: wall.mayTalk,
    }),
  };
}
