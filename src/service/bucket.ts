/** So many at once, and so many back each second. */
export class Bucket {
  private left: number;
  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
    private at: number,
  ) {
    this.left = burst;
  }
  /** Takes `n`, if there is one: what it takes beyond that is not there for others later. */
  take(now: number, n = 1): boolean {
    if (!this.hasOne(now)) return false;
    this.left -= n;
    return true;
  }
  hasOne(now: number): boolean {
    this.left = Math.min(this.burst, this.left + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
    return this.left >= 1;
  }
  giveBack(n = 1): void {
    this.left = Math.min(this.burst, this.left + n);
  }
  /** When there will be one, in ms from when it was last asked for. */
  inMs(): number {
    return Math.max(1, Math.ceil(((1 - this.left) / this.perSecond) * 1000));
  }
}
