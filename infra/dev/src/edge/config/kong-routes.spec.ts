import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DescMessage, getOption } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as IDEMPOTENCY_LEVEL } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { TextoHumano, texto } from '@plataforma/contratos/comum/v1/texto_pb';
import { readKongFiles } from '../../../../kong/kong-files.ts';
import {
  defaultUpstreams,
  type KongRenderOptions,
  type PublishedKey,
  renderKongConfig,
} from '../../../../kong/render.ts';
import { ACCESS } from '../../access/table.ts';
import { jwtCredentials } from '../plugins/jwt-plugin.ts';
import { IMPLEMENTED_LUA, luaDigest } from '../plugins/post-function-plugin.ts';
import { type Endpoint, loadProtoFile } from '../transcoding/proto-file.ts';
import { TranscodeError, transcode } from '../transcoding/transcoder.ts';
import { type KongRoute, parseKongConfig } from './kong-config.ts';
import { Router } from './router.ts';

const KONG = join(import.meta.dirname, '../../../../kong');
const PROTOS = join(import.meta.dirname, '../../../../../gen/kong');
const NATIVE_GRPC = { 'content-type': 'application/grpc' };

/** What may be called without an access token, and nothing else. */
/** As long as one of an erasure is. */
const PROTOCOLO = 'x'.repeat(32);

const PUBLIC_RULES = [
  `GET /api/v1/erasures/${PROTOCOLO}`,
  'POST /api/v1/auth/email/verify',
  'POST /api/v1/auth/google/finish',
  'POST /api/v1/auth/google/start',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/mfa/verify',
  'POST /api/v1/auth/passkeys/login/finish',
  'POST /api/v1/auth/passkeys/login/start',
  'POST /api/v1/auth/password/forgot',
  'POST /api/v1/auth/password/reset',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/auth/register',
  'POST /api/v1/auth/signup',
];
const PUBLIC_RPCS = [
  'FinishGoogle',
  'ForgotPassword',
  'Login',
  'Refresh',
  'ResetPassword',
  'Signup',
  'StartGoogle',
  'VerifyEmail',
  'VerifyMfa',
]
  .map((name) => `AuthService/${name}`)
  .concat('ErasuresService/GetErasureReport')
  .concat('PasskeysService/FinishPasskeyLogin', 'PasskeysService/StartPasskeyLogin')
  .map((name) => `/auth.v1.${name}`);
/** Between services only: no route may lead there. */
const INTERNAL_SERVICES = [
  ...['auth.v1.PersonalKeysService', 'auth.v1.ServiceTokensService'],
  ...['reservas', 'pagamentos', 'notificacoes'].map((name) => `${name}.v1.DadosPessoaisService`),
];

function read(name: string): string {
  return readFileSync(join(KONG, name), 'utf8');
}

function publishedKey(kid: string): PublishedKey {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
}

function render(changes: Partial<KongRenderOptions> = {}): string {
  return renderKongConfig({
    ...readKongFiles(),
    jwks: { keys: [publishedKey('chave-1')] },
    upstreams: defaultUpstreams(() => '127.0.0.1'),
    rateLimit: { policy: 'local' },
    ...changes,
  });
}

const { routes } = parseKongConfig(render());
const router = new Router(routes);
const protoFiles = readdirSync(PROTOS)
  .filter((name) => name.endsWith('.proto'))
  .map((name) => ({ name, file: loadProtoFile(PROTOS, name) }));
const rules = protoFiles.flatMap(({ name, file }) => file.all.map((endpoint) => ({ name, file, endpoint })));

function samplePath({ binding }: Endpoint): string {
  return binding.template
    .replace('/?', '')
    .replace('{protocolo}', PROTOCOLO)
    .replaceAll(/\{[^}]+\}/g, 'x1');
}

/** Whether a message holds what people write, or what no log may hold. */
function isTelling({ fields }: DescMessage): boolean {
  return fields.some(
    (field) =>
      field.proto.options?.debugRedact === true ||
      getOption(field, texto) !== TextoHumano.UNSPECIFIED ||
      (field.fieldKind === 'message' && isTelling(field.message)),
  );
}

/** An address that no route has is seen by nothing but Kong. */
function isTraced(route: KongRoute | undefined): boolean {
  const tracing = route?.plugins.find(({ name }) => name === 'opentelemetry');
  return tracing === undefined || Number(tracing.config.sampling_rate) > 0;
}

