import { readFileSync } from 'node:fs';
import { compose } from '../../../client/wall/layout/compose.js';
import { frameOf } from '../../../client/wall/layout/frame.js';
import type { Marks, Slot } from '../../../client/wall/layout/mark.js';
import type { Setting } from '../../../client/wall/layout/parts.js';
import type { Layout } from '../../../client/wall/layout/running.js';
import type { Held } from '../../../client/wall/model/held.js';
import { sceneAt } from '../../../client/wall/model/scene.js';
import type { Words } from '../../../src/service/words.js';
import { typeface } from './inter.js';

export type Size = readonly [width: number, height: number];
export const HD: Size = [1920, 1080];
export const PORTRAIT: Size = [1080, 1920];

/** What a wall of that language and size composes with. */
export function settingFor(language: string, [width, height]: Size = HD): Setting {
  const file = new URL(`../../../client/words/${language}.json`, import.meta.url);
  const { wall, time } = JSON.parse(readFileSync(file, 'utf8')) as Words;
  const different = language === 'fr' ? 'en' : 'fr';
  const beside = new URL(`../../../client/words/${different}.json`, import.meta.url);
  const other = {
    wall: (JSON.parse(readFileSync(beside, 'utf8')) as Words).wall,
    language: different,
  };
  const frame = frameOf({ width, height, ratio: 1 });
  return { frame, type: typeface(), wall, time, language, other, stepped: false };
}

export const PLAIN: Layout = { digits: 1, countOnly: false, hanging: 0, page: null };

/** What is composed at `at`. */
export const marksOf = (
  held: Held,
  at: number,
  language = 'fr',
  size: Size = HD,
  layout: Partial<Layout> = {},
): Marks => compose(settingFor(language, size), sceneAt(held, at), { ...PLAIN, ...layout });

/** The text at a place, no-break spaces as spaces; null where there is none. */
export function textIn(marks: Marks, slot: Slot): string | null {
  const mark = marks[slot];
  return mark?.kind === 'text' && mark.text !== '' ? mark.text.replace(/\u00a0/g, ' ') : null;
}
