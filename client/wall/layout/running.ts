/** While it lasts, and the thanks after it. */
import type { Code } from '../../../src/protocol/wire.js';
import { say } from '../../../src/service/words.js';
import type { Scene } from '../model/scene.js';
import { countOnlyPlace, countSize, placeOf } from './figure.js';
import { cutEnd, EMPTY, type End, footMarks } from './foot.js';
import { addressOf, leadOf, pageMark } from './gathering.js';
import type { Marks } from './mark.js';
import {
  countFigure,
  dash,
  hairline,
  hourOf,
  labelMark,
  placeName,
  roomOf,
  type Setting,
  sayHour,
  titleMarks,
} from './parts.js';
import { cornerCode, type Hanging } from './rooms.js';
import type { Page } from './turning.js';

type Of<K extends Scene['kind']> = Extract<Scene, { kind: K }>;

/** What the layout holds on to from picture to picture. */
export type Layout = {
  /** Digits that the figure is sized for. */
  digits: number;
  /** No field: the count is all. */
  countOnly: boolean;
  /** How large the code hangs, in U; 0: it is in the foot. */
  hanging: Hanging;
  /** Which page of the field this is, where it turns pages. */
  page: Page | null;
};

export function during(setting: Setting, scene: Of<'during'>, layout: Layout): Marks {
  const { frame, type, wall, language } = setting;
  const { view, noso, cut, lasts } = scene;
  const { hanging, page } = layout;
  const code = cut === null && !scene.full ? view.code : null;
  const shape = { digits: layout.digits, countOnly: layout.countOnly, paged: page !== null };
  const corner = (of: Code | null) =>
    hanging === 0 ? null : cornerCode(setting, leadOf(of ?? NO_CODE), hanging, shape);
  const place = layout.countOnly
    ? countOnlyPlace(frame, type, layout.digits, corner(null)?.rect ?? null)
    : placeOf(frame, type, countSize(frame, type, layout.digits));
  const live = view.count === 0 ? wall.nobody : say(language, wall.during, { n: view.count });
  const label = cut === null ? live : sayHour(setting, wall.asOf, noso, cut);
  const whole = (ms: number) => Math.ceil(ms / 60_000) * 60_000;
  const until = sayHour(setting, wall.until, noso, Date.parse(noso.endsAt));
  const hung = code && corner(code);
  const figure = scene.unheard
    ? dash(setting, true)
    : countFigure(setting, view.count, place, cut !== null);
  return {
    ...figure,
    ...labelMark(setting, label, place, cut === null ? 'paper' : 'amber'),
    ...(page && cut === null && pageMark(setting, page, place)),
    ...hairline(setting, 1 - (setting.stepped ? whole(scene.left) : scene.left) / lasts),
    ...footMarks(setting, {
      head: noso.title,
      under: placeName(noso.venue.name, roomOf(view) || noso.venue.city),
      brief: roomOf(view),
      hour: until,
      remaining: cut === null ? remaining(setting, scene.left) : wall.hourSure,
      third: until,
      end: endOf(setting, scene, code, hung !== null),
    }),
    ...hung?.marks,
  };
}

const NO_CODE: Code = { code: 'XXX-XXX-XXX', url: '', validUntil: '' };

function endOf({ wall }: Setting, scene: Of<'during'>, code: Code | null, hangs: boolean): End {
  if (scene.cut !== null) return cutEnd(wall.cut, wall.goesOn);
  if (scene.full) return { is: 'full' };
  if (!code) return { is: 'nothing' };
  return hangs ? { is: 'hung', address: addressOf(code.url) } : { is: 'code', code };
}

/** "37 minutes left", or hours and minutes above two hours. */
function remaining({ wall, language }: Setting, left: number): string {
  const n = Math.ceil(left / 60_000);
  if (!Number.isFinite(n)) return '';
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
      : sayHour(setting, wall.afterAsOf, noso, asOf, { n: seen.count }));
  const hours = { from: hour(scene.began), to: hour(scene.ended) };
  const span = hours.from && hours.to && say(language, wall.span, hours);
  // Where there are three lines, the hours of the silence stand at the right.
  const end: End =
    frame.form === 'wide' ? { is: 'nothing' } : { is: 'lead', head: span, under: '', x: 0 };
  return {
    ...(seen && countFigure(setting, seen.count, place, false)),
    ...(label !== null && labelMark(setting, label, place, 'paper')),
    ...titleMarks(setting, wall.thanks, frame.inner, place.label.baseline).marks,
    ...hairline(setting, 1),
    ...footMarks(setting, {
      ...EMPTY,
      head: noso.title,
      under: placeName(noso.venue.name, noso.venue.city),
      hour: span,
      remaining: wall.mayTalk,
      third: wall.mayTalk,
      end,
    }),
  };
}
