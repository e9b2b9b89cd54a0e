import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it, jest } from '@jest/globals';
import { UsuarioAtualizadoSchema, UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { DesativadoPor } from '@plataforma/contratos/notificacoes/v1/webhook_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { eventually } from '@plataforma/testing/eventually';
import { useTestCase } from '../support/use-test-case.ts';
import { useWebhooks } from '../support/use-webhooks.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const testCase = useTestCase();
const integracao = useWebhooks(testCase);
const { inscrever } = integracao;

const sql = (text: string) => testCase.harness.database.dataSource.query(text);

async function recusa(chamada: Promise<unknown>) {
  const error = ConnectError.from(await chamada.catch((reason: unknown) => reason));
  return [error.code, motivoDe(error)];
}

const agregado = (versao: number) => ({ tipo: 'usuario', id: `cli_adm${testCase.numero}`, versao });

function conta(papeis: PapelUsuario[], versao: number): Promise<void> {
  const usuarioId = `cli_adm${testCase.numero}`;
  return testCase.harness.publish({
    schema: UsuarioAtualizadoSchema,
    dados: { usuarioId, nome: 'Ana', email: 'ana@exemplo.com', ativo: true, papeis },
    agregado: agregado(versao),
  });
}

const sabido = (quantos: number) =>
  eventually(async () => expect(await sql('select 1 from webhook_donos_sem_acesso')).toHaveLength(quantos));

describe('who is no administrator any more, with a token that is still taken', () => {
  it('makes no webhook, and brings none back, until they are one again', async () => {
    const { id: webhookId } = await inscrever();
    const { admin } = integracao;
    await conta([PapelUsuario.CLIENTE], 2);
    await sabido(1);
    expect(await recusa(inscrever())).toEqual([Code.PermissionDenied, 'DONO_SEM_ACESSO']);
    expect(await recusa(admin.ativarWebhook({ webhookId }))).toEqual([
      Code.PermissionDenied,
      'DONO_SEM_ACESSO',
    ]);
    expect(await admin.obterWebhook({ webhookId })).toMatchObject({
      desativadoPor: DesativadoPor.DONO_SEM_ACESSO,
    });
    await conta([PapelUsuario.ADMIN], 3);
    await sabido(0);
    await admin.ativarWebhook({ webhookId });
    expect(await inscrever()).toMatchObject({ desativadoPor: DesativadoPor.UNSPECIFIED });
  });

  it('is forgotten when no token of before is taken any more, and another administrator may decide', async () => {
    const { id: webhookId } = await inscrever();
    await conta([PapelUsuario.CLIENTE], 2);
    await sabido(1);
    testCase.clock.advance(21 * 60_000);
    await testCase.start();
    await sabido(0);
    const outra = await integracao.como({ sub: 'cli_outra', papeis: ['ADMIN'] });
    expect(await outra.ativarWebhook({ webhookId })).toMatchObject({
      desativadoPor: DesativadoPor.UNSPECIFIED,
    });
  });
});

describe('who is gone, with a token that is still taken', () => {
  it('leaves no webhook behind', async () => {
    await testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: `cli_adm${testCase.numero}`, ocorridoEm: timestampFromDate(testCase.clock.now()) },
      agregado: agregado(2),
    });
    await eventually(async () =>
      expect(await sql('select 1 from contatos where removido_em is not null')).not.toHaveLength(0),
    );
    expect(await recusa(inscrever())).toEqual([Code.PermissionDenied, 'DONO_SEM_ACESSO']);
    expect(await sql('select 1 from webhooks')).toHaveLength(0);
  });
});

describe('an administrator', () => {
  it('has twenty webhooks at most, however many are made at once', async () => {
    const feitos = await Promise.allSettled(
      Array.from({ length: 24 }, (_, n) => inscrever({ nome: `n${n}` })),
    );
    expect(feitos.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(await sql('select 1 from webhooks')).toHaveLength(20);
  });

  it('is who may call; a customer and a manager of spaces are told nothing', async () => {
    const { id: webhookId } = await inscrever();
    for (const papeis of [['CLIENTE'], ['CLIENTE', 'GESTOR']]) {
      const outra = await integracao.como({ sub: 'cli_outra', papeis });
      const chamadas = [
        outra.obterWebhook({ webhookId }),
        outra.listarWebhooks({}),
        outra.listarEntregas({ webhookId }),
        outra.trocarChaveWebhook({ webhookId }),
      ];
      // All at once: what is refused while another one is waited for has nobody who hears of it.
      const recusas = await Promise.all(chamadas.map(recusa));
      expect(recusas.map(([code]) => code)).toEqual(chamadas.map(() => Code.PermissionDenied));
    }
  });

  it('is taken at a place of one list in that list alone', async () => {
    const [um, outro] = [await inscrever({ nome: 'um' }), await inscrever({ nome: 'outro' })];
    const { admin, receptor } = integracao;
    receptor.chave = '';
    for (const { id: webhookId } of [um, um, outro, outro]) await admin.testarWebhook({ webhookId });
    const pagina = await admin.listarEntregas({ webhookId: um.id, pageSize: 1 });
    expect(pagina.nextPageToken).not.toBe('');
    const pageToken = pagina.nextPageToken;
    const alheia = await integracao.como({ sub: 'cli_outra', papeis: ['ADMIN'] });
    const chamadas = [
      admin.listarEntregas({ webhookId: outro.id, pageSize: 1, pageToken }),
      admin.listarWebhooks({ pageSize: 1, pageToken }),
      alheia.listarEntregas({ webhookId: um.id, pageSize: 1, pageToken }),
    ];
    expect(await Promise.all(chamadas.map(recusa))).toEqual(
      chamadas.map(() => [Code.InvalidArgument, 'PAGINA_INVALIDA']),
    );
  });
});
