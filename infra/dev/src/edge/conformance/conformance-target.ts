import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from '@plataforma/testing/eventually';
import { type CryptoKey, importPKCS8, type JWTPayload, SignJWT } from 'jose';
import protobuf, { type Type } from 'protobufjs';
import {
  type EchoHttp,
  type ScriptedGrpc,
  startEchoHttp,
  startScriptedGrpc,
} from '../upstream/scripted-upstream.ts';
import { startEdgeOfConfig } from './edge-of-config.ts';
import { FIXTURES, fixtureConfig } from './fixture-config.ts';

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
  /** Replaces the keys that are accepted; resolves once the target decides by the new ones. */
  useKeys(keys: readonly TestKey[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts scripted upstreams and the dev edge before them. With CONFORMANCE_BASE_URL the same suite runs
 * against a Kong: its configuration is posted to CONFORMANCE_ADMIN_URL, the fixtures must be mounted at
 * /opt/kong/protos, and CONFORMANCE_UPSTREAM_HOST is this machine as Kong sees it.
 *
 * @throws Error with the target's reasons when it refuses the configuration; nothing is left running then.
 */
export async function openTarget(): Promise<ConformanceTarget> {
  const [k, pw] = [await fixtureType('k'), await fixtureType('pw')];
  // A Kong that sees this machine under another name comes from outside.
  const host = process.env.CONFORMANCE_UPSTREAM_HOST === undefined ? '127.0.0.1' : '0.0.0.0';
  const grpc = await startScriptedGrpc([...methodPaths('k', k), ...methodPaths('pw', pw)], 0, host);
  const http = await startEchoHttp(host);
  const closeUpstreams = async () => void (await Promise.all([grpc.close(), http.close()]));
  const key = await createTestKey('chave-1');
  const closedPort = await unusedPort();
  const ports = { grpc: grpc.port, http: http.port, closed: closedPort };
  try {
    const server = await openServer(ports, [key]);
    return {
      grpc,
      http,
      key,
      k,
      pw,
      baseUrl: server.baseUrl,
      useKeys: (keys) => server.configure(keys),
      close: async () => {
        await server.close();
        await closeUpstreams();
      },
    };
  } catch (error) {
    await closeUpstreams();
    throw error;
  }
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

interface Ports {
  readonly grpc: number;
  readonly http: number;
  readonly closed: number;
}

interface ConfiguredServer {
  readonly baseUrl: string;
  /** Resolves once the server decides by these keys. */
  configure(keys: readonly TestKey[]): Promise<void>;
  close(): Promise<void>;
}

async function openServer(ports: Ports, keys: readonly TestKey[]): Promise<ConfiguredServer> {
  const baseUrl = process.env.CONFORMANCE_BASE_URL;
  const first = render(ports, keys);
  const server = baseUrl === undefined ? await startEdgeOfConfig(first.text, FIXTURES) : openKong(baseUrl);
  const configure = async ({ version, text }: { version: string; text: string }): Promise<void> => {
    await server.apply(text);
    await inForce(server.baseUrl, version);
  };
  try {
    await configure(first);
  } catch (error) {
    await server.close();
    throw error;
  }
  return {
    baseUrl: server.baseUrl,
    configure: (changed) => configure(render(ports, changed)),
    close: () => server.close(),
  };
}

/** A server that takes a kong.yml; whether it already decides by it is another question. */
interface Configurable {
  readonly baseUrl: string;
  apply(kongYml: string): Promise<void>;
  close(): Promise<void>;
}

function openKong(baseUrl: string): Configurable {
  return { baseUrl, apply: postConfig, close: async () => undefined };
}

function render(ports: Ports, keys: readonly TestKey[]): { version: string; text: string } {
  const host = process.env.CONFORMANCE_UPSTREAM_HOST ?? '127.0.0.1';
  const version = randomUUID();
  return { version, text: fixtureConfig({ host, ports, keys, version }) };
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

/** Kong answers a post of its configuration before its workers serve by it; every version has a route of its own. */
function inForce(baseUrl: string, version: string): Promise<void> {
  return eventually(async () => {
    const { status } = await fetch(`${baseUrl}/versao/${version}`);
    if (status !== 200) throw new Error('the new configuration is not in force');
  });
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
