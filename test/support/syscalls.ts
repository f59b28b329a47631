// What a process asks of the system, in order: what it wrote and whether that is on the disk by the
// time it says so. A kill cannot show this: what was written outlives the process, and not the power.

/** One call, from where it began to where it was answered, as places in the trace. */
export type Call = {
  name: string;
  /** What stands between its brackets. */
  args: string;
  /** What it returned. */
  answer: string;
  began: number;
  ended: number;
};

const TRACED = [
  ...['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2'],
  ...['sendto', 'sendmsg', 'fsync', 'fdatasync', 'sync_file_range'],
  ...['openat', 'mkdir', 'mkdirat', 'rename', 'renameat', 'renameat2', 'link', 'linkat'],
  ...['unlink', 'unlinkat'],
];

/** Runs a program so that all that it asks of the system stands in a file: it stays a child of ours. */
export const tracedTo = (file: string): string[] => [
  ...['strace', '-D', '-f', '--seccomp-bpf', '-qqq', '-y', '-s', '200', '-e', 'signal=none'],
  ...['-e', `trace=${TRACED.join(',')}`, '-o', file],
];

const LINE = /^(\d+) +(.*)$/;
const WHOLE = /^(\w+)\((.*)\) += (.*)$/;
const BEGUN = /^(\w+)\((.*) <unfinished \.\.\.>$/;
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)\) += (.*)$/;

/** Reads a trace. What was not answered yet is left out. */
export function callsIn(trace: string): Call[] {
  const calls: Call[] = [];
  const open = new Map<string, { name: string; args: string; began: number }>();
  for (const [place, line] of trace.split('\n').entries()) {
    const [, thread = '', rest = ''] = LINE.exec(line) ?? [];
    const whole = WHOLE.exec(rest);
    const begun = BEGUN.exec(rest);
    const resumed = RESUMED.exec(rest);
    if (whole) {
      const [, name = '', args = '', answer = ''] = whole;
      calls.push({ name, args, answer, began: place, ended: place });
    } else if (begun) {
      open.set(thread, { name: begun[1] ?? '', args: begun[2] ?? '', began: place });
    } else if (resumed) {
      const before = open.get(thread);
      const [, name = '', args = '', answer = ''] = resumed;
      if (before?.name === name) {
        calls.push({ ...before, args: before.args + args, answer, ended: place });
      }
    }
  }
  return calls;
}

/** What of a folder a power cut may take at that place of the trace, and what was written before. */
export type Stand = { atRisk: string[]; writes: number };

/**
 * Where the files of a folder stand when each call in `acknowledgements` begins: the files written and
 * not brought to the disk since, and the names made in folders that were not. What lies in a folder
 * that is not on the disk is gone with it.
 */
export function standsAt(
  calls: readonly Call[],
  folder: string,
  acknowledgements: readonly Call[],
): Stand[] {
  const ours = (path: string) => path === folder || path.startsWith(`${folder}/`);
  const path = (call: Call) => /^\d+<([^>]*)>/.exec(call.args)?.[1] ?? '';
  return acknowledgements.map(({ began: now }) => {
    /** By what is at risk: where it was last changed. */
    const atRisk = new Map<string, number>();
    const known = new Set<string>();
    let writes = 0;
    for (const call of [...calls].sort((a, b) => a.ended - b.ended)) {
      if (call.began >= now) continue;
      const file = path(call);
      if (/^p?write/.test(call.name) && ours(file)) {
        // It may reach the disk, or not, from where it began: no sync before that counts for it.
        atRisk.set(file, call.ended);
        writes += 1;
      } else if (/^f(data)?sync$/.test(call.name) && call.answer === '0' && call.ended < now) {
        for (const [each, changed] of atRisk) {
          const brought = each === file || each === `${file}/`;
          if (brought && changed < call.began) atRisk.delete(each);
        }
      } else if (call.name.startsWith('unlink')) {
        // Whoever finds it again deletes it again: forgetting has its own tests.
        for (const gone of pathsIn(call)) {
          atRisk.delete(gone);
          known.delete(gone);
        }
      } else {
        for (const made of namesMadeBy(call)) {
          // Whose folder it is may have made it himself: it is what is in it that counts.
          if (!ours(made) || made === folder || known.has(made)) continue;
          known.add(made);
          atRisk.set(`${made.slice(0, made.lastIndexOf('/'))}/`, call.ended);
        }
      }
    }
    return { atRisk: [...atRisk.keys()].sort(), writes };
  });
}

/** Absolute paths of names that a call made, or may have made. */
function namesMadeBy(call: Call): string[] {
  const { name, args, answer } = call;
  if (answer.startsWith('-1')) return [];
  const named = pathsIn(call);
  if (name === 'openat') return args.includes('O_CREAT') ? named.slice(0, 1) : [];
  if (/^(rename|link)/.test(name)) return named.slice(-1);
  return name.startsWith('mkdir') ? named : [];
}

const pathsIn = ({ args }: Call): string[] =>
  [...args.matchAll(/"(\/[^"]*)"/g)].map(([, path = '']) => path);
