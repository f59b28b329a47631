// What a process asks of the system, in order: what it wrote and whether that is on the disk by the
// time it says so. A kill cannot show this: what was written outlives the process, and not the power.
import { spawnSync } from 'node:child_process';

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

/** Whether that is allowed here: some containers forbid it. */
export const mayTrace = (): boolean =>
  spawnSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', 'true']).status === 0;

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

/**
 * What a power cut may take of what each answer promised: the files of a folder that were written and
 * not brought to the disk, and the names made in folders that were not (`…/`). Requests follow each
 * other, so what an answer promises was written since the one before. Nothing may be taken if at some
 * instant in between something was written and all of it was on the disk: what is written after that
 * instant is somebody else's.
 */
export function atRiskAt(
  calls: readonly Call[],
  folder: string,
  answers: readonly Call[],
): string[][] {
  const inOrder = [...calls].sort((a, b) => a.ended - b.ended);
  return answers.map((answer, k) => {
    const since = answers[k - 1]?.began ?? 0;
    return atRisk(inOrder, folder, { since, now: answer.began });
  });
}

const NOTHING = 'nothing was written';

function atRisk(
  calls: readonly Call[],
  folder: string,
  { since, now }: { since: number; now: number },
): string[] {
  const ours = (path: string) => path.startsWith(`${folder}/`);
  /** By what is at risk: where in the trace it was last changed. */
  const changed = new Map<string, number>();
  const known = new Set<string>();
  let written = false;
  for (const call of calls) {
    if (call.ended >= now) break;
    const file = /^\d+<([^>]*)>/.exec(call.args)?.[1] ?? '';
    if (/^p?write/.test(call.name) && ours(file)) {
      changed.set(file, call.ended);
      written ||= call.began > since;
    } else if (/^f(data)?sync$/.test(call.name) && call.answer === '0') {
      // What was written while it was under way may have come too late for it.
      for (const each of [file, `${file}/`]) {
        if ((changed.get(each) ?? now) < call.began) changed.delete(each);
      }
      if (written && changed.size === 0) return [];
    } else if (call.name.startsWith('unlink')) {
      // Whoever finds it again deletes it again: forgetting has its own tests.
      for (const gone of pathsIn(call)) {
        changed.delete(gone);
        known.delete(gone);
      }
    } else {
      for (const made of namesMadeBy(call)) {
        if (!ours(made) || known.has(made)) continue;
        known.add(made);
        changed.set(`${made.slice(0, made.lastIndexOf('/'))}/`, call.ended);
      }
    }
  }
  return written ? [...changed.keys()].sort() : [NOTHING];
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
