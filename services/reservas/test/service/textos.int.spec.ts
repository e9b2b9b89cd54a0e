import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { newId } from '../reservas-fixture.ts';
import { failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const RECUSADO = 'InvalidArgument REQUISICAO_INVALIDA';
const BRL = (centavos: bigint) => ({ centavos, moeda: 'BRL' });
const em = (instante: string) => timestampFromDate(new Date(instante));

async function criar(nome: string, endereco = '', extra = 'Projetor') {
  const extras = [{ codigo: 'PROJETOR', nome: extra, preco: BRL(1_00n), quantidadeMaxima: 1 }];
  const espaco = {
    nome,
    endereco,
    tipo: TipoEspaco.QUADRA,
    capacidade: 8,
    precoPorHora: BRL(100_00n),
    extras,
  };
  return sut.espacos.criarEspaco(espaco, await sut.as(ADMIN));
}

/** Nobody should have to read one of these. */
const RUINS = ['\u200b\u200b', 'Sala\nIpê', 'Sala\u2029Ipê', 'Sala\u001b[1m', '\u202eapI', '\u3164'];

describe('a space', () => {
  it.each(['   ', ...RUINS])('has no name, address or add-on like %j', async (texto) => {
    expect(await failure(criar(texto))).toBe(RECUSADO);
    expect(await failure(criar('Sala', '', texto))).toBe(RECUSADO);
    const { id: espacoId } = await criar('Sala');
    const como = await sut.as(ADMIN);
    expect(await failure(sut.espacos.atualizarEspaco({ espacoId, nome: texto }, como))).toBe(RECUSADO);
  });

  it.each(RUINS.slice(1))('has no address like %j', async (texto) => {
    expect(await failure(criar('Sala', texto))).toBe(RECUSADO);
  });

  it('is called what was written, in one form, by characters', async () => {
    const { nome, endereco, extras } = await criar('🙂'.repeat(61), '  Rua  A,\u00a0 10 ', 'Cafe\u0301 ');
    expect([nome, endereco, extras[0]?.nome]).toEqual(['🙂'.repeat(61), 'Rua A, 10', 'Café']);
    expect(await failure(criar('🙂'.repeat(121)))).toBe(RECUSADO);
  });
});

describe('a reason', () => {
  async function fechar(espacoId: string, motivo: string) {
    const periodo = { dataInicio: em('2026-07-01T10:00:00Z'), dataFim: em('2026-07-01T12:00:00Z') };
    return sut.espacos.criarFechamento({ espacoId, ...periodo, motivo }, await sut.as(ADMIN));
  }

  async function cancelar(espacoId: string, motivo: string) {
    const como = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    const periodo = { dataInicio: em('2026-06-10T13:00:00Z'), dataFim: em('2026-06-10T14:00:00Z') };
    const { id: reservaId } = await sut.reservas.criarReserva({ espacoId, ...periodo }, como);
    return sut.reservas.cancelarReserva({ reservaId, motivo }, como);
  }

  it.each(RUINS.slice(1))('is not %j', async (texto) => {
    const { id } = await criar('Sala');
    expect(await failure(fechar(id, texto))).toBe(RECUSADO);
    if (!texto.includes('\n')) expect(await failure(cancelar(id, texto))).toBe(RECUSADO);
  });

  it('of a closure has one line, of a cancellation as many as it needs', async () => {
    const { id } = await criar('Sala');
    expect((await fechar(id, '  pintura \u200b geral ')).motivo).toBe('pintura geral');
    expect((await fechar(id, ' ')).motivo).toBe('');
    const { motivoCancelamento } = await cancelar(id, ' Choveu.\r\n\r\n\r\n\r\nVolto  logo. ');
    expect(motivoCancelamento).toBe('Choveu.\n\nVolto logo.');
  });
});

describe('the database', () => {
  it('is the last judge of what is stored', async () => {
    const { id } = await criar('Sala');
    for (const nome of ['Sala  Ipê', ' Sala', 'Sala\u200b', 'Cafe\u0301', '\u3164'])
      await expect(
        sut.dataSource.query('update espacos set nome = $2 where id = $1', [id, nome]),
      ).rejects.toThrow('espacos_nome_texto');
  });
});
