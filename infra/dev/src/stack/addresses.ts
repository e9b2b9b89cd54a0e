import { ADMIN_EMAIL, portsOf, SERVICES } from './service-env.ts';
import type { Stack } from './stack.ts';

/** The table of addresses, and commands to paste, that `npm start` ends with. */
export function addresses(stack: Stack, espacoId: string, env: NodeJS.ProcessEnv = process.env): string {
  const { ports } = stack;
  const local = (port: number) => `127.0.0.1:${port}`;
  const rest = `http://${local(ports.EDGE_PORT)}`;
  const rows = [
    ['REST', rest],
    ['API documents', `${rest}/docs`],
    ...SERVICES.map((name) => {
      const { grpc, http } = portsOf(name, ports);
      return [name, `gRPC ${local(grpc)}   Connect http://${local(http)}`];
    }),
    ['mail inbox', stack.usesRealMail ? 'that of each person' : `http://${local(ports.MAIL_WEB_PORT)}`],
    ['messages', `http://${local(ports.PROVIDERS_PORT)}`],
    ['checkout', stack.usesRealStripe ? 'Stripe itself' : `http://${local(ports.STRIPE_PORT)}`],
    ['login issuer', `http://${local(ports.OIDC_PORT)} (stands for Google)`],
    ['NATS', stack.natsUrl],
    ['PostgreSQL', `${local(ports.POSTGRES_PORT)} (one database per service)`],
    ['administrator', `${ADMIN_EMAIL} / ${stack.secrets.adminPassword}`],
  ];
  const table = rows.map(([name = '', address = '']) => `  ${name.padEnd(16)}${address}`).join('\n');
  const login = JSON.stringify({ email: ADMIN_EMAIL, password: stack.secrets.adminPassword });
  const token = `curl -s ${rest}/api/v1/auth/login -H 'content-type: application/json' -d '${login}' | grep -o '"accessToken":"[^"]*' | cut -d'"' -f4`;
  // Commands find a stack on moved ports by its data folder.
  const inFolder = env.PLATAFORMA_DATA ? `PLATAFORMA_DATA='${env.PLATAFORMA_DATA}' ` : '';
  return `
${table}

try it:
  TOKEN=$(${token})
  curl -s ${rest}/api/v1/espacos -H "authorization: Bearer $TOKEN"
  npx buf curl --http2-prior-knowledge --protocol grpc -H "authorization: Bearer $TOKEN" -d '{"espacoId":"${espacoId}"}' http://${local(ports.RESERVAS_GRPC_PORT)}/reservas.v1.EspacosService/ObterEspaco
  ${inFolder}npm run --silent events -- 'reservas.>'     (or, with the NATS CLI: nats sub -s ${stack.natsUrl} 'reservas.>')

Ctrl-C stops everything.`;
}
