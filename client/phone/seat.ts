import {
  countdown,
  type PhonePage,
  type ViewHoles,
  type ViewName,
  viewOfError,
} from '../../src/protocol/phone.js';
import type { Closed, Noso, Seat } from '../../src/protocol/wire.js';
import { hourInProse } from '../../src/protocol/words.js';
import { type Answer, ask, keepPass, readPass } from './ask.js';
import { load, sitBySocket } from './connection.js';
import { createDark } from './dark.js';
import { busy, fill, show, standing } from './views.js';
import { backOff, createWait, jitter } from './waiting.js';

/** How often a page before the opening asks whether it is, in ms. */
const DOORS = 20_000;
/** Asked when the end is due: phones do not ask in the same instant. */
const SPREAD = 1000;

/** The seat page: takes the seat, goes dark, lets go (P7), and on return shows the truth. */
export function startSeat(page: PhonePage): void {
  const lasting = page.pocket === null;
  const ahead = page.serverTime - Date.now();
  let offset = ahead;
  let { endsAt, number } = page;
  let drawn = number !== null;
  /** Whether the next take is a return (S4). */
  let back = page.view === 'soon';
  /** Whether a seat was asked for, so that an opening door is enough. */
  let wanted = false;
  let sitting = false;
  let checking = false;
  let silences = 0;
  let connection: (() => void) | null = null;
  let endTimer = 0;
  let doorTimer = 0;
  let holdTimer = 0;

  const now = () => Date.now() + offset;
  const hour = (at: number) => hourInProse(page.time, page.timeZone, at);
  const seatPath = `/api/presence/${encodeURIComponent(page.noso)}`;
  const wait = createWait((left) => fill({ n: String(left), time: countdown(left) }));
  const dark = createDark({
    dark: () => lasting && letGo(),
    woken: () => void check(),
  });

  function letGo(): void {
    clearTimeout(holdTimer);
    connection?.();
    connection = null;
  }

  /** Shows a view that is not the seat: there is nothing to hold, and no reason to go dark. */
  function unseated(view: ViewName, values: ViewHoles = {}): void {
    letGo();
    wait.stop();
    clearTimeout(endTimer);
    dark.arm(false);
    show(view, values);
    busy(false);
  }

  function seated(seat: Seat): void {
    offset = seat.serverTime - Date.now();
    endsAt = Date.parse(seat.endsAt);
    number = seat.number;
    drawn = true;
    back = false;
    wanted = false;
    silences = 0;
    wait.stop();
    keepPass(seat);
    show('seated');
    busy(false);
    stay();
  }

  /** What holds while seated, however that came about. */
  function stay(): void {
    fill({ number: number ?? '', until: hour(endsAt) });
    dark.arm(true);
    clearTimeout(endTimer);
    endTimer = window.setTimeout(end, Math.max(0, endsAt - now()) + Math.random() * SPREAD);
    void hold();
  }

  const over = (at: number) => unseated('closed', { at: hour(at), number: number ?? '' });

  /** At the end as it is known: it may have been put off since this phone last heard. */
  async function end(): Promise<void> {
    if (standing() !== 'seated') return;
    const found = await ask<Seat>('GET', seatPath);
    if (found.is === 'done' && Date.parse(found.value.endsAt) > now() + SPREAD) seated(found.value);
    else if (standing() === 'seated') over(endsAt);
  }

  const told = {
    closed({ reason }: Closed): void {
      if (reason === 'closed') over(Math.min(now(), endsAt));
      else if (reason === 'lapsed') void check();
      else unseated(reason);
    },
    dropped(): void {
      connection = null;
      void hold(jitter(backOff(silences++)) * 1000);
    },
  };

  /** With a finite pocket a seated phone stays connected while it can (P7). */
  async function hold(delay = 0): Promise<void> {
    clearTimeout(holdTimer);
    if (lasting || connection || sitting || standing() !== 'seated') return;
    if (delay > 0) {
      holdTimer = window.setTimeout(hold, delay);
      return;
    }
    sitting = true;
    const answer = await sitBySocket({ pass: readPass() }, told);
    sitting = false;
    if (answer.is === 'done') {
      connection = answer.value.letGo;
      seated(answer.value.seat);
    } else if (answer.is === 'refused') void check();
    else void hold(jitter(answer.retryAfter ?? backOff(silences++)) * 1000);
  }

  /** One attempt: by socket, and where that gets no answer at all, by plain HTTP. */
  async function attempt(): Promise<Answer<Seat>> {
    if (!drawn) {
      const number = await ask('POST', `/j/${encodeURIComponent(page.code)}/number`);
      if (number.is !== 'done') return number;
      drawn = true;
    }
    const pass = readPass();
    if (pass === '') return { is: 'refused', code: 'bad_code' };
    const how = back ? ({ pass, back } as const) : { pass };
    const answer = await sitBySocket(how as { pass: string; back?: true }, told);
    if (answer.is === 'done') {
      connection = answer.value.letGo;
      return { is: 'done', value: answer.value.seat };
    }
    if (answer.is === 'silence' && answer.retryAfter === undefined) {
      return ask<Seat>('PUT', '/api/presence', how);
    }
    return answer;
  }

  /** Takes the seat, and asks again, the same, for as long as nobody answers (P3). */
  async function sit(): Promise<void> {
    if (sitting) return;
    sitting = true;
    wait.stop();
    busy(true);
    const answer = await attempt();
    sitting = false;
    if (answer.is === 'done') {
      seated(answer.value);
      return;
    }
    if (answer.is === 'silence') {
      again('asking', answer.retryAfter ?? jitter(backOff(silences++)), sit);
      return;
    }
    refused(answer);
  }

  function refused({ code, retryAfter }: { code: string; retryAfter?: number }): void {
    busy(false);
    if (code === 'not_open') {
      wanted = true;
      void check();
      return;
    }
    const view = viewOfError(code);
    if (view !== null) {
      if (retryAfter === undefined) unseated(view);
      else again(view, retryAfter, sit);
    } else if (code === 'conflict') void check();
    else if (code === 'unauthorized' && drawn) {
      drawn = false; // the number was forgotten, in another tab perhaps
      void sit();
    } else location.reload();
  }

  /** Shows a view that counts down, then does `what`. */
  function again(view: ViewName, seconds: number, what: () => Promise<void>): void {
    const whole = Math.max(1, Math.round(seconds));
    unseated(view, { n: String(whole), time: countdown(whole) });
    wait.start(whole, what);
  }

  async function leave(): Promise<void> {
    letGo();
    const answer = await ask('DELETE', seatPath);
    if (answer.is === 'done') unseated('left');
    else if (answer.is === 'silence') again('asking', answer.retryAfter ?? 3, leave);
    else void check();
  }

  /** Asks how things stand, and shows it. Without an answer what stands, stands (P1). */
  async function check(): Promise<void> {
    if (checking || sitting) return;
    checking = true;
    const seat = drawn ? await ask<Seat>('GET', seatPath) : null;
    const noso =
      seat === null || seat.is === 'refused'
        ? await ask<Noso>('GET', `/api/nosos/${encodeURIComponent(page.noso)}`)
        : null;
    checking = false;
    if (seat?.is === 'done') seated(seat.value);
    else if (seat?.is === 'refused' && seat.detail === 'left') unseated('left');
    else if (seat?.is === 'refused' && seat.detail === 'lapsed') {
      unseated('lapsed', { at: hour(Date.parse(seat.at ?? '')) });
    } else if (noso?.is === 'done') stands(noso.value);
    else if (noso?.is === 'refused') location.reload();
    else if (standing() === 'seated' && now() >= endsAt) over(endsAt);
    else if (standing() === 'waiting') knock();
  }

  /** This phone holds no seat that the server knows of: what the NoSo's state makes of that. */
  function stands({ state }: Noso): void {
    clearTimeout(doorTimer);
    switch (state) {
      case 'scheduled':
        if (standing() !== 'waiting') unseated('waiting');
        knock();
        return;
      case 'open':
        // The store may have lost the seat; the pass in this phone brings it back.
        if (standing() === 'seated' || wanted) void sit();
        else if (standing() === 'waiting') unseated('invite');
        return;
      case 'closed':
      case 'cancelled':
        if (standing() !== state) location.reload(); // the server says since when
    }
  }

  /** Asks at the door again, in a while or once it is time. */
  function knock(): void {
    clearTimeout(doorTimer);
    const due = page.startsAt - now();
    const soon = due > 0 ? due + Math.random() * 3000 : Number.POSITIVE_INFINITY;
    doorTimer = window.setTimeout(check, Math.min(soon, DOORS * (0.75 + Math.random() / 2)));
  }

  document.addEventListener('submit', (event) => {
    const doing = (event.target as HTMLFormElement).dataset.do;
    // Without cookies the form itself does better: its answer says all.
    if (doing === undefined || !navigator.cookieEnabled) return;
    event.preventDefault();
    if (doing === 'leave') {
      void leave();
      return;
    }
    if (standing() === 'invite') back = false;
    if (doing === 'back') back = true;
    void sit();
  });

  const returned = () => {
    dark.wake();
    if (['seated', 'left', 'lapsed', 'waiting', 'invite'].includes(standing())) void check();
    void hold();
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') returned();
    else if (lasting) letGo();
  });
  window.addEventListener('pagehide', letGo);
  window.addEventListener('pageshow', (event) => event.persisted && returned());
  document.addEventListener('resume', returned);
  window.addEventListener('online', returned);

  if (page.view === 'seated') stay();
  else if (page.lost) void sit();
  else if (page.view === 'waiting') knock();
  else if (page.retryAfter !== null) wait.start(page.retryAfter, sit);
  // Loaded ahead of the tap, behind everything else.
  if (page.view === 'invite' || page.view === 'waiting') window.setTimeout(load, 500);
}
