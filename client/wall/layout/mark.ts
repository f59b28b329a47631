/** A wall's picture as plain data: what stands where. Whoever draws it decides nothing. */
import type { Frame } from './frame.js';
import { clipped, type Type, tracked } from './typeface.js';
import { isRightToLeft } from './writtenLine.js';

export type Tone = 'paper' | 'ash' | 'amber' | 'line' | 'black';

export type Shift = { at: number; dx: number; dy: number };

export type TextMark = {
  kind: 'text';
  text: string;
  /** Origin and baseline; with `end` the origin is where the advance ends. */
  x: number;
  y: number;
  end: boolean;
  size: number;
  tone: Tone;
  /** In em. */
  tracking: number;
  /** Digits of one width. */
  tabular: boolean;
  /** Drawn as an outline so thick; 0: filled. */
  outline: number;
  /** From these letters on, the text stands so much (em) further right and lower. */
  shifts: Shift[];
};
export type BarMark = {
  kind: 'bar';
  x: number;
  y: number;
  width: number;
  height: number;
  tone: Tone;
};
/** A QR code in the middle of a square of paper. */
export type QrMark = { kind: 'qr'; text: string; x: number; y: number; side: number };
export type Mark = TextMark | BarMark | QrMark;

/** One mark a place. A place whose mark is the same in two pictures is left alone between them. */
export type Slot =
  | 'figure'
  | 'label'
  | 'page'
  | 'title'
  | 'title2'
  | 'title3'
  | 'title4'
  | 'title5'
  | 'nameGround'
  | 'name'
  | 'past'
  | 'left'
  | 'head'
  | 'head2'
  | 'under'
  | 'third'
  | 'hour'
  | 'remaining'
  | 'end'
  | 'endUnder'
  | 'qr'
  | 'code';
export type Marks = Partial<Record<Slot, Mark>>;

type Line = {
  text: string;
  baseline: number;
  /** Asked for, and smallest before the text is clipped. */
  size: number;
  smallest?: number;
  /** Most that it may take in width. */
  room: number;
  tone: Tone;
  tracking?: number;
};

function fitted(type: Type, line: Line): TextMark {
  const { size, smallest = size, room, tracking = 0 } = line;
  const wide = tracked(type, line.text, tracking);
  const fits = Math.max(smallest, Math.min(size, room / wide));
  return {
    kind: 'text',
    text: clipped(type, line.text, room / fits + 0.01),
    x: 0,
    y: line.baseline,
    end: false,
    size: fits,
    tone: line.tone,
    tracking,
    tabular: false,
    outline: 0,
    shifts: [],
  };
}

/** A line whose first ink is at `x`. */
export function lineAt(type: Type, x: number, line: Line): TextMark {
  const mark = fitted(type, line);
  return { ...mark, x: x - type.ink(mark.text).before * mark.size };
}

/** A line whose last ink is at `x`. */
export function lineTo(type: Type, x: number, line: Line): TextMark {
  const mark = fitted(type, line);
  return { ...mark, x: x + (type.ink(mark.text).after + mark.tracking) * mark.size, end: true };
}

/** Width of what `lineAt` and `lineTo` give, from first ink to last. */
export function inkWidth(type: Type, mark: TextMark): number {
  const { before, after } = type.ink(mark.text);
  return (tracked(type, mark.text, mark.tracking) - before - after) * mark.size;
}

/**
 * Lines of one text, each of which begins at the same `x`: what runs from right to left is moved so
 * that it begins at its longest line's right end.
 */
export function flushed<L extends readonly TextMark[]>(type: Type, lines: L) {
  const widths = lines.map((line) => inkWidth(type, line));
  const widest = isRightToLeft(lines[0]?.text ?? '') ? Math.max(...widths) : null;
  const moved = lines.map((line, k) =>
    widest === null ? line : { ...line, x: line.x + widest - (widths[k] ?? 0) },
  );
  return moved as { [K in keyof L]: TextMark };
}

/** A large number in the figure's corner: first ink on the left margin. */
export function figureAt(
  frame: Frame,
  type: Type,
  text: string,
  place: { size: number; baseline: number },
  rest: Pick<TextMark, 'tone' | 'outline' | 'shifts' | 'tracking'>,
): TextMark {
  return {
    kind: 'text',
    text,
    x: frame.left - type.figureInk(text.charAt(0)).before * place.size,
    y: place.baseline,
    end: false,
    size: place.size,
    tabular: true,
    ...rest,
  };
}

export type Band = { baseline: number; size: number };

/** Does that mark stand beside a line of text? */
export function beside(mark: Mark, { baseline, size }: Band): boolean {
  const [above, below] = [0.8, 0.25];
  const [top, bottom] =
    mark.kind === 'text'
      ? [mark.y - above * mark.size, mark.y + below * mark.size]
      : [mark.y, mark.y + (mark.kind === 'qr' ? mark.side : mark.height)];
  return top < baseline + below * size && bottom > baseline - above * size;
}
