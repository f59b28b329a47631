/** People arrive: the countdown goes on, the code is large, and who is here stands on the hairline. */
import type { Code } from '../../../src/protocol/wire.js';
import { grouped, say } from '../../../src/service/words.js';
import type { Scene } from '../model/scene.js';
import { type Place, pageLine } from './figure.js';
import { cutEnd, type End, footMarks } from './foot.js';
import { AWAY, besideTitle, type Lead, largest } from './hang.js';
import { lineAt, type Marks } from './mark.js';
import { hairline, hourOf, placeName, roomOf, type Setting, sayHour, titleMarks } from './parts.js';
import { countdownMarks } from './poster.js';
import { lineTop, standingCode, tallest } from './rooms.js';
import type { Page } from './turning.js';

type Gathering = Extract<Scene, { kind: 'gathering' }>;

/** Of the line that says who is here, and at its smallest, in U. */
const HERE = 9;
const SMALLEST = 5;

export const leadOf = ({ code, url }: Code): Lead => ({ url, under: code, isCode: true });

/** "noso.example/j" of "https://noso.example/j/HJK-749-CDM". */
export const addressOf = (url: string): string =>
  url.replace(/^[a-z]+:\/\//, '').replace(/\/[^/]*$/, '');

export function gathering(setting: Setting, scene: Gathering, page: Page | null): Marks {
  const { frame, wall } = setting;
  const { view, noso, cut } = scene;
  const portrait = frame.form === 'portrait';
  const [figure] = countdownMarks(setting, { ...scene, late: false });
  const code = cut === null && !scene.full ? view.code : null;
  const hung = code && (portrait ? standingCode : besideTitle)(setting, leadOf(code));
  const room = portrait ? frame.inner : frame.inner - largest(setting) - AWAY * frame.unit;
  const end: End =
    cut !== null
      ? cutEnd(wall.cut, wall.hourSure)
      : scene.full
        ? { is: 'full' }
        : code && hung
          ? { is: 'lead', head: addressOf(code.url), under: wall.orType, x: hung.rect.left }
          : { is: 'nothing' };
  const hour = hourOf(setting, noso, Date.parse(noso.startsAt));
  const until = sayHour(setting, wall.until, noso, Date.parse(noso.endsAt));
  const somebody = view.count > 0;
  const { venue } = noso;
  return {
    ...figure,
    ...(somebody
      ? here(setting, scene, room)
      : titleMarks(setting, noso.title, room, lineTop(setting)).marks),
    ...(page && pageMark(setting, page, tallest(setting))),
    ...hairline(setting, 0),
    ...footMarks(setting, {
      head: somebody ? noso.title : venue.name,
      under: somebody
        ? placeName(venue.name, roomOf(view) || venue.city)
        : placeName(roomOf(view) || venue.address, venue.city),
      brief: roomOf(view),
      hour,
      remaining: until,
      third: placeName(hour, until),
      end,
    }),
    ...hung?.marks,
  };
}

/** "38 people are here", on the hairline; of the last beat where the line is cut. */
function here(setting: Setting, { view, noso, cut }: Gathering, room: number): Marks {
  const { frame, wall, time, language } = setting;
  const holes = { n: view.count, count: grouped(time, view.count) };
  const text =
    cut === null
      ? say(language, wall.here, holes)
      : sayHour(setting, wall.hereAsOf, noso, cut, holes);
  const title = lineAt(setting.type, frame.left, {
    text,
    baseline: frame.snap(frame.hairline - 5 * frame.unit),
    size: HERE * frame.unit,
    smallest: SMALLEST * frame.unit,
    room,
    tone: cut === null ? 'paper' : 'amber',
  });
  return { title };
}

/** "page 5 of 16: 327777 to 381840", under the label. */
export function pageMark(setting: Setting, page: Page, place: Place): Marks {
  const { frame, type, wall, language } = setting;
  const { size, baseline } = pageLine(frame, type, place);
  const holes = { page: page.page, pages: page.pages, from: page.first, to: page.last };
  const text = say(language, wall.fieldPage, holes);
  const room = frame.inner;
  return { page: lineAt(type, frame.left, { text, baseline, size, room, tone: 'ash' }) };
}
