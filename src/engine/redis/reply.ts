/** What a script answered: a list of strings and integers. Reading it wrongly is a fault of ours. */
export class Reply {
  constructor(private readonly items: readonly unknown[]) {}
  get length(): number {
    return this.items.length;
  }
  text(at: number): string {
    const item = this.items[at];
    if (typeof item === 'string') return item;
    if (typeof item === 'number') return String(item);
    throw new Error(`script: no text at ${at}`);
  }
  number(at: number): number {
    const item = this.items[at];
    if (item === null || item === undefined || item === '')
      throw new Error(`script: nothing at ${at}`);
    return Number(item);
  }
  /** Null where the script said nothing (Lua's false). */
  maybe(at: number): string | null {
    return this.items[at] === null || this.items[at] === undefined ? null : this.text(at);
  }
}
