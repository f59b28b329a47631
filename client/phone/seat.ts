import {
  countdown,
  type PhonePage,
  type ViewHoles,
  type ViewName,
  viewOfError,
} from '../../src/protocol/phonePage.js';
import type { Closed, NosoState, Seat } from '../../src/protocol/wire.js';
import { hourInProse } from '../../src/service/words.js';
import { onComing } from './coming.js';
import { load } from './connection.js';
import { createDark } from './dark.js';
import { ask, keepPass } from './request.js';
import { busy, fill, show, standing } from './showView.js';
import { type TakenSeat, takeSeat } from './taking.js';
import { askTruth, seatPath } from './truth.js';
import { backOff, createDoor, createWait, jitter } from './waiting.js';

/** Asked when the end is due: phones do not ask in the same instant. */
const SPREAD = 1000;

/** The seat page: takes the seat, goes dark, lets go (P7), and on return shows the truth. */
export function startSeat(page: PhonePage): void {
  const lasting = page.pocket === null;
  let offset = page.serverTime - Date.now();
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
  let holdTimer = 0;

  const now = () => Date.now() + offset;
  const hour = (at: number) => hourInProse(page.time, page, at);
  const wait = createWait((left) => fill({ n: String(left), time: countdown(left) }));
  const door = createDoor(
    () => page.startsAt - now(),
    () => void check(),
  );
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
    keepPass(page.keep, seat);
    show('seated');
    busy(false);
    stay();
  }

  function taken({ seat, letGo: connected }: TakenSeat): void {
    connection = connected;
    seated(seat);
  }

  /** What holds while seated, however that came about. */
  function stay(): void {
    fill({ number: number ?? '', until: hour(endsAt) });
    dark.arm(true);
    clearTimeout(endTimer);
    endTimer = window.setTimeout(end, Math.max(0, endsAt - now()) + Math.random() * SPREAD);
    if (lasting && document.visibilityState === 'hidden') letGo();
    else void hold();
  }

  const over = (at: number) => unseated('closed', { at: hour(at), number: number ?? '' });

  /** At the end as it is known: it may have been put off since this phone last heard. */
  async function end(): Promise<void> {
    if (standing() !== 'seated') return;
    const found = await askTruth(page.noso, true);
    if (standing() !== 'seated') return;
    if (found.is === 'seated' && Date.parse(found.seat.endsAt) > now() + SPREAD) seated(found.seat);
    else over(endsAt);
  }

  const told = {
    closed({ reason }: Closed): void {
      if (reason === 'closed') over(Math.min(now(), endsAt));
      else if (reason === 'lapsed' || reason === 'voided') void check();
      else if (reason === 'elsewhere')
        letGo(); // the seat is held from there
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
    const answer = await takeSeat(page, false, told, { over: 'socket' });
    sitting = false;
    if (answer.is === 'done') taken(answer.value);
    else if (answer.is === 'refused') void check();
    else void hold(jitter(answer.retryAfter ?? backOff(silences++)) * 1000);
  }

  /** Takes the seat, and asks again, the same, for as long as nobody answers (P3). */
  async function sit(): Promise<void> {
    if (sitting) return;
    sitting = true;
    wait.stop();
    busy(true);
    const answer = await takeSeat(page, back, told, { over: 'either' });
    sitting = false;
    if (answer.is === 'done') taken(answer.value);
    else if (answer.is === 'refused') refused(answer);
    else again('asking', answer.retryAfter ?? jitter(backOff(silences++)), sit);
  }

  function refused({ code, retryAfter }: { code: string; retryAfter?: number }): void {
    busy(false);
    if (code === 'not_open') {
      wanted = true;
      window.setTimeout(check, 1000); // nodes hear of an opening one after the other
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
    const answer = await ask('DELETE', seatPath(page.noso));
    if (answer.is === 'done') unseated('left');
    else if (answer.is === 'silence') again('asking', answer.retryAfter ?? 3, leave);
    else void check();
  }

  /** Asks how things stand, and shows it. Without an answer what stands, stands (P1). */
  async function check(): Promise<void> {
    if (checking || sitting) return;
    checking = true;
    const found = await askTruth(page.noso, drawn);
    checking = false;
    switch (found.is) {
      case 'seated':
        seated(found.seat);
        return;
      case 'left':
        unseated('left');
        return;
      case 'lapsed':
        unseated('lapsed', { at: hour(found.at) });
        return;
      case 'unseated':
        stands(found.state);
        return;
      case 'gone':
        location.reload();
        return;
      case 'silence':
        if (standing() === 'seated' && now() >= endsAt) over(endsAt);
        else if (standing() === 'waiting') door.knock();
    }
  }

  /** This phone holds no seat that the server knows of: what the NoSo's state makes of that. */
  function stands(state: NosoState): void {
    door.leave();
    switch (state) {
      case 'scheduled':
        if (standing() !== 'waiting') unseated('waiting');
        door.knock();
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

  /** Somebody, or the network, is back: shows the truth. */
  const look = () => {
    if (['seated', 'left', 'lapsed', 'waiting', 'invite'].includes(standing())) void check();
    void hold();
  };
  const returned = () => {
    dark.wake();
    look();
  };
  onComing({ returned, online: look, hidden: () => lasting && letGo(), gone: letGo });

  if (page.view === 'seated') stay();
  else if (page.lost) void sit();
  else if (page.view === 'waiting') door.knock();
  else if (page.retryAfter !== null) wait.start(page.retryAfter, sit);
  // Loaded ahead of the tap, behind everything else.
  if (page.view === 'invite' || page.view === 'waiting') window.setTimeout(load, 500);
}
