import type { EspacoRest } from '@plataforma/dev/demo/seed';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, ReservaRest } from '../../platform/platform.ts';
import { em, NINGUEM, novaSala, periodo, pessoa, type Stage } from '../stage.ts';

const PACIENCIA = { timeoutMs: 30_000, intervalMs: 100 };
const COTAR = 'ReservasService_CotarReserva';
const RESERVAR = 'ReservasService_CriarReserva';

/** What quotes, bookings and the waitlist ask of a period alike: a call, and why it is refused. */
function foraDasRegras(sala: EspacoRest, restrita: EspacoRest, fechada: EspacoRest, inativa: EspacoRest) {
  const dia = periodo(sala.id, 30, 13);
  return [
    ['ESPACO_NAO_ENCONTRADO', { ...dia, espacoId: `esp_${NINGUEM}` }],
    ['PERIODO_INVALIDO', { ...dia, dataFim: dia.dataInicio }],
    ['ESPACO_INATIVO', { ...dia, espacoId: inativa.id }],
    ['ANTECEDENCIA_MINIMA', { ...dia, espacoId: restrita.id, dataInicio: em(1, 13), dataFim: em(1, 14) }],
    ['ANTECEDENCIA_MAXIMA', { ...dia, espacoId: restrita.id, dataInicio: em(300, 13), dataFim: em(300, 14) }],
    ['DURACAO_MINIMA', { ...dia, espacoId: restrita.id, dataFim: em(30, 13, 15) }],
    ['DURACAO_MAXIMA', { ...dia, espacoId: restrita.id, dataFim: em(30, 18) }],
    ['FORA_DA_GRADE', { ...dia, espacoId: restrita.id, dataInicio: em(30, 13, 7), dataFim: em(30, 14, 7) }],
    ['FORA_DO_HORARIO', { ...dia, espacoId: restrita.id, dataInicio: em(30, 3), dataFim: em(30, 4) }],
    ['ESPACO_FECHADO', { ...dia, espacoId: fechada.id }],
    ['EXTRA_INVALIDO', { ...dia, extras: [{ codigo: 'PISCINA', quantidade: 1 }] }],
  ] as const;
}

/** Rooms that refuse. */
export async function salasQueRecusam({ platform, admin }: Stage) {
  const restrita = await novaSala(platform, {
    limites: {
      ...{ antecedenciaMinimaMinutos: 2_880, antecedenciaMaximaDias: 60 },
      ...{ duracaoMinimaMinutos: 30, duracaoMaximaMinutos: 120, gradeMinutos: 30 },
    },
    horarios: [1, 2, 3, 4, 5, 6, 7].map((diaSemana) => ({ diaSemana, abre: '08:00', fecha: '20:00' })),
  });
  const fechada = await novaSala(platform);
  const reforma = { dataInicio: em(29, 3), dataFim: em(32, 3), motivo: 'Reforma' };
  await platform.call(admin.token, 'POST', `/api/v1/espacos/${fechada.id}/fechamentos`, reforma);
  const inativa = await novaSala(platform);
  await platform.call(admin.token, 'DELETE', `/api/v1/espacos/${inativa.id}`);
  const barata = await novaSala(platform, {
    precoPorHora: { centavos: 1, moeda: 'BRL' },
    taxaLimpeza: { centavos: 0, moeda: 'BRL' },
  });
  const cara = await novaSala(platform, { precoPorHora: { centavos: 60_000_000, moeda: 'BRL' } });
  return { restrita, fechada, inativa, barata, cara };
}

/** Quotes and bookings, and all that they are refused for. */
export async function reservar(stage: Stage): Promise<void> {
  const { platform, driver, ana, sala } = stage;
  const { restrita, fechada, inativa, barata, cara } = await salasQueRecusam(stage);
  const regras = [
    ...foraDasRegras(sala, restrita, fechada, inativa),
    ['VALOR_ABAIXO_DO_MINIMO', periodo(barata.id, 6, 13)],
    ['VALOR_ACIMA_DO_MAXIMO', periodo(cara.id, 30, 13, 4)],
  ] as const;
  for (const [reason, body] of regras)
    for (const id of [COTAR, RESERVAR, 'FilaEsperaService_EntrarNaFila'])
      await driver.refused(id, reason, { as: ana, body });

  const pedido = { ...periodo(sala.id, 30, 13), extras: [{ codigo: 'PROJETOR', quantidade: 1 }] };
  const { id: cotacaoId } = await driver.ok<{ id: string }>(COTAR, { as: ana, body: pedido });
  await driver.refused(RESERVAR, 'COTACAO_INVALIDA', {
    as: ana,
    body: { ...periodo(sala.id, 31, 13), cotacaoId },
  });
  await driver.ok(RESERVAR, { as: ana, body: { ...pedido, cotacaoId } });
  await driver.refused(RESERVAR, 'ESPACO_INDISPONIVEL', { as: stage.bruno, body: pedido });
  await driver.refused(RESERVAR, 'ACESSO_NEGADO', {
    ...{ as: ana, body: { ...periodo(sala.id, 33, 13), dispensas: { limite: true, motivo: 'Evento' } } },
  });
  await driver.refused(RESERVAR, 'MOTIVO_OBRIGATORIO', {
    ...{ as: stage.gestora, body: { ...periodo(sala.id, 33, 13), dispensas: { folga: true } } },
  });
  await driver.refused(RESERVAR, 'CLIENTE_NAO_ENCONTRADO', {
    ...{ as: stage.admin, body: { ...periodo(sala.id, 33, 13), clienteId: `cli_${NINGUEM}` } },
  });
  await limites(stage, await pessoa(platform, 'Clara'));
}

