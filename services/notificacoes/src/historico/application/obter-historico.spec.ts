import { describe, expect, it } from '@jest/globals';
import { toPageToken } from '@plataforma/domain/page-token';
import { ObterHistoricoHandler, type ObterHistoricoQuery } from './obter-historico.ts';
import type { FiltroHistorico, LugarNoHistorico, RegistroLido } from './ports.ts';

const REGISTRO: RegistroLido = {
  ...{
    notificacaoId: 'not_1',
    sequencia: 2,
    clienteId: 'cli_ana',
    canal: 'EMAIL',
    modelo: 'RESERVA_CONFIRMADA',
  },
  ...{ reservaId: '', tipo: 'FALHOU', detalhe: 'SMTP 550', ocorridoEm: new Date('2026-11-23T12:00:00.001Z') },
};

/** What is read for a call, and what is answered. */
async function perguntar(query: Partial<ObterHistoricoQuery>, provada = true) {
  const lidos: Array<[FiltroHistorico, number, LugarNoHistorico | undefined]> = [];
  const handler = new ObterHistoricoHandler({
    historico: {
      async listar(...pedido) {
        lidos.push(pedido);
        return [REGISTRO, { ...REGISTRO, sequencia: 1 }];
      },
    },
    mensagens: { provada: async () => provada },
  });
  const resposta = await handler.execute({
    ...{ solicitante: { id: 'cli_ana', admin: false }, clienteId: '', notificacaoId: '' },
    ...{ pageSize: 1, pageToken: '', ...query },
  });
  return { lidos, resposta };
}

const ADMIN = { solicitante: { id: 'cli_adm', admin: true } };

describe('ObterHistoricoHandler', () => {
  it.each([
    ['their own, whoever they name', { clienteId: 'cli_bia' }, ['cli_ana', '']],
    ['their own message', { notificacaoId: 'not_1' }, ['cli_ana', 'not_1']],
    ['to an administrator their own', ADMIN, ['cli_adm', '']],
    ['to an administrator those of the person named', { ...ADMIN, clienteId: 'cli_bia' }, ['cli_bia', '']],
    ['to an administrator any message', { ...ADMIN, notificacaoId: 'not_1' }, ['', 'not_1']],
  ])('tells people %s', async (_, query, [clienteId, notificacaoId]) => {
    const { lidos } = await perguntar(query);
    expect(lidos.map(([filtro]) => filtro)).toEqual([{ clienteId, notificacaoId, boasVindas: true }]);
  });

  it('tells nobody whether a code was mailed to an address that they have not proved, but administrators', async () => {
    const { lidos } = await perguntar({}, false);
    const { lidos: doAdmin } = await perguntar(ADMIN, false);
    expect([...lidos, ...doAdmin].map(([{ boasVindas }]) => boasVindas)).toEqual([false, true]);
  });

  it('tells administrators alone what the mail server said', async () => {
    const detalhes = async (query: Partial<ObterHistoricoQuery>) => {
      const { resposta } = await perguntar(query);
      return resposta.isSuccess ? resposta.value.itens.map(({ detalhe }) => detalhe) : resposta.error;
    };
    expect(await detalhes({})).toEqual(['']);
    expect(await detalhes(ADMIN)).toEqual(['SMTP 550']);
  });

  it('goes on behind the last record of the page before', async () => {
    const { resposta } = await perguntar({});
    const proxima = resposta.isSuccess ? resposta.value.proxima : undefined;
    const { lidos } = await perguntar({ pageToken: toPageToken(proxima) });
    const { ocorridoEm, notificacaoId, sequencia } = REGISTRO;
    expect(lidos.map(([, limite, lugar]) => [limite, lugar])).toEqual([
      [2, { ocorridoEm, notificacaoId, sequencia }],
    ]);
  });

  it.each(['', 'not_1', 'not_1/', '/1', 'not_1/1/2', 'not_1/-1'])('refuses the position %j', async (id) => {
    const { resposta, lidos } = await perguntar({
      pageToken: JSON.stringify(['2026-11-23T12:00:00.001Z', id]),
    });
    expect([resposta.isFailure && resposta.error.motivo, lidos]).toEqual(['PAGINA_INVALIDA', []]);
  });
});
