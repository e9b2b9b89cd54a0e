/** `npm run bench:notificacoes`: how fast messages and events leave, alone on this machine, beside the bare clients that send them. */
import { misused, numberOption, readCommandLine } from '@plataforma/runtime/command-line';
import { benchDeadProvider, type DeadProvider } from './notificacoes/dead-provider.ts';
import { startNotificacoesAlone } from './notificacoes/notificacoes-alone.ts';
import { benchSending, type Sending, type Way } from './notificacoes/sending.ts';
import { benchWebhooks, type Webhooks } from './notificacoes/webhooks.ts';

const USAGE = `Usage: npm run bench:notificacoes -- [options]

  --only PART         smtp, http (the API of a provider), dead (another channel's provider hangs) or webhooks; all when left out
  --messages N        due messages of one round, default 3334: three rounds are 10,000
  --rounds N          rounds of which the median counts, default 3; three times as many pairs of dead
  --rate N            events a second to 1,000 addresses of which 50 never answer, default 200
  --seconds N         for so long, default 20
  --help

Starts PostgreSQL, Redis, NATS, the service and what takes its messages, for itself, and ends them: nothing leaves this
machine. Prints tables and, as the last line, JSON. With the defaults it takes about eight minutes on two cores.`;

/** As many as the service hands to a provider at the same time. */
const TOGETHER = 5;
const P95_MS = 1_000;
/** Of one run beside a dead provider, or without. */
const DEAD_MESSAGES = 500;
/** Short ones, of which the median tells more than of a few long ones. */
const DEAD_PAIRS_A_ROUND = 3;

const { values } = readCommandLine({
  name: 'bench:notificacoes',
  help: USAGE,
  options: {
    only: { type: 'string' },
    messages: { type: 'string', default: '3334' },
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
  },
});

const count = (option: 'messages' | 'rounds' | 'rate' | 'seconds') =>
  numberOption('bench:notificacoes', option, values[option], { min: 1 });
const [messages, rounds, rate, seconds] = [
  count('messages'),
  count('rounds'),
  count('rate'),
  count('seconds'),
];
const { only } = values;
if (only !== undefined && !['smtp', 'http', 'dead', 'webhooks'].includes(only))
  misused('bench:notificacoes', `--only wants smtp, http, dead or webhooks, not "${only}"`);

const wants = (part: string) => only === undefined || only === part;
const alone = await startNotificacoesAlone();
try {
  const sending: Sending[] = [];
  for (const way of ['smtp', 'http'] satisfies Way[])
    if (wants(way)) sending.push(await benchSending(alone, way, { messages, rounds, together: TOGETHER }));
  const dead = wants('dead')
    ? await benchDeadProvider(alone, {
        messages: Math.min(messages, DEAD_MESSAGES),
        pairs: rounds * DEAD_PAIRS_A_ROUND,
      })
    : undefined;
  const webhooks = wants('webhooks') ? await benchWebhooks(alone, { rate, seconds }) : undefined;
  report(sending, dead, webhooks);
} finally {
  await alone.stop();
}

function report(
  sending: readonly Sending[],
  dead: DeadProvider | undefined,
  webhooks: Webhooks | undefined,
): void {
  for (const { way, service, bare, noting, ratio } of sending) {
    const client = way === 'smtp' ? 'bare nodemailer' : 'bare fetch';
    console.log(
      `${way}: ${service.perSecond} messages a second, ${ratio} of the ${bare.perSecond} of ${client}`,
    );
    console.log(`${client} that notes each message durably: ${noting.perSecond} a second`);
    console.log('CPU milliseconds a message, by part:');
    console.table({ service: service.cpu, [client]: bare.cpu, [`${client}, noting`]: noting.cpu });
  }
  if (dead) {
    const { pairs, throughput, cpu } = dead;
    console.log('E-mails while the provider of SMS hangs, and without:');
    console.table(pairs);
    for (const [what, { median, quartiles }] of Object.entries({ throughput, 'CPU a message': cpu }))
      console.log(`${what}: ${median} of that without, half of the pairs from ${quartiles.join(' to ')}`);
    console.log(`${throughput.median > 0.95 && cpu.median > 0.95 ? 'less' : 'more'} than 5 % is lost`);
  }
  if (webhooks) {
    const { addresses, hanging, asked, arrived, latencies, cpu } = webhooks;
    console.log(`${rate} events a second to ${addresses} addresses, ${hanging} of which never answer:`);
    console.table({ asked, arrived, ...latencies });
    console.log('CPU milliseconds an event, by part:');
    console.table(cpu);
    if (arrived < asked || latencies.p95 >= P95_MS) console.log(`p95 under ${P95_MS / 1_000} s is not held`);
  }
  console.log(JSON.stringify({ sending, dead, webhooks }));
}
