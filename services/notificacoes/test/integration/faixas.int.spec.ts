import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { createMetrics, type Metrics } from '@plataforma/runtime/metrics';
import { createWorkerMetrics } from '@plataforma/runtime/worker-metrics';
import { eventually } from '@plataforma/testing/eventually';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import type { Entrega, Recibo } from '../../src/canais/application/carteiro.ts';
import { FalhaDeEnvioError } from '../../src/canais/domain/falha-de-envio.ts';
import type { Canal } from '../../src/canais/domain/mensagem.ts';
import type { Destino, Faixa } from '../../src/envio/application/faixa.ts';
import { createEnvio } from '../../src/envio/composition.ts';
import { comIdentidades } from '../../src/mensagens/application/identidades.ts';
import { escreverPorCanais } from '../../src/mensagens/application/registro.ts';
import type { OutroCanal } from '../../src/mensagens/domain/canais.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';
import { logger } from '../support/harness.ts';

const CONTATO = `insert into contatos (usuario_id, nome, email, versao, atualizado_em, email_verificado)
  values ('cli_1', 'Ana', 'ana@exemplo.com', 1, now(), true)`;
const PREFERENCIAS = `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
  values ('cli_1', true, true, $1, true, '+5511987654321', now())`;

const TELEFONE = `insert into telefones (cliente_id, numero, provado_em) values ('cli_1', '+5511987654321', now())`;

const ids = new SequentialIds();
let database: ServiceDatabase;
let metrics: Metrics;
let parar: () => Promise<void>;
let solto: PromiseWithResolvers<Entrega>;

beforeAll(async () => {
  database = await createServiceDatabase();
});

beforeEach(async () => {
  metrics = createMetrics('notificacoes');
  parar = async () => {};
  solto = Promise.withResolvers();
  await database.dataSource.query(
    'delete from notificacoes; delete from contatos; delete from preferencias; delete from telefones',
  );
  await database.dataSource.query(TELEFONE);
  await database.dataSource.query(CONTATO);
});

afterEach(async () => {
  solto.resolve(fora);
  await parar();
});
afterAll(() => database.drop());

/** A lane whose provider answers so. */
function faixa(canal: Canal, enviar: (ids: readonly string[]) => Promise<Entrega>): Faixa<Destino> {
  return {
    ...{ canal, lote: 5 },
    destino: async () => ({ mascarado: `${canal}***` }),
    cota: () => undefined,
    enviar: (remessa) => enviar(remessa.map(({ id }) => id)),
  };
}

const fora = Result.fail(new FalhaDeEnvioError('INDISPONIVEL', 'away'));

const aceita = async (recibo: Recibo = { provedor: 'teste' }): Promise<Entrega> => Result.ok(recibo);

async function ligar(...faixas: Faixa<Destino>[]): Promise<void> {
  const { dataSource } = database;
  const clock = { now: () => new Date() };
  const uow = createUnitOfWork(dataSource);
  const workers = createWorkerMetrics(metrics.registry);
  const envio = createEnvio({
    ...{ clock, dataSource, logger, metrics, workers, uow, faixas },
    encerrar: async () => 0,
  });
  for (const worker of envio.workers) await worker.start();
  parar = async () => {
    await Promise.all(envio.workers.map((worker) => worker.stop()));
  };
}

/** What is written of a fact when these channels are configured. */
async function escrever(outros: readonly OutroCanal[], quantas: number, serieId?: string): Promise<void> {
  const uow = createUnitOfWork(database.dataSource, false, outros);
  const agora = new Date();
  for (let n = 0; n < quantas; n++) {
    const dados = { reservaId: `res_${n}`, espacoNome: 'Sala', ...(serieId && { serieId }) };
    await comIdentidades(ids, 1, (identidades) =>
      uow.run(async (tx) => {
        const mensagem = {
          ...{ modelo: 'RESERVA_CONFIRMADA', dados, clienteId: 'cli_1', reservaId: `res_${n}`, fato: '' },
          ...{ assunto: () => 'Reserva confirmada', criadoEm: agora, devidaEm: agora, validoAte: undefined },
          grupo: serieId && `${serieId}/RESERVA_CONFIRMADA`,
        };
        await escreverPorCanais(tx, [mensagem as never], identidades);
      }),
    );
  }
}

const porCanal = async (): Promise<Record<string, number>> => {
  const linhas: Array<{ chave: string; n: number }> = await database.dataSource.query(
    `select canal || ' ' || status as chave, count(*)::int as n from notificacoes group by 1 order by 1`,
  );
  return Object.fromEntries(linhas.map(({ chave, n }) => [chave, n]));
};

/** Answers nothing before the end of the spec. */
const nunca = () => solto.promise;

