/** Opacity is all that ever moves on a wall. */
const REDUCED = window.matchMedia('(prefers-reduced-motion: reduce)');

export const reduced = (): boolean => REDUCED.matches;

const EASING = 'cubic-bezier(.2,0,.2,1)';

/** Ends the fade now: what was to come of it comes. */
export type Finish = () => void;

const running = new WeakMap<Element, Animation>();

/**
 * Fades an element to an opacity in `ms`, then calls `done`; at once where that is 0 or motion is
 * to be reduced. A second fade of the same element starts where the first one is, and the first
 * one's `done` is not called.
 */
export function fade(
  node: HTMLElement | SVGElement,
  to: 0 | 1,
  ms: number,
  done: () => void = () => {},
): Finish {
  const from = Number(getComputedStyle(node).opacity);
  running.get(node)?.cancel();
  node.style.opacity = String(to);
  if (ms === 0 || reduced()) {
    done();
    return () => {};
  }
  const animation = node.animate([{ opacity: from }, { opacity: to }], {
    duration: ms,
    easing: EASING,
  });
  running.set(node, animation);
  const finish = () => {
    if (running.get(node) !== animation) return;
    running.delete(node);
    animation.cancel();
    done();
  };
  animation.onfinish = finish;
  return finish;
}

/**
 * Darkens an element over a stretch of time that began `since` ms ago (or begins that much later).
 * Undone by the function that it returns.
 */
export function darken(node: HTMLElement, since: number, ms: number): () => void {
  if (reduced() && since >= ms) node.style.opacity = '0';
  if (reduced()) {
    const timer = setTimeout(() => (node.style.opacity = '0'), Math.max(0, ms - since));
    return () => {
      clearTimeout(timer);
      node.style.opacity = '';
    };
  }
  const animation = node.animate([{ opacity: 1 }, { opacity: 0 }], {
    duration: ms,
    easing: 'ease-in-out',
    fill: 'forwards',
  });
  animation.currentTime = since;
  return () => animation.cancel();
}
