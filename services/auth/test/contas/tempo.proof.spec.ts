import { expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { Argon2Hasher } from '../../src/credenciais/infrastructure/argon2-hasher.ts';
import { mannWhitneyZ } from '../support/mann-whitney.ts';
import { failure, pessoa, useAuth } from '../support/use-auth.ts';

/**
 * Calls of each kind, in turns. Two kinds are told apart at |z| > 4: by chance once in 16,000 comparisons. z grows with the
 * square root of N / 2, times 0.98, so what lies nine tenths of a standard deviation of a call apart is seen in 99 of 100
 * runs. On a machine that does nothing else one hash is several deviations; that it is seen is shown in each run, as a machine
 * that is too busy to see it proves nothing.
 */
const N = 100;
/** Of calls that cost no hash and vary less: what lies half a standard deviation apart is seen in 99 of 100 runs. */
const N_QUICK = 400;
const APART = 4;
const TIMEOUT_MS = 600_000;

const clock = new FixedClock(new Date().toISOString());
const { auth, rpc } = useAuth({ clock, credentialsPerMinute: 60_000, timeoutMs: 60_000 });
const hasher = new Argon2Hasher();

type Call = () => Promise<unknown>;

/**
 * Milliseconds of each call, by kind; what comes first in a turn changes with the turn.
 *
 * @param settle what a call has left to do is done before the next one
 */
async function times(
  kinds: Readonly<Record<string, Call>>,
  { n = N, settle = async () => {} }: { n?: number; settle?: Call } = {},
): Promise<Record<string, number[]>> {
  const names = Object.keys(kinds);
  const told: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let turn = 0; turn < n; turn++)
    for (let at = 0; at < names.length; at++) {
      const name = names[(at + turn) % names.length] as string;
      const since = performance.now();
      await kinds[name]?.();
      told[name]?.push(performance.now() - since);
      await settle();
    }
  return told;
}

/** People whose addresses have an account each, verified or not. */
async function several(verificada: boolean, n = N) {
  const { id } = await rpc.auth.signup(pessoa());
  const quem = Array.from({ length: n }, () => pessoa());
  await auth.dataSource.query(
    `insert into usuarios (id, nome, email, senha_hash, papeis, ativo, versao, criado_em, atualizado_em, email_verificado)
     select id || case when $2 then 'v' else 'n' end || n, nome, email_de, senha_hash, papeis, true, 1, criado_em,
       atualizado_em, $2
     from usuarios, unnest($3::text[]) with ordinality as outras (email_de, n) where id = $1`,
    [id, verificada, quem.map(({ email }) => email.toLowerCase())],
  );
  return quem;
}

/** Kinds that a stranger must not tell apart, the first one with each other one; and the one that does more: a hash, or less than that. */
function judge(told: Record<string, number[]>) {
  const { mais = [], ...kinds } = told;
  const [first = [], ...others] = Object.values(kinds);
  return { apart: others.map((other) => mannWhitneyZ(first, other)), seen: mannWhitneyZ(first, mais) };
}

it(
  'tells nobody by the time of a sign-up whether the address has an account',
  async () => {
    const [verificadas, outras] = [await several(true), await several(false)];
    const { apart, seen } = judge(
      await times({
        novo: () => rpc.auth.signup(pessoa()),
        verificado: () => rpc.auth.signup(verificadas.pop() ?? pessoa()),
        naoVerificado: () => rpc.auth.signup(outras.pop() ?? pessoa()),
        mais: async () => {
          await rpc.auth.signup(pessoa());
          await hasher.hash('Senha@123', '');
        },
      }),
    );
    for (const z of apart) expect(Math.abs(z)).toBeLessThan(APART);
    expect(seen).toBeGreaterThan(APART);
  },
  TIMEOUT_MS,
);

it(
  'tells nobody by the time of a login that fails whether the address has an account',
  async () => {
    const [verificadas, outras] = [await several(true), await several(false)];
    const wrong = ({ email } = pessoa()) => failure(rpc.auth.login({ email, password: 'errada' }));
    const { apart, seen } = judge(
      await times({
        ninguem: () => wrong(),
        verificado: () => wrong(verificadas.pop()),
        naoVerificado: () => wrong(outras.pop()),
        mais: async () => {
          await wrong();
          await hasher.hash('Senha@123', '');
        },
      }),
    );
    for (const z of apart) expect(Math.abs(z)).toBeLessThan(APART);
    expect(seen).toBeGreaterThan(APART);
  },
  TIMEOUT_MS,
);

it(
  'tells nobody by the time of a request for a new password whether the address has an account',
  async () => {
    const [verificadas, outras] = [await several(true, N_QUICK), await several(false, N_QUICK)];
    const forgot = ({ email } = pessoa()) => rpc.auth.forgotPassword({ email });
    const worker = auth.background.find(({ name }) => name === 'redefinicoes');
    // As in an installation: it begins, as soon as the request is stored, with what is more work for an account.
    await worker?.start();
    try {
      const { apart, seen } = judge(
        await times(
          {
            ninguem: () => forgot(),
            verificado: () => forgot(verificadas.pop()),
            naoVerificado: () => forgot(outras.pop()),
            // The least that an answer would take that depends on whether there is an account: a look for it.
            mais: async () => {
              const quem = pessoa();
              await forgot(quem);
              await auth.dataSource.query('select * from usuarios where email = $1', [
                quem.email.toLowerCase(),
              ]);
            },
          },
          { n: N_QUICK, settle: pedidosAtendidos },
        ),
      );
      for (const z of apart) expect(Math.abs(z)).toBeLessThan(APART);
      expect(seen).toBeGreaterThan(APART);
    } finally {
      await worker?.stop();
    }
  },
  TIMEOUT_MS,
);

/** No request waits for its worker any more, whoever it was for, and a moment has passed. */
async function pedidosAtendidos(): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const [{ n }] = await auth.dataSource.query('select count(*)::int as n from pedidos_senha');
    if (n === 0) return;
  }
}
