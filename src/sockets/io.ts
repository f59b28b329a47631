import type { Namespace, Server, Socket } from 'socket.io';
import type { Namespaces, OperatorNote, ScreenInfo } from '../protocol/wire.js';
import type { Session } from '../service/sessions.js';

/** What nodes tell each other. Small, rare and never a count. */
export type ControlMessage =
  | { say: 'wrote' }
  /** What screens said of themselves. */
  | { say: 'screens'; screens: [wall: string, screen: ScreenInfo][] }
  /** A node that has just come: what is only in memory is to be told again. */
  | { say: 'arrived' }
  /** Show this wall's name until then (ms). */
  | { say: 'identify'; wall: string; until: number }
  /** Something that whoever runs all of them should know. */
  | { say: 'note'; note: OperatorNote }
  /** An owner signed out of this session. */
  | { say: 'over'; session: Session }
  /** A code of this NoSo is exchanged faster than people come in. */
  | { say: 'strained'; noso: string }
  /** `sitting` null: whichever it was. */
  | {
      say: 'left';
      noso: string;
      seats: [number: number, sitting: number | null][];
      /** They did not leave: their seats were taken back. */
      voided?: true;
    };

/** A message between nodes as it crosses Redis (sealing.ts). */
export type Sealed = { sealed: string };

type Nothing = Record<never, never>;
type BetweenNodes = { control: (message: Sealed) => void };

/** The server as a whole: nothing is said on it, only in the namespaces. */
export type Io = Server<Nothing, Nothing, BetweenNodes, object>;

export type Name = keyof Namespaces;
export type Auth<N extends Name> = Namespaces[N]['auth'];
/** What may be said there, and what its acknowledgement says. */
export type Says<N extends Name> = Namespaces[N]['says'];
export type Told<N extends Name> = Namespaces[N]['told'];
export type Ack<N extends Name, E extends keyof Says<N>> = Says<N>[E] extends (
  ...said: infer All
) => void
  ? All extends [...unknown[], infer A]
    ? A
    : never
  : never;

/** A namespace whose frames are the contract's, and of whose sockets `Data` is known. */
export type NamespaceOf<N extends Name, Data = object> = Namespace<
  Says<N>,
  Told<N>,
  BetweenNodes,
  Data
>;
export type SocketOf<N extends Name, Data = object> = Socket<Says<N>, Told<N>, BetweenNodes, Data>;

/** The only way to a namespace: the library's own knows no names, and so no frames. */
export const namespaceOf = <N extends Name, Data>(io: Io, name: N): NamespaceOf<N, Data> =>
  io.of(name) as unknown as NamespaceOf<N, Data>;