describe('a message', () => {
  it('is written once for each channel that its addressee has switched on, of those that are configured', async () => {
    await database.dataSource.query(PREFERENCIAS, [false]);
    await escrever(['SMS', 'PUSH'], 1);
    expect(await porCanal()).toEqual({ 'EMAIL PENDENTE': 1, 'SMS PENDENTE': 1 });
  });

  it.each([
    ['has not proved the number', `delete from telefones`],
    ['has another number by now', `update preferencias set telefone = '+5511987654322'`],
    ['has answered STOP', `update telefones set recusado_em = now()`],
  ])('is not written for SMS to who %s', async (_, mudanca) => {
    await database.dataSource.query(PREFERENCIAS, [false]);
    await database.dataSource.query(mudanca);
    await escrever(['SMS'], 1);
    expect(await porCanal()).toEqual({ 'EMAIL PENDENTE': 1 });
  });

  it('goes by e-mail alone to who has said nothing, and where nothing else is configured', async () => {
    await escrever(['SMS', 'PUSH'], 1);
    await database.dataSource.query(PREFERENCIAS, [true]);
    await escrever([], 2);
    expect(await porCanal()).toEqual({ 'EMAIL PENDENTE': 2 });
  });

  it('is written once however often its fact is told, also after a channel was switched on', async () => {
    await escrever(['SMS'], 1);
    await database.dataSource.query(PREFERENCIAS, [true]);
    await escrever(['SMS'], 1);
    await escrever(['SMS'], 1);
    expect(await porCanal()).toEqual({ 'EMAIL PENDENTE': 1, 'SMS PENDENTE': 1 });
  });
});

describe('a lane', () => {
  beforeEach(() => database.dataSource.query(PREFERENCIAS, [true]));

  it('sends what is of its channel, and says so by channel', async () => {
    const idas: Record<string, number> = { EMAIL: 0, SMS: 0 };
    const contar = (canal: Canal) =>
      faixa(canal, () => {
        idas[canal] = (idas[canal] ?? 0) + 1;
        return aceita();
      });
    await escrever(['SMS'], 7);
    await ligar(contar('EMAIL'), contar('SMS'));
    await eventually(async () => expect(await porCanal()).toEqual({ 'EMAIL ENVIADA': 7, 'SMS ENVIADA': 7 }));
    expect(idas).toEqual({ EMAIL: 7, SMS: 7 });
    const texto = await metrics.registry.metrics();
    for (const canal of ['EMAIL', 'SMS'])
      expect(texto).toMatch(new RegExp(`notificacoes_enviadas_total\\{[^}]*canal="${canal}"[^}]*\\} 7`));
    expect(texto).toMatch(/notificacoes_na_fila\{[^}]*canal="SMS"[^}]*\} 0/);
  });

  it('sends occurrences of a series as one, whatever the other lane does with its own', async () => {
    const remessas: [Canal, number][] = [];
    const juntar = (canal: Canal) =>
      faixa(canal, (ids) => {
        remessas.push([canal, ids.length]);
        return aceita();
      });
    await escrever(['SMS'], 4, 'ser_1');
    await ligar(juntar('EMAIL'), juntar('SMS'));
    await eventually(async () => expect(await porCanal()).toEqual({ 'EMAIL ENVIADA': 4, 'SMS ENVIADA': 4 }));
    expect(remessas.sort()).toEqual([
      ['EMAIL', 4],
      ['SMS', 4],
    ]);
  });

  it.each<[string, () => Promise<Entrega>]>([
    ['hangs', nunca],
    ['is away', async () => fora],
    ['refuses us', async () => Result.fail(new FalhaDeEnvioError('CREDENCIAIS', 'key'))],
  ])('goes on at its rate while the provider of another one %s', async (_, outra) => {
    const ritmo = async (...faixas: Faixa<Destino>[]) => {
      await database.dataSource.query('delete from notificacoes');
      await escrever(['SMS'], 60);
      await ligar(...faixas);
      const antes = performance.now();
      await eventually(async () => expect(await porCanal()).toMatchObject({ 'EMAIL ENVIADA': 60 }), {
        timeoutMs: 20_000,
      });
      return performance.now() - antes;
    };
    const email = faixa('EMAIL', () => aceita());
    const sozinha = await ritmo(email);
    await parar();
    metrics = createMetrics('notificacoes');
    const chamadas: string[] = [];
    const doente = faixa('SMS', (ids) => {
      chamadas.push(...ids);
      return outra();
    });
    const junto = await ritmo(email, doente);
    expect(chamadas.length).toBeGreaterThan(0);
    expect(junto).toBeLessThan(sozinha * 2 + 500);
    expect((await porCanal())['SMS ENVIADA']).toBeUndefined();
  });

  it('gives up what has nowhere to go', async () => {
    await escrever(['SMS'], 1);
    await ligar({ ...faixa('SMS', () => aceita()), destino: async () => undefined });
    await eventually(async () =>
      expect(await porCanal()).toEqual({ 'EMAIL PENDENTE': 1, 'SMS SUPRIMIDA': 1 }),
    );
    const historico = await database.dataSource.query(
      `select detalhe from historico_notificacoes where tipo = 'SUPRIMIDA' and canal = 'SMS'`,
    );
    expect(historico).toContainEqual({ detalhe: 'nowhere to go' });
  });
});
