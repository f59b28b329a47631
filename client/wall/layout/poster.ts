/** Planned: a countdown, the title, and the way to its page as large as on a poster. */
import type { Noso } from '../../../src/protocol/wire.js';
import { clockIn, hourInColumn } from '../../../src/service/words.js';
import { countdown, type Scene } from '../model/scene.js';
import type { Place } from './figure.js';
import { cutEnd, type End, footMarks } from './foot.js';
import { APART, AWAY, besideTitle, type Lead, largest, onTitle } from './hang.js';
import type { Marks } from './mark.js';
import {
  clockFigure,
  DASH,
  hairline,
  hourOf,
  labelMark,
  or,
  placeName,
  roomOf,
  type Setting,
  sayHour,
  titleMarks,
  wordFigure,
} from './parts.js';

type Before = Extract<Scene, { kind: 'before' }>;

/** Height that a title in portrait leaves to them, in U: a QR code of 30, with its line. */
const LEAST_POSTER = 50;

/** It never invites in: no code is good before the doors, and the page seats nobody. */
export function before(setting: Setting, scene: Before): Marks {
  const { frame, wall } = setting;
  const { view, noso, cut } = scene;
  const [figure, place] = countdownMarks(setting, scene);
  const hour = scene.late ? '' : hourOf(setting, noso, Date.parse(noso.startsAt));
  const until = sayHour(setting, wall.until, noso, Date.parse(noso.endsAt));
  const lead: Lead | null = view.page
    ? {
        url: view.page,
        under: scene.late
          ? ''
          : scene.soon
            ? wall.soon
            : sayHour(setting, wall.comeFrom, noso, scene.doors),
        isCode: false,
      }
    : null;
  const above = place.label.baseline + APART * frame.unit;
  const portrait = frame.form === 'portrait';
  const room = portrait || !lead ? frame.inner : frame.inner - largest(setting) - AWAY * frame.unit;
  const kept = portrait && lead ? LEAST_POSTER * frame.unit : 0;
  const title = titleMarks(setting, noso.title, room, above + kept);
  const hung =
    lead && (portrait ? onTitle(setting, lead, above, title.top) : besideTitle(setting, lead));
  const end: End =
    cut !== null
      ? cutEnd(wall.cut, wall.hourSure)
      : hung
        ? { is: 'lead', head: wall.nosoPage, under: wall.willCome, x: hung.rect.left }
        : { is: 'nothing' };
  return {
    ...figure,
    ...title.marks,
    ...hairline(setting, 0),
    ...footMarks(setting, {
      head: noso.venue.name,
      under: placeName(roomOf(view) || noso.venue.address, noso.venue.city),
      brief: roomOf(view),
      hour: hour || until,
      remaining: hour && until,
      third: placeName(hour, until),
      end,
    }),
    ...hung?.marks,
  };
}

/** m:ss until the start; far from it the hour alone; once it is past, "soon" until it opens. */
export function countdownMarks(
  setting: Setting,
  scene: { noso: Noso; left: number; late: boolean },
): [Marks, Place] {
  const { wall } = setting;
  const { noso, late } = scene;
  const startsAt = Date.parse(noso.startsAt);
  const text = countdown(scene.left);
  const [figure, place] = late
    ? wordFigure(setting, wall.soon)
    : clockFigure(setting, text ?? or(() => hourInColumn(noso.venue, startsAt), DASH), false);
  const label = late
    ? wall.anyMoment
    : text === null
      ? or(() => dayOf(setting, noso, startsAt, scene.left), '')
      : wall.before;
  return [{ ...figure, ...labelMark(setting, label, place, 'paper') }, place];
}

function dayOf({ wall }: Setting, noso: Noso, startsAt: number, left: number): string {
  const zone = noso.venue;
  const minutes = (at: number) => clockIn(zone, at).h * 60 + clockIn(zone, at).m;
  // At most a day ahead: it is tomorrow if the clock shows less then than it does now.
  return minutes(startsAt) <= minutes(startsAt - left) ? wall.tomorrow : wall.today;
}
