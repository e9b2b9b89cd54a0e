import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  AvisoDeSegurancaSchema,
  RedefinicaoSenhaPedidaSchema,
  TipoAvisoSeguranca,
  TrocaDeEmailPedidaSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { eventually } from '@plataforma/testing/eventually';
import { MAXIMO_POR_DIA } from '../../src/envio/domain/limite-diario.ts';
import { lerMime } from '../support/mime.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const CODIGO = 'AbC-dEf_0123456789AbC-dEf_0123456789AbC-dEf';

const testCase = useTestCase();

beforeEach(() => testCase.start());

const email = () => `ana.${testCase.numero}@exemplo.com`;

/** An account whose address is proved, or not. */
const conta = (emailVerificado: boolean, endereco = email(), usuarioId = testCase.cliente) =>
  testCase.harness.publish({
    schema: UsuarioRegistradoSchema,
    dados: {
      ...{ usuarioId, nome: 'Ana', email: endereco, emailVerificado },
      codigoVerificacao: emailVerificado ? '' : 'cli_1.a.b',
    },
    agregado: { tipo: 'usuario', id: usuarioId, versao: 1 },
  });

const avisar = (tipo: TipoAvisoSeguranca, outros: { id?: string; email?: string; voltaAte?: Date } = {}) =>
  testCase.harness.publish({
    schema: AvisoDeSegurancaSchema,
    dados: {
      ...{ usuarioId: testCase.cliente, tipo, enderecoIp: '203.0.113.7', dispositivo: 'Firefox/128.0' },
      ...{ ocorridoEm: timestampFromDate(testCase.clock.now()), email: outros.email ?? '' },
      ...(outros.voltaAte && { voltaAte: timestampFromDate(outros.voltaAte) }),
    },
    agregado: { tipo: 'aviso', id: outros.id ?? 'aviso', versao: 1 },
    ...(outros.id && { id: outros.id }),
  });

const redefinir = (codigo = CODIGO, endereco = email(), usuarioId = testCase.cliente) =>
  testCase.harness.publish({
    schema: RedefinicaoSenhaPedidaSchema,
    dados: { usuarioId, email: endereco, codigo, ocorridoEm: timestampFromDate(testCase.clock.now()) },
    agregado: { tipo: 'redefinicao-senha', id: usuarioId, versao: 1 },
  });

const trocar = (codigo: string, endereco: string, versao: number) =>
  testCase.harness.publish({
    schema: TrocaDeEmailPedidaSchema,
    dados: {
      ...{ usuarioId: testCase.cliente, email: endereco, codigo },
      ocorridoEm: timestampFromDate(testCase.clock.now()),
    },
    agregado: { tipo: 'troca-de-email', id: testCase.cliente, versao },
  });

const recebidas = () =>
  testCase.smtp.received.map(({ to, raw }) => {
    const { cabecalhos, partes } = lerMime(raw);
    return { para: to[0], assunto: cabecalhos.get('subject'), texto: partes[0]?.texto ?? '' };
  });

const linhas = (): Promise<Array<{ modelo: string; status: string; dados: unknown }>> =>
  testCase.harness.database.dataSource.query(
    'select modelo, status, dados from notificacoes where cliente_id = $1 order by criada_em, id',
    [testCase.cliente],
  );

