import { freePort } from '@plataforma/testing/servers/ports';

/** Default port of everything the local stack listens on, by the environment variable that moves it. */
const DEFAULTS = {
  EDGE_PORT: 8000,
  AUTH_GRPC_PORT: 50051,
  RESERVAS_GRPC_PORT: 50052,
  PAGAMENTOS_GRPC_PORT: 50053,
  NOTIFICACOES_GRPC_PORT: 50054,
  AUTH_HTTP_PORT: 8081,
  RESERVAS_HTTP_PORT: 8082,
  PAGAMENTOS_HTTP_PORT: 8083,
  NOTIFICACOES_HTTP_PORT: 8084,
  DOCS_PORT: 8085,
  STRIPE_PORT: 12111,
  OIDC_PORT: 9400,
  MAIL_SMTP_PORT: 1025,
  MAIL_WEB_PORT: 1080,
  PROVIDERS_PORT: 1081,
  POSTGRES_PORT: 54320,
  REDIS_PORT: 63790,
  NATS_PORT: 4222,
} as const;

/** Where each part of the stack listens, always on 127.0.0.1. */
export type StackPorts = Readonly<Record<keyof typeof DEFAULTS, number>>;

const NAMES = Object.keys(DEFAULTS) as Array<keyof typeof DEFAULTS>;

/**
 * The default ports, each moved by the environment variable of its name.
 *
 * @throws Error naming every variable that is not a port, or two that name the same one.
 */
export function portsFromEnv(env: NodeJS.ProcessEnv): StackPorts {
  const wrong = NAMES.filter((name) => env[name] && !isPort(Number(env[name])));
  if (wrong.length > 0) throw new Error(`${wrong.join(', ')}: needs a port number from 1 to 65535.`);
  const ports = byName((name) => Number(env[name] || DEFAULTS[name]));
  const shared = NAMES.find(
    (name, index) => NAMES.findIndex((other) => ports[other] === ports[name]) < index,
  );
  if (shared === undefined) return ports;
  const both = NAMES.filter((name) => ports[name] === ports[shared]).join(' and ');
  throw new Error(`${both}: all of them are ${ports[shared]}; each needs a port of its own.`);
}

/** Ports that no program uses at this moment, so that several stacks can run side by side. */
export async function freePorts(): Promise<StackPorts> {
  const ports = new Set<number>();
  while (ports.size < NAMES.length) ports.add(await freePort());
  const pool = [...ports];
  return byName((_, index) => pool[index] as number);
}

function byName(port: (name: keyof typeof DEFAULTS, index: number) => number): StackPorts {
  return Object.fromEntries(NAMES.map((name, index) => [name, port(name, index)])) as StackPorts;
}

const isPort = (value: number) => Number.isInteger(value) && value >= 1 && value <= 65_535;
