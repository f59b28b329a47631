/** The foot of a wall: what, where, until when; and at its right end how to come in, or why not. */
import type { Code } from '../../../src/protocol/wire.js';
import {
  type Band,
  beside,
  flushed,
  inkWidth,
  lineAt,
  lineTo,
  type Marks,
  type TextMark,
  type Tone,
} from './mark.js';
import type { Setting } from './parts.js';
import { type Type, wrapped } from './typeface.js';

/** What stands at the right end. */
export type End =
  | { is: 'nothing' }
  | { is: 'code'; code: Code }
  | { is: 'full' }
  /** A code that pairs this screen. */
  | { is: 'offer'; code: string; url: string; under: string }
  /** Not live: in amber, and a line of comfort under it. */
  | { is: 'cut'; text: string; under: string }
  /** Where it leads; on a wide wall under the large QR code, whose left edge is `x`. */
  | { is: 'lead'; head: string; under: string; x: number }
  /** The code hangs above. */
  | { is: 'hung'; address: string };

export type Foot = {
  head: string;
  under: string;
  /** What stands there instead where that has no room. */
  brief?: string | undefined;
  /** The second column. */
  hour: string;
  remaining: string;
  /** What a foot of three lines says instead of the second column. */
  third: string;
  end: End;
};

export const EMPTY: Foot = {
  head: '',
  under: '',
  hour: '',
  remaining: '',
  third: '',
  end: { is: 'nothing' },
};

export const cutEnd = (text: string, under: string): End => ({ is: 'cut', text, under });

/** Sizes in U; nothing smaller but the field. */
const LARGE = 5;
const SMALL = 3.6;
const WORD = 9;
const BETWEEN = 3;
/** Where the second column begins, as a part of the inner width. */
const SECOND = 0.46;
const LEAST = 0.36;

/** Baselines of the foot's lines. */
function lines({ frame, type }: Setting) {
  const first = frame.snap(frame.footTop + type.cap * LARGE * frame.unit);
  const last = frame.footBottom;
  return { first, middle: frame.snap((first + last) / 2), last };
}

export function footMarks(setting: Setting, foot: Foot): Marks {
  const end = endMarks(setting, foot.end);
  return setting.frame.form === 'wide'
    ? { ...end, ...columns(setting, foot, end) }
    : { ...end, ...threeLines(setting, foot, end) };
}

function endMarks(setting: Setting, end: End): Marks {
  const { frame, type, wall } = setting;
  const { unit } = frame;
  const { first, middle, last } = lines(setting);
  const wide = frame.form === 'wide';
  const to = (x: number, text: string, baseline: number, size: number, tone: Tone, tracking = 0) =>
    lineTo(type, x, { text, baseline, size: size * unit, room: frame.inner, tone, tracking });
  switch (end.is) {
    case 'nothing':
      return {};
    case 'code': {
      const { side } = frame.qr;
      const x = frame.right - side - BETWEEN * unit;
      return {
        qr: { kind: 'qr', text: end.code.url, x: frame.right - side, y: frame.footTop, side },
        code: to(x, end.code.code, wide ? first : last, SMALL, 'paper'),
        ...(wide && { endUnder: to(x, wall.quietly, last, SMALL, 'ash') }),
      };
    }
    case 'offer': {
      const { side } = frame.qr;
      const x = frame.right - side - BETWEEN * unit;
      return {
        qr: { kind: 'qr', text: end.url, x: frame.right - side, y: frame.footTop, side },
        code: to(x, end.code, wide ? first : middle, LARGE, 'paper'),
        endUnder: to(x, end.under, last, SMALL, 'ash'),
      };
    }
    case 'full': {
      const baseline = frame.snap(frame.footTop + type.cap * WORD * unit);
      return {
        end: to(frame.right, wall.full, baseline, WORD, 'paper', -0.02),
        endUnder: to(frame.right, wall.outside, last, SMALL, 'ash'),
      };
    }
    case 'cut':
      return {
        end: to(frame.right, end.text, first, LARGE, 'amber'),
        endUnder: to(frame.right, end.under, last, SMALL, 'ash'),
      };
    case 'lead': {
      if (!wide)
        return {
          end: to(frame.right, end.head, middle, SMALL, 'paper'),
          endUnder: to(frame.right, end.under, last, SMALL, 'ash'),
        };
      const at = { smallest: SMALL * unit, room: frame.right - end.x };
      const head = { text: end.head, baseline: first, size: LARGE * unit };
      const under = { text: end.under, baseline: last, size: SMALL * unit };
      return {
        end: lineAt(type, end.x, { ...at, ...head, tone: 'paper' }),
        endUnder: lineAt(type, end.x, { ...at, ...under, tone: 'ash' }),
      };
    }
    case 'hung':
      return {
        end: to(frame.right, end.address, wide ? first : middle, wide ? LARGE : SMALL, 'paper'),
        endUnder: to(frame.right, wall.quietly, last, SMALL, 'ash'),
      };
  }
}

