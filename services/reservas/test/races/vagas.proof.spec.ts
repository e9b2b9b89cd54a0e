import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { underKey } from '@plataforma/runtime/call-key';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { DataSource } from 'typeorm';
import { AtualizarEspacoHandler } from '../../src/espacos/application/atualizar-espaco.ts';
import { NENHUMA_DISPENSA } from '../../src/espacos/domain/dispensas.ts';
import { createUnitOfWork, type Transacao } from '../../src/persistence/unit-of-work.ts';
import {
  type CriarReservaCommand,
  CriarReservaHandler,
} from '../../src/reservas/application/criar-reserva.ts';
import { CobrancasDaSaga } from '../../src/saga/application/cobrancas-da-saga.ts';
import { InMemoryObservador, InMemoryPagamentos } from '../doubles.ts';
import { violations } from '../invariants.ts';
import { between, NOW, newId, newReserva, openDatabase, storeEspaco } from '../reservas-fixture.ts';

/** Rounds of each race; `npm run race` runs them all many times more. */
const RODADAS = 15;

const clock = new FixedClock(NOW);
const ids: IdGenerator = { next: async (prefixo) => newId(prefixo) };
let dataSource: DataSource;
let close: () => Promise<void>;
let uow: UnitOfWork<Transacao>;
let criar: CriarReservaHandler;

beforeAll(async () => {
  ({ dataSource, close } = await openDatabase());
  uow = createUnitOfWork(dataSource);
  const observador = new InMemoryObservador();
  const cobrancas = new CobrancasDaSaga({ uow, pagamentos: new InMemoryPagamentos(), clock, observador });
  criar = new CriarReservaHandler({ uow, ids, clock, cobrancas, observador, bonusPercentual: 10 });
});

afterAll(() => close());

afterEach(async () => expect(await violations(dataSource)).toEqual([]));

/** The outcome in one word. */
async function resposta(command: CriarReservaCommand): Promise<string> {
  const criada = await criar.execute(command);
  return criada.isFailure ? criada.error.motivo : criada.value.status;
}

function pedido(
  espacoId: string,
  hora: number,
  mudancas: Partial<CriarReservaCommand> = {},
): CriarReservaCommand {
  const clienteId = mudancas.clienteId ?? newId('cli');
  const inicio = new Date(Date.parse('2026-06-10T00:00:00Z') + hora * 3_600_000);
  return {
    clienteId,
    espacoId,
    inicio,
    fim: new Date(inicio.getTime() + 3_600_000),
    extras: [],
    cotacaoId: undefined,
    quem: clienteId,
    dispensas: NENHUMA_DISPENSA,
    ...mudancas,
  };
}

const RESERVADA = 'PENDENTE_PAGAMENTO';
const SEM_FOLGA = { ...NENHUMA_DISPENSA, folga: true, motivo: 'evento da casa' };

/** As an admin books for somebody who has an account, leaving the buffer aside. */
async function doAdmin(espacoId: string, hora: number): Promise<CriarReservaCommand> {
  const command = pedido(espacoId, hora, { quem: 'cli_admin', dispensas: SEM_FOLGA });
  const conta = 'insert into contas (usuario_id, versao, ativa) values ($1, 1, true)';
  await dataSource.query(conta, [command.clienteId]);
  return command;
}

/** How many reservations a space has. */
async function ocupadas(espacoId: string): Promise<number> {
  const quantas = 'select count(*)::int as n from reservas where espaco_id = $1';
  return (await dataSource.query(quantas, [espacoId]))[0].n;
}

async function correr(pedidos: readonly CriarReservaCommand[]): Promise<string[]> {
  return (await Promise.all(pedidos.map(resposta))).sort();
}

describe('a slot', () => {
  it('goes to exactly one of two customers who want half of it both', async () => {
    const espaco = await storeEspaco(uow);
    for (let rodada = 0; rodada < RODADAS; rodada += 1)
      expect(await correr([pedido(espaco.id, rodada * 3), pedido(espaco.id, rodada * 3 + 0.5)])).toEqual([
        'ESPACO_INDISPONIVEL',
        RESERVADA,
      ]);
  });

  it('goes to exactly one of twenty customers', async () => {
    const espaco = await storeEspaco(uow);
    const respostas = await correr(Array.from({ length: 20 }, () => pedido(espaco.id, 10)));
    expect(respostas).toEqual([...Array(19).fill('ESPACO_INDISPONIVEL'), RESERVADA]);
  });

  it('goes to exactly one of two transactions when neither has asked for the lock', async () => {
    const espaco = await storeEspaco(uow);
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const dia = `2026-06-${10 + rodada}`;
      const periodo = between(`${dia}T10:00:00Z`, `${dia}T11:00:00Z`);
      const guardadas = await Promise.all(
        [1, 2].map(() => uow.run((tx) => tx.reservas.add(newReserva(espaco, periodo)))),
      );
      expect(guardadas.map(({ isSuccess }) => isSuccess).sort()).toEqual([false, true]);
    }
  });

  it('keeps the buffer between neighbours who come at once', async () => {
    const espaco = await storeEspaco(uow);
    for (let rodada = 0; rodada < RODADAS; rodada += 1)
      expect(await correr([pedido(espaco.id, rodada * 4), pedido(espaco.id, rodada * 4 + 1)])).toEqual([
        'ESPACO_INDISPONIVEL',
        RESERVADA,
      ]);
  });
});

