import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { StatusEntradaFila } from '@plataforma/contratos/reservas/v1/fila_espera_pb';
import { eventually } from '@plataforma/testing/eventually';
import { newId } from '../reservas-fixture.ts';
import { details, failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const cliente = (sub = newId('cli')) => ({ sub, papeis: ['CLIENTE'] });
const PROJETOR = { codigo: 'PROJETOR', quantidade: 1 };

async function novoEspaco() {
  const preco = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = {
    nome: 'Sala Ipê',
    tipo: TipoEspaco.SALA_REUNIAO,
    capacidade: 8,
    precoPorHora: preco,
    extras: [{ codigo: 'PROJETOR', nome: 'Projetor', preco, quantidadeMaxima: 1 }],
  };
  return (await sut.espacos.criarEspaco(espaco, await sut.as(ADMIN))).id;
}

function pedido(espacoId: string, hora = 13) {
  const em = (h: number) => timestampFromDate(new Date(Date.UTC(2026, 5, 10, h)));
  return { espacoId, dataInicio: em(hora), dataFim: em(hora + 2) };
}

/** A space whose slot somebody holds, and the reservation that does. */
async function tomado(hora = 13) {
  const espacoId = await novoEspaco();
  const dono = await sut.as(cliente());
  const { id } = await sut.reservas.criarReserva(pedido(espacoId, hora), dono);
  return { espacoId, cancelar: () => sut.reservas.cancelarReserva({ reservaId: id }, dono) };
}

async function entrar(espacoId: string, quem = cliente()) {
  const como = await sut.as(quem);
  return { quem, como, entrada: await sut.filaEspera.entrarNaFila(pedido(espacoId), como) };
}

describe('FilaEsperaService', () => {
  it('shows a place in line, and answers the same one when it is asked for again', async () => {
    const { espacoId } = await tomado();
    const como = await sut.as(cliente('cli_fila'));
    const querido = { ...pedido(espacoId), extras: [PROJETOR] };
    let codigoHttp: string | null = null;
    const entrada = await sut.filaEspera.entrarNaFila(querido, {
      ...como,
      onHeader: (headers) => {
        codigoHttp = headers.get('x-http-code');
      },
    });
    expect(codigoHttp).toBe('201');
    expect(entrada).toMatchObject({
      espacoId,
      clienteId: 'cli_fila',
      status: StatusEntradaFila.AGUARDANDO,
      posicao: 1,
      extras: [PROJETOR],
      reservaId: '',
    });
    expect(entrada.ofertaExpiraEm).toBeUndefined();
    expect(entrada.encerraEm && timestampDate(entrada.encerraEm)).toEqual(new Date('2026-06-10T11:00:00Z'));
    expect(await sut.filaEspera.entrarNaFila(querido, como)).toEqual(entrada);
    const outra = () => sut.filaEspera.entrarNaFila(pedido(espacoId), como);
    expect(await failure(outra())).toBe('AlreadyExists JA_NA_FILA');
    expect(await details(outra())).toEqual({ entradaId: entrada.id });
  });

  it('is refused without a line to stand in', async () => {
    const espacoId = await novoEspaco();
    const como = await sut.as(cliente());
    const { filaEspera } = sut;
    expect(await failure(filaEspera.entrarNaFila(pedido(espacoId), como))).toBe(
      'FailedPrecondition VAGA_DISPONIVEL',
    );
    expect(await failure(filaEspera.entrarNaFila(pedido('esp_nenhum'), como))).toBe(
      'NotFound ESPACO_NAO_ENCONTRADO',
    );
    expect(await failure(filaEspera.obterEntrada({ entradaId: 'fil_nenhuma' }, como))).toBe(
      'NotFound ENTRADA_NAO_ENCONTRADA',
    );
    expect(await failure(filaEspera.sairDaFila({ entradaId: 'fil_nenhuma' }, como))).toBe(
      'NotFound ENTRADA_NAO_ENCONTRADA',
    );
  });

  it('shows places to their customer and to an ADMIN, who may end them, and to nobody else', async () => {
    const { espacoId } = await tomado();
    const { como, entrada } = await entrar(espacoId);
    const [estranho, admin] = [await sut.as(cliente()), await sut.as(ADMIN)];
    const pedida = { entradaId: entrada.id };
    expect(await sut.filaEspera.obterEntrada(pedida, como)).toEqual(entrada);
    expect(await sut.filaEspera.obterEntrada(pedida, admin)).toEqual(entrada);
    expect(await failure(sut.filaEspera.obterEntrada(pedida, estranho))).toBe(
      'NotFound ENTRADA_NAO_ENCONTRADA',
    );
    expect(await failure(sut.filaEspera.sairDaFila(pedida, estranho))).toBe(
      'NotFound ENTRADA_NAO_ENCONTRADA',
    );
    const { entradas } = await sut.filaEspera.listarEntradas({ espacoId }, estranho);
    expect(entradas).toEqual([]);
    const saida = await sut.filaEspera.sairDaFila(pedida, admin);
    expect(saida).toMatchObject({ id: entrada.id, status: StatusEntradaFila.CANCELADA, posicao: 0 });
    expect(await sut.filaEspera.sairDaFila(pedida, como)).toEqual(saida);
  });

  it('ends one place under one key, and no other one', async () => {
    const quem = cliente();
    const [uma, outra] = [(await tomado()).espacoId, (await tomado()).espacoId];
    const [{ entrada }, { entrada: segunda, como }] = [await entrar(uma, quem), await entrar(outra, quem)];
    const chave = await sut.as(quem, { 'idempotency-key': newId('chave') });
    const saida = await sut.filaEspera.sairDaFila({ entradaId: entrada.id }, chave);
    expect(await failure(sut.filaEspera.sairDaFila({ entradaId: segunda.id }, chave))).toBe(
      'AlreadyExists CHAVE_IDEMPOTENCIA_REUTILIZADA',
    );
    expect((await sut.filaEspera.obterEntrada({ entradaId: segunda.id }, como)).posicao).toBe(1);
    expect(await sut.filaEspera.sairDaFila({ entradaId: entrada.id }, chave)).toEqual(saida);
  });

  it('lists page by page, newest first, and refuses a token of another list', async () => {
    const { espacoId } = await tomado();
    const ids: string[] = [];
    for (const _ of [1, 2, 3]) ids.unshift((await entrar(espacoId)).entrada.id);
    const admin = await sut.as(ADMIN);
    const filtro = { espacoId, status: StatusEntradaFila.AGUARDANDO, pageSize: 2 };
    const primeira = await sut.filaEspera.listarEntradas(filtro, admin);
    expect(primeira.entradas.map(({ id, posicao }) => [id, posicao])).toEqual([
      [ids[0], 3],
      [ids[1], 2],
    ]);
    const pageToken = primeira.nextPageToken;
    const segunda = await sut.filaEspera.listarEntradas({ ...filtro, pageToken }, admin);
    expect([segunda.entradas.map(({ id }) => id), segunda.nextPageToken]).toEqual([[ids[2]], '']);
    const alheia = sut.filaEspera.listarEntradas({ pageSize: 2, pageToken }, admin);
    expect(await failure(alheia)).toBe('InvalidArgument PAGINA_INVALIDA');
  });

  it('makes the offer by itself once the slot is free, and counts it', async () => {
    const { espacoId, cancelar } = await tomado();
    const { como, entrada } = await entrar(espacoId);
    for (const work of sut.parts.background ?? []) if (work.name === 'fila-espera') await work.start();
    await cancelar();
    await eventually(async () => {
      const atual = await sut.filaEspera.obterEntrada({ entradaId: entrada.id }, como);
      expect(atual.status).toBe(StatusEntradaFila.OFERTADA);
      const reserva = await sut.reservas.obterReserva({ reservaId: atual.reservaId }, como);
      expect(reserva.expiraEm).toEqual(atual.ofertaExpiraEm);
    });
    await eventually(async () => {
      const metricas = await sut.metrics.registry.metrics();
      expect(metricas).toMatch(/^reservas_fila_ofertas_total\{.*\} 1$/m);
      expect(metricas).toMatch(/^reservas_fila_vagas_pendentes\{.*\} 0$/m);
    });
  });
});
