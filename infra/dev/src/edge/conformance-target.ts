import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@plataforma/runtime/logger';
import { type CryptoKey, importPKCS8, type JWTPayload, SignJWT } from 'jose';
import protobuf, { type Type } from 'protobufjs';
import { type EchoHttp, type ScriptedGrpc, startEchoHttp, startScriptedGrpc } from './scripted-upstream.ts';
import { type RunningEdge, startEdge } from './server.ts';

export const FIXTURES = join(import.meta.dirname, 'fixtures');
const LUA = join(import.meta.dirname, '../../../kong/post-function');

/** A signing key whose public half the target knows, unless it was made for another target. */
export interface TestKey {
  readonly kid: string;
  readonly publicKeyPem: string;
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>;
}

/** What the conformance suite talks to: the dev edge, or a real Kong. */
export interface ConformanceTarget {
  readonly baseUrl: string;
  readonly grpc: ScriptedGrpc;
  readonly http: EchoHttp;
  readonly key: TestKey;
  readonly k: Type;
  readonly pw: Type;
  /** Replaces the keys that are accepted. Only for the dev edge: Kong gets its keys by POST /config. */
  useKeys(keys: readonly TestKey[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts scripted upstreams and the dev edge before them. With CONFORMANCE_BASE_URL the same suite runs
 * against a Kong: its configuration is posted to CONFORMANCE_ADMIN_URL, the fixtures must be mounted at
 * /opt/kong/protos, and CONFORMANCE_UPSTREAM_HOST is this machine as Kong sees it.
 */
export async function openTarget(): Promise<ConformanceTarget> {
  const [k, pw] = [await fixtureType('k'), await fixtureType('pw')];
  const grpc = await startScriptedGrpc([...methodPaths('k', k), ...methodPaths('pw', pw)]);
  const http = await startEchoHttp();
  const key = await createTestKey('chave-1');
  const closedPort = await unusedPort();
  const ports = { grpc: grpc.port, http: http.port, closed: closedPort };
  const render = (keys: readonly TestKey[]): Promise<string> => renderFixture(ports, keys);
  const server = await openServer(await render([key]));
  return {
    grpc,
    http,
    key,
    k,
    pw,
    baseUrl: server.baseUrl,
    useKeys: async (keys) => server.configure(await render(keys)),
    close: async () => {
      await server.close();
      await Promise.all([grpc.close(), http.close()]);
    },
  };
}

/** A fresh RSA key under a `kid`. */
export async function createTestKey(kid: string): Promise<TestKey> {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const privateKey: CryptoKey = await importPKCS8(pem, 'RS256');
  return {
    kid,
    publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (claims, header = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid, ...header })
        .sign(privateKey),
  };
}

interface ConfiguredServer {
  readonly baseUrl: string;
  configure(kongYml: string): Promise<void>;
  close(): Promise<void>;
}

async function openServer(kongYml: string): Promise<ConfiguredServer> {
  const baseUrl = process.env.CONFORMANCE_BASE_URL;
  if (baseUrl === undefined) return openEdge(kongYml);
  await postConfig(kongYml);
  return { baseUrl, configure: postConfig, close: async () => undefined };
}

async function openEdge(kongYml: string): Promise<ConfiguredServer> {
  const folder = await mkdtemp(join(tmpdir(), 'edge-'));
  const configFile = join(folder, 'kong.yml');
  await writeFile(configFile, kongYml);
  const logger = createLogger({ service: 'edge', level: 'silent' });
  const edge: RunningEdge = await startEdge({
    configFile,
    logger,
    protoRoot: FIXTURES,
    host: '127.0.0.1',
    port: 0,
  });
  return {
    baseUrl: `http://127.0.0.1:${edge.port}`,
    configure: async (changed) => {
      await writeFile(configFile, changed);
      await edge.reload();
    },
    close: async () => {
      await edge.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function postConfig(kongYml: string): Promise<void> {
  const response = await fetch(`${process.env.CONFORMANCE_ADMIN_URL}/config`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ config: kongYml }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`Kong refused the configuration: ${await response.text()}`);
}

async function renderFixture(
  ports: { grpc: number; http: number; closed: number },
  keys: readonly TestKey[],
): Promise<string> {
  const host = process.env.CONFORMANCE_UPSTREAM_HOST ?? '127.0.0.1';
  const values: Record<string, unknown> = {
    GRPC: `grpc://${host}:${ports.grpc}`,
    HTTP: `http://${host}:${ports.http}`,
    FECHADO: `grpc://${host}:${ports.closed}`,
    POST_FUNCTION_HEADER_FILTER: await readFile(join(LUA, 'header_filter.lua'), 'utf8'),
    POST_FUNCTION_BODY_FILTER: await readFile(join(LUA, 'body_filter.lua'), 'utf8'),
    JWT_SECRETS: keys.map((key) => ({ key: key.kid, algorithm: 'RS256', rsa_public_key: key.publicKeyPem })),
  };
  const template = await readFile(join(FIXTURES, 'kong.yml'), 'utf8');
  return template.replace(/__([A-Z_]+?)__/g, (_match, name: string) => JSON.stringify(values[name]));
}

/** The message type of a fixture, through protobufjs' own codec: independent of the one under test. */
async function fixtureType(name: string): Promise<Type> {
  const text = await readFile(join(FIXTURES, `${name}.proto`), 'utf8');
  const root = new protobuf.Root();
  for (const file of ['timestamp', 'duration', 'wrappers']) {
    root.addJSON(protobuf.common.get(`google/protobuf/${file}.proto`)?.nested ?? {});
  }
  protobuf.parse(text, root, { keepCase: true });
  return root.lookupType(`conformidade.${name}.Mensagem`);
}

function methodPaths(name: string, type: Type): string[] {
  const service = type.root.lookupService(`conformidade.${name}.Servico`);
  return service.methodsArray.map((method) => `/conformidade.${name}.Servico/${method.name}`);
}

/** A port that was free a moment ago. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
