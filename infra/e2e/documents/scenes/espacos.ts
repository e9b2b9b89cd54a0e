import { em, NINGUEM, SEM_MULTIPLICAR, type Stage } from '../stage.ts';

const ESPACO = {
  nome: 'Auditório Jacarandá',
  tipo: 'AUDITORIO',
  capacidade: 98_765,
  endereco: 'Avenida Paulista, 900, São Paulo - SP',
  fusoHorario: 'America/Sao_Paulo',
  precoPorHora: { centavos: 60_000, moeda: 'BRL' },
  taxaLimpeza: { centavos: 15_000, moeda: 'BRL' },
  horarios: [1, 2, 3, 4, 5, 6, 7].map((diaSemana) => ({ diaSemana, abre: '08:00', fecha: '23:00' })),
  multiplicadores: SEM_MULTIPLICAR,
  extras: [
    { codigo: 'PALCO', nome: 'Palco', preco: { centavos: 50_000, moeda: 'BRL' }, quantidadeMaxima: 1 },
  ],
};

const SOBREPOSTAS = [
  { diaSemana: 1, abre: '08:00', fecha: '12:00' },
  { diaSemana: 1, abre: '10:00', fecha: '14:00' },
];

/** Spaces: made, found, changed, closed, given to who runs them, and taken away. */
export async function espacos({ driver, admin, ana, bruno, sala }: Stage): Promise<void> {
  const nenhum = { espacoId: `esp_${NINGUEM}` };
  const { id: espacoId, etag } = await driver.ok<{ id: string; etag: string }>('EspacosService_CriarEspaco', {
    ...{ as: admin, body: ESPACO },
  });
  const path = { espacoId };
  await driver.refused('EspacosService_CriarEspaco', 'ESPACO_INVALIDO', {
    ...{ as: admin, body: { ...ESPACO, fusoHorario: 'America/Lugar_Nenhum' } },
  });
  await driver.ok('EspacosService_ObterEspaco', { as: ana, path });
  await driver.refused('EspacosService_ObterEspaco', 'ESPACO_NAO_ENCONTRADO', { as: ana, path: nenhum });
  await driver.ok('EspacosService_ListarEspacos', {
    as: ana,
    query: { capacidadeMinima: 98_765, pageSize: 20 },
  });
  await driver.refused('EspacosService_ListarEspacos', 'PAGINA_INVALIDA', {
    as: ana,
    query: { pageToken: 'nada' },
  });

  const mudar = 'EspacosService_AtualizarEspaco';
  await driver.ok(mudar, {
    as: admin,
    path,
    body: { etag, endereco: 'Avenida Paulista, 1000, São Paulo - SP' },
  });
  await driver.refused(mudar, 'ETAG_DESATUALIZADA', { as: admin, path, body: { etag, capacidade: 90_000 } });
  await driver.refused(mudar, 'ESPACO_NAO_ENCONTRADO', { as: admin, path: nenhum, body: { capacidade: 12 } });
  await driver.refused(mudar, 'ESPACO_INVALIDO', {
    ...{ as: admin, path, body: { horarios: SOBREPOSTAS } },
  });
  await fechamentos({ driver, admin, ana }, espacoId);
  await gestores({ driver, admin, bruno }, espacoId);

  const dataInicio = em(20, 12);
  const consulta = { dataInicio, dataFim: em(20, 20) };
  const ver = 'DisponibilidadeService_ConsultarDisponibilidade';
  await driver.ok(ver, { as: ana, path: { espacoId: sala.id }, query: consulta });
  await driver.refused(ver, 'ESPACO_NAO_ENCONTRADO', { as: ana, path: nenhum, query: consulta });
  await driver.refused(ver, 'PERIODO_INVALIDO', {
    as: ana,
    path,
    query: { dataInicio, dataFim: em(19, 12) },
  });
  const buscar = 'DisponibilidadeService_BuscarEspacosDisponiveis';
  await driver.ok(buscar, { as: ana, query: { ...consulta, capacidade: 98_765, tipo: 'AUDITORIO' } });
  await driver.refused(buscar, 'PERIODO_INVALIDO', { as: ana, query: { dataInicio, dataFim: em(19, 12) } });

  await driver.ok('EspacosService_DesativarEspaco', { as: admin, path });
  await driver.refused('EspacosService_DesativarEspaco', 'ESPACO_NAO_ENCONTRADO', {
    as: admin,
    path: nenhum,
  });
}

async function fechamentos(
  { driver, admin, ana }: Pick<Stage, 'driver' | 'admin' | 'ana'>,
  espacoId: string,
) {
  const path = { espacoId };
  const nenhum = { espacoId: `esp_${NINGUEM}` };
  const natal = {
    dataInicio: '2027-12-25T03:00:00Z',
    dataFim: '2027-12-26T03:00:00Z',
    anual: true,
    motivo: 'Natal',
  };
  const { id } = await driver.ok<{ id: string }>('EspacosService_CriarFechamento', {
    as: admin,
    path,
    body: natal,
  });
  await driver.refused('EspacosService_CriarFechamento', 'PERIODO_INVALIDO', {
    ...{ as: admin, path, body: { ...natal, dataFim: natal.dataInicio } },
  });
  await driver.refused('EspacosService_CriarFechamento', 'ESPACO_NAO_ENCONTRADO', {
    ...{ as: admin, path: nenhum, body: natal },
  });
  await driver.ok('EspacosService_ListarFechamentos', { as: ana, path });
  await driver.refused('EspacosService_ListarFechamentos', 'ESPACO_NAO_ENCONTRADO', {
    as: ana,
    path: nenhum,
  });
  const remover = 'EspacosService_RemoverFechamento';
  await driver.ok(remover, { as: admin, path: { espacoId, fechamentoId: id } });
  await driver.refused(remover, 'FECHAMENTO_NAO_ENCONTRADO', {
    ...{ as: admin, path: { espacoId, fechamentoId: `fec_${NINGUEM}` } },
  });
}

async function gestores(
  { driver, admin, bruno }: Pick<Stage, 'driver' | 'admin' | 'bruno'>,
  espacoId: string,
) {
  const path = { espacoId, usuarioId: bruno.id };
  const nenhum = { ...path, espacoId: `esp_${NINGUEM}` };
  await driver.ok('EspacosService_AtribuirGestor', { as: admin, path });
  await driver.refused('EspacosService_AtribuirGestor', 'ESPACO_NAO_ENCONTRADO', { as: admin, path: nenhum });
  await driver.ok('EspacosService_ListarGestores', { as: admin, path: { espacoId } });
  await driver.refused('EspacosService_ListarGestores', 'ESPACO_NAO_ENCONTRADO', {
    ...{ as: admin, path: { espacoId: nenhum.espacoId } },
  });
  await driver.refused('EspacosService_ListarGestores', 'PAGINA_INVALIDA', {
    ...{ as: admin, path: { espacoId }, query: { pageToken: 'nada' } },
  });
  await driver.ok('EspacosService_RemoverGestor', { as: admin, path });
}
