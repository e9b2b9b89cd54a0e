import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { AcaoSobreDados } from '@plataforma/contratos/comum/v1/apagamento_pb';
import * as deNotificacoes from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import * as dePagamentos from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import * as deReservas from '@plataforma/contratos/reservas/v1/eventos_pb';
import { ConsumerPact, EXACT } from '@plataforma/pacts/consumer-pact';
import { keptPact, pactsWith } from '@plataforma/pacts/pact-file';
import { verifyPacts } from '@plataforma/pacts/provider';
import { publishedBy } from '@plataforma/pacts/published';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { DIGEST, SECRET, useAuth } from '../support/use-auth.ts';
import { removedAccount, usedAccount } from './story.ts';

const clock = new FixedClock(new Date(Date.now() - 60_000).toISOString());
const serviceClients = [`reservas:${DIGEST}:pagamentos|auth`, `notificacoes:${DIGEST}:auth`];
const { auth, rpc } = useAuth({ clock, serviceClients });

function consumer(durable: string) {
  const found = auth.consumers.find((one) => one.durable === durable);
  if (found === undefined) throw new Error(`there is no ${durable}`);
  return found;
}

/** Somebody who is gone: the first account that is made, so it always has the same identity. */
let removida: Promise<string> | undefined;
const gone = () => {
  removida ??= removedAccount({ auth, rpc });
  return removida;
};

describe.each([
  ['reservas', deReservas],
  ['pagamentos', dePagamentos],
  ['notificacoes', deNotificacoes],
] as const)('what auth needs of %s', (provider, { DadosConsultadosSchema, DadosPessoaisApagadosSchema }) => {
  it('is to hear of looks at data, and of what was erased', async () => {
    const pact = await ConsumerPact.between('auth', provider);
    const look = {
      ...{ autorId: 'cli_chefe', rpc: `${provider}.v1.Service/Obter`, enderecoIp: '198.51.100.7' },
      ...{ requisicaoId: 'pedido-1', ocorridoEm: timestampFromDate(new Date('2026-12-01T12:00:00Z')) },
    };
    const looked = { schema: DadosConsultadosSchema, needs: look, mayLack: ['usuarioId'] };
    expect(await pact.hears(consumer(`auth-consultas-${provider}`), looked)).toEqual(EXACT);
    const itens = [{ dados: 'AVISOS', acao: AcaoSobreDados.APAGADO }];
    const erased = {
      ...{ schema: DadosPessoaisApagadosSchema, needs: { usuarioId: await gone(), itens } },
      mayLack: ['itens.quantidade', 'itens.motivo'],
    };
    expect(await pact.hears(consumer(`auth-remocoes-${provider}`), erased)).toEqual(EXACT);
    expect(pact.missing(auth.consumers)).toEqual([]);
    const now = await pact.text();
    expect(now).toBe(await keptPact('auth', provider, now));
    await pact.close();
  });
});

describe('what others need of auth', () => {
  it('is what it says and does', async () => {
    await gone();
    const usuarioId = await usedAccount({ auth, rpc });
    const kept = verifyPacts({
      ...{ name: 'auth', pacts: await pactsWith('auth') },
      url: `http://127.0.0.1:${auth.httpPort}`,
      events: await publishedBy(auth.dataSource),
      eventsOf: { 'somebody may work': ({ ativo }) => ativo === true },
      states: {
        'reservas may call pagamentos': async () => ({ segredo: SECRET }),
        'reservas does not know its secret': async () => ({}),
        'somebody has an account': async () => {
          const asked = { servico: 'reservas', segredo: SECRET, audiencia: 'auth' };
          const { accessToken: token } = await rpc.tokens.issueServiceToken(asked);
          return { token, usuarioId };
        },
      },
    });
    await expect(kept).resolves.toBeUndefined();
  });
});
