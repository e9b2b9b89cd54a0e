import { type DescMethod, fromJson, type JsonObject, toBinary } from '@bufbuild/protobuf';
import { type Answer, callGrpc, callJson, frame } from './fuzz/calls.ts';

/** Of a page token, by every contract. */
const MAX_LENGTH = 1_024;

/** How one list is called so that it has more than one row. */
export interface PagedCall {
  readonly request: JsonObject;
  /** The same list with another filter; left out of a list that has none. */
  readonly otherwise?: JsonObject;
  /** `authorization` of the caller who reads it, and of another one who may read it, too. */
  readonly caller: string;
  readonly other: string;
}

export interface PagedTarget {
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly services: readonly {
    readonly methods: readonly {
      readonly spec: { readonly method: DescMethod };
      readonly implemented: boolean;
    }[];
  }[];
  /** By name of the method; every list of the services needs one. */
  readonly calls: Readonly<Record<string, PagedCall>>;
}

/**
 * Reads two pages of every list over both listeners, and then tries whatever is no page token of it. Says what was not
 * answered INVALID_ARGUMENT / `PAGINA_INVALIDA`.
 */
export async function walkPageTokens(target: PagedTarget): Promise<string[]> {
  const lists = listsOf(target);
  const missing = lists.filter(({ name }) => !target.calls[name]).map(({ name }) => `${name} is not tried`);
  if (missing.length > 0) return missing;
  const tokens = new Map<string, string>();
  for (const list of lists) tokens.set(list.name, await firstToken(target, list));
  const failures: string[] = [];
  for (const list of lists) {
    const own = tokens.get(list.name) ?? '';
    const foreign = [...tokens].filter(([name]) => name !== list.name).map(([, token]) => token);
    failures.push(...(await walk(target, list, own, foreign)));
  }
  return failures;
}

/** Lists that are served; the others answer UNIMPLEMENTED whatever they are sent. */
function listsOf({ services }: PagedTarget): DescMethod[] {
  return services
    .flatMap(({ methods }) => methods)
    .filter(({ implemented }) => implemented)
    .map(({ spec }) => spec.method)
    .filter(({ input }) => input.fields.some(({ name }) => name === 'page_token'));
}

async function firstToken(target: PagedTarget, { name, parent }: DescMethod): Promise<string> {
  const { request, caller } = callOf(target, name);
  const response = await fetch(`http://127.0.0.1:${target.httpPort}/${parent.typeName}/${name}`, {
    method: 'POST',
    body: JSON.stringify({ ...request, pageSize: 1 }),
    headers: { 'content-type': 'application/json', authorization: caller },
    signal: AbortSignal.timeout(20_000),
  });
  const answer = (await response.json()) as { nextPageToken?: string };
  if (!answer.nextPageToken) throw new Error(`${name} has no second page: ${JSON.stringify(answer)}`);
  return answer.nextPageToken;
}

async function walk(target: PagedTarget, list: DescMethod, own: string, foreign: readonly string[]) {
  const { request, otherwise, caller, other } = callOf(target, list.name);
  const failures: string[] = [];
  const expectAll = async (expected: RegExp, title: string, body: JsonObject, as: string) => {
    for (const answer of await onBoth(target, list, body, as)) {
      const got = `${answer.code} ${answer.reason ?? ''}`.trim();
      if (!expected.test(got)) failures.push(`${list.name}: ${title} was answered ${got} ${answer.message}`);
    }
  };
  const refused = /^invalid_argument PAGINA_INVALIDA$/;
  // Longer than any text of the field may be: the request may be refused before the token is looked at.
  const tooLong = /^invalid_argument (?:PAGINA|REQUISICAO)_INVALIDA$/;
  await expectAll(/^ok/, 'its own token', { ...request, pageToken: own, pageSize: 2 }, caller);
  await expectAll(refused, "another caller's token", { ...request, pageToken: own }, other);
  if (otherwise)
    await expectAll(refused, 'a token of another filter', { ...otherwise, pageToken: own }, caller);
  for (const token of [...tampered(own), ...foreign, ...forged()])
    await expectAll(
      token.length > MAX_LENGTH ? tooLong : refused,
      JSON.stringify(token.slice(0, 60)),
      { ...request, pageToken: token },
      caller,
    );
  return failures;
}

/** A token with one character changed in each of its parts, cut, grown and repeated. */
function tampered(token: string): string[] {
  const changed = [0, 1, 8, 22, 24, Math.floor(token.length / 2), token.length - 2, token.length - 1];
  return [
    ...changed.map((at) => `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`),
    token.slice(0, -1),
    token.slice(0, 20),
    `${token}A`,
    `${token}=`,
    `${token}\0`,
    ` ${token}`,
    token + token,
  ];
}

/** What no key has signed: positions in clear and in base64url, with instants and texts that a database refuses. */
function forged(): string[] {
  const positions = [
    ['2027-02-30T00:00:00.000Z', 'res_1'],
    ['2027-02-30', 'res_1'],
    ['99999-01-01T00:00:00.000Z', 'res_1'],
    ['+275760-09-13T00:00:00.000Z', 'res_1'],
    ['1\0', 'res_1'],
    ['', '\0'],
    ['9'.repeat(30), ''],
    ['list:', '2027-02-30T00:00:00.000Z', 'res_1'],
  ].map((position) => JSON.stringify(position));
  const sealed = positions.map((position) => `\x01${'\0'.repeat(16)}${position}`);
  return [
    ...positions,
    ...[...positions, ...sealed].map((text) => Buffer.from(text).toString('base64url')),
    ...['x', '\0', '%%%', '7', '-1', 'null', 'ção', 'A'.repeat(1_024), 'A'.repeat(1_025), 'A'.repeat(30_000)],
  ];
}

function onBoth(
  { grpcPort, httpPort }: PagedTarget,
  { input, parent, name }: DescMethod,
  body: JsonObject,
  authorization: string,
): Promise<Answer[]> {
  const path = `/${parent.typeName}/${name}`;
  const bytes = toBinary(input, fromJson(input, body));
  return Promise.all([
    callGrpc(grpcPort, path, frame(bytes), { authorization }),
    callJson(httpPort, path, JSON.stringify(body), { authorization }),
  ]);
}

function callOf({ calls }: PagedTarget, name: string): PagedCall {
  const call = calls[name];
  if (!call) throw new Error(`${name} is not tried`);
  return call;
}
