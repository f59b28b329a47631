import { encode } from 'uqr';

/** Light modules around a code, as the standard wants them. */
const QUIET = 4;

/**
 * A code for a terminal: two rows of modules a line. Light is drawn and dark is left out, so that it
 * is read off a dark terminal as printed, and off a light one as its negative, which phones read too.
 */
export function terminalQr(text: string): string[] {
  const { data, size } = encode(text, { ecc: 'L', border: QUIET });
  const light = (x: number, y: number) => y < size && !data[y]?.[x];
  return Array.from({ length: Math.ceil(size / 2) }, (_, k) =>
    Array.from({ length: size }, (_, x) => {
      const [above, below] = [light(x, 2 * k), light(x, 2 * k + 1)];
      return above ? (below ? '█' : '▀') : below ? '▄' : ' ';
    }).join(''),
  );
}
