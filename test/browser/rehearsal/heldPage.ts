import { manualClock } from '../../../src/clock.js';
import { holdTime } from '../../support/holdTime.js';

/** What is on a screen. `black`: it is lit by nothing. */
export type Shown = {
  figure: string;
  label: string;
  title: string;
  code: string;
  end: string;
  black: boolean;
};

/** What a page says after each step. `busy`: what it asked for and has not been answered. */
export type Stepped = { shown: Shown; busy: number; live: boolean; heard: number };

/**
 * A script for a page whose time is held: `held.step(ms)` moves it on. It goes on where it was after
 * the page is loaded anew. `ahead`: how far the screen's own clock is before the true one, in ms;
 * `held.set(ahead)` is its being set.
 */
export const heldPage = (start: number, ahead: number): string => `(() => {
  if (!/^http/.test(location.protocol)) return;
  const later = window.setTimeout.bind(window);
  const kept = JSON.parse(localStorage.getItem('held') || 'null') || { now: ${start}, ahead: ${ahead}, line: true };
  const clock = (${manualClock})(kept.now);
  (${holdTime})(window, clock, () => kept.ahead);

  let asked = 0;
  const ask = window.fetch;
  window.fetch = (...given) => {
    asked += 1;
    return ask(...given).finally(() => later(() => (asked -= 1), 0));
  };
  let live = null;
  let opening = 0;
  let heard = 0;
  const Socket = window.WebSocket;
  /** Chromium makes those wait, by real time, who failed often: over a line that is cut nobody tries. */
  class Unanswered {
    constructor() {
      later(() => this.onclose && this.onclose({ code: 1006 }), 0);
    }
    close() {}
    send() {}
  }
  window.WebSocket = class extends Socket {
    constructor(...given) {
      if (!kept.line) return new Unanswered();
      super(...given);
      let known = false;
      opening += 1;
      const know = () => {
        if (!known) opening -= 1;
        known = true;
      };
      this.addEventListener('message', ({ data }) => {
        if (/^4[24]\\/wall/.test(data)) know();
        if (/^42\\/wall/.test(data)) live = this;
        const [, time] = /"serverTime":([0-9]+)/.exec(data) || [];
        if (time) heard = Math.max(heard, Number(time));
      });
      this.addEventListener('close', () => {
        know();
        if (live === this) live = null;
      });
    }
  };
  const text = (slot) => {
    const node = document.querySelector('[data-slot=' + slot + ']');
    return node ? node.textContent.replace(/\\u00a0/g, ' ') : '';
  };
  const shown = () => {
    const main = document.querySelector('main');
    const said = {};
    for (const slot of ['figure', 'label', 'title', 'code', 'end']) said[slot] = text(slot);
    return { ...said, black: !main || main.style.opacity === '0' || main.style.visibility === 'hidden' };
  };
  window.held = {
    set(ahead) {
      kept.ahead = ahead;
    },
    /** As told by the day: whether there is a server at the other end. */
    async step(ms, patience, line) {
      kept.line = line;
      clock.advance(ms);
      localStorage.setItem('held', JSON.stringify({ ...kept, now: clock.now() }));
      for (let k = 0; asked + opening > 0 && k < patience; k++) await new Promise((go) => later(go, 2));
      return this.look();
    },
    look: () => ({ shown: shown(), busy: asked + opening, live: live !== null, heard }),
  };
})();`;
