import type { IncomingHttpHeaders } from 'node:http';
import { EdgeConfigError } from './config-checks.ts';

/** What the router needs of a route; the rest is the caller's. */
export interface Routable {
  readonly name: string;
  readonly paths: readonly string[];
  readonly methods: readonly string[];
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly regexPriority: number;
}

interface Candidate<R> {
  readonly route: R;
  readonly priority: readonly number[];
  readonly matchesPath: (path: string) => boolean;
  readonly methods: ReadonlySet<string> | undefined;
  readonly headers: readonly HeaderRule[];
}

interface HeaderRule {
  readonly name: string;
  readonly matches: (value: string) => boolean;
}

/**
 * Chooses a route as Kong 3's traditional router does: more kinds of attributes first (methods,
 * headers, paths), then more headers, expressions before prefixes, higher `regex_priority`, longer prefix.
 */
export class Router<R extends Routable> {
  readonly #candidates: Candidate<R>[];

  constructor(routes: readonly R[]) {
    this.#candidates = routes
      .flatMap((route) => route.paths.map((path) => candidate(route, path)))
      .sort((a, b) => comparePriority(b.priority, a.priority));
  }

  /** @param path normalised path; headers as Node gives them (lower-case names). */
  match(method: string, path: string, headers: IncomingHttpHeaders): R | undefined {
    return this.#candidates.find(
      (one) =>
        one.matchesPath(path) &&
        (one.methods === undefined || one.methods.has(method)) &&
        one.headers.every((rule) => headerMatches(rule, headers)),
    )?.route;
  }
}

function candidate<R extends Routable>(route: R, path: string): Candidate<R> {
  const isRegex = path.startsWith('~');
  return {
    route,
    matchesPath: isRegex ? regexMatcher(route.name, path) : (given) => given.startsWith(path),
    methods: route.methods.length > 0 ? new Set(route.methods) : undefined,
    headers: [...route.headers].map(([name, values]) => ({ name, matches: headerMatcher(values) })),
    priority: [
      1 + Number(route.methods.length > 0) + Number(route.headers.size > 0),
      route.headers.size,
      Number(isRegex),
      isRegex ? route.regexPriority : 0,
      isRegex ? 0 : path.length,
    ],
  };
}

function comparePriority(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function regexMatcher(route: string, path: string): (given: string) => boolean {
  const regex = compile(`^(?:${path.slice(1)})`, '', route);
  return (given) => regex.test(given);
}

function headerMatcher(values: readonly string[]): (value: string) => boolean {
  const [first] = values;
  if (values.length === 1 && first?.startsWith('~*')) {
    const regex = compile(first.slice(2), 'i', 'headers');
    return (value) => regex.test(value);
  }
  const accepted = new Set(values.map((value) => value.toLowerCase()));
  return (value) => accepted.has(value.toLowerCase());
}

function headerMatches(rule: HeaderRule, headers: IncomingHttpHeaders): boolean {
  const value = headers[rule.name];
  if (value === undefined) return false;
  return Array.isArray(value) ? value.some(rule.matches) : rule.matches(value);
}

function compile(source: string, flags: string, where: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    throw new EdgeConfigError(`route ${where}: invalid expression ${source}`, { cause });
  }
}
