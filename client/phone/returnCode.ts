import { keepsNothing } from './request.js';

/** The return code is shown this long at a touch: over a shoulder somebody may read. */
const SHOWN = 20_000;

/** Hides the return code after a while; `touched` hears that somebody looks at the page. */
export function startReturnCode(touched: () => void): void {
  let timer = 0;
  document.addEventListener(
    'toggle',
    ({ target }) => {
      if (!(target instanceof HTMLDetailsElement) || !target.open || keepsNothing()) return;
      touched();
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        target.open = false;
      }, SHOWN);
    },
    true,
  );
}

/** Where a browser keeps nothing the return code is there at once, and stays. */
export function openReturnCode(): void {
  for (const part of document.querySelectorAll('details')) part.open = true;
}
