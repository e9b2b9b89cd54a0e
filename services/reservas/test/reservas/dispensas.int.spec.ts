import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PagamentoAprovadoSchema } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { PapelNaMudanca } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { tellConta } from '../contas-fixture.ts';
import { NOW, newId } from '../reservas-fixture.ts';
import { deliver, failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

beforeEach(() => sut.clock.set(NOW));

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };

async function novoEspaco(): Promise<string> {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const limitesPendentes = { reservas: 10, horas: 240, resfriamentoMinutos: 0 };
  const sala = { nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8 };
  const espaco = { ...sala, precoPorHora, limitesPendentes };
  return (await sut.espacos.criarEspaco(espaco, await sut.as(ADMIN))).id;
}

function das(espacoId: string, inicio: string, fim: string, dia = '2026-06-10') {
  const em = (hora: string) => timestampFromDate(new Date(`${dia}T${hora}:00Z`));
  return { espacoId, dataInicio: em(inicio), dataFim: em(fim) };
}

async function reservar(pedido: object, quem: { sub: string; papeis: string[] } = ADMIN) {
  return sut.reservas.criarReserva(pedido, await sut.as(quem));
}

async function criadasPor(ids: readonly string[]): Promise<string[]> {
  const rows: { criada_por: string }[] = await sut.dataSource.query(
    'select criada_por from reservas join unnest($1::text[]) with ordinality as o(id, n) using (id) order by n',
    [ids],
  );
  return rows.map(({ criada_por }) => criada_por);
}

const cliente = () => ({ sub: newId('cli'), papeis: ['CLIENTE'] });

/** A customer of whom auth has told. */
async function comConta() {
  const pessoa = cliente();
  await tellConta(sut.parts, pessoa.sub);
  return pessoa;
}