function has(route: KongRoute | undefined, plugin: string): boolean {
  return route?.plugins.some(({ name }) => name === plugin) ?? false;
}

function protoOf(route: KongRoute | undefined): unknown {
  return route?.plugins.find(({ name }) => name === 'grpc-gateway')?.config.proto;
}

/** `~/a/(b|c)$` stands for `/a/b` and `/a/c`, and any last segment for {@link PROTOCOLO}; a slash too many is a mistake. */
function samplesOf(path: string): string[] {
  if (!path.startsWith('~')) return [path];
  const plain = path
    .slice(1)
    .replace(/(\/\?)?\$$/, '')
    .replaceAll('\\', '')
    .replace('[^/]+', PROTOCOLO);
  const group = /\(([^)]*)\)/.exec(plain);
  return group ? (group[1] ?? '').split('|').map((option) => plain.replace(group[0], option)) : [plain];
}

describe('REST routes and rules', () => {
  it('finds rules to check', () => {
    expect(rules.length).toBeGreaterThan(30);
  });

  it.each(
    rules.map((rule) => [`${rule.endpoint.binding.method} ${rule.endpoint.binding.template}`, rule] as const),
  )('reaches the rule %s', (_title, { name, file, endpoint }) => {
    const path = samplePath(endpoint);
    const route = router.match(endpoint.binding.method.toUpperCase(), path, {});
    expect(protoOf(route)).toBe(`/opt/kong/protos/${name}`);
    const matched = transcode(file, endpoint.binding.method, path);
    expect(matched instanceof TranscodeError ? matched.message : matched.endpoint).toBe(endpoint);
  });

  it('leads every path of a REST route to a rule', () => {
    const paths = rules.map(({ endpoint }) => samplePath(endpoint));
    const rest = routes.filter((route) => has(route, 'grpc-gateway'));
    const dead = rest
      .flatMap((route) => route.paths.flatMap((path) => samplesOf(path).map((sample) => ({ path, sample }))))
      .filter(({ path, sample }) =>
        path.startsWith('~') ? !paths.includes(sample) : !paths.some((one) => one.startsWith(sample)),
      );
    expect(dead).toEqual([]);
  });

  it('asks for a token everywhere but on the public rules', () => {
    const open = rules
      .map(({ endpoint }) => ({ method: endpoint.binding.method.toUpperCase(), path: samplePath(endpoint) }))
      .filter(({ method, path }) => !has(router.match(method, path, {}), 'jwt'))
      .map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual(PUBLIC_RULES);
  });

  it('limits guesses of passwords and codes more than the rest', () => {
    const minuteOf = (path: string): unknown =>
      router.match('POST', path, {})?.plugins.find(({ name }) => name === 'rate-limiting')?.config.minute;
    expect(minuteOf('/api/v1/auth/login')).toBe(10);
    expect(minuteOf('/api/v1/auth/refresh')).toBe(300);
    expect(minuteOf('/api/v1/webhooks/stripe')).toBe(6000);
  });

  it('never puts a public route on a path that only starts like one', () => {
    for (const path of ['/api/v1/auth/login/x', '/api/v1/auth/loginx', '/api/v1/auth/password/change']) {
      expect(has(router.match('POST', path, {}), 'jwt')).toBe(true);
    }
  });
});

