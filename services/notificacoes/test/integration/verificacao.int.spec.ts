import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { eventually } from '@plataforma/testing/eventually';
import { MAXIMO_POR_DIA } from '../../src/envio/domain/limite-diario.ts';
import { PostgresConsultaDeNotificacoes } from '../../src/mensagens/infrastructure/consulta-de-notificacoes.ts';
import { lerMime } from '../support/mime.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const CODIGO = 'cli_1.tl3k2p.AbC-dEf_0123456789';

const testCase = useTestCase();

beforeEach(() => testCase.start());

const conta = (versao: number) => ({ tipo: 'usuario', id: testCase.cliente, versao });
const email = () => `vitima.${testCase.numero}@exemplo.com`;

/** A person signs up with an address that need not be theirs. */
const cadastrar = () =>
  testCase.harness.publish({
    schema: UsuarioRegistradoSchema,
    dados: { usuarioId: testCase.cliente, nome: 'Ana', email: email(), codigoVerificacao: CODIGO },
    agregado: conta(1),
  });

const atualizar = (versao: number, emailVerificado: boolean, endereco = email()) =>
  testCase.harness.publish({
    schema: UsuarioAtualizadoSchema,
    dados: { usuarioId: testCase.cliente, nome: 'Ana', email: endereco, ativo: true, emailVerificado },
    agregado: conta(versao),
  });

const assuntos = () =>
  testCase.smtp.received.map(({ raw }) => lerMime(raw).cabecalhos.get('subject')?.replace(/:.*/, '')).sort();

const recebidos = (...esperados: string[]) => eventually(() => expect(assuntos()).toEqual(esperados));

const situacoes = async (): Promise<Record<string, number>> => {
  const linhas: Array<{ modelo: string; status: string; quantas: number }> =
    await testCase.harness.database.dataSource.query(
      `select modelo, status, count(*)::int as quantas from notificacoes where cliente_id = $1 group by 1, 2`,
      [testCase.cliente],
    );
  return Object.fromEntries(linhas.map(({ modelo, status, quantas }) => [`${modelo} ${status}`, quantas]));
};

const situacao = (esperada: Record<string, number>) =>
  eventually(async () => expect(await situacoes()).toEqual(esperada));

/** Pages of the sender, so that what it leaves alone has been looked at. */
async function passadas(): Promise<void> {
  for (const { turns } of testCase.instances) for (let n = 0; n < 3; n++) await turns();
}

