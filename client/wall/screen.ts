/** What a screen needs that hangs on a wall for months. */

/** Milliseconds. */
const IDLE = 3000;
const SHIFT = 5 * 60_000;
/** A walk over nine places, one step of 2 px at a time, so that no pixel burns in. */
const STEPS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

/** Hides the pointer: always in a kiosk, else when nobody has moved it for a while. */
export function hidePointer(always: boolean): void {
  const hide = () => document.documentElement.classList.add('pointer-hidden');
  if (always) {
    hide();
    return;
  }
  let timer = setTimeout(hide, IDLE);
  document.addEventListener('pointermove', () => {
    document.documentElement.classList.remove('pointer-hidden');
    clearTimeout(timer);
    timer = setTimeout(hide, IDLE);
  });
}

/** Moves the whole picture by 2 px every 5 minutes. */
export function shiftPicture(picture: HTMLElement): void {
  let step = 0;
  setInterval(() => {
    step = (step + 1) % STEPS.length;
    const [x, y] = STEPS[step] ?? [0, 0];
    picture.style.left = `${2 * x}px`;
    picture.style.top = `${2 * y}px`;
  }, SHIFT);
}
