/** `npm run keys:rotate`: replaces the key that signs tokens, while people work. */

import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@plataforma/domain/clock';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { loadConfig } from '@plataforma/runtime/config';
import { createDataSource } from '@plataforma/runtime/postgres';
import { commonFields } from '@plataforma/runtime/service-config';
import type { RespostaAoCanario } from '../chaves/application/ports.ts';
import type { Andamento } from '../chaves/application/rotate-keys.ts';
import { createRotation } from '../chaves/composition.ts';
import { chavesFields } from '../chaves/infrastructure/chaves-config.ts';

const HELP = `usage: npm run keys:rotate [-- --emergency]

Replaces the key that signs tokens, without a refused request: publishes the next key, waits until every verifier can
know it, tries it through the edge in each service, and only then lets it sign. The key before goes on being published
until its last token has ended. Takes about 20 seconds. Ctrl-C loses nothing: the next run, or auth itself, goes on
where this one was.

  --emergency  a key was stolen: takes every key back at once and signs with a new one. Tokens of the old ones are
               refused everywhere within ten seconds; clients refresh and go on, nobody has to log in again.
  --help       print this

Exit code 1: an address of CANARY_URLS does not accept the next key (or still accepts the old one); it is told which.`;

const NAME = 'keys:rotate';
const LOOK_MS = 1_000;
/** The edge counts the calls of one address by the minute. */
const TRY_AGAIN_MS = 5_000;
/** Whatever renders the edge's credentials has had its time several times over. */
const PATIENCE_MS = 60_000;

const { emergency } = readCommandLine({
  name: NAME,
  help: HELP,
  options: { emergency: { type: 'boolean' } },
}).values;

await main().catch((error: unknown) => {
  console.error(`${NAME}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { databaseUrl, jwtIssuer } = commonFields;
  const config = loadConfig(process.env, { databaseUrl, jwtIssuer, ...chavesFields });
  if (config.canaryUrls.length === 0)
    throw new Error('CANARY_URLS is not set, so that it could not be seen whether the next key is accepted');
  const dataSource = createDataSource({
    ...{ url: config.databaseUrl, applicationName: NAME, entities: [], migrations: [] },
  });
  await dataSource.initialize();
  try {
    const rotation = createRotation({ config, clock: systemClock, dataSource });
    await (emergency ? withdraw(rotation) : rotate(rotation));
  } finally {
    await dataSource.destroy();
  }
}

type Rotation = ReturnType<typeof createRotation>;

async function rotate({ rotate: handler, chaves }: Rotation): Promise<void> {
  const { ativa } = await chaves.emUso();
  console.log(`${ativa?.kid ?? 'no key'} signs`);
  const { kid } = await chaves.criarProxima();
  console.log(`${kid} is published`);
  const until = performance.now() + PATIENCE_MS;
  let told = '';
  while ((await chaves.emUso()).ativa?.kid !== kid) {
    // auth takes the same steps, whoever comes first.
    const andamento = await handler.execute({ vencimentoMs: Number.POSITIVE_INFINITY });
    if (andamento.tipo === 'NADA') throw new Error(`${kid} was taken back meanwhile`);
    const text = describeStep(andamento);
    if (text !== told) console.log(text);
    told = text;
    if (performance.now() > until) throw new Error('given up for now; run it again to go on');
    if (andamento.tipo !== 'ATIVADA') await delay(andamento.tipo === 'RECUSADA' ? TRY_AGAIN_MS : LOOK_MS);
  }
  console.log(`${kid} signs`);
}

function describeStep(andamento: Exclude<Andamento, { tipo: 'NADA' }>): string {
  switch (andamento.tipo) {
    case 'CRIADA':
      return `${andamento.kid} is published, too`;
    case 'ESPERAR':
      return `waiting until ${andamento.ate.toISOString()}, when every verifier can know it`;
    case 'RECUSADA':
      return `not accepted yet: ${describeAnswers(andamento.recusas)}`;
    case 'ATIVADA':
      return 'accepted everywhere';
  }
}

async function withdraw({ withdraw: handler }: Rotation): Promise<void> {
  const check = await handler.execute();
  console.log('every key was taken back, a new one signs');
  const begin = performance.now();
  for (;;) {
    const { velha, nova } = await check();
    const left = [...velha.filter(isNotRefused), ...nova.filter(({ aceito }) => !aceito)];
    if (left.length === 0) {
      const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
      return console.log(
        `no address takes the old key any more, each takes the new one (after ${seconds} s)`,
      );
    }
    console.log(`not yet: ${describeAnswers(left)}`);
    if (performance.now() - begin > PATIENCE_MS) throw new Error('given up: the edge has to be looked at');
    await delay(TRY_AGAIN_MS);
  }
}

/** No answer at all proves nothing. */
function isNotRefused({ resposta }: RespostaAoCanario): boolean {
  return !resposta.startsWith('401');
}

function describeAnswers(answers: readonly RespostaAoCanario[]): string {
  return answers.map(({ endereco, resposta }) => `${endereco} (${resposta})`).join(', ');
}