describe('an address that nobody has verified', () => {
  it('gets the message that verifies it, once, and nothing else', async () => {
    await Promise.all([cadastrar(), cadastrar()]);
    await recebidos('Confirme seu e-mail');
    const [mensagem] = testCase.smtp.received;
    expect(lerMime(mensagem?.raw ?? '').partes[0]?.texto).toContain(`Código: ${CODIGO}`);
    expect(mensagem?.raw).not.toContain('Ana');
    for (let n = 1; n <= 5; n++) {
      await testCase.harness.confirmar(`res_${testCase.numero}_${n}`, testCase.cliente);
      await testCase.harness.estornar(`res_${testCase.numero}_${n}`, testCase.cliente, 1);
    }
    await situacao({
      'BOAS_VINDAS ENVIADA': 1,
      'RESERVA_CONFIRMADA PENDENTE': 5,
      'LEMBRETE_RESERVA PENDENTE': 5,
      'ESTORNO_CONCLUIDO PENDENTE': 5,
    });
    await passadas();
    expect(assuntos()).toEqual(['Confirme seu e-mail']);
  });

  it('gets the code once more when its account asks for it', async () => {
    await cadastrar();
    await recebidos('Confirme seu e-mail');
    const pedido = () =>
      testCase.harness.publish({
        schema: UsuarioAtualizadoSchema,
        dados: {
          usuarioId: testCase.cliente,
          nome: 'Ana',
          email: email(),
          ativo: true,
          codigoVerificacao: 'outro',
        },
        agregado: conta(2),
      });
    await Promise.all([pedido(), pedido()]);
    await recebidos('Confirme seu e-mail', 'Confirme seu e-mail');
    await situacao({ 'BOAS_VINDAS ENVIADA': 2 });
    // A request that comes late, after the proof, is no message.
    await atualizar(4, true);
    await testCase.harness.publish({
      schema: UsuarioAtualizadoSchema,
      dados: {
        usuarioId: testCase.cliente,
        nome: 'Ana',
        email: email(),
        ativo: true,
        codigoVerificacao: 'tarde',
      },
      agregado: conta(3),
    });
    await testCase.harness.confirmar(`res_${testCase.numero}`, testCase.cliente);
    await recebidos('Confirme seu e-mail', 'Confirme seu e-mail', 'Reserva confirmada');
  });

  it('is told of no welcome, which would tell whether its owner has an account, until it is verified', async () => {
    const { dataSource } = testCase.harness.database;
    const listar = () =>
      new PostgresConsultaDeNotificacoes(dataSource.manager).listar(
        { clienteId: testCase.cliente, reservaId: '' },
        new Date('2100-01-01'),
        10,
        undefined,
      );
    await cadastrar();
    await situacao({ 'BOAS_VINDAS ENVIADA': 1 });
    expect(await listar()).toEqual([]);
    await atualizar(2, true);
    await eventually(async () => expect(await listar()).toMatchObject([{ modelo: 'BOAS_VINDAS' }]));
  });

  it('leaves its code in no table once the message is sent', async () => {
    await cadastrar();
    await recebidos('Confirme seu e-mail');
    await situacao({ 'BOAS_VINDAS ENVIADA': 1 });
    const sql = 'select dados from notificacoes where cliente_id = $1';
    expect(await testCase.harness.database.dataSource.query(sql, [testCase.cliente])).toEqual([
      { dados: {} },
    ]);
  });

  it('gets what waited once it is verified, as far as that is still news', async () => {
    await cadastrar();
    await testCase.harness.confirmar(`res_${testCase.numero}_a`, testCase.cliente);
    await testCase.harness.confirmar(`res_${testCase.numero}_b`, testCase.cliente);
    await testCase.harness.cancelar(`res_${testCase.numero}_b`, testCase.cliente);
    await situacao({
      'BOAS_VINDAS ENVIADA': 1,
      'RESERVA_CONFIRMADA PENDENTE': 1,
      'RESERVA_CONFIRMADA SUPRIMIDA': 1,
      'RESERVA_CANCELADA PENDENTE': 1,
      'LEMBRETE_RESERVA PENDENTE': 1,
      'LEMBRETE_RESERVA SUPRIMIDA': 1,
    });
    await atualizar(2, true);
    await recebidos('Confirme seu e-mail', 'Reserva cancelada', 'Reserva confirmada');
    // What was proved stays proved: an older event that comes late changes nothing, nor does one that does not say it.
    await cadastrar();
    await atualizar(3, false);
    await testCase.harness.confirmar(`res_${testCase.numero}_c`, testCase.cliente);
    await recebidos('Confirme seu e-mail', 'Reserva cancelada', 'Reserva confirmada', 'Reserva confirmada');
  });

  it('gets nothing because another address of the account was verified', async () => {
    await cadastrar();
    await atualizar(2, true);
    await recebidos('Confirme seu e-mail');
    await atualizar(3, false, `outra.${email()}`);
    await testCase.harness.confirmar(`res_${testCase.numero}`, testCase.cliente);
    await situacao({
      'BOAS_VINDAS ENVIADA': 1,
      'RESERVA_CONFIRMADA PENDENTE': 1,
      'LEMBRETE_RESERVA PENDENTE': 1,
    });
    await passadas();
    expect(assuntos()).toEqual(['Confirme seu e-mail']);
  });

  it('gets nothing of what waited for weeks, and its code is not sent when it is void', async () => {
    await testCase.harness.confirmar(`res_${testCase.numero}`, testCase.cliente);
    await situacao({ 'RESERVA_CONFIRMADA PENDENTE': 1, 'LEMBRETE_RESERVA PENDENTE': 1 });
    testCase.clock.advance(31 * 24 * 3_600_000);
    await situacao({ 'RESERVA_CONFIRMADA SUPRIMIDA': 1, 'LEMBRETE_RESERVA SUPRIMIDA': 1 });
    expect(await testCase.harness.historico(`res_${testCase.numero}`)).toEqual(['CRIADA', 'SUPRIMIDA']);
    expect(testCase.smtp.received).toEqual([]);
  });

  it('is forgotten with its account, with what waited for it', async () => {
    await cadastrar();
    await recebidos('Confirme seu e-mail');
    await testCase.harness.confirmar(`res_${testCase.numero}`, testCase.cliente);
    await situacao({
      'BOAS_VINDAS ENVIADA': 1,
      'RESERVA_CONFIRMADA PENDENTE': 1,
      'LEMBRETE_RESERVA PENDENTE': 1,
    });
    await testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: testCase.cliente },
      agregado: conta(2),
    });
    await eventually(async () =>
      expect(await situacoes()).toMatchObject({ 'RESERVA_CONFIRMADA SUPRIMIDA': 1 }),
    );
    expect(assuntos()).toEqual(['Confirme seu e-mail']);
  });
});

describe('an account of before addresses were verified', () => {
  it('gets its messages', async () => {
    await testCase.harness.registrar(testCase.cliente, 'Ana', email());
    await testCase.harness.confirmar(`res_${testCase.numero}`, testCase.cliente);
    await recebidos('Reserva confirmada');
  });
});

