import type { Call } from './driver.ts';

/** A request that no client means to send. */
interface Malformed {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string | Buffer<ArrayBuffer>;
}

const RESERVAR = { method: 'POST', path: '/api/v1/reservas' };
const ENTRAR = { method: 'POST', path: '/api/v1/auth/login' };
const MUDAR = { method: 'PATCH', path: '/api/v1/users/me' };

const valid =
  '{"espacoId":"esp_00000000","dataInicio":"2027-03-10T13:00:00Z","dataFim":"2027-03-10T14:00:00Z"';

const BODIES: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
  ['nothing', ''],
  ['half of an object', '{"espacoId":'],
  ['a list', '[]'],
  ['a number', '1'],
  ['null', 'null'],
  ['a text', '"oi"'],
  ['two objects', '{}{}'],
  ['a trailing comma', '{"espacoId":"esp_00000000",}'],
  [
    'bytes that are no UTF-8',
    Buffer.from('{"espacoId":"\xff\xfe","email":"\xff\xfe","nome":"\xff\xfe"}', 'latin1'),
  ],
  ['half of a surrogate pair', '{"espacoId":"\\ud800","email":"\\ud800","nome":"\\ud800"}'],
  ['a zero byte', '{"espacoId":"\\u0000","email":"\\u0000","nome":"\\u0000"}'],
  ['lists in lists', `{"extras":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
  ['objects in objects', `${'{"extras":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['a number for a text', '{"espacoId":5,"email":5,"nome":5}'],
  ['an object for a text', '{"espacoId":{},"email":{},"nome":{}}'],
  ['a text for a list', `${valid},"extras":"PROJETOR","email":[],"nome":[]}`],
  [
    'a number beyond all bounds',
    `${valid},"extras":[{"codigo":"PROJETOR","quantidade":1e999}],"email":1e999,"nome":1e999}`,
  ],
  [
    'a number of 400 digits',
    `${valid},"extras":[{"codigo":"PROJETOR","quantidade":${'9'.repeat(400)}}],"email":1,"nome":1}`,
  ],
  ['half a piece', `${valid},"extras":[{"codigo":"PROJETOR","quantidade":1.5}],"email":1,"nome":1}`],
  [
    'a day that there is not',
    '{"espacoId":"esp_00000000","dataInicio":"2027-02-30T13:00:00Z","dataFim":"2027-02-30T14:00:00Z","email":1,"nome":1}',
  ],
];

const PATHS: readonly (readonly [string, string, string])[] = [
  ['an escape that is none', 'GET', '/api/v1/reservas/%zz'],
  ['a per cent sign alone', 'GET', '/api/v1/reservas/%'],
  ['an escaped zero byte', 'GET', '/api/v1/reservas/%00'],
  ['an overlong slash', 'GET', '/api/v1/reservas/%C0%AF'],
  ['escaped dots', 'GET', '/api/v1/reservas/%2e%2e%2f%2e%2e'],
  ['a name that is too long', 'GET', `/api/v1/reservas/${'x'.repeat(2_000)}`],
  ['a word for a number', 'GET', '/api/v1/reservas?pageSize=muitas'],
  ['a number beyond all bounds', 'GET', '/api/v1/reservas?pageSize=99999999999999999999'],
  ['a negative number', 'GET', '/api/v1/reservas?pageSize=-1'],
  ['a word that the enum has not', 'GET', '/api/v1/reservas?status=TALVEZ'],
  ['an instant that is none', 'GET', '/api/v1/reservas?dataInicio=ontem'],
  ['a broken escape in the query', 'GET', '/api/v1/reservas?status=%zz'],
  ['no such path', 'GET', '/api/v1/nada'],
  ['a method that the path has not', 'PUT', '/api/v1/reservas'],
  ['a method that reads what is written', 'GET', '/api/v1/auth/login'],
];

const TYPES = [
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'nada',
];

/** The gateway reads nothing and a list as an object without members, which changes nothing where none is required. */
const EMPTY = ['nothing', 'a list'];

/** Bodies for calls of three kinds, addresses, and types. */
export const MALFORMED: readonly Malformed[] = [
  ...[RESERVAR, ENTRAR, MUDAR].flatMap((call) =>
    BODIES.filter(([title]) => call !== MUDAR || !EMPTY.includes(title)).map(([title, body]) => ({
      ...call,
      title: `${call.method} ${call.path} with ${title}`,
      type: 'application/json',
      body,
    })),
  ),
  ...PATHS.map(([title, method, path]) => ({ title: `${method} with ${title}`, method, path })),
  ...TYPES.map((type) => ({ ...RESERVAR, title: `a body of the type ${type}`, type, body: 'a=1&b=2' })),
];

/** What came of it. */
export async function sendMalformed(
  edgeUrl: string,
  { method, path, type, body }: Malformed,
  as: Call['as'],
) {
  const response = await fetch(edgeUrl + path, {
    method,
    headers: { ...(type && { 'content-type': type }), ...(as && { authorization: `Bearer ${as.token}` }) },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
