import {
  countdown,
  type PhonePage,
  type ViewHoles,
  type ViewName,
  viewOfError,
} from '../../src/protocol/phonePage.js';
import type { Closed, NosoState, Seat } from '../../src/protocol/wire.js';
import { hourInProse } from '../../src/service/words.js';
import { createBeginning } from './beginning.js';
import { onComing } from './coming.js';
import { load } from './connection.js';
import { createDark } from './dark.js';
import { createEnding, SPREAD } from './ending.js';
import { createHolding } from './keepSeated.js';
import { type Answer, ask, forgetPass, keepPass, keepsNothing } from './request.js';
import { openReturnCode } from './returnCode.js';
import { onForms } from './seatForms.js';
import { busy, fill, show, standing } from './showView.js';
import { type How, type TakenSeat, takeSeat } from './taking.js';
import { askTruth, seatPath } from './truth.js';
import { backOff, createDoor, createWait, jitter } from './waiting.js';

type Refusal = Extract<Answer<never>, { is: 'refused' }>;

/**
 * The seat page: takes the seat, goes dark, lets go (P7), and on return shows the truth. Returns what
 * keeps it awake for somebody who touches it.
 */
export function startSeat(page: PhonePage): () => void {
  const lasting = page.pocket === null;
  let offset = page.serverTime - Date.now();
  let { endsAt, number } = page;
  let returnCode = '';
  let numbered = number !== null;
  /** Whether the next take is a return (S4). */
  let back = page.view === 'soon';
  /** Whether a seat was asked for, so that an opening door is enough. */
  let wanted = false;
  let sitting = false;
  let checking = false;
  let silences = 0;

  const now = () => Date.now() + offset;
  const hour = (at: number) => hourInProse(page.time, page, at);
  const wait = createWait((left) => fill({ n: String(left), time: countdown(left) }));
  const lit = () =>
    document.visibilityState === 'visible' && !document.body.classList.contains('is-dark');
  const beginning = createBeginning(page, { now, hour, lit });
  const door = createDoor(
    () => page.doorsAt - now(),
    () => void check(),
  );
  const dark = createDark({
    dark: () => lasting && letGo(),
    woken: () => {
      beginning.show();
      void check();
    },
  });

  const ending = createEnding(page.noso, {
    seated: () => standing() === 'seated',
    goesOn(seat) {
      const on = Date.parse(seat.endsAt) > now() + SPREAD;
      if (on) seated(seat);
      return on;
    },
    over: () => over(endsAt),
  });
  const holding = createHolding({
    wanted: () => !lasting && !sitting && standing() === 'seated',
    take: () => take({ back: false, over: 'socket' }),
    taken,
    refused: () => void check(),
  });
  const { letGo } = holding;

  async function take(how: How) {
    sitting = true;
    const answer = await takeSeat(page, how, told);
    sitting = false;
    return answer;
  }

  /** Shows a view that is not the seat: there is nothing to hold, and no reason to go dark. */
  function unseated(view: ViewName, values: ViewHoles = {}): void {
    letGo();
    wait.stop();
    ending.stop();
    dark.arm(false);
    show(view, values);
    busy(false);
  }

  const holes = (): ViewHoles => ({
    ...{ number: number ?? '', until: hour(endsAt), ...beginning.holes() },
    ...(returnCode === '' ? {} : { returnCode }),
    ...(keepsNothing() ? { unkept: 'yes' } : {}),
  });

  function seated(seat: Seat): void {
    offset = seat.serverTime - Date.now();
    endsAt = Date.parse(seat.endsAt);
    number = seat.number;
    returnCode = seat.returnCode;
    numbered = true;
    back = false;
    wanted = false;
    silences = 0;
    wait.stop();
    keepPass(page.keep, seat);
    show('seated', holes());
    busy(false);
    stay();
  }

  function taken({ seat, letGo: connected }: TakenSeat): void {
    holding.have(connected);
    seated(seat);
  }

  /** What holds while seated, however that came about. */
  function stay(): void {
    fill(holes());
    if (keepsNothing()) openReturnCode();
    beginning.show();
    dark.arm(true);
    ending.wait(Math.max(0, endsAt - now()));
    if (lasting && document.visibilityState === 'hidden') letGo();
    else void holding.hold();
  }

  const over = (at: number) =>
    unseated('closed', { at: hour(at), number: number ?? '', kept: page.kept ? 'yes' : '' });

  /** Asks the server for the page; a page that alone knows its number stays, and says it itself. */
  function anew(view: ViewName): void {
    if (!keepsNothing()) location.reload();
    else if (view === 'closed') over(Math.min(now(), endsAt));
    else unseated(view);
  }

  const told = {
    closed({ reason }: Closed): void {
      if (reason === 'closed') over(Math.min(now(), endsAt));
      else if (reason === 'lapsed' || reason === 'voided') void check();
      else if (reason === 'elsewhere')
        letGo(); // the seat is held from there
      else unseated(reason);
    },
    dropped: holding.dropped,
  };

  /** Takes the seat, and asks again, the same, for as long as nobody answers (P3). */
  async function sit(): Promise<void> {
    if (sitting) return;
    if (!page.hosts.includes(location.host)) {
      unseated('foreign');
      void take({ back, over: 'socket' }); // refused, so that whoever runs the server hears of it
      return;
    }
    wait.stop();
    busy(true);
    const answer = await take({ back, over: 'either' });
    if (answer.is === 'done') taken(answer.value);
    else if (answer.is === 'refused') refused(answer);
    else again('asking', answer.retryAfter ?? jitter(backOff(silences++)), sit);
  }

  function refused({ code, reason, retryAfter }: Refusal): void {
    busy(false);
    if (code === 'not_open') {
      wanted = true;
      window.setTimeout(check, 1000); // nodes hear of an opening one after the other
      return;
    }
    const view = viewOfError(code, reason);
    if (view !== null) {
      if (retryAfter === undefined) unseated(view);
      else again(view, retryAfter, sit);
    } else if (code === 'conflict') void check();
    else if (code === 'unauthorized' && numbered) {
      forgetPass();
      numbered = false; // the number was forgotten, in another tab perhaps
      void sit();
    } else anew('gone');
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
    const [found] = await Promise.all([
      askTruth(page.noso, numbered),
      beginning.ask(standing() === 'seated'),
    ]);
    checking = false;
    switch (found.is) {
      case 'seated':
        seated(found.seat);
        return;
      case 'left':
      case 'voided':
        unseated(found.is);
        return;
      case 'lapsed':
        unseated('lapsed', { at: hour(found.at) });
        return;
      case 'unseated':
        stands(found.state);
        return;
      case 'gone':
        anew('gone');
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
        if (standing() !== state) anew(state); // the server says since when
    }
  }

  onForms((doing) => {
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
    void holding.hold();
  };
  const returned = () => {
    dark.wake();
    if (standing() === 'seated') beginning.show();
    look();
  };
  onComing({ returned, online: look, hidden: () => lasting && letGo(), gone: letGo });

  if (page.view === 'seated') stay();
  else if (page.lost) void sit();
  else if (page.view === 'waiting') door.knock();
  else if (page.retryAfter !== null) wait.start(page.retryAfter, sit);
  // Loaded ahead of the tap, behind everything else.
  if (page.view === 'invite' || page.view === 'waiting') window.setTimeout(load, 500);
  return dark.wake;
}
