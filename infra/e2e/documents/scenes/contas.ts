import { randomUUID } from 'node:crypto';
import { emailTo } from '@plataforma/dev/demo/mailbox';
import { eventually } from '@plataforma/testing/eventually';
import type { Platform } from '../../platform/platform.ts';
import { enderecoDe, NINGUEM, pessoa, SENHA, type Stage } from '../stage.ts';
import { comFator, DE_NOVO, ENTRAR, ERRADA, usarChave } from './fator.ts';

/** The code in the message to somebody. */
async function codigoPara({ stack }: Platform, email: string, assunto: string): Promise<string> {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const mailbox = { inboxUrl: at(stack.ports.MAIL_WEB_PORT), messagesUrl: at(stack.ports.PROVIDERS_PORT) };
  const { text = '' } = await emailTo(mailbox, email, assunto);
  return /^Código: (\S+)/m.exec(text)?.[1] ?? '';
}

/** Getting in: an account is made, verified, and left. */
export async function entrada({ platform, driver, ana }: Stage): Promise<void> {
  const email = enderecoDe('Lia');
  const conta = { nome: 'Lia Lima', email, password: SENHA };
  for (const id of ['AuthService_Signup', 'AuthService_Signup_2']) {
    await driver.ok(id, { body: id.endsWith('2') ? { ...conta, email: enderecoDe('Lia') } : conta });
    await driver.refused(id, 'SENHA_FRACA', {
      body: { ...conta, email: enderecoDe('Lia'), password: 'password' },
    });
  }
  const codigo = await codigoPara(platform, email, 'Confirme seu e-mail');
  const { accessToken: naoVerificada } = await driver.ok<{ accessToken: string }>(ENTRAR, {
    body: { email, password: SENHA },
  });
  await semVerificar({ driver }, naoVerificada);
  await driver.refused(ENTRAR, DE_NOVO, { body: { email, password: ERRADA } });
  const verificar = 'AuthService_VerifyEmail';
  await driver.refused(verificar, 'CODIGO_EMAIL_INVALIDO', { body: { codigo: 'nenhum' } });
  await driver.refused('AuthService_ResendVerification', 'MUITAS_TENTATIVAS', {
    as: { token: naoVerificada },
  });
  await driver.ok(verificar, { body: { codigo } });

  const esquecer = 'AuthService_ForgotPassword';
  await driver.ok(esquecer, { body: { email } });
  const troca = await codigoPara(platform, email, 'Redefina sua senha');
  const redefinir = 'AuthService_ResetPassword';
  await driver.refused(redefinir, 'CODIGO_EMAIL_INVALIDO', {
    body: { codigo: 'nenhum', newPassword: 'Outra-Boa@77' },
  });
  await driver.refused(redefinir, 'SENHA_FRACA', { body: { codigo: troca, newPassword: 'password' } });
  await driver.ok(redefinir, { body: { codigo: troca, newPassword: 'Outra-Boa@77' } });

  await sessoes({ platform, driver });
  await driver.ok('AuthService_ListSessions', { as: ana });
}

/** What waits for a verified address. */
async function semVerificar({ driver }: Pick<Stage, 'driver'>, token: string): Promise<void> {
  const as = { token };
  const reason = 'EMAIL_NAO_VERIFICADO';
  const body = { password: SENHA };
  await driver.refused('AuthService_SetupMfa', reason, { as, body });
  await driver.refused('ExportService_RequestExport', reason, { as, body });
  await driver.refused('PasskeysService_StartPasskeyRegistration', reason, { as, body });
}

