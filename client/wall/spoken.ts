import { say } from '../../src/service/words.js';
import type { Marks, Slot } from './layout/mark.js';
import { milestone, type Said } from './model/milestone.js';
import type { Scene } from './model/scene.js';
import type { WallWords } from './picture.js';

/** What is read aloud, in this order. */
const READ: readonly Slot[] = [
  ...(['figure', 'label', 'title', 'title2', 'title3', 'title4', 'title5'] as const),
  ...(['head', 'head2', 'hour', 'remaining', 'end', 'endUnder'] as const),
];

/**
 * The wall as a document: its count is in the title of the window, and a polite region says at
 * milestones what the picture shows.
 */
export function createSpoken(words: WallWords) {
  const region = document.body.appendChild(document.createElement('p'));
  region.className = 'spoken';
  region.setAttribute('role', 'status');
  region.setAttribute('aria-live', 'polite');
  let said: Said | null = null;

  const textOf = (marks: Marks, slot: Slot): string => {
    const mark = marks[slot];
    return mark?.kind === 'text' ? mark.text : '';
  };

  return {
    say(scene: Scene, marks: Marks, language: string, now: number): void {
      const name = words[language]?.wall.title ?? 'NoSo';
      const counts = scene.kind === 'during' || scene.kind === 'gathering';
      const count = counts ? `${scene.view.count} · ` : '';
      const title = `${count}${name}`;
      if (document.title !== title) document.title = title;
      const next = milestone(said, scene, now);
      if (next === said) return;
      said = next;
      const [figure = '', label = '', ...rest] = READ.map((slot) => textOf(marks, slot));
      const counted = say(language, words[language]?.wall.counted ?? '{count} {label}', {
        count: figure,
        label,
      });
      region.textContent = [counted.trim(), ...rest].filter((text) => text !== '').join('. ');
    },
  };
}
