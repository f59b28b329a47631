/**
 * The wall's frame: margins, foot, hairline and where the field ends. Lengths are CSS pixels, all
 * lines on whole device pixels; U is a hundredth of the screen's shorter side.
 */

/** `ratio`: device pixels in a CSS pixel. */
export type Screen = { width: number; height: number; ratio: number };

/** How large a screen is, corner to corner (inch), and from how far it is read (m). */
export type Stand = { diagonal: number; distance: number };
export const USUAL_STAND: Stand = { diagonal: 55, distance: 4 };

/** Wide from 16:10 on; a narrow or portrait wall has a foot of three lines. */
export type Form = 'wide' | 'narrow' | 'portrait';

export type Frame = {
  screen: Screen;
  form: Form;
  unit: number;
  left: number;
  right: number;
  top: number;
  /** Width between the side margins: X. */
  inner: number;
  footTop: number;
  footBottom: number;
  /** Side of the small QR code with its quiet border, and of one of its modules. */
  qr: Square;
  /** Top edge of the hairline, and its thickness. */
  hairline: number;
  hair: number;
  fieldEnd: number;
  snap: (length: number) => number;
};

export type Square = { side: number; module: number };

/** Modules of a QR code for an address of 27 to 42 bytes, with four of quiet on either side. */
export const USUAL_MODULES = 29 + 8;

/**
 * A QR code of about `side` in whole device pixels a module. It grows to the next whole module
 * rather than losing half of one, and never is smaller than asked: what is left over is quiet.
 */
export function squareOf(side: number, modules: number, ratio: number): Square {
  const device = Math.max(1, Math.floor((side * ratio) / modules + 0.55));
  const module = device / ratio;
  return { module, side: Math.max(Math.round(side * ratio) / ratio, module * modules) };
}

export function frameOf(screen: Screen): Frame {
  const { width, height, ratio } = screen;
  const snap = (length: number) => Math.round(length * ratio) / ratio;
  const unit = Math.min(width, height) / 100;
  const form: Form = height > width ? 'portrait' : width >= height * 1.6 ? 'wide' : 'narrow';
  const left = snap(6 * unit);
  const right = snap(width - 6 * unit);
  const qr = squareOf((form === 'wide' ? 12 : 15) * unit, USUAL_MODULES, ratio);
  const footBottom = snap(height - 5.5 * unit);
  const footTop = footBottom - qr.side;
  const hairline = snap(footTop - 3.6 * unit);
  return {
    screen,
    form,
    unit,
    left,
    right,
    top: snap(5.5 * unit),
    inner: right - left,
    footTop,
    footBottom,
    qr,
    hairline,
    hair: 3,
    fieldEnd: snap(hairline - 4 * unit),
    snap,
  };
}

/** A capital of a distance's four hundredth is read, with good eyes; smaller is a texture. */
const READ = 400;
const INCH = 25.4;
/** Device pixels under which a digit has no shape, whoever looks, and a least size in U. */
const SHAPE = 6;
const FLOOR = 1;
const CEILING = 9;

/** The least size (px) of a number that can be read from there. `cap`: of capitals, in em. */
export function leastSize({ screen, unit }: Frame, cap: number, stand: Stand): number {
  const millimetre = Math.hypot(screen.width, screen.height) / (stand.diagonal * INCH);
  const asked = (((stand.distance * 1000) / READ) * millimetre) / cap;
  const least = Math.max(SHAPE / screen.ratio, FLOOR * unit, asked);
  return Number.isFinite(least) ? Math.min(CEILING * unit, least) : 2 * unit;
}
