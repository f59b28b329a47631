/** A pass' key is so many characters of base64url, mostly: 132 bits. */
const LENGTH = 22;
/**
 * Words of 32 bits of an entry: four of its key, one of the key's last four bits below the upper part of its
 * number, and one of the lower.
 */
const WIDTH = 6;
const WORD = 2 ** 32;
const LAST = 2 ** 4;
/** Entries in a page; the first page grows up to that. */
const PAGE = 1024;
const LEAST = 8;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The six bits that a character stands for; none: 64. */
const BITS = new Uint8Array(128).fill(64);
for (let k = 0; k < 64; k += 1) BITS[ALPHABET.charCodeAt(k)] = k;

/** The key that is looked for: four words, and its last bits. Nothing of it is left there afterwards (A8). */
const words = new Uint32Array(5);

/**
 * Which number each pass was used for (P8): a `Map<string, number>` of 32 bytes an entry, from which
 * nothing is taken away. A key of another form, as version 1 had them, is kept as it is.
 */
export class UsedPasses {
  private readonly others = new Map<string, number>();
  private readonly pages: Uint32Array[] = [];
  private used = 0;
  /** Where each entry lies (its place + 1; 0: none), open-addressed by the first words of its key. */
  private places = new Int32Array(2 * LEAST);

  get size(): number {
    return this.used + this.others.size;
  }

  get(key: string): number | undefined {
    if (!spelled(key)) return this.others.get(key);
    const entry = (this.places[this.slot()] as number) - 1;
    words.fill(0);
    if (entry < 0) return undefined;
    const [page, from] = this.at(entry);
    return Math.floor((page[from + 4] as number) / LAST) * WORD + (page[from + 5] as number);
  }

  set(key: string, number: number): void {
    if (!spelled(key)) return void this.others.set(key, number);
    if (4 * (this.used + 1) > 3 * this.places.length) this.widen();
    const slot = this.slot();
    const known = (this.places[slot] as number) - 1;
    const entry = known < 0 ? this.used : known;
    if (known < 0) {
      this.used += 1;
      this.makeRoom(entry);
      this.places[slot] = entry + 1;
    }
    const [page, from] = this.at(entry);
    page.set(words, from);
    page[from + 4] = Math.floor(number / WORD) * LAST + (words[4] as number);
    page[from + 5] = number % WORD;
    words.fill(0);
  }

  /** Where the key in `words` is, or would be. */
  private slot(): number {
    const { places } = this;
    const most = places.length - 1;
    for (
      let slot = hashOf(words[0] as number, words[1] as number) & most;
      ;
      slot = (slot + 1) & most
    ) {
      const entry = (places[slot] as number) - 1;
      if (entry < 0 || this.isAt(entry)) return slot;
    }
  }

  private isAt(entry: number): boolean {
    const [page, from] = this.at(entry);
    for (let k = 0; k < 4; k += 1) if (page[from + k] !== words[k]) return false;
    return (page[from + 4] as number) % LAST === words[4];
  }

  private at(entry: number): [page: Uint32Array, from: number] {
    return [this.pages[Math.floor(entry / PAGE)] as Uint32Array, (entry % PAGE) * WIDTH];
  }

  private makeRoom(entry: number): void {
    const page = Math.floor(entry / PAGE);
    const before = this.pages[page];
    const entries = (before?.length ?? 0) / WIDTH;
    if (entry % PAGE < entries) return;
    const most = page > 0 ? PAGE : Math.min(PAGE, Math.max(LEAST, 2 * entries));
    const larger = new Uint32Array(most * WIDTH);
    if (before) larger.set(before);
    this.pages[page] = larger;
  }

  private widen(): void {
    this.places = new Int32Array(2 * this.places.length);
    const most = this.places.length - 1;
    for (let entry = 0; entry < this.used; entry += 1) {
      const [page, from] = this.at(entry);
      let slot = hashOf(page[from] as number, page[from + 1] as number) & most;
      while (this.places[slot] !== 0) slot = (slot + 1) & most;
      this.places[slot] = entry + 1;
    }
  }
}

/** Digests are spread as they are; others are spread all the same. */
function hashOf(first: number, second: number): number {
  const both = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  return both ^ (both >>> 15);
}

/** Writes the bits that a key spells into `words`; false: it is of another form. */
function spelled(key: string): boolean {
  if (key.length !== LENGTH) return false;
  let word = 0;
  let rest = 0;
  let bits = 0;
  for (let k = 0; k < LENGTH; k += 1) {
    const six = BITS[key.charCodeAt(k)] ?? 64;
    if (six === 64) {
      words.fill(0);
      return false;
    }
    rest = rest * 64 + six;
    bits += 6;
    if (bits < 32) continue;
    bits -= 32;
    const more = 2 ** bits;
    words[word] = Math.floor(rest / more);
    rest %= more;
    word += 1;
  }
  words[4] = rest;
  return true;
}
