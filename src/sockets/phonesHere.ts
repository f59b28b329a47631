import type { SocketOf } from './io.js';

type Phone = { noso: string; number: number };
type PhoneSocket<P> = SocketOf<'/phone', P>;

/** Tabs and devices of one number that may be connected here at once. */
const MOST = 8;

/** The phones that are connected here, by NoSo and number: tabs of one number are several sockets. */
export function createPhonesHere<P extends Phone>() {
  const here = new Map<string, Map<number, PhoneSocket<P>[]>>();
  return {
    /** The oldest of its number is one too many, and is returned, if there are so many. */
    add(socket: PhoneSocket<P>): PhoneSocket<P> | undefined {
      const { noso, number } = socket.data;
      const phones = here.get(noso) ?? new Map<number, PhoneSocket<P>[]>();
      here.set(noso, phones);
      const tabs = phones.get(number);
      if (tabs) tabs.push(socket);
      else phones.set(number, [socket]);
      return tabs && tabs.length > MOST ? tabs[0] : undefined;
    },
    remove(socket: PhoneSocket<P>): void {
      const { noso, number } = socket.data;
      const phones = here.get(noso);
      const rest = phones?.get(number)?.filter((each) => each !== socket) ?? [];
      if (rest.length > 0) phones?.set(number, rest);
      else phones?.delete(number);
      if (phones?.size === 0) here.delete(noso);
    },
    /** All tabs of a number. */
    of: (noso: string, number: number): readonly PhoneSocket<P>[] =>
      here.get(noso)?.get(number) ?? [],
    /** All phones of a NoSo. */
    at: (noso: string): PhoneSocket<P>[] => [...(here.get(noso)?.values() ?? [])].flat(),
    isAny: (noso: string): boolean => here.has(noso),
  };
}
