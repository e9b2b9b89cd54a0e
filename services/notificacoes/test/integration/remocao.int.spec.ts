import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  AvisoDeSegurancaSchema,
  TipoAvisoSeguranca,
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { eventually } from '@plataforma/testing/eventually';
import { lerMime } from '../support/mime.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const PROTOCOLO = 'AbC-dEf_0123456789AbC-dEf_012345';
const testCase = useTestCase();

beforeEach(() => testCase.start());

const email = () => `ana.${testCase.numero}@exemplo.com`;
const sql = () => testCase.harness.database.dataSource;

const conta = (emailVerificado = true, versao = 1) =>
  testCase.harness.publish({
    schema: versao === 1 ? UsuarioRegistradoSchema : UsuarioAtualizadoSchema,
    dados: { usuarioId: testCase.cliente, nome: 'Ana Souza', email: email(), emailVerificado },
    agregado: { tipo: 'usuario', id: testCase.cliente, versao },
  });

const remover = (id = 'remocao', versao = 2) =>
  testCase.harness.publish({
    schema: UsuarioRemovidoSchema,
    dados: {
      ...{ usuarioId: testCase.cliente, protocolo: PROTOCOLO },
      ocorridoEm: timestampFromDate(testCase.clock.now()),
    },
    agregado: { tipo: 'usuario', id: testCase.cliente, versao },
    ...(id !== 'remocao' && { id }),
  });

const recebidas = () =>
  testCase.smtp.received.map(({ to, raw }) => {
    const { cabecalhos, partes } = lerMime(raw);
    return { para: to[0], assunto: cabecalhos.get('subject'), texto: partes[0]?.texto ?? '' };
  });

/** What auth is answered. */
const respostas = async (): Promise<
  Array<{ itens: Array<{ dados: string; acao: string; quantidade?: number }> }>
> => {
  const rows: Array<{ payload: never }> = await sql().query(
    `select payload from outbox where assunto = 'notificacoes.v1.DadosPessoaisApagados' and payload->>'usuarioId' = $1`,
    [testCase.cliente],
  );
  return rows.map(({ payload }) => payload);
};

/** Tables in which one of the texts stands. */
async function ondeEsta(...textos: string[]): Promise<string[]> {
  const tabelas: { nome: string }[] = await sql().query(
    `select table_name as nome from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const achadas: string[] = [];
  for (const { nome } of tabelas)
    for (const texto of textos) {
      const [{ n }] = await sql().query(
        `select count(*)::int as n from "${nome}" t where strpos(lower(to_jsonb(t)::text), lower($1)) > 0`,
        [texto],
      );
      if (n > 0) achadas.push(nome);
    }
  return achadas;
}

describe('a person who is gone', () => {
  it('gets one last message with the protocol, and then nothing of them is left (ASVS 8.3.2)', async () => {
    await conta();
    await testCase.harness.publish({
      schema: AvisoDeSegurancaSchema,
      dados: {
        ...{ usuarioId: testCase.cliente, tipo: TipoAvisoSeguranca.MFA_ATIVADO, enderecoIp: '203.0.113.7' },
        ...{ dispositivo: 'Firefox/128.0', ocorridoEm: timestampFromDate(testCase.clock.now()) },
      },
      agregado: { tipo: 'aviso', id: 'aviso', versao: 1 },
    });
    await eventually(() => expect(recebidas()).toHaveLength(1));
    await sql().query(
      `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
       values ($1, true, true, false, true, '+5511987654321', now())`,
      [testCase.cliente],
    );
    await sql().query(
      `insert into telefones (cliente_id, numero, provado_em) values ($1, '+5511987654321', now())`,
      [testCase.cliente],
    );
    await sql().query(
      `insert into codigos_de_telefone values ($1, '+5511987654321', sha256('x'), now(), now() + interval '1 hour', 0)`,
      [testCase.cliente],
    );
    await remover();
    await eventually(async () => expect(await respostas()).toHaveLength(1));
    const [, ultima] = recebidas();
    expect(ultima).toMatchObject({ para: email(), assunto: 'Sua conta foi removida' });
    expect(ultima?.texto).toContain(PROTOCOLO);
    const [resposta] = await respostas();
    expect(resposta?.itens).toMatchObject([
      { dados: 'CONTATO', acao: 'ACAO_SOBRE_DADOS_APAGADO', quantidade: 1 },
      { dados: 'PREFERENCIAS', acao: 'ACAO_SOBRE_DADOS_APAGADO', quantidade: 1 },
      { dados: 'TELEFONE', acao: 'ACAO_SOBRE_DADOS_APAGADO', quantidade: 1 },
      { dados: 'MENSAGENS_A_ENVIAR', acao: 'ACAO_SOBRE_DADOS_APAGADO' },
      { dados: 'MENSAGENS', acao: 'ACAO_SOBRE_DADOS_ANONIMIZADO', quantidade: 1 },
      { dados: 'DISPOSITIVOS', acao: 'ACAO_SOBRE_DADOS_APAGADO' },
      { dados: 'WEBHOOKS', acao: 'ACAO_SOBRE_DADOS_APAGADO' },
    ]);
    const dominio = email().split('@')[1] as string;
    expect(
      await ondeEsta(email(), 'Ana Souza', '+5511987654321', '203.0.113.7', PROTOCOLO, `***a@${dominio}`),
    ).toEqual([]);
  });

  it('is not brought back by what comes late, nor told twice', async () => {
    await conta();
    await remover();
    await eventually(async () => expect(await respostas()).toHaveLength(1));
    await conta(true, 2);
    await conta();
    await remover('0198c0de-0000-4000-8000-00000000000a');
    await testCase.harness.publish({
      schema: AvisoDeSegurancaSchema,
      dados: {
        ...{ usuarioId: testCase.cliente, tipo: TipoAvisoSeguranca.SENHA_ALTERADA, email: email() },
        ocorridoEm: timestampFromDate(testCase.clock.now()),
      },
      agregado: { tipo: 'aviso', id: 'tarde', versao: 1 },
    });
    await eventually(async () =>
      expect(
        await sql().query(`select 1 from notificacoes where cliente_id = $1 and status = 'SUPRIMIDA'`, [
          testCase.cliente,
        ]),
      ).toHaveLength(1),
    );
    expect(await ondeEsta(email())).toEqual([]);
    expect(recebidas()).toHaveLength(1);
    expect(await respostas()).toHaveLength(1);
  });

  it('who was never known, or has not proved the address, gets no message; auth is answered all the same', async () => {
    await conta(false);
    await remover();
    await eventually(async () => expect(await respostas()).toHaveLength(1));
    expect(recebidas()).toEqual([]);
    expect(await ondeEsta(email())).toEqual([]);
  });

  it('gets no message when the account has changed since it was heard of: the address may be one that they have left', async () => {
    await conta();
    await remover('remocao', 3);
    await eventually(async () => expect(await respostas()).toHaveLength(1));
    expect(recebidas()).toEqual([]);
    expect(await ondeEsta(email(), PROTOCOLO)).toEqual([]);
  });

  it('leaves a history that takes no other change', async () => {
    await conta();
    await remover();
    await eventually(async () => expect(await respostas()).toHaveLength(1));
    for (const mudanca of [`tipo = 'CRIADA', destino = ''`, `destino = 'x'`])
      await expect(
        sql().query(`update historico_notificacoes set ${mudanca} where cliente_id = $1`, [testCase.cliente]),
      ).rejects.toThrow(/append-only/);
  });
});
