import type { StackPorts } from './ports.ts';
import { carriersEnv } from './provider-env.ts';
import { idKeyOf, type StackSecrets, secretDigest, sendgridPublicKey } from './secrets.ts';

/** The four services, in the order of their port numbers. */
export const SERVICES = ['auth', 'reservas', 'pagamentos', 'notificacoes'] as const;

/** Name of one of the four services. */
export type ServiceName = (typeof SERVICES)[number];

/** What the services need to know about the stack around them. */
export interface Surroundings {
  readonly ports: StackPorts;
  readonly secrets: StackSecrets;
  readonly databases: Readonly<Record<ServiceName, string>>;
  readonly redisUrl: string;
  readonly natsUrl: string;
  /** The real Stripe when a key is given, else the stand-in. */
  readonly stripeSecretKey: string | undefined;
  readonly logLevel: string;
}

/** E-mail address of the administrator that auth creates when it has none. */
export const ADMIN_EMAIL = 'admin@plataforma.local';

/** Something of each service that people read, through the edge. */
function canaryUrls(ports: StackPorts): string {
  const lists = ['users/me', 'reservas', 'transacoes', 'notificacoes'];
  return lists.map((list) => `http://${local(ports.EDGE_PORT)}/api/v1/${list}`).join(',');
}

/** Where the checkout page sends the customer afterwards. Without a web site of ours that is a page of the stand-in. */
function checkoutUrls(ports: StackPorts): Record<string, string> {
  const pages = `http://${local(ports.STRIPE_PORT)}/c`;
  return {
    CHECKOUT_SUCCESS_URL: `${pages}/pay/{CHECKOUT_SESSION_ID}`,
    CHECKOUT_CANCEL_URL: `${pages}/volta/{RESERVA_ID}`,
  };
}

/** auth as the local issuer knows it. Without a web site of ours the browser ends at a page of the issuer. */
export function googleEnv({ ports, secrets }: Pick<Surroundings, 'ports' | 'secrets'>) {
  const issuer = `http://${local(ports.OIDC_PORT)}`;
  const { googleClientSecret: clientSecret } = secrets;
  return { issuer, clientId: 'plataforma-local', clientSecret, redirectUri: `${issuer}/volta` };
}

const local = (port: number) => `127.0.0.1:${port}`;

/** Ports of one service. */
export function portsOf(name: ServiceName, ports: StackPorts): { grpc: number; http: number } {
  const prefix = name.toUpperCase() as Uppercase<ServiceName>;
  return { grpc: ports[`${prefix}_GRPC_PORT`], http: ports[`${prefix}_HTTP_PORT`] };
}

/** The whole environment of one service: nothing of the caller's own reaches it, except telemetry settings, PATH, the MongoDB of the history and who carries messages. */
export function serviceEnv(
  name: ServiceName,
  around: Surroundings,
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const carriers = name === 'notificacoes' ? carriersEnv(around, env) : {};
  return { ...inherited(env, name), ...common(name, around), ...own(name, around), ...carriers };
}

function inherited(env: NodeJS.ProcessEnv, service: ServiceName): Record<string, string> {
  const theirs = service === 'notificacoes' ? ['PATH', 'MONGODB_URL'] : ['PATH'];
  const names = Object.keys(env).filter((key) => theirs.includes(key) || key.startsWith('OTEL_'));
  return Object.fromEntries(names.map((key) => [key, env[key] ?? '']));
}

function common(name: ServiceName, around: Surroundings): Record<string, string> {
  const { grpc, http } = portsOf(name, around.ports);
  return {
    OTEL_SERVICE_NAME: name,
    GRPC_PORT: `${grpc}`,
    HTTP_PORT: `${http}`,
    GRPC_REFLECTION: 'true',
    DATABASE_URL: around.databases[name],
    REDIS_URL: around.redisUrl,
    NATS_URL: around.natsUrl,
    // NATS reserves what its streams may grow to, and a laptop is no server.
    NATS_STREAM_MAX_MIB: '1024',
    JWKS_URL: `http://${local(around.ports.AUTH_HTTP_PORT)}/.well-known/jwks.json`,
    JWT_ISSUER: 'https://auth.plataforma.local',
    JWT_AUDIENCE: 'plataforma-reservas',
    ID_KEY: idKeyOf(name, around.secrets),
    PAGE_TOKEN_KEYS: around.secrets.pageTokenKey,
    TRUSTED_PROXIES: '127.0.0.1',
    LOG_LEVEL: around.logLevel,
  };
}

