import { createField } from './fieldPainter.js';
import { type Floor, lay } from './layout/floor.js';
import { leastSize, USUAL_STAND } from './layout/frame.js';
import type { Grid } from './layout/grid.js';
import type { Setting } from './layout/parts.js';
import { gatheringRoom, type Hanging, hangingOf, silenceRoom } from './layout/rooms.js';
import { type Page, turnAt } from './layout/turning.js';
import type { View } from './model/held.js';
import type { Scene } from './model/scene.js';
import { CUT, nosoOf, RELAY, type Transition } from './transition.js';

/** What the field and the code leave to the rest of the picture. */
export type Grounds = {
  countOnly: boolean;
  hanging: Hanging;
  page: Page | null;
  /** Where the numbers stand; null where none do. */
  grid: Grid | null;
  /** The field was laid anew, or the code hangs smaller than before. */
  relaid: boolean;
};

/** The numbers of a NoSo, from picture to picture, and how large the code hangs among them. */
export function createGround(root: HTMLElement) {
  const field = createField(root);
  let floor: Floor | null = null;
  let seated: ReadonlySet<string> | null = null;
  let noso: string | null = null;
  let hanging: Hanging | null = null;
  /** What the hanging of the code was decided for. */
  let decided = '';

  function clear(ms: number): void {
    if (floor) field.leave(ms);
    floor = null;
    seated = null;
  }

  function hang(setting: Setting, scene: Scene, digits: number, least: number): Hanging {
    if (scene.kind !== 'during') return 54;
    const { numbers } = scene.view;
    const key = `${scene.stage} ${digits} ${numbers?.size} ${setting.frame.screen.width} ${least}`;
    if (key !== decided || hanging === null)
      hanging = hangingOf(setting, scene.stage, hanging, digits, { numbers, least });
    decided = key;
    return hanging;
  }

  function show(setting: Setting, scene: Scene, digits: number, change: Transition, now: number) {
    const was = hanging;
    if (nosoOf(scene) !== noso) {
      noso = nosoOf(scene);
      hanging = null;
      clear(change.fieldGoes);
    }
    const numbers = numbersOf(scene);
    const least = leastSize(setting.frame, setting.type.cap, standOf(scene));
    const hangs = hang(setting, scene, digits, least);
    const smaller = was !== null && hanging !== null && was !== hanging;
    if (numbers === null || !('cut' in scene)) {
      clear(change.fieldGoes);
      const countOnly = scene.kind === 'during' && !scene.unheard;
      return { countOnly, hanging: hangs, page: null, grid: null, relaid: smaller };
    }
    // A page stands as long as the line is cut: it is as of then.
    const turn = scene.cut !== null && floor?.page ? floor.page.turn : turnAt(now);
    const turned = floor?.page && floor.page.turn !== turn;
    const { frame, type } = setting;
    const { width, height, ratio } = frame.screen;
    const during = scene.kind === 'during';
    const figure = during ? `${digits} ${hangs}` : '';
    const key = `${scene.kind} ${figure} ${width} ${height} ${ratio} ${least} ${setting.language}`;
    let relaid = false;
    if (floor?.key !== key || seated !== numbers || turned) {
      const room = (seats: number, paged: boolean) =>
        during ? silenceRoom(setting, hangs, digits, seats, paged) : gatheringRoom(setting, paged);
      const first = floor === null;
      const laid = lay(floor, { key, room, type, numbers, least, turn }, Math.random);
      relaid = laid.relaid && !first;
      field.show(laid, frame, change === CUT && first ? 0 : Math.max(change.come('qr'), RELAY_MS));
      floor = laid.floor;
      seated = numbers;
    }
    field.stale(scene.cut !== null, change.stale);
    const countOnly = during && floor.seats === null;
    const { page, seats } = floor;
    const grid = seats?.grid ?? null;
    return { countOnly, hanging: hangs, page, grid, relaid: relaid || smaller };
  }

  return { show: show as (...given: Parameters<typeof show>) => Grounds };
}

const RELAY_MS = RELAY.fieldGoes;

/** The numbers that a scene shows; null where it has no field. */
function numbersOf(scene: Scene): View['numbers'] {
  if (scene.kind === 'gathering') return scene.view.numbers;
  return scene.kind === 'during' && !scene.unheard ? scene.view.numbers : null;
}

function standOf(scene: Scene) {
  const wall = 'view' in scene ? scene.view.wall : undefined;
  return {
    diagonal: wall?.diagonal ?? USUAL_STAND.diagonal,
    distance: wall?.distance ?? USUAL_STAND.distance,
  };
}
