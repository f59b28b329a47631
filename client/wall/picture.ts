import type { Words } from '../../src/service/words.js';
import { darken, reduced } from './fade.js';
import { createGround } from './ground.js';
import { compose } from './layout/compose.js';
import { digitsHeld } from './layout/figure.js';
import { frameOf, type Screen } from './layout/frame.js';
import { withName } from './layout/nameplate.js';
import type { Setting } from './layout/parts.js';
import type { Type } from './layout/typeface.js';
import { type Scene, THANKS_FADE, THANKS_HELD } from './model/scene.js';
import { createPainter } from './painter.js';
import { createSpoken } from './spoken.js';
import { CUT, nosoOf, transition, withRelay } from './transition.js';

export type WallWords = Record<string, Pick<Words, 'wall' | 'time' | 'language'>>;

/** Milliseconds between two handfuls of glyphs. */
const WARM = 50;

export type Picture = {
  /** Goes on to that scene, as it is at `now` (server's clock, ms). */
  /** `named`: the wall's name, while it is to be seen which wall this is. */
  show: (scene: Scene, now: number, named: string | null) => void;
};

/** The picture on the wall: it goes from scene to scene, and draws only what changes. */
export function createPicture(root: HTMLElement, type: Type, words: WallWords): Picture {
  const fieldRoot = root.appendChild(document.createElement('div'));
  fieldRoot.className = 'field';
  const ground = createGround(fieldRoot);
  const spoken = createSpoken(words);
  const painter = createPainter(root, () => frame.screen.ratio);
  let frame = frameOf(screenNow());
  let shown: Scene | null = null;
  let spokenIn: string | null = null;
  let digits: number | null = null;
  let undarken: (() => void) | null = null;

  /** True if the screen is another one than before. */
  function followScreen(): boolean {
    const screen = screenNow();
    const same = (Object.keys(screen) as (keyof Screen)[]).every(
      (key) => screen[key] === frame.screen[key],
    );
    if (!same) frame = frameOf(screen);
    return !same;
  }

  function settingOf(scene: Scene): Setting {
    const language = languageOf(scene, words);
    const { wall, time } = words[language] as WallWords[string];
    if (spokenIn !== language) {
      spokenIn = language;
      document.documentElement.lang = language;
      setTimeout(warm, WARM, type, [...new Set(JSON.stringify(wall))]);
    }
    return { frame, type, wall, time, language, other: otherThan(language), stepped: reduced() };
  }

  /** Who installs a screen reads one of two. */
  function otherThan(language: string): Setting['other'] {
    const known = Object.keys(words);
    const other = ['en', 'fr', ...known].find((each) => each !== language && each in words);
    return { wall: words[other ?? language]?.wall as Words['wall'], language: other ?? language };
  }

  /** A minute after the end all goes black, on all walls at once. */
  function followEnd(scene: Scene, now: number): void {
    if (scene.kind === 'after') {
      undarken = undarken ?? darken(root, now - scene.ended - THANKS_HELD, THANKS_FADE);
      return;
    }
    undarken?.();
    undarken = null;
  }

  return {
    show(scene, now, named) {
      const change = followScreen() ? CUT : transition(shown, scene, now);
      const setting = settingOf(scene);
      if (shown === null || nosoOf(shown) !== nosoOf(scene)) digits = null;
      const count = countOf(scene);
      if (count !== null) digits = digitsHeld(digits, count);
      followEnd(scene, now);
      const { relaid, grid, ...grounds } = ground.show(setting, scene, digits ?? 1, change, now);
      const composed = compose(setting, scene, { digits: digits ?? 1, ...grounds });
      const marks = named === null ? composed : withName(setting, named, composed, grid);
      spoken.say(scene, composed, setting.language, now);
      painter.paint(marks, relaid ? withRelay(change) : change);
      shown = scene;
    },
  };
}

/** Measures glyphs a few at a time, so that no change of state has to wait for them (W7). */
function warm(type: Type, glyphs: string[]): void {
  for (const glyph of glyphs.splice(0, 4)) type.ink(glyph);
  if (glyphs.length > 0) setTimeout(warm, WARM, type, glyphs);
}

function screenNow(): Screen {
  const { clientWidth, clientHeight } = document.documentElement;
  return { width: clientWidth, height: clientHeight, ratio: window.devicePixelRatio || 1 };
}

/** A wall speaks its venue's language; before it has one, the browser's. */
function languageOf(scene: Scene, words: WallWords): string {
  const asked = 'view' in scene ? [scene.view.venue.language] : [];
  const known = [...asked, ...navigator.languages.map((each) => each.split('-')[0] ?? each), 'en'];
  return known.find((each) => each in words) ?? Object.keys(words)[0] ?? 'en';
}

function countOf(scene: Scene): number | null {
  if (scene.kind === 'during') return scene.view.count;
  return scene.kind === 'after' ? (scene.seen?.count ?? null) : null;
}
