/** A scene composed: which marks stand where, for a given frame, typeface and language. */

import type { Scene } from '../model/scene.js';
import { cutEnd, EMPTY, footMarks } from './foot.js';
import { gathering } from './gathering.js';
import { foreign, nothing, pairing, refused } from './idle.js';
import type { Marks } from './mark.js';
import type { Setting } from './parts.js';
import { before } from './poster.js';
import { after, during, type Layout } from './running.js';

/** Everything that a wall shows at that instant but its field. */
export function compose(setting: Setting, scene: Scene, layout: Layout): Marks {
  const { wall } = setting;
  switch (scene.kind) {
    case 'connecting':
      return footMarks(setting, { ...EMPTY, end: cutEnd(wall.connecting, '') });
    case 'unpaired':
      return footMarks(setting, { ...EMPTY, head: scene.address, under: wall.unpaired });
    case 'pairing':
      return pairing(setting, scene);
    case 'foreign':
      return foreign(setting, scene);
    case 'refused':
      return refused(setting, scene);
    case 'nothing':
      return nothing(setting, scene);
    case 'before':
      return before(setting, scene);
    case 'gathering':
      return gathering(setting, scene, layout.page);
    case 'during':
      return during(setting, scene, layout);
    case 'after':
      return after(setting, scene, layout);
  }
}