describe('a security notice', () => {
  it('reaches its account once, whatever mail is switched off, however often its event comes', async () => {
    await conta(true);
    await testCase.harness.database.dataSource.query(
      `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
       values ($1, false, false, false, false, '', now())`,
      [testCase.cliente],
    );
    const id = '0198c0de-0000-4000-8000-000000000001';
    await avisar(TipoAvisoSeguranca.SENHA_ALTERADA, { id });
    await avisar(TipoAvisoSeguranca.SENHA_ALTERADA, { id });
    await avisar(TipoAvisoSeguranca.MFA_ATIVADO);
    await eventually(() => expect(recebidas()).toHaveLength(2));
    const [primeira] = recebidas().filter(({ assunto }) => assunto === 'Sua senha foi alterada');
    expect(primeira).toMatchObject({ para: email() });
    expect(primeira?.texto).toContain('Endereço IP: 203.0.113.7');
    expect(primeira?.texto).toContain('Dispositivo: Firefox');
  });

  it('leaves no trace of where it was done from once it is sent', async () => {
    await conta(true);
    await avisar(TipoAvisoSeguranca.MFA_DESATIVADO);
    await eventually(async () => expect((await linhas())[0]).toMatchObject({ status: 'ENVIADA' }));
    const [aviso] = await linhas();
    expect(Object.keys(aviso?.dados as object).sort()).toEqual(['em', 'tipo']);
  });

  it('goes to the address it names, also while the present one waits to be proved', async () => {
    await conta(false, `nova.${email()}`);
    await avisar(TipoAvisoSeguranca.EMAIL_ALTERADO, { email: email() });
    await eventually(() =>
      expect(recebidas().map(({ para, assunto }) => [para, assunto])).toContainEqual([
        email(),
        'O e-mail da sua conta foi alterado',
      ]),
    );
    expect(recebidas().find(({ para }) => para === email())?.texto).not.toContain('Ana');
  });

  it('says until when the address that it goes to is a way back', async () => {
    await conta(true, `nova.${email()}`);
    const voltaAte = new Date('2026-12-07T12:00:00Z');
    await avisar(TipoAvisoSeguranca.EMAIL_ALTERADO, { email: email(), voltaAte });
    await eventually(() =>
      expect(recebidas().find(({ para }) => para === email())?.texto).toContain('até 07/12/2026 às 09:00'),
    );
  });

  it('waits for an address that nobody has proved', async () => {
    await conta(false);
    await avisar(TipoAvisoSeguranca.SENHA_ALTERADA);
    await eventually(async () =>
      expect((await linhas()).map(({ modelo, status }) => `${modelo} ${status}`).sort()).toEqual([
        'AVISO_DE_SEGURANCA PENDENTE',
        'BOAS_VINDAS ENVIADA',
      ]),
    );
  });

  it('is not kept away by a mailbox that somebody has filled', async () => {
    await conta(true);
    for (let n = 0; n <= MAXIMO_POR_DIA; n++) await avisar(TipoAvisoSeguranca.CADASTRO_REPETIDO);
    await eventually(() => expect(recebidas()).toHaveLength(MAXIMO_POR_DIA));
    await avisar(TipoAvisoSeguranca.SENHA_REDEFINIDA);
    await eventually(() => expect(recebidas()).toHaveLength(MAXIMO_POR_DIA + 1));
    expect(recebidas().at(-1)?.assunto).toBe('Sua senha foi redefinida');
  });
});

