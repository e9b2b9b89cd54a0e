import type { EspacoRest } from '@plataforma/dev/demo/seed';
import { eventually } from '@plataforma/testing/eventually';
import { em, NINGUEM, novaSala, periodo, pessoa, type Stage } from '../stage.ts';
import { comecaEm, salasQueRecusam } from './reservas.ts';

interface SerieRest {
  readonly id: string;
  readonly reservas: ReadonlyArray<{ readonly id: string }>;
}

const plano = ({ id }: EspacoRest, dia: number, mais: object = {}) => ({
  ...{ espacoId: id, inicioLocal: `${em(dia, 13).slice(0, 10)}T19:00`, duracaoMinutos: 60 },
  ...{ rrule: 'FREQ=WEEKLY;COUNT=2', ...mais },
});

/** Series: tried, booked, read and cancelled. */
export async function series(stage: Stage): Promise<void> {
  const { platform, driver, admin, bruno, gestora } = stage;
  const dora = await pessoa(platform, 'Dora');
  const sala = await novaSala(platform);
  const { inativa } = await salasQueRecusam(stage);
  const [simular, criar] = ['SeriesService_SimularSerie', 'SeriesService_CriarSerie'];
  const recusas = [
    ['RECORRENCIA_INVALIDA', dora, plano(sala, 50, { rrule: 'FREQ=SECONDLY;COUNT=2' })],
    ['ESPACO_NAO_ENCONTRADO', dora, { ...plano(sala, 50), espacoId: `esp_${NINGUEM}` }],
    ['ESPACO_INATIVO', dora, plano(inativa, 50)],
    ['EXTRA_INVALIDO', dora, plano(sala, 50, { extras: [{ codigo: 'PISCINA', quantidade: 1 }] })],
    ['ACESSO_NEGADO', dora, plano(sala, 50, { dispensas: { limite: true, motivo: 'Curso' } })],
    ['MOTIVO_OBRIGATORIO', admin, plano(sala, 50, { dispensas: { folga: true } })],
    ['CLIENTE_NAO_ENCONTRADO', admin, plano(sala, 50, { clienteId: `cli_${NINGUEM}` })],
  ] as const;
  for (const [reason, as, body] of recusas)
    for (const id of [simular, criar]) await driver.refused(id, reason, { as, body });

  await driver.ok(simular, { as: dora, body: plano(sala, 50) });
  await driver.ok('CalendariosService_CriarCalendario', { as: dora, again: true });
  const serie = await driver.ok<SerieRest>(criar, { as: dora, body: plano(sala, 50) });
  await driver.refused(criar, 'SERIE_COM_CONFLITOS', { as: bruno, body: plano(sala, 50) });
  await driver.refused(criar, 'SERIE_COM_RECUSAS', { as: bruno, body: plano(sala, 178) });
  const path = { serieId: serie.id };
  const nenhuma = { serieId: `ser_${NINGUEM}` };
  await driver.ok('SeriesService_ObterSerie', { as: dora, path });
  await driver.refused('SeriesService_ObterSerie', 'SERIE_NAO_ENCONTRADA', { as: dora, path: nenhuma });
  await driver.ok('SeriesService_ListarSeries', { as: dora, query: { espacoId: sala.id } });
  await driver.refused('SeriesService_ListarSeries', 'PAGINA_INVALIDA', {
    as: dora,
    query: { pageToken: 'nada' },
  });

  const [antes, cancelar] = ['SeriesService_SimularCancelamentoSerie', 'SeriesService_CancelarSerie'];
  const esta = { escopo: 'ESTA', reservaId: `res_${NINGUEM}` };
  const excecao = { escopo: 'TODAS', excepcional: 'FORCA_MAIOR' };
  await platform.call(admin.token, 'PUT', `/api/v1/espacos/${sala.id}/gestores/${gestora.id}`);
  const { body: daAdmin } = await admin.rest.post<SerieRest>('/api/v1/series', plano(sala, 60));
  await driver.refused(antes, 'SERIE_NAO_ENCONTRADA', {
    as: dora,
    path: nenhuma,
    query: { escopo: 'TODAS' },
  });
  await driver.refused(cancelar, 'SERIE_NAO_ENCONTRADA', {
    as: dora,
    path: nenhuma,
    body: { escopo: 'TODAS' },
  });
  await driver.refused(antes, 'RESERVA_NAO_ENCONTRADA', { as: dora, path, query: esta });
  await driver.refused(cancelar, 'RESERVA_NAO_ENCONTRADA', { as: dora, path, body: esta });
  await driver.refused(antes, 'ACESSO_NEGADO', { as: dora, path, query: excecao });
  await driver.refused(cancelar, 'ACESSO_NEGADO', { as: dora, path, body: { ...excecao, motivo: 'Chuva' } });
  const conflito = { as: admin, path: { serieId: daAdmin.id } };
  await driver.refused(antes, 'CONFLITO_DE_INTERESSES', { ...conflito, query: excecao });
  await driver.refused(cancelar, 'CONFLITO_DE_INTERESSES', {
    ...conflito,
    body: { ...excecao, motivo: 'Chuva' },
  });
  await driver.ok(antes, { as: dora, path, query: { escopo: 'TODAS' } });

  const [uma = { id: '' }, outra = { id: '' }] = serie.reservas;
  const so = ({ id }: { id: string }) => ({ escopo: 'ESTA', reservaId: id });
  await eventually(async () => platform.pay(await platform.reserva(dora, uma.id)), { timeoutMs: 30_000 });
  await platform.becomes(dora, uma.id, 'CONFIRMADA');
  await comecaEm(stage, uma.id, '1 hour');
  await driver.refused(cancelar, 'CANCELAMENTO_FORA_DO_PRAZO', { as: dora, path, body: so(uma) });
  await platform.expire(outra.id);
  await platform.becomes(dora, outra.id, 'EXPIRADA');
  await driver.refused(cancelar, 'TRANSICAO_INVALIDA', { as: dora, path, body: so(outra) });
  await comecaEm(stage, uma.id, '9 days');
  await driver.ok(cancelar, { as: dora, path, body: { ...so(uma), motivo: 'Mudança de planos' } });
}

