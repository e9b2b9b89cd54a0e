import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Protos and kong.yml of the conformance suite. */
export const FIXTURES = join(import.meta.dirname, 'fixtures');
const LUA = join(import.meta.dirname, '../../../../kong/post-function');

/** What the post-function is told of the suite's rules; no more than it asks for. */
const SERVED = ['POST ^/k$', 'GET,DELETE ^/k/[^/]+$', 'GET ^/fechado/[^/]+$'].join('\n');

/** What the suite's kong.yml leads to and whom it believes. */
interface FixtureValues {
  /** The scripted upstreams, as the target sees them. */
  readonly host: string;
  readonly ports: { readonly grpc: number; readonly http: number; readonly closed: number };
  readonly keys: readonly { readonly kid: string; readonly publicKeyPem: string }[];
  /** Of this version of the configuration; the target answers at `/versao/<version>` once it is in force. */
  readonly version: string;
}

/** The suite's kong.yml, filled in. */
export function fixtureConfig({ host, ports, keys, version }: FixtureValues): string {
  const values: Record<string, unknown> = {
    GRPC: `grpc://${host}:${ports.grpc}`,
    HTTP: `http://${host}:${ports.http}`,
    FECHADO: `grpc://${host}:${ports.closed}`,
    POST_FUNCTION_HEADER_FILTER: readFileSync(join(LUA, 'header_filter.lua'), 'utf8').replace(
      '__PATHS__',
      () => SERVED,
    ),
    POST_FUNCTION_BODY_FILTER: readFileSync(join(LUA, 'body_filter.lua'), 'utf8'),
    LIMITADO: `limitado-${version}`,
    VERSAO: `/versao/${version}`,
    JWT_SECRETS: keys.map((key) => ({ key: key.kid, algorithm: 'RS256', rsa_public_key: key.publicKeyPem })),
  };
  const template = readFileSync(join(FIXTURES, 'kong.yml'), 'utf8');
  return template.replace(/__([A-Z_]+?)__/g, (_match, name: string) => JSON.stringify(values[name]));
}