/** How far right a line may go before it meets what stands at the right end. */
function bound({ frame, type }: Setting, end: Marks, band: Band): number {
  let left = frame.right + BETWEEN * frame.unit;
  for (const mark of Object.values(end)) {
    if (!beside(mark, band)) continue;
    const inset = mark.kind === 'text' && mark.end ? inkWidth(type, mark) : 0;
    left = Math.min(left, mark.x - inset);
  }
  return left - BETWEEN * frame.unit;
}

/** A line from `x` to what stands right of it, at the latest to `stop`. */
function line(
  setting: Setting,
  end: Marks,
  text: string,
  at: { x: number; stop?: number; baseline: number; size: number; tone: Tone },
): TextMark {
  const size = at.size * setting.frame.unit;
  const smallest = SMALL * setting.frame.unit;
  const most = Math.min(at.stop ?? Infinity, bound(setting, end, { baseline: at.baseline, size }));
  const { x, baseline, tone } = at;
  return lineAt(setting.type, x, { text, baseline, size, smallest, tone, room: most - x });
}

function columns(setting: Setting, foot: Foot, end: Marks): Marks {
  const { frame } = setting;
  const { first, last } = lines(setting);
  const second = secondColumn(setting, foot, end);
  const stop = (beside: string) => (beside ? { stop: second - BETWEEN * frame.unit } : {});
  const large = { baseline: first, size: LARGE, tone: 'paper' as const };
  const small = { baseline: last, size: SMALL, tone: 'ash' as const };
  const where = { ...small, x: frame.left, ...stop(foot.remaining) };
  return {
    ...head(setting, end, foot.head, stop(foot.hour)),
    under: briefly(foot, (text) => line(setting, end, text, where)),
    hour: line(setting, end, foot.hour, { ...large, x: second }),
    remaining: line(setting, end, foot.remaining, { ...small, x: second }),
  };
}

/** What is said under the title; in brief where all of it has no room. */
function briefly({ under, brief }: Foot, at: (text: string) => TextMark): TextMark {
  const whole = at(under);
  return whole.text === under || !brief ? whole : at(brief);
}

/** The second column gives way to the left where the third would cut it short. */
function secondColumn(setting: Setting, foot: Foot, end: Marks): number {
  const { frame, type } = setting;
  const { first, last } = lines(setting);
  const lefts = [
    { text: foot.hour, baseline: first, size: LARGE * frame.unit },
    { text: foot.remaining, baseline: last, size: SMALL * frame.unit },
  ].map((line) => bound(setting, end, line) - type.width(line.text) * line.size);
  const asked = frame.left + SECOND * frame.inner;
  return frame.snap(Math.max(frame.left + LEAST * frame.inner, Math.min(asked, ...lefts)));
}

/** A title too long for one line takes two small ones: the foot has the height. */
function head(setting: Setting, end: Marks, text: string, stop: { stop?: number }): Marks {
  const { frame, type } = setting;
  const { first, last } = lines(setting);
  const at = { x: frame.left, ...stop, tone: 'paper' as const };
  const one = line(setting, end, text, { ...at, baseline: first, size: LARGE });
  if (one.text === text) return { head: one };
  const size = SMALL * frame.unit;
  const top = frame.snap(frame.footTop + type.cap * size);
  const band = { baseline: top, size };
  const room = Math.min(stop.stop ?? Infinity, bound(setting, end, band)) - frame.left;
  const [upper = '', lower = ''] = wrapped(type, text, room / size, 2);
  const small = { ...at, size: SMALL };
  const over = line(setting, end, upper, { ...small, baseline: top });
  const under = line(setting, end, lower, { ...small, baseline: frame.snap((top + last) / 2) });
  return twoHeads(type, over, under);
}

function twoHeads(type: Type, upper: TextMark, lower: TextMark): Marks {
  const [head, head2] = flushed(type, [upper, lower] as const);
  return { head, head2 };
}

/** Three lines, or four small ones where the title takes two. */
function threeLines(setting: Setting, foot: Foot, end: Marks): Marks {
  const { frame, type } = setting;
  const { left: x } = frame;
  const { first, middle, last } = lines(setting);
  const at = (text: string, baseline: number, size: number, tone: Tone) =>
    line(setting, end, text, { x, baseline, size, tone });
  const head = at(foot.head, first, LARGE, 'paper');
  if (head.text === foot.head)
    return {
      head,
      under: briefly(foot, (text) => at(text, middle, SMALL, 'ash')),
      third: at(foot.third, last, SMALL, 'paper'),
    };
  const size = SMALL * frame.unit;
  const top = frame.footTop + type.cap * size;
  const row = (k: number) => frame.snap(top + (k * (last - top)) / 3);
  const narrowest = [0, 1].map((k) => bound(setting, end, { baseline: row(k), size }) - x);
  const [upper = '', lower = ''] = wrapped(type, foot.head, Math.min(...narrowest) / size, 2);
  return {
    ...twoHeads(type, at(upper, row(0), SMALL, 'paper'), at(lower, row(1), SMALL, 'paper')),
    under: briefly(foot, (text) => at(text, row(2), SMALL, 'ash')),
    third: at(foot.third, row(3), SMALL, 'paper'),
  };
}