describe('the code for a new password', () => {
  it('goes to the address it was made for and nowhere else, proved or not, and stays in no table', async () => {
    await conta(false, `outra.${email()}`);
    await redefinir();
    await eventually(async () =>
      expect((await linhas()).map(({ modelo, status }) => `${modelo} ${status}`)).toContain(
        'REDEFINICAO_SENHA ENVIADA',
      ),
    );
    const comCodigo = recebidas().filter(({ texto }) => texto.includes(`Código: ${CODIGO}`));
    expect(comCodigo.map(({ para }) => para)).toEqual([email()]);
    await eventually(async () => expect((await linhas()).map(({ dados }) => dados)).toEqual([{}, {}]));
  });

  it('is overtaken by a newer one while it waits, and is not kept', async () => {
    // Nobody of this identity is known yet, so that both wait.
    await redefinir('velho-codigo-velho-codigo');
    await eventually(async () => expect(await linhas()).toHaveLength(1));
    testCase.clock.advance(60_000);
    await redefinir();
    await eventually(async () => expect(await linhas()).toHaveLength(2));
    await eventually(async () =>
      expect((await linhas())[0]).toMatchObject({ status: 'SUPRIMIDA', dados: {} }),
    );
    await conta(true);
    await eventually(() => expect(recebidas()).toHaveLength(1));
    expect(recebidas()[0]?.texto).toContain(CODIGO);
  });

  it('goes to each of two addresses of an account: a newer one for the other takes none back', async () => {
    // Nobody of this identity is known yet, so that both wait.
    await redefinir('codigo-do-dono-codigo-do-dono');
    await eventually(async () => expect(await linhas()).toHaveLength(1));
    testCase.clock.advance(60_000);
    await redefinir(CODIGO, `outra.${email()}`);
    await eventually(async () => expect(await linhas()).toHaveLength(2));
    await conta(true);
    await eventually(() =>
      expect(
        recebidas()
          .map(({ para }) => para)
          .sort(),
      ).toEqual([email(), `outra.${email()}`].sort()),
    );
  });

  it('is not sent once it is void', async () => {
    await redefinir();
    await eventually(async () => expect(await linhas()).toHaveLength(1));
    testCase.clock.advance(31 * 60_000);
    await conta(true);
    await eventually(async () =>
      expect((await linhas())[0]).toMatchObject({ status: 'SUPRIMIDA', dados: {} }),
    );
    expect(recebidas()).toEqual([]);
  });

  it('is given up at once when its mailbox has had its share, and not kept till tomorrow', async () => {
    const [nome, dominio] = email().split('@');
    for (let n = 0; n <= MAXIMO_POR_DIA; n++) {
      const endereco = `${nome}+${n}@${dominio}`;
      await conta(false, endereco, `${testCase.cliente}_${n}`);
    }
    await eventually(() => expect(recebidas()).toHaveLength(MAXIMO_POR_DIA));
    await redefinir(CODIGO, `${nome}+0@${dominio}`, `${testCase.cliente}_0`);
    await eventually(async () => {
      const redefinicoes = await testCase.harness.database.dataSource.query(
        `select status, dados from notificacoes where modelo = 'REDEFINICAO_SENHA' and cliente_id = $1`,
        [`${testCase.cliente}_0`],
      );
      expect(redefinicoes).toEqual([{ status: 'SUPRIMIDA', dados: {} }]);
    });
    expect(recebidas()).toHaveLength(MAXIMO_POR_DIA);
  });

  it('is forgotten with its account', async () => {
    await redefinir();
    await eventually(async () => expect(await linhas()).toHaveLength(1));
    await testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: testCase.cliente },
      agregado: { tipo: 'usuario', id: testCase.cliente, versao: 2 },
    });
    await eventually(async () =>
      expect((await linhas())[0]).toMatchObject({ status: 'SUPRIMIDA', dados: {} }),
    );
    expect(recebidas()).toEqual([]);
  });
});

describe('the code for another address', () => {
  it('goes to the new address alone, without a name, and stays in no table', async () => {
    await conta(true);
    await trocar(CODIGO, `nova.${email()}`, 1);
    await eventually(async () => expect((await linhas())[0]).toMatchObject({ status: 'ENVIADA', dados: {} }));
    const [mensagem] = recebidas();
    expect(mensagem).toMatchObject({ para: `nova.${email()}`, assunto: 'Confirme seu novo e-mail' });
    expect(mensagem?.texto).toContain(`Código: ${CODIGO}`);
    expect(mensagem?.texto).not.toContain('Ana');
  });

  it('takes back an older one that waits, and no code for a new password', async () => {
    // Nobody of this identity is known yet, so that all wait.
    await redefinir();
    await trocar('velho-codigo-velho-codigo', `nova.${email()}`, 1);
    await eventually(async () => expect(await linhas()).toHaveLength(2));
    testCase.clock.advance(60_000);
    await trocar(CODIGO, `outra.${email()}`, 2);
    await eventually(async () =>
      expect((await linhas()).map(({ modelo, status }) => `${modelo} ${status}`).sort()).toEqual([
        'REDEFINICAO_SENHA PENDENTE',
        'TROCA_DE_EMAIL PENDENTE',
        'TROCA_DE_EMAIL SUPRIMIDA',
      ]),
    );
  });

  it('takes the share of its mailbox, also when its account has proved an address', async () => {
    await conta(true);
    const [nome, dominio] = `alheio.${email()}`.split('@');
    for (let n = 0; n <= MAXIMO_POR_DIA; n++) {
      const [usuarioId, endereco] = [`${testCase.cliente}_${n}`, `${nome}+${n}@${dominio}`];
      await conta(false, endereco, usuarioId);
    }
    await eventually(() => expect(recebidas()).toHaveLength(MAXIMO_POR_DIA));
    await trocar(CODIGO, `${nome}+x@${dominio}`, 1);
    await eventually(async () =>
      expect((await linhas())[0]).toMatchObject({ status: 'SUPRIMIDA', dados: {} }),
    );
    expect(recebidas()).toHaveLength(MAXIMO_POR_DIA);
  });
});