/** How much one person may hold, and hold unpaid. */
async function limites({ platform, driver }: Stage, clara: Customer): Promise<void> {
  const larga = await novaSala(platform, {
    limitesPendentes: { reservas: 100, horas: 1_000, resfriamentoMinutos: 0 },
  });
  const justa = await novaSala(platform, {
    limitesPendentes: { reservas: 1, horas: 1_000, resfriamentoMinutos: 0 },
  });
  const breve = await novaSala(platform, {
    limitesPendentes: { reservas: 100, horas: 2, resfriamentoMinutos: 0 },
  });
  const calma = await novaSala(platform, {
    limitesPendentes: { reservas: 100, horas: 1_000, resfriamentoMinutos: 60 },
  });
  const reservar = async (espacoId: string, dia: number, horas = 1) =>
    (await clara.rest.post<ReservaRest>('/api/v1/reservas', periodo(espacoId, dia, 13, horas))).body.id;
  await reservar(justa.id, 30);
  await driver.refused(RESERVAR, 'LIMITE_DE_PENDENTES', { as: clara, body: periodo(justa.id, 31, 13) });
  await driver.refused(RESERVAR, 'LIMITE_DE_HORAS_PENDENTES', {
    as: clara,
    body: periodo(breve.id, 31, 13, 3),
  });
  const vencida = await reservar(calma.id, 30);
  await platform.expire(vencida);
  await platform.becomes(clara, vencida, 'EXPIRADA');
  await driver.refused('ReservasService_CancelarReserva', 'TRANSICAO_INVALIDA', {
    as: clara,
    path: { reservaId: vencida },
  });
  await driver.refused(RESERVAR, 'PENDENCIA_RECENTE', { as: clara, body: periodo(calma.id, 30, 13) });
  for (const dia of [30, 31, 32, 33]) await reservar(larga.id, dia);
  await driver.refused(RESERVAR, 'LIMITE_DE_RESERVAS', { as: clara, body: periodo(larga.id, 34, 13) });
}

/** One reservation from its payment to its end. */
export async function umaReserva(stage: Stage): Promise<void> {
  const { platform, driver, admin, ana, bruno, gestora, sala } = stage;
  const nenhuma = { reservaId: `res_${NINGUEM}` };
  const { id: reservaId } = await driver.ok<ReservaRest>(RESERVAR, {
    as: ana,
    body: periodo(sala.id, 40, 13),
  });
  const path = { reservaId };
  await driver.refused('ReservasService_AceitarReserva', 'ACESSO_NEGADO', { as: gestora, path });
  await driver.refused('ReservasService_AceitarReserva', 'RESERVA_NAO_ENCONTRADA', {
    as: ana,
    path: nenhuma,
  });
  await eventually(async () => platform.pay(await platform.reserva(ana, reservaId)), PACIENCIA);
  await platform.becomes(ana, reservaId, 'CONFIRMADA');

  const oferta = await driver.ok<ReservaRest>(RESERVAR, {
    ...{ as: gestora, body: { ...periodo(sala.id, 41, 13), clienteId: ana.id } },
  });
  await driver.ok('ReservasService_AceitarReserva', { as: ana, path: { reservaId: oferta.id } });

  await driver.ok('ReservasService_ObterReserva', { as: ana, path, query: { incluirHistorico: true } });
  await driver.refused('ReservasService_ObterReserva', 'RESERVA_NAO_ENCONTRADA', { as: bruno, path });
  const lista = { espacoId: sala.id, status: 'CONFIRMADA', dataInicio: em(39, 0), dataFim: em(41, 0) };
  await driver.ok('ReservasService_ListarReservas', { as: ana, query: lista });
  await driver.refused('ReservasService_ListarReservas', 'PERIODO_INVALIDO', {
    ...{ as: ana, query: { ...lista, dataFim: em(38, 0) } },
  });
  await driver.refused('ReservasService_ListarReservas', 'PAGINA_INVALIDA', {
    as: ana,
    query: { pageToken: 'nada' },
  });
  await driver.ok('ReservasService_ObterSaga', { as: admin, path });
  await driver.refused('ReservasService_ObterSaga', 'RESERVA_NAO_ENCONTRADA', { as: admin, path: nenhuma });
  await cancelamento(stage, reservaId);
}