describe('an admin who leaves the buffer aside', () => {
  it('gets no slot that a customer gets at the same moment', async () => {
    const espaco = await storeEspaco(uow);
    for (let rodada = 0; rodada < RODADAS; rodada += 1)
      expect(
        await correr([pedido(espaco.id, rodada * 3), await doAdmin(espaco.id, rodada * 3 + 0.5)]),
      ).toEqual(['ESPACO_INDISPONIVEL', RESERVADA]);
  });

  it('gets no slot that another admin gets at the same moment', async () => {
    const espaco = await storeEspaco(uow);
    for (let rodada = 0; rodada < RODADAS; rodada += 1)
      expect(
        await correr([await doAdmin(espaco.id, rodada * 3), await doAdmin(espaco.id, rodada * 3)]),
      ).toEqual(['ESPACO_INDISPONIVEL', RESERVADA]);
  });

  it('gets the hour after a customer always, also when both come at once', async () => {
    const espaco = await storeEspaco(uow);
    let total = 0;
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const [cliente, admin] = await Promise.all(
        [pedido(espaco.id, rodada * 3), await doAdmin(espaco.id, rodada * 3 + 1)].map(resposta),
      );
      expect(admin).toBe(RESERVADA);
      // Whatever the customer was told is so.
      expect(await ocupadas(espaco.id)).toBe(total + (cliente === RESERVADA ? 2 : 1));
      if (cliente !== RESERVADA) expect(cliente).toBe('ESPACO_INDISPONIVEL');
      total = await ocupadas(espaco.id);
    }
  });

  it('gets the hour after a customer who came first, and a customer who comes after does not', async () => {
    const { id } = await storeEspaco(uow);
    expect(await resposta(pedido(id, 10))).toBe(RESERVADA);
    expect(await resposta(await doAdmin(id, 11))).toBe(RESERVADA);
    expect(await resposta(await doAdmin(id, 15))).toBe(RESERVADA);
    expect(await resposta(pedido(id, 14))).toBe('ESPACO_INDISPONIVEL');
  });
});

describe('a customer', () => {
  it('gets five reservations when ten are asked for at once', async () => {
    for (let rodada = 0; rodada < 3; rodada += 1) {
      const clienteId = newId('cli');
      const espacos = await Promise.all(Array.from({ length: 10 }, () => storeEspaco(uow)));
      const respostas = await correr(espacos.map(({ id }) => pedido(id, 10, { clienteId })));
      expect(respostas).toEqual([...Array(5).fill('LIMITE_DE_RESERVAS'), ...Array(5).fill(RESERVADA)]);
    }
  });

  it('gets one reservation when the same call comes many times at once under its key', async () => {
    const espaco = await storeEspaco(uow);
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const key = {
        escopo: 'cli',
        chave: `chave-${rodada}`,
        metodo: 'CriarReserva',
        impressao: Buffer.of(1),
      };
      const command = pedido(espaco.id, rodada * 3);
      const tentar = () => underKey(key, () => resposta(command)).catch((error) => (error as Error).name);
      const respostas = await Promise.all([tentar(), tentar(), tentar()]);
      expect(respostas.sort()).toEqual(['KeyTakenError', 'KeyTakenError', RESERVADA].sort());
    }
  });
});

describe('a space', () => {
  it('books at most what was asked before it was closed for new reservations', async () => {
    const atualizar = new AtualizarEspacoHandler({ uow, clock });
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const { id: espacoId } = await storeEspaco(uow);
      const [primeira] = await Promise.all([
        resposta(pedido(espacoId, 10)),
        atualizar.execute({ espacoId, etag: undefined, mudanca: { ativo: false } }),
      ]);
      if (primeira !== RESERVADA) expect(primeira).toBe('ESPACO_INATIVO');
      expect(await ocupadas(espacoId)).toBe(primeira === RESERVADA ? 1 : 0);
      expect(await resposta(pedido(espacoId, 20))).toBe('ESPACO_INATIVO');
    }
  });
});

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);
