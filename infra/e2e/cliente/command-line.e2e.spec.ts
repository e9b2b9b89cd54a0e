import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { runVerb } from '@plataforma/dev/plataforma/verbs';
import { COMPILE_CACHE } from '@plataforma/dev/stack/processes/node-process';
import { eventually } from '@plataforma/testing/eventually';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 240_000);

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

let said: string[] = [];
beforeEach(() => {
  for (const stream of ['log', 'error'] as const)
    jest.spyOn(console, stream).mockImplementation((line) => void said.push(`${line}\n`));
});
afterEach(() => void jest.restoreAllMocks());

/** A verb, in this process: it knows nothing of the stack but its data folder. */
async function plataforma(verb: string, ...args: string[]): Promise<Ended> {
  process.env.PLATAFORMA_DATA = platform.stack.dataDir;
  const mine: string[] = [];
  said = mine;
  await runVerb(verb, args);
  const code = Number(process.exitCode ?? 0);
  process.exitCode = 0;
  return { code, said: mine.join('') };
}

/** `npm run plataforma -- ...` as a process, and what it has said so far. */
function start(words: readonly string[], dataDir = platform.stack.dataDir) {
  const args = ['--conditions=source', 'infra/dev/src/plataforma/main.ts', ...words];
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, PLATAFORMA_DATA: dataDir };
  const child = spawn(process.execPath, args, { cwd: ROOT, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended: Promise<Ended> = once(child, 'close').then(([code]) => ({ code, said: output }));
  return { ended, output: () => output };
}

describe('npm run plataforma', () => {
  it('books, declines, pays and tells of it on ports that it was not told', async () => {
    const room = await platform.newRoom();
    const booked = await plataforma('book', '--espaco', room.id);
    expect(booked).toEqual({
      code: 0,
      said: expect.stringMatching(/^res_\w+ PENDENTE_PAGAMENTO Sala Ipê, /),
    });
    const [id = ''] = booked.said.split(' ');

    const listening = start(['listen', id]);
    await eventually(() => expect(listening.output()).toContain('listening'), { timeoutMs: 60_000 });

    const declined = await plataforma('decline', id);
    expect(declined.said).toMatch(
      /PENDENTE_PAGAMENTO [\s\S]*the card was declined; the slot is held until 2/,
    );
    expect(await plataforma('pay', id)).toEqual({
      code: 0,
      said: expect.stringContaining(`${id} CONFIRMADA`),
    });
    expect(await plataforma('pay', id)).toEqual({
      code: 1,
      said: `pay: ${id} is CONFIRMADA: there is nothing to pay\n`,
    });
    expect((await plataforma('time', id)).said).toMatch(/confirmed .* ago\nbegins .*in \d days?\n/);

    const { rest } = await platform.admin();
    await rest.post(`/api/v1/reservas/${id}/cancelar`, { motivo: 'Mudança de planos' });
    const { code, said } = await listening.ended;
    expect(code).toBe(0);
    expect(said.match(/ \w+\.v1\.\w+ /g)?.map((subject) => subject.trim())).toEqual(
      expect.arrayContaining([
        'pagamentos.v1.PagamentoRecusado',
        'pagamentos.v1.PagamentoAprovado',
        'reservas.v1.ReservaConfirmada',
        'reservas.v1.ReservaCancelada',
      ]),
    );

    const again = await plataforma('trigger', 'checkout.session.completed');
    expect(again).toEqual({
      code: 0,
      said: expect.stringMatching(/^evt_\w+ is on its way to the platform again/),
    });
    expect((await plataforma('trigger', 'nada.assim')).said).toMatch(
      /^trigger: there was no nada\.assim yet/,
    );
  }, 180_000);

  it('sends a test to an address that is told of events, and what it answered', async () => {
    const { rest } = await platform.admin();
    const url = `${platform.stripeUrl}/ganchos`;
    const webhook = { nome: 'Loja', url, tipos: ['ESTORNO_FALHOU'] };
    const { body } = await rest.post<{ id: string }>('/api/v1/integracoes/webhooks', webhook);
    const { code, said } = await plataforma('trigger', body.id);
    expect(said).toMatch(/^\S+ 404 in \d+ ms: /);
    expect(code).toBe(1);
    await rest.delete(`/api/v1/integracoes/webhooks/${body.id}`);
  }, 60_000);

  it('finds every part of the stack', async () => {
    const { said } = await plataforma('doctor');
    const parts = [
      'PostgreSQL',
      'Redis',
      'NATS',
      'auth',
      'reservas',
      'pagamentos',
      'notificacoes',
      'gateway',
    ];
    for (const part of parts) expect(said).toMatch(new RegExp(`^✓ ${part} `, 'm'));
    expect(said).toMatch(/^✓ stream +RESERVAS +\d+ messages, \d+ consumers$/m);
  }, 60_000);

  it('runs the other commands, with their exit codes', async () => {
    const { code, said } = await start(['ledger:verify']).ended;
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('payments') });
  }, 120_000);

  it('says in one sentence that there is no stack, or no such thing in it', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'plataforma-sem-'));
    const said = 'listen: the local stack is not running; "npm start" starts it\n';
    expect(await start(['listen', 'res_1'], empty).ended).toEqual({ code: 1, said });
    await rmdir(empty);
    expect(await plataforma('pay', 'res_naoha')).toEqual({
      code: 1,
      said: expect.stringMatching(/^pay: .+ \(RESERVA_NAO_ENCONTRADA, request [\w-]+\)\n$/),
    });
  }, 120_000);
});