describe('Connect and gRPC routes', () => {
  const services = [...new Set(rules.map(({ endpoint }) => endpoint.rpcPath.split('/')[1] ?? ''))];

  it.each(services)('leads calls of %s to the right listener, with a token', (service) => {
    const path = `/${service}/Qualquer`;
    const connect = router.match('POST', path, { 'content-type': 'application/json' });
    const native = router.match('POST', path, NATIVE_GRPC);
    expect([connect?.service.protocol, native?.service.protocol]).toEqual(['http', 'grpc']);
    expect([has(connect, 'jwt'), has(native, 'jwt')]).toEqual([true, true]);
    expect(native?.isGrpc).toBe(true);
    expect(service.startsWith(connect?.service.name.replace('-http', '') ?? '?')).toBe(true);
  });

  it('treats gRPC-Web as HTTP', () => {
    const route = router.match('POST', '/reservas.v1.ReservasService/X', {
      'content-type': 'application/grpc-web+proto',
    });
    expect(route?.name).toBe('reservas-connect');
  });

  it('asks for a token everywhere but on the public RPCs', () => {
    const paths = [...new Set(rules.map(({ endpoint }) => endpoint.rpcPath))];
    const openConnect = paths.filter((path) => !has(router.match('POST', path, {}), 'jwt'));
    const openNative = paths.filter((path) => !has(router.match('POST', path, NATIVE_GRPC), 'jwt'));
    expect(openConnect.sort()).toEqual(PUBLIC_RPCS);
    expect(openNative.sort()).toEqual(PUBLIC_RPCS);
  });

  it.each(INTERNAL_SERVICES)('leads nowhere for %s', (service) => {
    expect(router.match('POST', `/${service}/X`, {})).toBeUndefined();
    expect(router.match('POST', `/${service}/X`, NATIVE_GRPC)).toBeUndefined();
  });

  it('serves calendar feeds without a token and without a trace, and nothing else below them', () => {
    const feed = router.match('GET', `/api/v1/calendarios/${'aZ-_'.repeat(16)}.ics`, {});
    expect([feed?.name, feed?.service.port, has(feed, 'jwt')]).toEqual(['reservas-calendario', 8082, false]);
    const tracing = feed?.plugins.find(({ name }) => name === 'opentelemetry');
    expect(tracing?.config.sampling_rate).toBe(0);
    for (const path of ['/api/v1/calendarios', '/api/v1/calendarios/cal_1', '/api/v1/calendarios/x.ics/y'])
      expect(router.match('GET', path, {})?.name).toBe('reservas-rest');
    expect(router.match('DELETE', '/api/v1/calendarios/x.ics', {})?.name).toBe('reservas-rest');
  });

  it('leads links that end messages to their page without a token and without a trace, and nothing else below them', () => {
    const path = `/api/v1/notificacoes/descadastro/${'aZ-_'.repeat(16)}`;
    for (const method of ['GET', 'HEAD', 'POST']) {
      const link = router.match(method, path, {});
      expect([link?.name, link?.service.port, has(link, 'jwt'), isTraced(link)]).toEqual([
        'notificacoes-descadastro',
        8084,
        false,
        false,
      ]);
      const bound = link?.plugins.find(({ name }) => name === 'request-size-limiting');
      expect(bound?.config).toMatchObject({ allowed_payload_size: 1, size_unit: 'kilobytes' });
    }
    for (const other of ['/api/v1/notificacoes/descadastro', `${path}/y`, '/api/v1/notificacoes'])
      expect(router.match('GET', other, {})?.name).toBe('notificacoes-rest');
    expect(router.match('DELETE', path, {})?.name).toBe('notificacoes-rest');
  });

  it('gives tokens for API keys without one and without a trace, as seldom as passwords are taken', () => {
    const route = router.match('POST', '/api/v1/oauth/token', {});
    expect([route?.name, route?.service.port, has(route, 'jwt'), isTraced(route)]).toEqual([
      ...['auth-oauth', 8081, false, false],
    ]);
    expect(route?.plugins.find(({ name }) => name === 'rate-limiting')?.config.minute).toBe(10);
    const bound = route?.plugins.find(({ name }) => name === 'request-size-limiting');
    expect(bound?.config).toMatchObject({ allowed_payload_size: 4, size_unit: 'kilobytes' });
    for (const [method, path] of [
      ['GET', '/api/v1/oauth/token'],
      ['POST', '/api/v1/oauth/token/x'],
      ['POST', '/api/v1/oauth'],
    ] as const)
      expect(router.match(method, path, {})).toBeUndefined();
  });

  it('serves archives of exported data without a token and without a trace, and nothing else below them', () => {
    const archive = router.match('GET', `/api/v1/exports/${'aZ-_'.repeat(19)}aZ.tar.gz`, {});
    expect([archive?.name, archive?.service.port, has(archive, 'jwt')]).toEqual([
      'auth-exportacao',
      8081,
      false,
    ]);
    const tracing = archive?.plugins.find(({ name }) => name === 'opentelemetry');
    expect(tracing?.config.sampling_rate).toBe(0);
    for (const path of ['/api/v1/exports', '/api/v1/exports/x', '/api/v1/exports/x.tar.gz/y'])
      expect(router.match('GET', path, {})).toBeUndefined();
    expect(has(router.match('GET', '/api/v1/users/me/exports', {}), 'jwt')).toBe(true);
  });

  it('serves reports of erasures without a token and without a trace, also of a mistyped protocol; their list with a token', () => {
    for (const protocol of ['aZ-_'.repeat(8), 'a', 'a b%20'.repeat(9)]) {
      const report = router.match('GET', `/api/v1/erasures/${protocol}`, {});
      expect([report?.name, has(report, 'jwt')]).toEqual(['auth-rest-apagamentos', false]);
      const tracing = report?.plugins.find(({ name }) => name === 'opentelemetry');
      expect(tracing?.config.sampling_rate).toBe(0);
    }
    for (const path of ['/api/v1/erasures', '/api/v1/erasures/', '/api/v1/erasures/x/y'])
      expect(has(router.match('GET', path, {}), 'jwt')).toBe(true);
    expect(has(router.match('POST', '/api/v1/erasures/x', {}), 'jwt')).toBe(true);
  });

  it('looks for accounts with a token and without a trace, also by GET of Connect', () => {
    for (const [method, path] of [
      ...['GET', 'HEAD', 'POST'].map((one) => [one, '/api/v1/users'] as const),
      ...['GET', 'POST'].map((one) => [one, '/auth.v1.UsersService/ListUsers'] as const),
    ]) {
      const route = router.match(method, path, {});
      expect([has(route, 'jwt'), has(route, 'grpc-gateway')]).toEqual([true, path.startsWith('/api')]);
      const tracing = route?.plugins.find(({ name }) => name === 'opentelemetry');
      expect(tracing?.config.sampling_rate).toBe(0);
    }
    for (const path of ['/api/v1/users/me', '/api/v1/users/cli_1'])
      expect(router.match('GET', path, {})?.name).toBe('auth-rest');
    expect(router.match('POST', '/auth.v1.UsersService/GetMe', {})?.name).toBe('auth-connect');
  });

  it.each([
    `/api/v1/erasures/${PROTOCOLO}/`,
    `/api/v1/erasures/${PROTOCOLO}/pdf`,
    '/api/v1/users/',
    `/api/v1/calendarios/${PROTOCOLO}.ics/`,
    `/api/v1/exports/${PROTOCOLO}.tar.gz/`,
    `/api/v1/notificacoes/descadastro/${PROTOCOLO}/`,
  ])('leaves no trace of what is secret in an address that was mistyped: %s', (path) => {
    expect(isTraced(router.match('GET', path, {}))).toBe(false);
  });

  it('leaves no trace of a request that is in the query of a Connect GET, where it holds what people write or keep secret', () => {
    const reads = ACCESS.filter(({ method }) => method.idempotency === IDEMPOTENCY_LEVEL.NO_SIDE_EFFECTS);
    const telling = reads.filter(({ method }) => isTelling(method.input));
    const paths = telling.map(({ method }) => `/${method.parent.typeName}/${method.name}`);
    expect(paths).toContain('/auth.v1.ErasuresService/GetErasureReport');
    expect(paths).toContain('/auth.v1.UsersService/ListUsers');
    // Nor of one that is no read, and was sent so by mistake.
    const all = [...paths, '/auth.v1.AuthService/Login', '/auth.v1.AuthService/ResetPassword'];
    expect(all.filter((path) => isTraced(router.match('GET', path, {})))).toEqual([]);
    const report = router.match('GET', '/auth.v1.ErasuresService/GetErasureReport', {});
    expect([report?.service.name, has(report, 'jwt')]).toEqual(['auth-http', false]);
    expect(isTraced(router.match('POST', '/auth.v1.UsersService/GetMe', {}))).toBe(true);
  });

  it.each(['sendgrid', 'resend', 'twilio/not_1', 'twilio/respostas'])(
    'leads what %s tells of messages to the raw listener, and nothing beside it',
    (provider) => {
      const path = `/api/v1/webhooks/${provider}`;
      const route = router.match('POST', path, {});
      expect([route?.service.port, has(route, 'jwt'), has(route, 'grpc-gateway')]).toEqual([
        8084,
        false,
        false,
      ]);
      expect(route?.plugins.find(({ name }) => name === 'rate-limiting')?.config.minute).toBe(6000);
      for (const [method, other] of [
        ['GET', path],
        ['POST', `${path}/x`],
        ['POST', path.replace(/\/(sendgrid|resend|twilio)/, '/$1x')],
      ] as const)
        expect(router.match(method, other, {})).toBeUndefined();
    },
  );

  it('serves the JWKS and the webhook without a token', () => {
    const jwks = router.match('GET', '/.well-known/jwks.json', {});
    const webhook = router.match('POST', '/api/v1/webhooks/stripe', {});
    expect([jwks?.service.port, has(jwks, 'jwt')]).toEqual([8081, false]);
    expect([webhook?.service.port, has(webhook, 'jwt'), has(webhook, 'grpc-gateway')]).toEqual([
      8083,
      false,
      false,
    ]);
  });
});

