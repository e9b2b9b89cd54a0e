import { readdir, readFile } from 'node:fs/promises';

/** CPU seconds that each part of the platform has used so far, children included. */
export type CpuByPart = ReadonlyMap<string, number>;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

/** Clock ticks a second of /proc/<pid>/stat (proc(5)); 100 on every Linux that Node runs on. */
const TICKS = 100;

const NAMES: ReadonlyArray<readonly [RegExp, string]> = [
  [/services\/(auth|reservas|pagamentos|notificacoes)\//, '$1'],
  [/postgres/, 'PostgreSQL'],
  [/nats-server/, 'NATS'],
  [/redis-server/, 'Redis'],
  [/maildev/, 'mail inbox'],
  [/stripe\/main/, 'Stripe stand-in'],
  [/edge\/main/, 'REST edge'],
];

/** Linux only: empty where there is no /proc. */
export async function cpuByPart(): Promise<CpuByPart> {
  const processes = await readProcesses();
  const parts = new Map<string, number>();
  for (const child of processes.filter(({ parent }) => parent === process.pid)) {
    const part = await partOf(child.pid);
    if (part !== undefined) parts.set(part, (parts.get(part) ?? 0) + withChildren(child, processes));
  }
  const own = process.cpuUsage();
  if (processes.length > 0) parts.set('this driver', (own.user + own.system) / 1e6);
  return parts;
}

/** CPU milliseconds between two readings, per piece of work, dearest first. */
export function cpuPerPiece(before: CpuByPart, after: CpuByPart, pieces: number): Array<[string, number]> {
  return [...after]
    .map(([part, seconds]): [string, number] => [part, (seconds - (before.get(part) ?? 0)) * 1_000])
    .map(([part, ms]): [string, number] => [part, Math.round((ms / Math.max(pieces, 1)) * 100) / 100])
    .sort(([, a], [, b]) => b - a);
}

function withChildren(root: Process, all: readonly Process[]): number {
  const children = all.filter(({ parent }) => parent === root.pid);
  return children.reduce((sum, child) => sum + withChildren(child, all), root.seconds);
}

async function readProcesses(): Promise<Process[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  return (await Promise.all(pids.map(readProcess))).filter((found) => found !== undefined);
}

/** Undefined when it has ended in the meantime. */
async function readProcess(pid: number): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // After the name in parentheses, which may hold anything: state, parent, ... with the times as fields 14 to 17,
  // those of ended children included.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), seconds: ticks / TICKS };
}

async function partOf(pid: number): Promise<string | undefined> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  for (const [pattern, name] of NAMES) {
    const match = pattern.exec(command);
    if (match) return name.replace('$1', match[1] ?? '');
  }
  return undefined;
}
