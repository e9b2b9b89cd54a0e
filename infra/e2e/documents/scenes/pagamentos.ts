import { eventually } from '@plataforma/testing/eventually';
import type { ReservaRest } from '../../platform/platform.ts';
import { em, NINGUEM, periodo, pessoa, type Stage } from '../stage.ts';
import { paga } from './reservas.ts';

/** Charges, what is read of them, and refunds. */
export async function pagamentos(stage: Stage): Promise<void> {
  const { platform, driver, admin, ana, sala } = stage;
  const helio = await pessoa(platform, 'Helio');
  const reservaId = await paga(stage, helio, periodo(sala.id, 90, 13));
  const { pagamentoId = '', valor } = await platform.reserva(helio, reservaId);
  const path = { pagamentoId };
  const nenhum = { pagamentoId: `pag_${NINGUEM}` };

  const ler = 'PagamentosService_ObterPagamento';
  await driver.ok(ler, { as: helio, path });
  await driver.refused(ler, 'PAGAMENTO_NAO_ENCONTRADO', { as: ana, path });
  await driver.refused(ler, 'ACESSO_NEGADO', { as: helio, path, query: { em: em(0, 0) } });
  const semana = { dataInicio: em(-1, 0), dataFim: em(6, 0) };
  const aoContrario = { dataInicio: em(6, 0), dataFim: em(-1, 0) };
  for (const id of ['PagamentosService_ListarTransacoes', 'PagamentosService_ObterExtrato']) {
    await driver.ok(id, { as: helio, query: semana });
    await driver.refused(id, 'PERIODO_INVALIDO', { as: helio, query: aoContrario });
    await driver.refused(id, 'PAGINA_INVALIDA', { as: helio, query: { pageToken: 'nada' } });
  }
  await driver.call('ExportarTransacoes', { as: helio, query: semana });
  await driver.refused('ExportarTransacoes', 'PERIODO_INVALIDO', { as: helio, query: aoContrario });
  await driver.ok('PagamentosService_ObterCreditos', { as: helio });
  const totais = 'PagamentosService_ObterTotais';
  await driver.ok(totais, { as: admin, query: { ...semana, granularidade: 'MES', clienteId: helio.id } });
  await driver.refused(totais, 'PERIODO_INVALIDO', { as: admin, query: aoContrario });
  await driver.refused(totais, 'FUSO_INVALIDO', {
    as: admin,
    query: { ...semana, fusoHorario: 'Lugar/Nenhum' },
  });
  const eventos = 'PagamentosService_ListarEventos';
  await driver.ok(eventos, { as: admin, path });
  await driver.refused(eventos, 'PAGAMENTO_NAO_ENCONTRADO', { as: admin, path: nenhum });
  await driver.refused(eventos, 'PAGINA_INVALIDA', { as: admin, path, query: { pageToken: 'nada' } });

  const estornar = 'PagamentosService_EstornarPagamento';
  const brl = (centavos: number) => ({ valor: { centavos, moeda: 'BRL' }, motivo: 'Cortesia' });
  await driver.refused(estornar, 'PAGAMENTO_NAO_ENCONTRADO', { as: admin, path: nenhum, body: brl(100) });
  await driver.refused(estornar, 'VALOR_INVALIDO', { as: admin, path, body: brl(0) });
  await driver.refused(estornar, 'ESTORNO_ALEM_DO_CAPTURADO', {
    as: admin,
    path,
    body: brl(valor.centavos + 1),
  });
  await driver.ok(estornar, { as: admin, path, body: brl(100), again: true });
  await cobrancas(stage);
  await driver.refused(estornar, 'ESTORNO_REPETIDO', { as: admin, path, body: brl(100) });
  const { body } = await helio.rest.post<ReservaRest>('/api/v1/reservas', periodo(sala.id, 91, 13));
  let pendente = '';
  await eventually(async () => {
    const { checkoutUrl, pagamentoId: pagamento = '' } = await platform.reserva(helio, body.id);
    if (!checkoutUrl) throw new Error('not charged yet');
    pendente = pagamento;
  });
  await driver.refused(estornar, 'TRANSICAO_INVALIDA', {
    as: admin,
    path: { pagamentoId: pendente },
    body: brl(100),
  });
}

async function cobrancas({ driver, admin, platform, sala }: Stage): Promise<void> {
  const criar = 'PagamentosService_CriarCobranca';
  const iris = await pessoa(platform, 'Iris');
  const { body: reserva } = await iris.rest.post<ReservaRest>('/api/v1/reservas', periodo(sala.id, 92, 13));
  await eventually(async () => {
    if (!(await platform.reserva(iris, reserva.id)).checkoutUrl) throw new Error('not charged yet');
  });
  const cobranca = {
    ...{ reservaId: reserva.id, clienteId: iris.id, valor: reserva.valor },
    ...{ descricao: 'Sala Ipê', expiraEm: em(1, 13) },
  };
  await driver.ok(criar, { as: admin, body: cobranca });
  await driver.refused(criar, 'VALOR_INVALIDO', {
    ...{ as: admin, body: { ...cobranca, valor: { centavos: 1, moeda: 'BRL' } } },
  });
  await driver.refused(criar, 'COBRANCA_DIVERGENTE', {
    ...{ as: admin, body: { ...cobranca, valor: { centavos: 100, moeda: 'BRL' } } },
  });
  await iris.rest.post(`/api/v1/reservas/${reserva.id}/cancelar`, { motivo: 'Mudança de planos' });
  await eventually(
    async () => {
      const { body } = await platform.call(admin.token, 'POST', '/api/v1/pagamentos', cobranca);
      if (body.reason !== 'COBRANCA_ENCERRADA') throw new Error(`still ${JSON.stringify(body)}`);
    },
    { timeoutMs: 30_000 },
  );
  await driver.refused(criar, 'COBRANCA_ENCERRADA', { as: admin, body: cobranca });
}