describe('the plain routes of services', () => {
  it('lead exports to the HTTP listener, with a token, and lists beside them to grpc-gateway', () => {
    const csv = router.match('GET', '/api/v1/transacoes.csv', {});
    expect([csv?.service.port, has(csv, 'jwt'), has(csv, 'grpc-gateway')]).toEqual([8083, true, false]);
    for (const path of ['/api/v1/transacoes', '/api/v1/transacoes/totais', '/api/v1/transacoes.csvx'])
      expect(has(router.match('GET', path, {}), 'grpc-gateway')).toBe(true);
  });
});

describe('what pages of other origins read', () => {
  it('includes all that clients are told by headers', () => {
    const cors = parseKongConfig(render()).plugins.find(({ name }) => name === 'cors')?.config;
    expect(cors?.exposed_headers).toEqual(expect.arrayContaining(['Retry-After', 'Idempotency-Replayed']));
  });
});

describe('renderKongConfig', () => {
  it('lets the pages that are named call with cookies, and no other', () => {
    const corsOrigins = ['https://app.exemplo.com', 'http://localhost:5173'];
    const cors = parseKongConfig(render({ corsOrigins })).plugins.find(({ name }) => name === 'cors')?.config;
    expect(cors).toMatchObject({ credentials: true, origins: corsOrigins });
  });

  it.each([
    '*',
    'https://*.exemplo.com',
    '^https://app',
    'app.exemplo.com',
    'https://app.exemplo.com/',
    'null',
    '',
  ])('refuses "%s" for the origin of a page that may call with cookies', (origin) => {
    const corsOrigins = ['https://app.exemplo.com', origin];
    expect(() => render({ corsOrigins })).toThrow('is no origin of a page');
  });

  it('turns every published key into a credential', () => {
    const keys = [publishedKey('chave-1'), publishedKey('chave-2')];
    const config = parseKongConfig(render({ jwks: { keys } }));
    expect([...jwtCredentials(config.jwtSecrets).keys()]).toEqual(['chave-1', 'chave-2']);
  });

  it('never lets a private key through', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = { ...privateKey.export({ format: 'jwk' }), kid: 'x' };
    const rendered = render({ jwks: { keys: [key] } });
    expect(rendered).not.toContain('PRIVATE');
    expect(rendered).not.toContain(key.d);
  });

  it.each([
    ['has no kid', { ...publishedKey('x'), kid: '' }, 'without "kid"'],
    ['is no RSA key', { kty: 'EC', kid: 'x' }, 'is not RSA'],
    ['is too short', { kty: 'RSA', kid: 'x', n: 'AQAB', e: 'AQAB' }, 'bits'],
  ])('refuses a key that %s', (_what, key, message) => {
    expect(() => render({ jwks: { keys: [key] } })).toThrow(message);
  });

  it('refuses a placeholder without a value', () => {
    expect(() => render({ template: 'a: __NADA__' })).toThrow('NADA');
  });

  it('addresses compose by service names and counts in Redis when told so', () => {
    const rendered = render({
      upstreams: defaultUpstreams((servico) => servico),
      rateLimit: { policy: 'redis', host: 'redis-kong', port: 6379 },
    });
    const config = parseKongConfig(rendered);
    const upstreams = config.routes.map(
      ({ service }) => `${service.protocol}://${service.host}:${service.port}`,
    );
    expect(new Set(upstreams)).toContain('grpc://notificacoes:50054');
    expect(new Set(upstreams)).toContain('http://auth:8081');
    expect(config.plugins.find(({ name }) => name === 'rate-limiting')?.config).toMatchObject({
      policy: 'redis',
      redis: { host: 'redis-kong', port: 6379 },
    });
  });

  it.each(Object.entries(IMPLEMENTED_LUA))('ships the %s that the edge reproduces', (plugin, phases) => {
    for (const [phase, digest] of Object.entries(phases))
      expect([phase, luaDigest(read(`${plugin}/${phase}.lua`))]).toEqual([phase, digest]);
  });
});
