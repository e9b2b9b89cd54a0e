import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Authorizations, type OidcClient } from './authorizations.ts';
import { consentPage, landingPage, refusalPage } from './consent-page.ts';
import type { OidcFaults } from './faults.ts';
import { createIdTokens } from './id-tokens.ts';
import { PEOPLE, type Person, personOf } from './people.ts';

const MAX_BODY = 64 * 1_024;

/** An OpenID Connect issuer of our own: as strict with relying parties as a real one, and believes who one says one is. */
export interface OidcIssuer {
  /** Its identity, and where it is found (`/.well-known/openid-configuration`). */
  readonly issuer: string;
  /** What goes wrong from now on; everything is as it should be at first. */
  readonly faults: OidcFaults;
  stop(): Promise<void>;
}

interface Options {
  readonly clients: readonly OidcClient[];
  readonly port?: number;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Starts it on the loopback address; codes and the key are gone when it stops. */
export async function startOidcIssuer({ clients, port = 0 }: Options): Promise<OidcIssuer> {
  const faults: OidcFaults = {};
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tokens = await createIdTokens(issuer, faults);
  const endpoints = { clients, faults, issuer, tokens, authorizations: new Authorizations() };
  server.on('request', (request, response) => {
    answer(endpoints, request).then(
      (ready) => send(response, ready),
      (error: Error) => send(response, html(400, refusalPage(error.message))),
    );
  });
  return {
    issuer,
    faults,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Endpoints {
  readonly clients: readonly OidcClient[];
  readonly faults: OidcFaults;
  readonly issuer: string;
  readonly tokens: Awaited<ReturnType<typeof createIdTokens>>;
  readonly authorizations: Authorizations;
}

async function answer(endpoints: Endpoints, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', endpoints.issuer);
  switch (`${request.method} ${pathname}`) {
    case 'GET /.well-known/openid-configuration':
      return json(200, {
        ...metadata(endpoints.issuer),
        issuer: endpoints.faults.issuer ?? endpoints.issuer,
      });
    case 'GET /jwks':
      return json(200, endpoints.tokens.jwks);
    case 'GET /authorize':
      return ask(endpoints, searchParams);
    case 'POST /authorize':
      return decide(endpoints, await form(request));
    case 'POST /token':
      return trade(endpoints, await form(request));
    case 'GET /volta':
      return html(200, landingPage(searchParams));
    default:
      return json(404, { error: 'not_found' });
  }
}

function metadata(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

/** What is wrong with client or address is shown here: a browser is sent on only to where a client has registered. */
function ask({ clients, authorizations }: Endpoints, query: URLSearchParams): Answer {
  const client = clients.find(({ id }) => id === query.get('client_id'));
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!client) return html(400, refusalPage('unauthorized_client: client_id is unknown'));
  if (!client.redirectUris.includes(redirectUri))
    return html(400, refusalPage('redirect_uri_mismatch: this address is not registered'));
  const codeChallenge = query.get('code_challenge') ?? '';
  const proved = /^[\w-]{43}$/.test(codeChallenge) && query.get('code_challenge_method') === 'S256';
  const asked =
    query.get('response_type') === 'code' && (query.get('scope') ?? '').split(' ').includes('openid');
  if (!proved || !asked)
    return html(
      400,
      refusalPage('invalid_request: needs response_type code, scope openid, and PKCE with S256'),
    );
  const pending = authorizations.ask({
    ...{ clientId: client.id, redirectUri, codeChallenge },
    state: query.get('state') ?? undefined,
    nonce: query.get('nonce') ?? undefined,
  });
  return html(200, consentPage(pending, client.id));
}

function decide({ authorizations, faults, issuer }: Endpoints, chosen: URLSearchParams): Answer {
  const request = authorizations.answer(chosen.get('request') ?? '');
  if (!request) return html(400, refusalPage('invalid_request: this page was answered already'));
  const target = new URL(request.redirectUri);
  if (request.state !== undefined) target.searchParams.set('state', request.state);
  const iss = faults.iss === undefined ? issuer : faults.iss;
  if (iss !== null) target.searchParams.set('iss', iss);
  if (chosen.has('deny')) target.searchParams.set('error', 'access_denied');
  else target.searchParams.set('code', authorizations.grant(request, personFrom(chosen)));
  return { status: 303, headers: { location: target.href }, body: '' };
}

function personFrom(chosen: URLSearchParams): Person {
  const sub = chosen.get('sub');
  const known = PEOPLE.find((person) => person.sub === sub);
  if (known) return known;
  const [name, email] = [chosen.get('name') ?? '', chosen.get('email') ?? ''];
  if (sub !== null || name === '' || email === '') throw new Error('invalid_request: nobody was chosen');
  return personOf({ name, email, emailVerified: chosen.get('verified') === 'yes' });
}

async function trade({ clients, authorizations, faults, tokens }: Endpoints, form: URLSearchParams) {
  if (faults.delayMs !== undefined) await sleep(faults.delayMs, undefined, { ref: false });
  if (faults.status !== undefined) return json(faults.status, { error: 'temporarily_unavailable' });
  const client = clients.find(({ id }) => id === form.get('client_id'));
  if (!client || client.secret !== form.get('client_secret')) return json(401, { error: 'invalid_client' });
  if (form.get('grant_type') !== 'authorization_code') return json(400, { error: 'unsupported_grant_type' });
  const grant = authorizations.redeem(form.get('code') ?? '', {
    clientId: client.id,
    redirectUri: form.get('redirect_uri') ?? '',
    verifier: form.get('code_verifier') ?? '',
  });
  if (!grant) return json(400, { error: 'invalid_grant' });
  const { sub, name, email, emailVerified } = grant.person;
  const idToken = await tokens.sign({
    ...{ sub, aud: client.id, name, email, email_verified: emailVerified },
    ...(grant.nonce !== undefined && { nonce: grant.nonce }),
  });
  // Nothing here takes the access token, so it opens nothing.
  return json(200, { access_token: 'unused', token_type: 'Bearer', expires_in: 60, id_token: idToken });
}

async function form(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > MAX_BODY) throw new Error('invalid_request: the body is too large');
  }
  return new URLSearchParams(body);
}

function json(status: number, value: unknown): Answer {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { status, headers, body: JSON.stringify(value) };
}

/** What leaves the page goes to its own form only; the address with the code in it is told to nobody. */
function html(status: number, body: string): Answer {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'referrer-policy': 'no-referrer' };
  return { status, headers, body };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}