async function sessoes({ platform, driver }: Pick<Stage, 'platform' | 'driver'>): Promise<void> {
  const { email } = await pessoa(platform, 'Mara');
  const login = () =>
    driver.ok<{ accessToken: string; refreshToken: string }>(ENTRAR, { body: { email, password: SENHA } });
  const [uma, outra] = [await login(), await login()];
  const renovar = 'AuthService_Refresh';
  const nova = await driver.ok<{ refreshToken: string }>(renovar, {
    body: { refreshToken: outra.refreshToken },
  });
  await driver.ok(renovar, { body: { refreshToken: nova.refreshToken } });
  await driver.refused(renovar, 'TOKEN_RENOVACAO_INVALIDO', { body: { refreshToken: 'nenhum' } });
  await driver.refused(renovar, 'TOKEN_RENOVACAO_REUTILIZADO', {
    body: { refreshToken: outra.refreshToken },
  });
  const as = { token: uma.accessToken };
  const nenhuma = { sessionId: `ses_${NINGUEM}` };
  await usarChave({ driver }, as);
  await driver.refused('AuthService_RevokeSession', 'SESSAO_NAO_ENCONTRADA', { as, path: nenhuma });
  await login();
  const { sessoes } = await driver.ok<{ sessoes: { id: string; atual?: boolean }[] }>(
    'AuthService_ListSessions',
    { as },
  );
  const [de] = sessoes.filter(({ atual }) => !atual);
  await driver.ok('AuthService_RevokeSession', { as, path: { sessionId: de?.id } });
  await driver.ok('AuthService_RevokeOtherSessions', { as });
  await driver.ok('AuthService_Logout', { as, body: { refreshToken: uma.refreshToken } });
}

/** One's own account, and those of others. */
export async function contas(stage: Stage): Promise<void> {
  const { platform, driver, admin, ana } = stage;
  let ugo = await pessoa(platform, 'Ugo');
  const mudar = 'UsersService_UpdateMe';
  await driver.ok('UsersService_GetMe', { as: ugo });
  await usarChave(stage, ugo);
  await driver.ok(mudar, { as: ugo, body: { nome: 'Ugo Melo' } });
  const novo = enderecoDe('Ugo');
  await driver.refused(mudar, DE_NOVO, { as: ugo, body: { email: novo, password: ERRADA } });
  await driver.call(mudar, { as: ugo, body: { email: novo, password: SENHA } });
  const confirmar = 'UsersService_ConfirmEmailChange';
  await driver.refused(confirmar, 'CODIGO_EMAIL_INVALIDO', { as: ugo, body: { codigo: 'nenhum' } });
  await driver.ok(confirmar, { as: ugo, body: { codigo: await codigoPara(platform, novo, 'Confirme') } });

  const trocar = 'AuthService_ChangePassword';
  ugo = { ...ugo, ...(await platform.login(novo)) };
  await usarChave(stage, ugo);
  await driver.refused(trocar, DE_NOVO, {
    as: ugo,
    body: { currentPassword: ERRADA, newPassword: 'Outra-Boa@77' },
  });
  await driver.refused(trocar, 'SENHA_FRACA', {
    as: ugo,
    body: { currentPassword: SENHA, newPassword: 'password' },
  });
  await driver.refused(trocar, 'SENHA_REPETIDA', {
    as: ugo,
    body: { currentPassword: SENHA, newPassword: SENHA },
  });
  await driver.ok(trocar, { as: ugo, body: { currentPassword: SENHA, newPassword: 'Outra-Boa@77' } });

  await driver.ok('AuditService_ListMySecurityEvents', { as: ana, query: { pageSize: 1 } });
  await driver.ok('AuditService_ListSecurityEvents', {
    as: admin,
    query: { usuarioId: ana.id, pageSize: 1 },
  });
  for (const id of [
    'AuditService_ListMySecurityEvents',
    'AuditService_ListSecurityEvents',
    'UsersService_ListUsers',
    'ErasuresService_ListErasures',
  ])
    await driver.refused(id, 'PAGINA_INVALIDA', { as: admin, query: { pageToken: 'nada' } });
  await deOutros(stage);
  await exportacoes(stage);
  await apagamento(stage);
}