function own(name: ServiceName, around: Surroundings): Record<string, string> {
  const { ports, secrets, stripeSecretKey } = around;
  switch (name) {
    case 'auth':
      return {
        ...googleVariables(around),
        MASTER_KEY: secrets.masterKey,
        PUBLIC_URL: `http://${local(ports.EDGE_PORT)}`,
        RESERVAS_GRPC_ADDRESS: local(ports.RESERVAS_GRPC_PORT),
        PAGAMENTOS_GRPC_ADDRESS: local(ports.PAGAMENTOS_GRPC_PORT),
        NOTIFICACOES_GRPC_ADDRESS: local(ports.NOTIFICACOES_GRPC_PORT),
        CANARY_URLS: canaryUrls(ports),
        // Browsers take no address of numbers for a site with passkeys.
        PASSKEY_RP_ID: 'localhost',
        PASSKEY_ORIGINS: `http://localhost:${ports.EDGE_PORT}`,
        ADMIN_EMAIL,
        ADMIN_PASSWORD: secrets.adminPassword,
        // Every client of a local stack has one address.
        CREDENTIALS_PER_MINUTE: '6000',
        SERVICE_CLIENTS: [
          `reservas:${secretDigest(secrets.reservasSecret)}:pagamentos|auth`,
          `notificacoes:${secretDigest(secrets.notificacoesSecret)}:auth`,
        ].join(),
      };
    case 'reservas':
      return {
        AUTH_GRPC_ADDRESS: local(ports.AUTH_GRPC_PORT),
        PAGAMENTOS_GRPC_ADDRESS: local(ports.PAGAMENTOS_GRPC_PORT),
        SERVICE_SECRET: secrets.reservasSecret,
        // The second one signed the feeds of earlier releases.
        CALENDAR_KEYS: `${secrets.calendarKey},${secrets.idKey}`,
        PUBLIC_URL: `http://${local(ports.EDGE_PORT)}`,
      };
    case 'pagamentos':
      return {
        STRIPE_SECRET_KEY: stripeSecretKey ?? 'sk_test_local_stand_in',
        ...(stripeSecretKey ? {} : { STRIPE_API_URL: `http://${local(ports.STRIPE_PORT)}` }),
        STRIPE_WEBHOOK_SECRETS: secrets.webhookSecret,
        ...checkoutUrls(ports),
      };
    case 'notificacoes':
      return {
        AUTH_GRPC_ADDRESS: local(ports.AUTH_GRPC_PORT),
        SERVICE_SECRET: secrets.notificacoesSecret,
        EMAIL_FROM: 'Plataforma de Reservas <reservas@plataforma.local>',
        SENDGRID_WEBHOOK_PUBLIC_KEY: sendgridPublicKey(secrets),
        RESEND_WEBHOOK_SECRET: secrets.resendWebhookSecret,
        TWILIO_WEBHOOK_AUTH_TOKEN: secrets.twilioWebhookToken,
        TWILIO_WEBHOOK_URL: `http://${local(ports.EDGE_PORT)}/api/v1/webhooks/twilio`,
        PUBLIC_URL: `http://${local(ports.EDGE_PORT)}`,
        UNSUBSCRIBE_KEYS: secrets.unsubscribeKey,
        WEBHOOK_KEYS: secrets.outgoingWebhookKey,
        // Who tries webhooks out has the receiver beside the stack.
        WEBHOOK_ALLOW_LOOPBACK: 'true',
      };
  }
}

function googleVariables(around: Surroundings): Record<string, string> {
  const { issuer, clientId, clientSecret, redirectUri } = googleEnv(around);
  return {
    GOOGLE_ISSUER: issuer,
    GOOGLE_CLIENT_ID: clientId,
    GOOGLE_CLIENT_SECRET: clientSecret,
    GOOGLE_REDIRECT_URIS: redirectUri,
  };
}
