import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lerPagina, type Secao } from '@plataforma/runtime/personal-export';
import { autocommit } from '@plataforma/runtime/transaction';
import { allAbout } from '@plataforma/testing/personal-data';
import { decisionsAbout } from '@plataforma/testing/personal-tables';
import { FORA, secoesDeReservas } from '../../src/dados-pessoais/infrastructure/secoes.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import {
  between,
  newReserva,
  openDatabase,
  type ReservasDatabase,
  storeEspaco,
} from '../reservas-fixture.ts';

const ANA = 'cli_ana';
const BIA = 'cli_bia';
const STAFF = 'cli_gestora';

let database: ReservasDatabase;
let secoes: readonly Secao[];

const sql = (text: string, values: unknown[] = []) => database.dataSource.query(text, values);

beforeAll(async () => {
  database = await openDatabase();
  secoes = secoesDeReservas(autocommit(database.dataSource));
  const uow = createUnitOfWork(database.dataSource);
  const espaco = await storeEspaco(uow);
  for (const [n, clienteId] of [ANA, BIA].entries()) {
    const periodo = between(`2026-06-1${n}T13:00:00Z`, `2026-06-1${n}T14:00:00Z`);
    await uow.run((tx) => tx.reservas.add(newReserva(espaco, periodo, { id: `res_de${n}`, clienteId })));
  }
  const { id } = espaco.estado;
  for (const [n, cliente] of [ANA, BIA].entries()) {
    await sql('insert into calendarios (id, dono_id, impressao, criado_em) values ($1, $2, $3, now())', [
      ...[`cal_de${n}`, cliente, Buffer.alloc(32, n + 1)],
    ]);
    await sql('insert into contas (usuario_id, versao, ativa, admin_ate) values ($1, 1, true, null)', [
      cliente,
    ]);
    await sql(`insert into espaco_gestores values ($1, $2, '${STAFF}', now())`, [id, cliente]);
    await sql('insert into gestoes_encerradas values ($1, $2, now())', [id, cliente]);
    await sql(
      `insert into fila_espera (id, versao, status, cliente_id, espaco_id, data_inicio, data_fim, extras, encerra_em,
         criada_em, atualizada_em)
       values ($1, 1, 'AGUARDANDO', $2, $3, '2026-07-01', '2026-07-02', '[]', '2026-07-01', now(), now())`,
      [`fil_de${n}`, cliente, id],
    );
    await sql(
      `insert into series (id, cliente_id, espaco_id, fuso_horario, inicio_local, duracao_minutos, rrule, datas_excluidas,
         extras, modo, puladas, criada_por, criada_em)
       values ($1, $2, $3, 'America/Sao_Paulo', '2026-06-01T10:00', 60, 'FREQ=DAILY;COUNT=2', '[]', '[]',
         'PULAR_CONFLITOS', '[]', $2, now())`,
      [`ser_de${n}`, cliente, id],
    );
  }
  for (const [versao, quem, porque] of [
    [2, 'servico:pagamentos', 'cobrança recusada: card_declined'],
    [3, STAFF, 'suspeita de fraude'],
  ])
    await sql(
      `insert into reservas_historico (reserva_id, versao, evento, de_status, para_status, quem, porque, em)
       values ('res_de0', $1, 'Mudada', 'PENDENTE_COBRANCA', 'PENDENTE_COBRANCA', $2, $3, now())`,
      [versao, quem, porque],
    );
});

afterAll(() => database.close());

describe('what reservas tells of a person', () => {
  it('is decided for every table', async () => {
    const decisions = await decisionsAbout(database.dataSource, { secoes, fora: FORA });
    expect(decisions).toEqual({ undecided: [], gone: [], twice: [] });
    expect(secoes.map(({ nome }) => nome)).toEqual(secoes.map(({ nome }) => nome).sort());
  });

  it('is all of theirs, and nothing of anybody else', async () => {
    const dela = await allAbout(secoes, ANA);
    const quantos = Object.fromEntries(Object.entries(dela).map(([nome, todas]) => [nome, todas.length]));
    expect(quantos).toEqual({
      'reservas.calendarios': 1,
      'reservas.conta': 1,
      'reservas.espacosGeridos': 1,
      'reservas.filaDeEspera': 1,
      'reservas.gestoesEncerradas': 1,
      'reservas.historico': 3,
      'reservas.reservas': 1,
      'reservas.series': 1,
    });
    expect(dela['reservas.reservas']?.[0]).toMatchObject({ id: 'res_de0', valorCentavos: 150_00 });
    expect(JSON.stringify(dela)).not.toMatch(/cli_bia|cli_gestora|de1\b|impressao|checkout/);
    expect(Object.values(await allAbout(secoes, 'cli_ninguem')).flat()).toEqual([]);
  });

  it('names neither staff nor what they wrote for each other, nor codes of the payment provider', async () => {
    const { 'reservas.historico': historico = [] } = await allAbout(secoes, ANA);
    expect(historico.map((passo) => ({ ...passo, em: undefined }))).toMatchObject([
      { versao: 1, quem: 'titular', porque: 'spec' },
      { versao: 2, quem: 'servico:pagamentos', porque: 'cobrança recusada' },
      { versao: 3, quem: 'outra pessoa', porque: null },
    ]);
  });

  it('is read in pages that cost alike, of 5,000 reservations and more', async () => {
    await sql(
      `insert into reservas
       select x.* from reservas r, generate_series(1, 5000) n, jsonb_populate_record(r, jsonb_build_object(
         'id', 'res_c' || n, 'cliente_id', 'cli_caio', 'status', 'EXPIRADA',
         'criada_em', r.criada_em + n * interval '1 second')) x
       where r.id = 'res_de0'`,
    );
    await sql(
      `insert into reservas_historico (reserva_id, versao, evento, para_status, quem, porque, em)
       select id, 1, 'ReservaCriada', 'PENDENTE_COBRANCA', cliente_id, 'spec', now() from reservas
       where cliente_id = 'cli_caio'`,
    );
    await sql('analyze');
    const contagem: Record<string, number> = {};
    const tempos: number[] = [];
    for (let posicao = ''; ; ) {
      // Of this process: what others do on the machine meanwhile is none of it.
      const begun = process.cpuUsage();
      const pagina = await lerPagina(secoes, 'cli_caio', posicao);
      const { user, system } = process.cpuUsage(begun);
      tempos.push((user + system) / 1_000);
      for (const { nome, registros } of pagina?.secoes ?? [])
        contagem[nome] = (contagem[nome] ?? 0) + registros.length;
      posicao = pagina?.proxima ?? '';
      if (posicao === '') break;
    }
    expect(contagem).toMatchObject({ 'reservas.reservas': 5_000, 'reservas.historico': 5_000 });
    expect(tempos.length).toBeLessThan(60);
    const [mediana = Number.POSITIVE_INFINITY] = tempos.sort((a, b) => a - b).slice(tempos.length / 2);
    expect(mediana).toBeLessThan(50);
  });
});
