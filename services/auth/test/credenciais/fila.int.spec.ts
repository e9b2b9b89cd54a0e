import { expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { pessoa, useAuth } from '../support/use-auth.ts';

const clock = new FixedClock(new Date().toISOString());
/** More than one processor can hash in ten seconds, however fast it is. */
const { auth } = useAuth({ clock, passwords: { passwordHashPasses: 8 } });

const FLOOD = 200;

interface Told {
  readonly status: number;
  readonly motivo: string | null;
  readonly retryAfter: string | null;
}

/** A login of nobody, by HTTP and without a deadline of its own: it has ten seconds, as at the edge; from a client behind a proxy that is trusted. */
async function login(endereco: string): Promise<Told> {
  const response = await fetch(`http://127.0.0.1:${auth.httpPort}/auth.v1.AuthService/Login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': endereco },
    body: JSON.stringify({ email: pessoa().email, password: 'errada' }),
  });
  await response.arrayBuffer();
  return {
    status: response.status,
    motivo: response.headers.get('x-erro-codigo'),
    retryAfter: response.headers.get('retry-after'),
  };
}

it('logins of one address, more than can be heard, are told when to come back before their time is over, and others are heard', async () => {
  await login('203.0.113.1');
  const flood = Array.from({ length: FLOOD }, () => login('198.51.100.7'));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const other = await login('192.0.2.1');
  const told = await Promise.all(flood);
  const refused = told.filter(({ motivo }) => motivo !== 'CREDENCIAIS_INVALIDAS');
  expect(refused.length).toBeGreaterThan(0);
  expect(new Set(refused.map(({ status, motivo }) => `${status} ${motivo}`))).toEqual(
    new Set(['503 SERVICO_INDISPONIVEL']),
  );
  expect(refused.filter(({ retryAfter }) => !(Number(retryAfter) > 0))).toEqual([]);
  expect(refused.length).toBeLessThan(FLOOD);
  expect(other).toMatchObject({ motivo: 'CREDENCIAIS_INVALIDAS' });
}, 120_000);
