/** Awake this long, then dark. */
const AWAKE = 20_000;

/**
 * The dark (S6): the page fades to black, but for the number and the hour. `onDark` is told, so
 * that the connection is let go (P7); a tap, or `wake`, brings the page back.
 */
export function createDark(told: { dark: () => void; woken: () => void }) {
  const cover = document.querySelector<HTMLElement>('.dark');
  const { body } = document;
  let timer = 0;
  let armed = false;

  const set = (is: boolean) => {
    body.classList.toggle('is-dark', is);
    if (cover) cover.tabIndex = is ? 0 : -1;
  };

  function darken(): void {
    clearTimeout(timer);
    if (!armed || body.classList.contains('is-dark')) return;
    set(true);
    told.dark();
  }

  /** Shows the page, and starts counting again. */
  function wake(): void {
    clearTimeout(timer);
    set(false);
    if (armed) timer = window.setTimeout(darken, AWAKE);
  }

  cover?.addEventListener('click', (event) => {
    event.stopPropagation();
    wake();
    told.woken();
  });
  document.addEventListener('click', (event) => {
    const on = event.target;
    if (on instanceof Element && !on.closest('a, button, form, details')) darken();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') darken();
  });

  return {
    wake,
    /** Whether the page goes dark by itself: only once seated. */
    arm(is: boolean): void {
      if (armed === is) return;
      armed = is;
      wake();
    },
  };
}
