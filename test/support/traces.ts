/** A number in every way that it could be written: text, whole numbers of any store, doubles. */
export function formsOfNumber(number: number): Buffer[] {
  const big = Buffer.alloc(8);
  big.writeBigInt64BE(BigInt(number));
  const little = Buffer.from(big).reverse();
  const double = Buffer.alloc(8);
  double.writeDoubleLE(number);
  return [
    Buffer.from(String(number)),
    Buffer.from(String(number), 'utf16le'),
    Buffer.from(String(number), 'utf16le').swap16(),
    Buffer.from(number.toString(16)),
    big.subarray(1),
    little.subarray(0, 7),
    double,
    Buffer.from(double).reverse(),
    varint(number),
  ];
}

/** SQLite's variable-length integer, in which row ids are written. */
function varint(number: number): Buffer {
  const bytes: number[] = [];
  for (let rest = BigInt(number); rest > 0n; rest >>= 7n) {
    bytes.unshift(Number(rest & 0x7fn) | (bytes.length > 0 ? 0x80 : 0));
  }
  return Buffer.from(bytes);
}

/**
 * Whether a text says a number: its digits alone, since among those of an instant or of a size they stand
 * by chance (a page has some thirty places for six of them).
 */
export const says = (text: string, number: string): boolean =>
  new RegExp(`(?<![\\d.])${number}(?!\\d)`).test(text);