describe('a hold that its owner gives up before it is paid', () => {
  it('is not mailed, and takes back what waits', async () => {
    await testCase.harness.registrar(testCase.cliente, 'Ana', email());
    for (let n = 1; n <= 33; n++) {
      await testCase.harness.criar(`res_${testCase.numero}_${n}`, testCase.cliente, '2026-11-20T13:15:00Z');
      await testCase.harness.cancelar(
        `res_${testCase.numero}_${n}`,
        testCase.cliente,
        `desistencia-${testCase.numero}-${n}`,
        true,
      );
    }
    await testCase.harness.handled(`desistencia-${testCase.numero}-33`);
    await passadas();
    expect([testCase.smtp.received, await situacoes()]).toEqual([[], {}]);
  });
});

describe('a day of messages', () => {
  it('has no more of them for one address than its share, whoever sends; the rest waits for the next', async () => {
    testCase.instances.push(await testCase.harness.instance(testCase.smtp.url, testCase.clock));
    await testCase.harness.registrar(testCase.cliente, 'Ana', email());
    const quantas = MAXIMO_POR_DIA + 3;
    for (let n = 1; n <= quantas; n++) {
      await testCase.harness.criar(`res_${testCase.numero}_${n}`, testCase.cliente, '2026-11-20T13:15:00Z');
      await testCase.harness.expirar(
        `res_${testCase.numero}_${n}`,
        testCase.cliente,
        `expira-${testCase.numero}-${n}`,
      );
    }
    await situacao({ 'RESERVA_EXPIRADA ENVIADA': MAXIMO_POR_DIA, 'RESERVA_EXPIRADA PENDENTE': 3 });
    await passadas();
    expect(testCase.smtp.received).toHaveLength(MAXIMO_POR_DIA);
    // Receipts are not counted.
    await testCase.harness.estornar(`res_${testCase.numero}_1`, testCase.cliente, 1);
    await eventually(() => expect(testCase.smtp.received).toHaveLength(MAXIMO_POR_DIA + 1));
    testCase.clock.set('2026-11-21T00:00:00Z');
    await situacao({ 'RESERVA_EXPIRADA ENVIADA': quantas, 'ESTORNO_CONCLUIDO ENVIADA': 1 });
  });

  it('leaves no queue of codes behind for the days after: the newest one is enough', async () => {
    const pedir = (versao: number) =>
      testCase.harness.publish({
        schema: UsuarioAtualizadoSchema,
        dados: {
          usuarioId: testCase.cliente,
          nome: 'Ana',
          email: email(),
          ativo: true,
          codigoVerificacao: CODIGO,
        },
        agregado: conta(versao),
      });
    await cadastrar();
    for (let versao = 2; versao <= MAXIMO_POR_DIA + 5; versao++) await pedir(versao);
    await eventually(() => expect(testCase.smtp.received).toHaveLength(MAXIMO_POR_DIA));
    // One that is still to be written or put off would be in a sender's hand when the next one comes.
    await eventually(async () => {
      const [{ adiadas }]: [{ adiadas: number }] = await testCase.harness.database.dataSource.query(
        `select count(*)::int as adiadas from notificacoes where cliente_id = $1 and (status = 'SUPRIMIDA'
          or (status = 'PENDENTE' and posse is null and disponivel_em > $2))`,
        [testCase.cliente, testCase.clock.now()],
      );
      expect(adiadas).toBe(5);
    });
    await pedir(MAXIMO_POR_DIA + 6);
    await eventually(async () =>
      expect(await situacoes()).toMatchObject({
        'BOAS_VINDAS ENVIADA': MAXIMO_POR_DIA,
        'BOAS_VINDAS PENDENTE': 1,
      }),
    );
    testCase.clock.set('2026-11-21T00:00:00Z');
    await eventually(() => expect(testCase.smtp.received).toHaveLength(MAXIMO_POR_DIA + 1));
  });

  it('fills no mailbox by its other spellings, nor keeps its owner out', async () => {
    const [nome, dominio] = email().split('@');
    for (let n = 1; n <= MAXIMO_POR_DIA + 5; n++) {
      const usuarioId = `${testCase.cliente}_${n}`;
      const dados = { usuarioId, nome: 'Ana', email: `${nome}+${n}@${dominio}`, codigoVerificacao: CODIGO };
      const agregado = { tipo: 'usuario', id: usuarioId, versao: 1 };
      await testCase.harness.publish({ schema: UsuarioRegistradoSchema, dados, agregado });
    }
    await eventually(() => expect(testCase.smtp.received).toHaveLength(MAXIMO_POR_DIA));
    await passadas();
    expect(testCase.smtp.received).toHaveLength(MAXIMO_POR_DIA);
    await cadastrar();
    await eventually(() => expect(testCase.smtp.received).toHaveLength(MAXIMO_POR_DIA + 1));
  });
});
