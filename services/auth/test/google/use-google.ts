import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import type { FixedClock } from '@plataforma/testing/fixed-clock';
import { consent } from '@plataforma/testing/oidc/consent';
import { type OidcIssuer, startOidcIssuer } from '@plataforma/testing/oidc/issuer';
import type { AuthSettings } from '../support/auth-under-test.ts';
import { as, type clients, useAuth } from '../support/use-auth.ts';

export const REDIRECT_URI = 'https://app.exemplo.com/entrar/google';

const CLIENT = {
  id: 'plataforma',
  secret: 'segredo-do-cliente-no-emissor',
  redirectUris: [REDIRECT_URI, 'https://app.exemplo.com/outra'],
};

/** Another relying party of the same issuer. */
export const STRANGER = {
  id: 'outra-aplicacao',
  secret: 'segredo-de-outra-aplicacao',
  redirectUris: ['https://outra.exemplo.com/volta'],
};

interface Session {
  readonly accessToken: string;
}

let counter = 0;

/** Somebody who is new everywhere. */
export function alguem(verified = true) {
  counter += 1;
  const email = `Pessoa.${counter}@gmail.example`;
  return { name: `Pessoa ${counter}`, email, ...(verified && { verified: 'yes' }) };
}

/** auth with an issuer beside it, for the specs of a file. */
export function useGoogle({ clock, ...settings }: { clock: FixedClock } & AuthSettings) {
  const issuer = {} as OidcIssuer;
  const google = {
    googleIssuer: '',
    ...{ googleClientId: CLIENT.id, googleClientSecret: CLIENT.secret, googleRedirectUris: [REDIRECT_URI] },
  };

  beforeAll(async () => {
    Object.assign(issuer, await startOidcIssuer({ clients: [CLIENT, STRANGER] }));
    google.googleIssuer = issuer.issuer;
  });

  const { auth, rpc, ...others } = useAuth({ clock, google, ...settings });

  /** Clients send what was answered UNAVAILABLE again; here it is seen what each call is answered. */
  let once: ReturnType<typeof clients>['auth'];

  beforeAll(() => {
    const options = { address: `127.0.0.1:${auth.grpcPort}`, timeoutMs: 8_000 };
    once = createGrpcClient(AuthService, { ...options, retry: { maxAttempts: 1 } });
  });

  afterAll(() => once.close());

  afterEach(() => {
    for (const fault of Object.keys(issuer.faults) as Array<keyof typeof issuer.faults>)
      delete issuer.faults[fault];
  });

  afterAll(() => issuer.stop());

  /** A browser, with the cookie that it has been given. */
  function browser() {
    let cookie: string | undefined;
    const headers = () => ({ ...(cookie !== undefined && { cookie }) });
    const onHeader = (header: Headers) => {
      cookie = header.get('set-cookie')?.split(';')[0] ?? cookie;
    };
    return {
      headers,
      start: (redirectUri = REDIRECT_URI) =>
        once.startGoogle({ redirectUri }, { headers: headers(), onHeader }),
      startLink: (
        session: Session,
        proof: { password: string; codigo?: string },
        redirectUri = REDIRECT_URI,
      ) =>
        once.startGoogleLink(
          { redirectUri, ...proof },
          { headers: { ...headers(), ...as(session).headers }, onHeader },
        ),
      link: (session: Session, answer: { code: string; state: string; iss?: string }, key?: string) =>
        once.linkGoogle(answer, {
          headers: { ...headers(), ...as(session).headers, ...(key && { 'idempotency-key': key }) },
        }),
      finish: (answer: { code: string; state: string; iss?: string }) =>
        once.finishGoogle(answer, { headers: headers() }),
    };
  }

  /** From the button to what the browser brings back. */
  async function begun(chosen: Record<string, string> = alguem()) {
    const navegador = browser();
    const { authorizationUrl } = await navegador.start();
    const answer = await consent(authorizationUrl, chosen);
    return { navegador, answer, finish: () => navegador.finish(answer) };
  }

  /** Who logs in, and with what session. */
  async function entra(chosen: Record<string, string> = alguem()) {
    const session = await (await begun(chosen)).finish();
    return { session, usuario: await rpc.users.getMe({}, as(session)) };
  }

  return { auth, rpc, issuer, browser, begun, entra, ...others };
}