describe('an admin', () => {
  it('books for a customer, and the history says so', async () => {
    const dono = await comConta();
    const pedido = { ...das(await novoEspaco(), '10:00', '12:00'), clienteId: dono.sub };
    const { id: reservaId, clienteId } = await reservar(pedido);
    expect(clienteId).toBe(dono.sub);
    const passo = async (quem: { sub: string; papeis: string[] }) => {
      const pergunta = { reservaId, incluirHistorico: true };
      return (await sut.reservas.obterReserva(pergunta, await sut.as(quem))).historico[0];
    };
    const papel = PapelNaMudanca.ADMIN;
    expect(await passo(ADMIN)).toMatchObject({
      papel,
      quem: ADMIN.sub,
      porque: `reserva feita para ${dono.sub}`,
    });
    expect(await passo(dono)).toMatchObject({ papel, quem: '', porque: '' });
  });

  it('leaves the buffer aside with a reason, never an overlap; later neighbours respect the new one', async () => {
    const espacoId = await novoEspaco();
    await reservar(das(espacoId, '10:00', '12:00'), cliente());
    const dispensas = { folga: true, motivo: 'evento da casa' };
    const colada = das(espacoId, '12:00', '13:00');
    expect(await failure(reservar(colada))).toBe('AlreadyExists ESPACO_INDISPONIVEL');
    expect(await failure(reservar({ ...das(espacoId, '11:45', '13:00'), dispensas }))).toBe(
      'AlreadyExists ESPACO_INDISPONIVEL',
    );
    const { id: reservaId } = await reservar({ ...colada, dispensas });
    const { historico } = await sut.reservas.obterReserva(
      { reservaId, incluirHistorico: true },
      await sut.as(ADMIN),
    );
    expect(historico[0]?.porque).toBe('reserva feita pelo cliente, com dispensa de folga: evento da casa');
    expect(await failure(reservar(das(espacoId, '13:00', '14:00'), cliente()))).toBe(
      'AlreadyExists ESPACO_INDISPONIVEL',
    );
    expect((await reservar(das(espacoId, '13:15', '14:15'), cliente())).id).not.toBe('');
  });

  it('leaves the lead time aside, but not the present', async () => {
    const espacoId = await novoEspaco();
    const dispensas = { antecedencia: true, motivo: 'combinado por telefone' };
    const ja = das(espacoId, '09:15', '10:15', '2026-06-02');
    expect(await failure(reservar(ja))).toBe('FailedPrecondition ANTECEDENCIA_MINIMA');
    expect((await reservar({ ...ja, dispensas })).id).not.toBe('');
    const longe = das(espacoId, '10:00', '11:00', '2027-06-10');
    expect((await reservar({ ...longe, dispensas })).id).not.toBe('');
    const passado = { ...das(espacoId, '08:45', '09:45', '2026-06-01'), dispensas };
    expect(await failure(reservar(passado))).toBe('FailedPrecondition ANTECEDENCIA_MINIMA');
  });

  it('leaves the number of reservations aside', async () => {
    const dono = await comConta();
    const clienteId = dono.sub;
    const espacoId = await novoEspaco();
    for (let dia = 10; dia < 15; dia += 1)
      await reservar(das(espacoId, '10:00', '11:00', `2026-06-${dia}`), dono);
    const sexta = { ...das(espacoId, '10:00', '11:00', '2026-06-20'), clienteId };
    expect(await failure(reservar(sexta))).toBe('FailedPrecondition LIMITE_DE_RESERVAS');
    const dispensas = { limite: true, motivo: 'cliente antigo' };
    expect((await reservar({ ...sexta, dispensas })).clienteId).toBe(clienteId);
  });

  it('holds for a customer what does not count against their limit, until it is confirmed', async () => {
    const dono = await comConta();
    const espacoId = await novoEspaco();
    const feitas: Awaited<ReturnType<typeof reservar>>[] = [];
    for (let dia = 10; dia < 15; dia += 1) {
      const pedido = { ...das(espacoId, '10:00', '11:00', `2026-06-${dia}`), clienteId: dono.sub };
      feitas.push(await reservar(pedido));
    }
    const propria = await reservar(das(espacoId, '12:00', '13:00'), dono);
    expect(await criadasPor([...feitas, propria].map(({ id }) => id))).toEqual([
      ...feitas.map(() => ADMIN.sub),
      dono.sub,
    ]);
    for (const { id: reservaId, pagamentoId, valor } of feitas.slice(0, 4)) {
      const pago = { pagamentoId, reservaId, clienteId: dono.sub, ...(valor && { valor }) };
      await deliver(sut.parts, PagamentoAprovadoSchema, pago);
    }
    const sexta = das(espacoId, '14:00', '15:00');
    expect(await failure(reservar(sexta, dono))).toBe('FailedPrecondition LIMITE_DE_RESERVAS');
  });

  it('cannot be rewritten as who made it', async () => {
    const { sub: clienteId } = await comConta();
    const { id } = await reservar({ ...das(await novoEspaco(), '10:00', '11:00'), clienteId });
    const virar = sut.dataSource.query('update reservas set criada_por = cliente_id where id = $1', [id]);
    await expect(virar).rejects.toThrow('is frozen');
  });

  it.each(['folga', 'antecedencia', 'limite'])('says why when %s is left aside', async (regra) => {
    const pedido = das(await novoEspaco(), '10:00', '12:00');
    const semMotivo = reservar({ ...pedido, dispensas: { [regra]: true, motivo: ' ' } });
    expect(await failure(semMotivo)).toBe('InvalidArgument MOTIVO_OBRIGATORIO');
  });
});

describe('a customer', () => {
  it('books neither for others nor beside the rules', async () => {
    const pedido = das(await novoEspaco(), '10:00', '12:00');
    const dono = cliente();
    expect(await failure(reservar({ ...pedido, clienteId: 'cli_outro' }, dono))).toBe(
      'PermissionDenied ACESSO_NEGADO',
    );
    const dispensas = { folga: true, motivo: 'porque sim' };
    expect(await failure(reservar({ ...pedido, dispensas }, dono))).toBe('PermissionDenied ACESSO_NEGADO');
    expect((await reservar({ ...pedido, clienteId: dono.sub }, dono)).clienteId).toBe(dono.sub);
  });
});
