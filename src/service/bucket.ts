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
  /** Takes `n`, if there are so many. */
  take(now: number, n = 1): boolean {
    if (!this.has(now, n)) return false;
    this.left -= n;
    return true;
  }
  has(now: number, n: number): boolean {
    this.left = Math.min(this.burst, this.left + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
    return this.left >= n;
  }
  giveBack(n = 1): void {
    this.left = Math.min(this.burst, this.left + n);
  }
  /** When there will be `n`, in ms from when they were last asked for. */
  inMs(n: number): number {
    return Math.max(1, Math.ceil(((n - this.left) / this.perSecond) * 1000));
  }
}