async function deOutros(stage: Stage): Promise<void> {
  const { platform, driver, ana } = stage;
  const senha = { password: platform.stack.secrets.adminPassword };
  const admin = await platform.admin();
  const vera = await pessoa(platform, 'Vera');
  await driver.ok('ExportService_RequestExport', { as: admin, body: senha, again: true });
  const path = { usuarioId: vera.id };
  const ninguem = { usuarioId: `cli_${NINGUEM}` };
  await driver.ok('UsersService_ListUsers', { as: admin, query: { busca: vera.email } });
  await driver.ok('UsersService_GetUser', { as: admin, path });
  await driver.refused('UsersService_GetUser', 'USUARIO_NAO_ENCONTRADO', { as: ana, path });
  const mudar = 'UsersService_UpdateUser';
  await driver.ok(mudar, { as: admin, path, body: { papeis: ['CLIENTE', 'GESTOR'], ...senha } });
  await driver.refused(mudar, 'USUARIO_NAO_ENCONTRADO', {
    as: admin,
    path: ninguem,
    body: { nome: 'Vera Dias' },
  });
  await driver.refused(mudar, DE_NOVO, {
    as: admin,
    path,
    body: { papeis: ['CLIENTE', 'ADMIN'], password: ERRADA },
  });
  const fator = 'UsersService_ResetUserMfa';
  const { quem } = await comFator(stage, 'Wanda');
  await driver.refused(fator, 'MFA_NAO_ATIVO', { as: admin, path, body: senha });
  await driver.refused(fator, 'USUARIO_NAO_ENCONTRADO', { as: admin, path: ninguem, body: senha });
  await driver.refused(fator, DE_NOVO, {
    as: admin,
    path: { usuarioId: quem.id },
    body: { password: ERRADA },
  });
  await driver.ok(fator, { as: admin, path: { usuarioId: quem.id }, body: senha });
  const apagar = 'UsersService_DeleteUser';
  await driver.refused(apagar, 'USUARIO_NAO_ENCONTRADO', { as: admin, path: ninguem, body: senha });
  await driver.refused(apagar, DE_NOVO, { as: admin, path, body: { password: ERRADA } });
  await driver.ok(apagar, { as: admin, path, body: senha });
}

async function exportacoes({ platform, driver }: Stage): Promise<void> {
  const xana = await pessoa(platform, 'Xana');
  const pedir = 'ExportService_RequestExport';
  await driver.ok('UsersService_UpdateMe', { as: xana, body: { nome: 'Xana Melo' }, again: true });
  await driver.refused(pedir, DE_NOVO, { as: xana, body: { password: ERRADA } });
  const { id } = await driver.ok<{ id: string }>(pedir, { as: xana, body: { password: SENHA } });
  const ler = 'ExportService_GetExport';
  let url = '';
  await eventually(
    async () => {
      const { body } = await xana.rest.get<{ downloadUrl?: string }>(`/api/v1/users/me/exports/${id}`);
      if (!body.downloadUrl) throw new Error('not ready');
      url = body.downloadUrl;
    },
    { timeoutMs: 30_000 },
  );
  await driver.ok(ler, { as: xana, path: { exportacaoId: id } });
  await driver.refused(ler, 'EXPORTACAO_NAO_ENCONTRADA', { as: xana, path: { exportacaoId: randomUUID() } });
  await driver.ok('ExportService_ListExports', { as: xana });
  await driver.call('BaixarExportacao', {
    path: { endereco: new URL(url).pathname.replace(/^.*\/|\.tar\.gz$/g, '') },
  });
  await driver.refused('BaixarExportacao', 'EXPORTACAO_NAO_ENCONTRADA', { path: { endereco: 'nenhum' } });
}

async function apagamento(stage: Stage): Promise<void> {
  const { platform, driver, admin } = stage;
  const yara = await pessoa(platform, 'Yara');
  const apagar = 'UsersService_DeleteMe';
  await usarChave(stage, yara);
  await driver.refused(apagar, DE_NOVO, { as: yara, body: { password: ERRADA } });
  const { protocolo } = await driver.ok<{ protocolo: string }>(apagar, {
    as: yara,
    body: { password: SENHA },
  });
  const ler = 'ErasuresService_GetErasureReport';
  await eventually(
    async () => {
      const response = await fetch(`${platform.edgeUrl}/api/v1/erasures/${protocolo}`);
      if (!response.ok || (await response.text()).includes('EM_ANDAMENTO')) throw new Error('not done yet');
    },
    { timeoutMs: 30_000 },
  );
  await driver.ok(ler, { path: { protocolo } });
  await driver.refused(ler, 'PROTOCOLO_NAO_ENCONTRADO', { path: { protocolo: 'x'.repeat(32) } });
  await driver.ok('ErasuresService_ListErasures', { as: admin, query: { usuarioId: yara.id } });
}