/** The waitlist. */
export async function fila({ platform, driver, bruno, sala }: Stage): Promise<void> {
  const entrar = 'FilaEsperaService_EntrarNaFila';
  const eva = await pessoa(platform, 'Eva');
  await driver.ok('CalendariosService_CriarCalendario', { as: eva, again: true });
  const tomado = periodo(sala.id, 70, 13);
  await driver.refused(entrar, 'VAGA_DISPONIVEL', { as: eva, body: tomado });
  await bruno.rest.post('/api/v1/reservas', tomado);
  const { id } = await driver.ok<{ id: string }>(entrar, { as: eva, body: tomado });
  await driver.refused(entrar, 'JA_NA_FILA', {
    ...{ as: eva, body: { ...tomado, extras: [{ codigo: 'PROJETOR', quantidade: 1 }] } },
  });
  const path = { entradaId: id };
  const nenhuma = { entradaId: `fil_${NINGUEM}` };
  await driver.ok('FilaEsperaService_ObterEntrada', { as: eva, path });
  await driver.refused('FilaEsperaService_ObterEntrada', 'ENTRADA_NAO_ENCONTRADA', {
    as: eva,
    path: nenhuma,
  });
  await driver.ok('FilaEsperaService_ListarEntradas', { as: eva, query: { espacoId: sala.id } });
  await driver.refused('FilaEsperaService_ListarEntradas', 'PAGINA_INVALIDA', {
    as: eva,
    query: { pageToken: 'nada' },
  });
  await driver.ok('FilaEsperaService_SairDaFila', { as: eva, path });
  await driver.refused('FilaEsperaService_SairDaFila', 'ENTRADA_NAO_ENCONTRADA', { as: eva, path: nenhuma });

  const noite = await novaSala(platform);
  await bruno.rest.post('/api/v1/reservas', periodo(noite.id, 71, 13, 4));
  const quarto = (n: number) => ({ dataInicio: em(71, 13, 15 * n), dataFim: em(71, 14, 15 * n) });
  for (let n = 0; n < 10; n += 1)
    await eva.rest.post('/api/v1/fila-espera', { espacoId: noite.id, ...quarto(n) });
  await driver.refused(entrar, 'LIMITE_DE_ESPERAS', { as: eva, body: { espacoId: noite.id, ...quarto(10) } });
}

/** Calendar feeds: made, listed, read by a calendar program, revoked. */
export async function calendarios({ platform, driver, admin, sala }: Stage): Promise<void> {
  const fabio = await pessoa(platform, 'Fábio');
  const criar = 'CalendariosService_CriarCalendario';
  await driver.ok('ReservasService_CriarReserva', { as: fabio, body: periodo(sala.id, 72, 13), again: true });
  const { id, url } = await driver.ok<{ id: string; url: string }>(criar, { as: fabio, body: {} });
  await driver.refused(criar, 'ACESSO_NEGADO', { as: fabio, body: { espacoId: sala.id } });
  await driver.refused(criar, 'ESPACO_NAO_ENCONTRADO', { as: admin, body: { espacoId: `esp_${NINGUEM}` } });
  for (let quantos = 1; quantos < 20; quantos += 1) await fabio.rest.post('/api/v1/calendarios', {});
  await driver.refused(criar, 'LIMITE_DE_CALENDARIOS', { as: fabio, body: {} });
  const token = new URL(url).pathname.replace(/^.*\/|\.ics$/g, '');
  const lido = await driver.call('LerCalendario', { path: { token } });
  const etag = { 'if-none-match': lido.headers.get('etag') ?? '' };
  await driver.call('LerCalendario', { path: { token }, headers: etag });
  await driver.refused('LerCalendario', 'CALENDARIO_NAO_ENCONTRADO', { path: { token: 'nenhum' } });
  const gil = await pessoa(platform, 'Gil');
  await gil.rest.post('/api/v1/calendarios', {});
  await driver.ok('CalendariosService_ListarCalendarios', { as: gil });
  const revogar = 'CalendariosService_RevogarCalendario';
  await driver.ok(revogar, { as: fabio, path: { calendarioId: id } });
  await driver.refused(revogar, 'CALENDARIO_NAO_ENCONTRADO', {
    as: gil,
    path: { calendarioId: `cal_${NINGUEM}` },
  });
}
