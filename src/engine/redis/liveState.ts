import { unavailable } from '../deadline.js';
import type { Arg, Calls } from './calls.js';
import { type Keys, liveKeys } from './keys.js';
import { closed, type Lifecycle } from './lifecycle.js';
import { epochOf, seqOf } from './liveReply.js';
import type { Recovery } from './recovery.js';
import type { Reply } from './reply.js';
import { REPLAY } from './scripts/replayLua.js';
import type { Script } from './scripts/script.js';
import type { Tended } from './tended.js';
import type { Witness } from './witness.js';

/** Sends scripts to open NoSos, and deals with those that are not, or not any more. */
export class Live {
  /** NoSos being founded or finished by this node, so that a storm asks for it once. */
  private readonly reviving = new Map<string, Promise<void>>();

  constructor(
    private readonly calls: Calls,
    private readonly keys: Keys,
    private readonly lifecycle: Lifecycle,
    private readonly recovery: Recovery,
    private readonly tended: Tended,
    private readonly witness: Witness,
  ) {}

  /**
   * Throws `not_open`, `not_found`, `unavailable`: the last also after a loss, until what all nodes
   * acknowledged is put back, so that nobody is told of what may not be so.
   */
  async run(noso: string, script: Script, args: readonly Arg[]): Promise<Reply> {
    this.witness.assertWhole();
    await this.recovery.settle(noso);
    const reply = await this.reach(noso, script, args);
    if (reply.text(0) === 'settling' || this.recovery.owes(noso)) throw settling();
    return reply;
  }

  /** Says at a NoSo that this node is there, and puts back what there is to put back. */
  async present(noso: string): Promise<void> {
    await this.reach(noso, REPLAY, this.recovery.attendance(noso));
    await this.recovery.settle(noso);
  }

  /** Says so ahead of the first thing that this node acknowledges there: it will be waited for. */
  attend(noso: string): void {
    if (this.tended.attended.has(noso)) return;
    this.tended.attended.add(noso);
    const keys = liveKeys(this.keys.noso(noso));
    this.calls.run(REPLAY, keys, this.recovery.attendance(noso)).catch(() => {
      this.tended.attended.delete(noso);
    });
  }

  private async reach(noso: string, script: Script, args: readonly Arg[]): Promise<Reply> {
    const keys = liveKeys(this.keys.noso(noso));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const known = this.recovery.position(noso);
      const reply = await this.calls.run(script, keys, args);
      switch (reply.text(0)) {
        case 'ok':
        case 'settling':
          this.recovery.observe(noso, { epoch: epochOf(reply), seq: seqOf(reply) }, known);
          return reply;
        case 'missing':
          await this.once(noso, () => this.lifecycle.revive(noso));
          break;
        case 'sealed':
          // Whoever was closing it did not come to the end.
          await this.once(noso, () => this.lifecycle.finish(noso));
          throw closed();
        default:
          throw closed();
      }
    }
    throw unavailable('the live state does not stay');
  }

  private once(noso: string, work: () => Promise<void>): Promise<void> {
    const going = this.reviving.get(noso);
    if (going) return going;
    const done = work().finally(() => this.reviving.delete(noso));
    this.reviving.set(noso, done);
    return done;
  }
}

const settling = () => unavailable('what a loss undid is being put back');