async function cancelamento(stage: Stage, reservaId: string): Promise<void> {
  const { platform, driver, admin, ana, gestora, sala } = stage;
  const [simular, cancelar] = ['ReservasService_SimularCancelamento', 'ReservasService_CancelarReserva'];
  const path = { reservaId };
  const nenhuma = { reservaId: `res_${NINGUEM}` };
  const excecao = { motivo: 'Vazamento no teto', excepcional: 'PROBLEMA_NO_ESPACO' };
  await driver.ok(simular, { as: ana, path });
  await driver.refused(simular, 'RESERVA_NAO_ENCONTRADA', { as: ana, path: nenhuma });
  await driver.refused(cancelar, 'RESERVA_NAO_ENCONTRADA', { as: ana, path: nenhuma });
  await driver.refused(cancelar, 'ACESSO_NEGADO', { as: ana, path, body: excecao });
  const daGestora = await paga(stage, gestora, periodo(sala.id, 42, 13));
  await driver.refused(cancelar, 'CONFLITO_DE_INTERESSES', {
    ...{ as: gestora, path: { reservaId: daGestora }, body: excecao },
  });
  const emCurso = await paga(stage, ana, periodo(sala.id, 43, 13));
  await comecaEm(stage, emCurso, '-5 minutes');
  await driver.refused(cancelar, 'MOTIVO_OBRIGATORIO', { as: admin, path: { reservaId: emCurso } });
  const logo = await novaSala(platform, {
    limites: {
      antecedenciaMinimaMinutos: 0,
      antecedenciaMaximaDias: 60,
      duracaoMinimaMinutos: 30,
      duracaoMaximaMinutos: 240,
      gradeMinutos: 15,
    },
    carenciaCancelamentoMinutos: 0,
  });
  const proxima = await paga(stage, ana, { espacoId: logo.id, dataInicio: daquiA(1), dataFim: daquiA(2) });
  await driver.refused(cancelar, 'CANCELAMENTO_FORA_DO_PRAZO', { as: ana, path: { reservaId: proxima } });

  const semBonus = await novaSala(platform, { bonusMensal: { centavos: 0, moeda: 'BRL' } });
  await platform.call(admin.token, 'PUT', `/api/v1/espacos/${semBonus.id}/gestores/${gestora.id}`);
  const outra = await paga(stage, ana, periodo(semBonus.id, 40, 13));
  await driver.refused(cancelar, 'LIMITE_DE_BONUS', {
    as: gestora,
    path: { reservaId: outra },
    body: excecao,
  });

  await driver.ok(cancelar, { as: ana, path, body: { motivo: 'Mudança de planos' } });
  await driver.refused(simular, 'TRANSICAO_INVALIDA', { as: ana, path });
  await driver.refused('ReservasService_AceitarReserva', 'TRANSICAO_INVALIDA', { as: ana, path });
}

/** Moves a reservation in time, since no gate waits for days, past the guard of what is frozen: it begins so long from now, and was made long ago. */
export async function comecaEm({ platform }: Stage, reservaId: string, quando: string): Promise<void> {
  const inicio = `now() + interval '${quando}'`;
  await platform.query(
    'reservas',
    `set session_replication_role = replica;
    update reservas set data_inicio = ${inicio}, data_fim = ${inicio} + interval '1 hour',
      bloqueio_fim = ${inicio} + interval '1 hour' + folga_minutos * interval '1 minute', criada_em = now() - interval '9 days' where id = '${reservaId}'`,
  );
}

/** Booked, paid for and confirmed, unseen. */
export async function paga({ platform }: Stage, quem: Customer, pedido: object): Promise<string> {
  const { body } = await quem.rest.post<ReservaRest>('/api/v1/reservas', pedido);
  await eventually(async () => platform.pay(await platform.reserva(quem, body.id)), PACIENCIA);
  await platform.becomes(quem, body.id, 'CONFIRMADA');
  return body.id;
}

/** The next quarter of an hour so many hours from now. */
function daquiA(horas: number): string {
  const quarto = 15 * 60_000;
  return new Date(Math.ceil((Date.now() + horas * 3_600_000) / quarto) * quarto)
    .toISOString()
    .replace('.000', '');
}
